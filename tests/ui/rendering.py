"""Templates written in a test, rendered by the environment of the pages."""

from typing import Any

from django.template import engines


def render(source: str, **context: Any) -> str:
    """The text of a template that may use every macro as `ui.<name>`."""
    jinja = engines["jinja2"]
    return jinja.from_string('{% import "ui/macros.html" as ui %}' + source).render(context)
