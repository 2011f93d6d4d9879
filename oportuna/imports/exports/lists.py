"""The lists that can be taken out: how each reads what its address asks for, and which rows that is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from oportuna.accounts.actor import Actor
from oportuna.errors import Refused
from oportuna.imports.exports import customers, opportunities
from oportuna.imports.exports.cells import Column, Values
from oportuna.sales.forms.customers import CustomersQuery
from oportuna.sales.forms.lists import ListForm
from oportuna.sales.queries import customers as customer_queries
from oportuna.sales.queries import lists as opportunity_queries

_NO_FILTERS = frozenset(("sort", "after", "before", "count"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a list: its filters and order, in words, and the ids of its rows in that order."""

    filters: dict[str, str]
    words: str
    ids: QuerySet[Any, int]


@dataclass(frozen=True, slots=True)
class ExportedList:
    """A list: `ask` reads an address for an actor, or refuses it; `rows` reads some of its rows for `columns`."""

    file_name: str | Promise
    ask: Callable[[Actor, Mapping[str, str]], Asked]
    rows: Callable[[Actor, Sequence[int]], list[Values]]
    columns: Callable[[], list[Column]]


def ask_opportunities(actor: Actor, address: Mapping[str, str]) -> Asked:
    """The list of opportunities. Raises Refused, naming it, for a filter that means nothing (any more).

    A page shows then what it can; a file that silently holds more or less than was asked for would mislead.
    """
    form = ListForm(address, actor=actor, owners=opportunity_queries.owners(actor))
    gone = [str(form.fields[name].label) for name in form.errors if name not in _NO_FILTERS]
    gone += [name for name, found in form.others.items() if found is None]
    if gone:
        raise _not_understood(gone)
    rows = opportunity_queries.ordered(opportunity_queries.found(actor, form.wanted), form.order)
    return Asked(form.filters, "; ".join(_opportunity_words(form)), rows.values_list("pk", flat=True))


def ask_customers(actor: Actor, address: Mapping[str, str]) -> Asked:
    """The list of customers. Raises Refused for a view that does not exist or a search too long."""
    form = CustomersQuery(address)
    form.is_valid()
    gone = [str(form.fields[name].label or _("Search")) for name in ("q", "view") if name in form.errors]
    if gone:
        raise _not_understood(gone)
    text, view = form.text, form.chosen_view
    words = [str(customer_queries.VIEWS[view]), *([f"“{text}”"] if text else [])]
    filters = {"q": text, "view": view if view != "all" else ""}
    rows = customer_queries.found(actor, text, view).order_by("name_folded", "pk")
    return Asked(
        {name: value for name, value in filters.items() if value},
        "; ".join(words),
        rows.values_list("pk", flat=True),
    )


def _not_understood(names: Sequence[str]) -> Refused:
    text = _("This filter is not valid any more: %(names)s. Open the list, filter it again and export it.")
    return Refused(text % {"names": ", ".join(dict.fromkeys(names))})


def _opportunity_words(form: ListForm) -> list[str]:
    """The filters as people read them."""
    wanted, fields, nobody = form.wanted, form.fields, _("none")
    words = [str(dict(fields["status"].choices)[wanted.status])]  # type: ignore[attr-defined]  # a field of choices
    if wanted.only:
        words = [str(opportunity_queries.Only(wanted.only).label)]
    if wanted.text:
        words.append(f"“{wanted.text}”")
    for name in ("pipeline", "stage", "owner", "source", "reason"):
        if form.filters.get(name) == "none":
            words.append(f"{fields[name].label}: {nobody}")
        elif name in form.filters:
            words.append(f"{fields[name].label}: {form.name_of(name)}")
    for name, label in (("created", _("Created: %(days)s")), ("closed", _("Closed: %(days)s"))):
        if days := getattr(wanted, name):
            words.append(label % {"days": days})
    return [*words, *(found.label for found in wanted.found_by.values())]


LISTS = {
    "opportunities": ExportedList(
        pgettext_lazy("file name", "opportunities"),
        ask_opportunities,
        opportunities.rows,
        opportunities.columns,
    ),
    "customers": ExportedList(
        pgettext_lazy("file name", "customers"),
        ask_customers,
        customers.rows,
        customers.columns,
    ),
}
