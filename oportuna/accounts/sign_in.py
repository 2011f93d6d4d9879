"""Who is signed in: asked at every request, so by prepared statements."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from oportuna.accounts.models import User
from oportuna.accounts.prepared import prepared


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Sign-in by e-mail and password."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, unless the account was closed."""
        return next((user for user in _users(int(user_id)) if self.user_can_authenticate(user)), None)


class SessionStore(DatabaseSessions):
    """Sessions in the database."""

    def _get_session_from_db(self) -> Any:
        for session in _sessions(str(self.session_key)):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None


@prepared
def _users(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


@prepared
def _sessions(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)
