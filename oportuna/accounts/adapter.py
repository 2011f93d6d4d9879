"""What we decide of allauth: nobody signs up by himself; people come by invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in by e-mail; accounts are opened by invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: `accounts.actions.accept` makes the account of whoever was invited."""
        return False
