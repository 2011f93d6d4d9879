"""Rows in bulk: each gets its own values, nobody else's row any, and no page is kept twice for a savepoint."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oportuna.accounts.actor import Via
from oportuna.accounts.scope import company_scope
from oportuna.records.rows import insert_rows, insert_selected, reserve_ids, update_rows
from oportuna.sales.models import Campaign, Customer, HistoryEntry, Source, Verb
from tests.factories import make_actor, make_company, make_customer


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


def test_rows_copied_from_others_take_the_scopes_company_and_their_defaults(db):
    ana, stranger = make_actor(), make_actor()
    customer = make_customer(ana)
    told = {"verb": Verb.EDITED, "at": timezone.now(), "via": Via.IMPORT}
    with company_scope(ana.company):
        HistoryEntry.objects.all().delete()
        theirs = Customer.objects.filter(pk=customer.pk)
        assert insert_selected(HistoryEntry, theirs, copied={"customer_id": "pk"}, constants=told) == 1

        (entry,) = HistoryEntry.objects.all()
        assert (entry.customer, entry.verb, entry.at) == (customer, Verb.EDITED, told["at"])
        assert (entry.changes, entry.opportunity, entry.by) == ({}, None, None)
    with company_scope(stranger.company):
        assert insert_selected(HistoryEntry, theirs, copied={"customer_id": "pk"}, constants=told) == 0


def test_a_folded_name_is_not_left_out_of_a_copy(db):
    with company_scope(make_company()), pytest.raises(ValueError, match="name_folded"):
        insert_selected(
            Campaign, Source.objects.all(), copied={"source_id": "pk"}, constants={"name": "Feira"}
        )
