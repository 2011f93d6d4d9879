"""The frame of every page: menu and person, from the actor. A context processor, above all apps."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The variables of `ui/page.html`: nothing outside a company."""
    return {}
