"""How the domain says no."""

from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """The domain said no, in a sentence for the user that says what to do; screens answer 409, the API too."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Conflict(Refused):
    """Someone changed the row after the form was shown; `theirs` says what is there now."""

    def __init__(self, message: str | Promise, *, theirs: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.theirs = theirs or {}


class NotAllowed(Exception):
    """The actor's role does not permit this; screens answer 403."""
