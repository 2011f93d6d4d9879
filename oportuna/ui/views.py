"""The one thing that the frame itself can do: remember which theme a person likes."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from oportuna.ui.environment import THEMES


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie for a year and go back to the page; anything else follows the system.

    Answers 204 to htmx: the page has changed by itself already.
    """
    back = request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    scripted = request.headers.get("HX-Request") == "true"
    answer = HttpResponse(status=204) if scripted else HttpResponseRedirect(back if safe else "/")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        year = timedelta(days=365)
        answer.set_cookie(
            "theme",
            chosen,
            max_age=year,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie("theme")
    return answer
