"""What we decide of allauth: nobody signs up by himself; people come by invitation; a sign-in is audited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import actions
from oportuna.accounts.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in by e-mail; accounts are opened by invitation alone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail and password do not match."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many attempts. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: `accounts.actions.accept` makes the account of whoever was invited."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The sign-in is complete, its second factor too: write it into the audit."""
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        actions.record_sign_in(user)
        return answer

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where one begins."""
        return reverse("home")


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign in somebody who has just set the password of a new account."""
    Adapter(request).login(request, user)
    actions.record_sign_in(user)
