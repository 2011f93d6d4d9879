"""Answers that only tell the person something, beside a page that stays as it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def toast(
    request: HttpRequest,
    text: str,
    *,
    kind: str = "",
    status: int = 200,
    undo_url: str = "",
    link: tuple[str, str] | None = None,
) -> HttpResponse:
    """A toast for an htmx request, which swaps nothing else: the page keeps what it shows.

    `kind` is "", "won", "moved" or "error"; `link` is (address, text). A refusal has status 409.
    """
    link_url, link_text = link or ("", "")
    context = {"text": text, "kind": kind, "undo_url": undo_url, "link_url": link_url, "link_text": link_text}
    answer = render(request, "ui/_toast.html", context, status=status)
    answer["HX-Reswap"] = "none"
    return answer
