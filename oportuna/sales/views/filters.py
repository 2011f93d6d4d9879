"""The board's filters as menus of links: the address holds what is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership
from oportuna.sales.forms.board import NONE
from oportuna.sales.models import Pipeline, Source
from oportuna.sales.queries.figures import NOBODY, Narrowing


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


def filter_query(narrowing: Narrowing) -> str:
    """The address' part behind the `?` that leads to what is narrowed so."""
    parts = {
        "pipeline": narrowing.pipeline_id,
        "owner": narrowing.owner_id,
        "source": narrowing.source_id,
    }
    return urlencode(
        {name: NONE if pk == NOBODY else encode(pk) for name, pk in parts.items() if pk is not None}
    )


def owner_menu(actor: Actor, narrowing: Narrowing, members: Iterable[Membership]) -> Menu:
    """Everyone's, mine, nobody's, and each member's."""
    me = actor.membership.pk
    named: list[tuple[str, int | None]] = [
        (_("Everyone's"), None),
        (_("Mine"), me),
        (_("Unassigned"), NOBODY),
    ]
    named += [(member.name, member.pk) for member in members if member.pk != me]
    choices = [
        Choice(label, filter_query(replace(narrowing, owner_id=pk)), pk == narrowing.owner_id)
        for label, pk in named
    ]
    return Menu("owner-filter", _("Owner"), "user", choices)


def source_menu(narrowing: Narrowing, sources: Iterable[Source]) -> Menu:
    """All sources, none, and each."""
    named: list[tuple[str, int | None]] = [(_("All sources"), None), (_("Without a source"), NOBODY)]
    named += [(source.name, source.pk) for source in sources]
    choices = [
        Choice(label, filter_query(replace(narrowing, source_id=pk)), pk == narrowing.source_id)
        for label, pk in named
    ]
    return Menu("source-filter", _("Source"), "route", choices)


def pipeline_choices(narrowing: Narrowing, pipelines: Iterable[Pipeline]) -> list[Choice]:
    """Each pipeline, the same filters kept."""
    return [
        Choice(
            one.name, filter_query(replace(narrowing, pipeline_id=one.pk)), one.pk == narrowing.pipeline_id
        )
        for one in pipelines
    ]
