"""From an address to an actor and a scope, and from the domain's «no» to an answer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from oportuna.accounts.actor import Via, actor_for
from oportuna.accounts.models import RESERVED_SLUGS, Membership
from oportuna.accounts.prepared import prepared
from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.ui.toasts import toast

_Answer = Callable[[HttpRequest], HttpResponse]
_COLLISIONS = ("40001", "40P01")  # PostgreSQL's serialization failure and deadlock


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Closed unless opened; an htmx request is sent to the sign-in page whole, not given it as a fragment.

    From there one goes back to the page on which one was, for a dialog's address or a form's is none.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        answer: HttpResponse = super().handle_no_permission(request, view_func)
        htmx: Any = getattr(request, "htmx", None)
        if not htmx and request.method in ("GET", "HEAD"):
            return answer
        page = htmx.current_url_abs_path if htmx else _page_of(request)
        back = redirect_to_login(page, self.get_login_url(view_func)) if page else answer
        if htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": back.headers["Location"]})
        return back


def _page_of(request: HttpRequest) -> str:
    """The page of ours on which a form was sent, as the browser tells; empty when it does not."""
    sent_from = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(
        sent_from, {request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    parts = urlsplit(sent_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class CompanyMiddleware:
    """/COMPANY-SLUG/… → request.actor and the company's scope, or 404 for whoever is not a member.

    On PostgreSQL the scope is one transaction for the whole request: an answer of 400 or more rolls it back, and a
    violation found at its commit answers 409.
    """

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        slug = request.path_info.split("/", 2)[1]
        if not slug or slug in RESERVED_SLUGS or not request.user.is_authenticated:
            return self.get_response(request)
        membership = next(iter(_memberships(slug, request.user.pk)), None)
        if membership is None:
            return render(request, "404.html", status=404)
        request.actor = actor_for(membership, Via.SCREEN)  # type: ignore[attr-defined]  # CompanyRequest from here on
        try:
            with timezone.override(membership.zone), company_scope(membership.company):
                answer = self.get_response(request)
                # Elsewhere the scope is no transaction, and one around it is not ours to undo.
                if answer.status_code >= 400 and connection.vendor == "postgresql":
                    transaction.set_rollback(True)
        except DatabaseError as error:
            if not _is_collision(error):
                raise
            return refusal(request, changed_meanwhile())
        # The same address answers a page or a fragment: the browser must not take one for the other.
        patch_vary_headers(answer, ["HX-Request"])
        return answer

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """The views of a company find it in the actor, not among their arguments."""
        kwargs.pop("company_slug", None)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return refusal(request, error)
        if isinstance(error, NotAllowed):
            return refusal(request, error, status=403)
        if _is_collision(error):
            return refusal(request, changed_meanwhile())
        return None


@prepared
def _memberships(slug: str, user_id: int) -> QuerySet[Membership]:
    members = Membership.objects.select_related("company", "user")
    return members.filter(company__slug=slug, user_id=user_id, is_active=True)


def _is_collision(error: Exception) -> bool:
    """Whether the database gave up because of what someone else wrote at the same moment: a violation or a deadlock."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") in _COLLISIONS


def changed_meanwhile() -> Refused:
    """What to say when the database refused a row because of another one written at the same moment."""
    return Refused(
        _("Someone else changed this at the same moment. Look at it again and repeat what you did.")
    )


def refusal(request: HttpRequest, error: Exception, status: int = 409) -> HttpResponse:
    """The domain's «no» as an answer: a toast for htmx, a page otherwise."""
    if getattr(request, "htmx", False):
        return toast(request, str(error), kind="error", status=status)
    return render(request, f"{status}.html", {"message": str(error)}, status=status)
