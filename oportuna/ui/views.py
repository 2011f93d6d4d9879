"""What the frame itself can do: remember which theme a person likes, and how close things are to stand."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from oportuna.ui.environment import DENSITIES, THEMES


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie for a year and go back to the page; anything else follows the system.

    Answers 204 to htmx: the page has changed by itself already.
    """
    return _keep(request, "theme", THEMES)


@require_POST
def density(request: HttpRequest) -> HttpResponse:
    """Keep how close things stand, as `theme` does; anything else is comfortable."""
    return _keep(request, "density", DENSITIES)


def _keep(request: HttpRequest, name: str, choices: Sequence[str]) -> HttpResponse:
    back = request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    scripted = request.headers.get("HX-Request") == "true"
    answer = HttpResponse(status=204) if scripted else HttpResponseRedirect(back if safe else "/")
    chosen = request.POST.get(name, "")
    if chosen in choices:
        answer.set_cookie(
            name,
            chosen,
            max_age=timedelta(days=365),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie(name)
    return answer
