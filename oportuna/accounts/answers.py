"""What a view answers when a form was saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def saved(request: HttpRequest, url: str, text: str = "") -> HttpResponse:
    """Go to a page and say there what was done; a dialog's request by htmx makes the whole page go."""
    if text:
        messages.success(request, text)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def dialog(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    """A form as a dialog for htmx, or as a page of its own; the template is told which by `page`."""
    if getattr(request, "htmx", False):
        return render(request, template, {**context, "page": False}, status=status)
    whole = {**context, "page": True, "fragment": template, "page_title": title}
    return render(request, "accounts/dialog_page.html", whole, status=status)
