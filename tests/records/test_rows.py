"""Rows in bulk: each gets its own values, nobody else's row any, and no page is kept twice for a savepoint."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from oportuna.accounts.scope import company_scope
from oportuna.records.rows import insert_rows, reserve_ids, update_rows
from oportuna.sales.models import Source
from tests.factories import make_company


def names() -> dict[int, str]:
    return dict(Source.objects.order_by("id").values_list("pk", "name"))


def test_each_row_gets_its_own_values_and_another_companys_none(db):
    ours, theirs = make_company(), make_company()
    with company_scope(theirs):
        before = names()
    with company_scope(ours):
        first, second = list(names())[:2]
        update_rows(Source, ["name"], [("Feira", first), ("Rádio", second), ("Roubada", next(iter(before)))])
        update_rows(Source, ["name"], [])

        assert (names()[first], names()[second]) == ("Feira", "Rádio")
    with company_scope(theirs):
        assert names() == before


def test_bulk_writing_leaves_no_savepoint_in_its_transaction(db):
    with company_scope(make_company()), transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            (pk,) = reserve_ids(Source, 1)
            insert_rows(Source, ("id", "name", "position"), [(pk, "Rádio", 99)])
            update_rows(Source, ["name"], [("Feira", pk)])

        assert [one["sql"] for one in asked if "SAVEPOINT" in one["sql"]] == []
        assert names()[pk] == "Feira"
