"""How the verbs of an opportunity answer: on the board only the columns concerned, elsewhere the page again."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import SplitResult, urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.sales.forms.board import BoardFilter
from oportuna.sales.models import Opportunity, Pipeline
from oportuna.sales.queries import board as boards
from oportuna.sales.queries.board import Selection
from oportuna.sales.views import filters

P = ParamSpec("P")
_View = Callable[Concatenate[CompanyRequest, P], HttpResponse]


def done(
    request: CompanyRequest,
    text: str,
    *,
    stages: Iterable[int],
    kind: str = "",
    undo_url: str = "",
    link: tuple[str, str] = ("", ""),
    back: str = "",
    gone: str = "",
    beside: dict[str, Any] | None = None,
) -> HttpResponse:
    """Say what was done: a toast and the `stages`' columns on the board, else the page from which it was done again.

    With a `link` to what was made another page stays as it is. Without script one goes to the form's `next`, or to
    `back`, or to the board; so one does from the page at `gone`, which is no longer there. No text, no toast. `beside` is
    what else the columns' templates are given.
    """
    toast = {"text": text, "kind": kind, "undo_url": undo_url, "link_url": link[0], "link_text": link[1]}
    if request.htmx and (selection := board_behind(request)):
        context = {**column_context(request, selection, stages), "toast": toast, **(beside or {})}
        return render(request, "sales/_changed.html", context)
    if request.htmx and link[0]:
        return render(request, "ui/_toast.html", toast)
    if text:
        messages.success(request, text, extra_tags=undo_url)
    if not request.htmx:
        return redirect(_next(request) or back or board_url(request))
    left = gone and page_behind(request).path == gone
    return HttpResponse(
        status=204, headers={"HX-Redirect": board_url(request)} if left else {"HX-Refresh": "true"}
    )


def refreshes_board(view: _View[P]) -> _View[P]:
    """A refusal on the board brings what is there now beside the reason: the card was perhaps moved by someone else."""

    @wraps(view)
    def wrapped(request: CompanyRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as error:
            selection = board_behind(request) if request.htmx else None
            if selection is None:
                raise
            context = column_context(request, selection, None)
            context["toast"] = {"text": str(error), "kind": "error"}
            return render(request, "sales/_changed.html", context, status=409)

    return wrapped


def form(
    request: CompanyRequest, template: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    """A form as a dialog, or as a page of its own for whoever has no script."""
    if request.htmx:
        return render(request, template, {**context, "page": False}, status=status)
    came_from = _next(request) or _referer(request)
    whole = {**context, "page": True, "fragment": template, "page_title": title, "next_url": came_from}
    return render(request, "sales/form_page.html", whole, status=status)


def column_context(
    request: CompanyRequest, selection: Selection, stages: Iterable[int] | None
) -> dict[str, Any]:
    """What the templates of the board and its columns need, columns of `stages` alone unless None."""
    return {
        "board": boards.board(request.actor, selection, only=stages),
        "opportunities_url": f"{board_url(request)}opportunities/",
        "stages_url": f"{board_url(request)}stages/",
        "may_create": policies.create(request.actor),
        "may_import": policies.import_rows(request.actor),
        "is_filtered": filters.is_filtered(selection),
        "filters": filters.filter_query(selection),
        "column_filters": filters.column_query(selection),
        "oob": True,
    }


def page_behind(request: CompanyRequest) -> SplitResult:
    """The path and query of the page from which a request by htmx comes; empty for any other request."""
    try:
        return urlsplit((request.htmx.current_url_abs_path if request.htmx else None) or "")
    except ValueError:
        return urlsplit("")


def name_of(page: SplitResult) -> str:
    """The name of the route that leads to a page of ours; empty for any other."""
    try:
        return resolve(page.path).view_name
    except Resolver404:
        return ""


def board_behind(request: CompanyRequest) -> Selection | None:
    """What the board shows from which an htmx request comes; None when it comes from another page."""
    parts = page_behind(request) if request.htmx.current_url else urlsplit(board_url(request))
    if name_of(parts) != "sales:board":
        return None
    return selection_of(request, QueryDict(parts.query), boards.pipelines())


def selection_of(request: CompanyRequest, query: QueryDict, pipelines: list[Pipeline]) -> Selection:
    """What the board's address asks for, of the first of the `pipelines` in use when it names none."""
    return BoardFilter(query, owners=boards.choosable_owners(request.actor)).selection(pipelines)


def board_url(request: CompanyRequest) -> str:
    """The address of the company's board."""
    return reverse("sales:board", args=[request.actor.company.slug])


def opportunity_url(request: CompanyRequest, opportunity: Opportunity) -> str:
    """The address of an opportunity's page."""
    return f"{board_url(request)}opportunities/{opportunity.number}/"


def _next(request: CompanyRequest) -> str:
    return _safe(request, request.POST.get("next") or request.GET.get("next") or "")


def _referer(request: CompanyRequest) -> str:
    try:
        parts = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:
        return ""
    own = parts.netloc == request.get_host() and parts.path != request.path
    return _safe(request, f"{parts.path}?{parts.query}" if parts.query else parts.path) if own else ""


def _safe(request: CompanyRequest, url: str) -> str:
    return url if url.startswith("/") and url_has_allowed_host_and_scheme(url, {request.get_host()}) else ""
