"""All that a company has, to be compared before an import and after it was taken back."""

from typing import Any

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.ops.check import check
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    Opportunity,
)
from oportuna.sales.queries import figures

_LEFT_OUT = {"id", "revision", "search_text", "moved_at", "position", "next_number"}


def records(by: Actor) -> dict[str, list[dict[str, Any]]]:
    """All that the company has but its history, which only grows."""
    with company_scope(by.company):
        return {
            model.__name__: [
                {name: value for name, value in row.items() if name not in _LEFT_OUT}
                for row in model.objects.order_by("pk").values()
            ]
            for model in (Customer, Contact, Channel, Opportunity, Activity)
        }


def totals(by: Actor) -> figures.Totals:
    """The board's totals."""
    with company_scope(by.company):
        return sum(figures.stage_totals(by).values(), figures.Totals())


def in_order(by: Actor) -> None:
    """All figures agree with the rows that they are made of."""
    assert [finding.first for finding in check(by.company) if finding.different] == []
