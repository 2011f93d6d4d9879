"""The list from which one came to an opportunity: the way back, and the opportunities around it.

The address names the list and its filters (`?from=list&owner=…`), so that nothing is remembered of anybody, and whoever
opens such an address sees around it what he may see himself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from oportuna.accounts.codes import encode
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.forms.board import BoardFilter
from oportuna.sales.forms.lists import ListForm
from oportuna.sales.forms.trails import TrailForm
from oportuna.sales.models import Opportunity
from oportuna.sales.queries import board as boards
from oportuna.sales.queries import lists, neighbours
from oportuna.sales.queries.neighbours import Neighbours
from oportuna.sales.views.filters import column_query, filter_query


@dataclass(frozen=True, slots=True)
class Trail:
    """Where one came from, by its name, and the addresses around; `here` is this page's own, with its place in the list."""

    name: str
    back: str
    here: str
    previous: str
    following: str


@dataclass(frozen=True, slots=True)
class _Came:
    """From a list of this name at `back`; `query` names it in an address, and `placed_by` a place in it."""

    name: str
    back: str
    query: str
    around: Neighbours
    placed_by: str = "at"

    def trail(self, slug: str, number: int) -> Trail:
        def address(other: int, place: str) -> str:
            at = f"&{urlencode({self.placed_by: place})}" if place else ""
            return f"{reverse('sales:opportunity', args=[slug, other])}?{self.query}{at}"

        previous, following = (
            address(one.number, one.place) if one else ""
            for one in (self.around.previous, self.around.following)
        )
        return Trail(self.name, self.back, address(number, self.around.place), previous, following)


def trail_of(request: CompanyRequest, opportunity: Opportunity) -> Trail | None:
    """The list that the address says one came from; None where it names none."""
    came_from = _LISTS.get(request.GET.get("from", ""))
    found = came_from(request, opportunity) if came_from else None
    return None if found is None else found.trail(request.actor.company.slug, opportunity.number)


def from_list(form: ListForm) -> str:
    """What the addresses of the list's rows say of it: `from=list&…`, its filters, order and page."""
    page = {name: form.data[name] for name in ("after", "before") if form.data.get(name)}
    return urlencode({"from": "list", **form.filters, **page})


def _from_list(request: CompanyRequest, opportunity: Opportunity) -> _Came:
    actor, asked = request.actor, request.GET.dict()
    form = ListForm(asked, actor=actor, owners=lists.owners(actor))
    place = TrailForm(asked).place
    around = neighbours.in_list(actor, form.wanted, form.order, opportunity, place)
    query = from_list(form)
    back = reverse("sales:opportunities", args=[actor.company.slug])
    filters = query.removeprefix("from=list").removeprefix("&")
    return _Came(
        _("Opportunities"), f"{back}{'?' if filters else ''}{filters}#o-{opportunity.number}", query, around
    )


def _from_board(request: CompanyRequest, opportunity: Opportunity) -> _Came | None:
    actor = request.actor
    form = TrailForm(request.GET)
    stage = form.cleaned_data.get("stage")
    if stage is None:
        return None
    asked = BoardFilter(request.GET, owners=boards.choosable_owners(actor)).selection([stage.pipeline])
    selection = replace(asked, narrowing=replace(asked.narrowing, pipeline_id=stage.pipeline_id))
    around = neighbours.in_column(actor, stage, selection, opportunity, form.place)
    board = reverse("sales:board", args=[actor.company.slug])
    back = f"{board}?{filter_query(selection)}#card-{opportunity.number}"
    others = column_query(selection)
    query = f"from=board&stage={encode(stage.pk)}" + (f"&{others}" if others else "")
    return _Came(stage.name, back, query, around)


def _from_day(request: CompanyRequest, opportunity: Opportunity) -> _Came | None:
    activity = TrailForm(request.GET).cleaned_data.get("activity")
    if activity is None:
        return None
    around = neighbours.in_day(request.actor, activity.pk, opportunity)
    return _Came(_("My day"), _my_day(request), "from=day", around, placed_by="activity")


def _from_leads(request: CompanyRequest, opportunity: Opportunity) -> _Came:
    return _Came(_("My day"), _my_day(request), "from=leads", neighbours.in_leads(request.actor, opportunity))


def _my_day(request: CompanyRequest) -> str:
    return reverse("sales:my_day", args=[request.actor.company.slug])


_LISTS: dict[str, Callable[[CompanyRequest, Opportunity], _Came | None]] = {
    "list": _from_list,
    "board": _from_board,
    "day": _from_day,
    "leads": _from_leads,
}
