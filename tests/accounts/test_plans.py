"""Statements as PostgreSQL plans them: constants written out, numbers of one type, plans kept while they are of use."""

from decimal import Decimal

import pytest
from django.db import close_old_connections, connection
from django.db.models import F
from django.test import Client
from django.urls import reverse

from oportuna.accounts import rls
from oportuna.accounts.models import User
from oportuna.accounts.prepared import prepared
from oportuna.accounts.scope import company_scope
from oportuna.fields import CENTS
from oportuna.sales.models import Opportunity, Stage
from tests.factories import make_actor, make_opportunity, stage_of

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans")


def test_a_number_beyond_32_bits_is_counted_with_whole(db):
    ana = make_actor()
    make_opportunity(ana, value=Decimal("1.00"))
    rows = prepared(
        lambda: Opportunity.objects.annotate(weighed=CENTS * 9_000_000_001 + 9_000_000_000).values_list(
            "weighed"
        )
    )

    with company_scope(ana.company):
        assert rows() == [(909_000_000_100,)]


def test_a_number_of_a_small_column_may_grow(db):
    ana = make_actor()
    rows = prepared(
        lambda: Stage.objects.annotate(of=F("probability") * 100).values_list("of", "probability")
    )

    with company_scope(ana.company):
        found = rows()

    assert max(of for of, _ in found) > 32_767
    assert all(of == (probability or 0) * 100 for of, probability in found)


def test_a_percent_sign_in_a_query_stands_for_itself(db):
    ana = make_actor()
    make_opportunity(ana, title="100% algodão")
    make_opportunity(ana, title="1000 camisas")
    rows = prepared(
        lambda stage_id: Opportunity.objects.filter(title__contains="0%", stage_id=stage_id).values_list(
            "title"
        )
    )

    with company_scope(ana.company):
        assert rows(stage_of(ana.company, "Lead").pk) == [("100% algodão",)]


@on_postgresql
def test_the_session_plans_once_what_it_is_asked_often(db):
    ana = make_actor()
    open_ones = prepared(
        lambda stage_id: Opportunity.objects.filter(stage_id=stage_id, status="open").values_list(
            "title_folded"
        )
    )

    with company_scope(ana.company), connection.cursor() as cursor:
        # Which plan it takes for cheaper is the server's own affair, and changes with its statistics.
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for _ in range(12):
            open_ones(stage_of(ana.company, "Lead").pk)
        cursor.execute(
            "SELECT generic_plans, custom_plans, statement LIKE '%%''open''%%' FROM pg_prepared_statements"
            " WHERE statement LIKE '%%title_folded%%'"
        )
        # Prepared at the sixth run, and from then on run by the plan that is kept.
        assert cursor.fetchall() == [(7, 0, True)]


@on_postgresql
def test_behind_a_pooler_a_session_keeps_nothing(db, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "POOLER", "transaction")
    ana = make_actor()
    rows = prepared(
        lambda stage_id: Opportunity.objects.filter(stage_id=stage_id).values_list("title_folded")
    )

    with company_scope(ana.company), connection.cursor() as cursor:
        for _ in range(12):
            rows(stage_of(ana.company, "Lead").pk)
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%title_folded%%'")
        assert cursor.fetchone() == (0,)


@on_postgresql
def test_a_server_whose_column_was_altered_meanwhile_recovers_by_itself(committed):
    ana = make_actor()
    client = Client(raise_request_exception=False)
    client.force_login(ana.membership.user)
    url = reverse("sales:opportunities", args=[ana.company.slug])

    def status() -> int:
        close_old_connections()  # as a server does before and after each request
        found: int = client.get(url).status_code
        close_old_connections()
        return found

    def alter(length: int) -> None:
        with rls.owner_connection().cursor() as cursor:
            cursor.execute(f"ALTER TABLE accounts_user ALTER COLUMN name TYPE varchar({length})")

    length = User._meta.get_field("name").max_length or 0
    assert {status() for _ in range(8)} == {200}
    alter(length + 1)
    try:
        assert [status() for _ in range(3)][1:] == [200, 200]
    finally:
        alter(length)
