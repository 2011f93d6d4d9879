"""The suppression list as the tests fill and read it."""

from typing import Any

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports.models import Suppression
from oportuna.imports.suppression import actions
from oportuna.imports.suppression.entries import parse_entry
from oportuna.sales.models import Customer


def put(by: Actor, *texts: str, **choices: Any) -> actions.Added:
    """Put what the texts say on the list."""
    with company_scope(by.company):
        return actions.add([parse_entry(text) for text in texts], by=by, **choices)


def listed(by: Actor) -> list[tuple[str, str, str]]:
    """The entries as they were added: kind, value and why."""
    with company_scope(by.company):
        return list(Suppression.objects.order_by("pk").values_list("kind", "value", "why"))


def marked(by: Actor) -> set[str]:
    """The names of customers who are not to be contacted."""
    with company_scope(by.company):
        return set(Customer.objects.filter(do_not_contact=True).values_list("name", flat=True))
