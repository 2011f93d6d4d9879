"""The whole way: what one company exported and another, empty one imported is exported there as the same again."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from oportuna.accounts.actor import Actor, actor_for
from oportuna.accounts.models import Membership, Role
from oportuna.accounts.scope import company_scope
from oportuna.imports.exports import opportunities
from oportuna.imports.options import Options
from oportuna.sales.models import Opportunity
from tests.factories import make_actor, make_company
from tests.imports.exports.lists import rows_in
from tests.imports.exports.sales import SALES, brought_in, written
from tests.imports.sheets import applied


def member_elsewhere(by: Actor) -> Actor:
    """The same person in a company of his own, with nothing in it."""
    company = make_company()
    with company_scope(company):
        member = Membership.objects.create(
            company=company, user=by.membership.user, name=by.membership.name, role=Role.MANAGER
        )
        return actor_for(member)


def taken_out(by: Actor, path: Path) -> list[dict[str, str]]:
    """All opportunities of the company in a csv, as its rows say them, without what is for reading."""
    with company_scope(by.company):
        ids = list(Opportunity.objects.order_by("number").values_list("pk", flat=True))
        written(path, "csv", opportunities.columns(), opportunities.rows(by, ids))
    rows = rows_in(path.read_bytes())
    return [{name: text for name, text in row.items() if "(só leitura)" not in name} for row in rows]


def plausible(sales: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same sales as a company's rules have them: closed after they began, what has ended without a next contact, nobody
    with somebody else's addresses."""
    for place, sale in enumerate(sales):
        sale["emails"] = [f"{place}.{address}" for address in sale["emails"]]
        sale["phones"] = [f"+551198765{place}{len(phone):03}" for phone in sale["phones"][:1]]
        sale["name"] = f"{sale['name']} {place} {'abcdef'[place]}"
        if sale["closed"]:
            status, day, *rest = sale["closed"]
            sale["created_on"] = min(sale["created_on"], date(2000, 1, 1))
            sale["closed"] = (status, min(day, date(2026, 11, 1)), *rest)
            sale["next_due_on"] = None
    return sales


def test_an_export_imported_into_an_empty_company_is_exported_as_the_same_again(db, tmp_path):
    ana = make_actor("manager")

    @given(
        st.lists(SALES, min_size=1, max_size=5, unique_by=lambda sale: sale["document"] or object()).map(
            plausible
        )
    )
    def check(sales: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            with company_scope(ana.company):
                brought_in(sales, ana)
            before = taken_out(ana, tmp_path / "before.csv")
            other = member_elsewhere(ana)
            job = applied(tmp_path / "before.csv", other, Options(on_duplicate="create"))
            after = taken_out(other, tmp_path / "after.csv")
            transaction.set_rollback(True)

        assert (job.rejected, job.created) == (0, len(sales))
        assert after == before

    check()


def test_an_export_imported_into_its_own_company_is_nothing_but_repetitions(db, tmp_path):
    ana = make_actor("manager")

    @given(
        st.lists(SALES, min_size=1, max_size=5, unique_by=lambda sale: sale["document"] or object()).map(
            plausible
        )
    )
    def check(sales: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            with company_scope(ana.company):
                brought_in(sales, ana)
            before = taken_out(ana, tmp_path / "before.csv")
            job = applied(tmp_path / "before.csv", ana)
            after = taken_out(ana, tmp_path / "after.csv")
            transaction.set_rollback(True)

        assert (job.rejected, job.created, job.duplicates) == (0, 0, len(sales))
        assert after == before

    check()
