"""The board's filters as menus of links: the address holds what is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership
from oportuna.sales.forms.board import NONE
from oportuna.sales.models import Pipeline, Source
from oportuna.sales.queries.board import Selection
from oportuna.sales.queries.card_order import CardOrder
from oportuna.sales.queries.figures import NOBODY


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a menu; its address is what stands behind the `?`."""

    label: str
    query: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of links; `chosen` is the label of the current one, empty for none."""

    id: str
    label: str
    icon: str
    choices: list[Choice]

    @property
    def chosen(self) -> str:
        """What is chosen, if it is not the first, which means all."""
        return next((choice.label for choice in self.choices[1:] if choice.current), "")


def is_filtered(selection: Selection) -> bool:
    """Whether not all of the pipeline's cards are asked for."""
    return selection.narrowing.owner_id is not None or selection.narrowing.source_id is not None


def filter_query(selection: Selection) -> str:
    """The address' part behind the `?` that leads to what is selected so."""
    narrowing = selection.narrowing
    parts = {
        "pipeline": narrowing.pipeline_id,
        "owner": narrowing.owner_id,
        "source": narrowing.source_id,
    }
    said = {name: NONE if pk == NOBODY else encode(pk) for name, pk in parts.items() if pk is not None}
    if selection.order != CardOrder.HAND:
        said["order"] = selection.order.value
    return urlencode(said)


def column_query(selection: Selection) -> str:
    """As `filter_query`, for an address that names a stage, and so its pipeline."""
    return _narrowed(selection, pipeline_id=None)


def _narrowed(selection: Selection, **changed: int | None) -> str:
    return filter_query(replace(selection, narrowing=replace(selection.narrowing, **changed)))


def owner_menu(actor: Actor, selection: Selection, members: Iterable[Membership]) -> Menu:
    """Everyone's, mine, nobody's, and each member's."""
    me = actor.membership.pk
    named: list[tuple[str, int | None]] = [
        (_("Everyone's"), None),
        (_("Mine"), me),
        (_("Unassigned"), NOBODY),
    ]
    named += [(member.name, member.pk) for member in members if member.pk != me]
    choices = [
        Choice(label, _narrowed(selection, owner_id=pk), pk == selection.narrowing.owner_id)
        for label, pk in named
    ]
    return Menu("owner-filter", _("Owner"), "user", choices)


def source_menu(selection: Selection, sources: Iterable[Source]) -> Menu:
    """All sources, none, and each."""
    named: list[tuple[str, int | None]] = [(_("All sources"), None), (_("Without a source"), NOBODY)]
    named += [(source.name, source.pk) for source in sources]
    choices = [
        Choice(label, _narrowed(selection, source_id=pk), pk == selection.narrowing.source_id)
        for label, pk in named
    ]
    return Menu("source-filter", _("Source"), "route", choices)


def order_menu(selection: Selection) -> Menu:
    """The orders of the cards."""
    choices = [
        Choice(str(order.label), filter_query(replace(selection, order=order)), order == selection.order)
        for order in CardOrder
    ]
    return Menu("order", _("Order"), "arrows-sort", choices)


def closed_lately(actor: Actor, selection: Selection) -> list[Choice]:
    """What was won and lost in the last seven days, in the list, narrowed as the board is."""
    narrowed = filter_query(replace(selection, order=CardOrder.HAND))
    since = actor.today() - timedelta(days=6)
    return [
        Choice(label, f"{narrowed}&status={status}&closed_from={since.isoformat()}")
        for status, label in (("won", _("Won, last 7 days")), ("lost", _("Lost, last 7 days")))
    ]


def pipeline_choices(selection: Selection, pipelines: Iterable[Pipeline]) -> list[Choice]:
    """Each pipeline, the same filters kept."""
    return [
        Choice(one.name, _narrowed(selection, pipeline_id=one.pk), one.pk == selection.narrowing.pipeline_id)
        for one in pipelines
    ]
