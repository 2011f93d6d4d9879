"""What commands do to the whole database: it is as safe behind them as before."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from oportuna.accounts import rls
from oportuna.accounts.models import Company
from oportuna.ops import demo
from oportuna.ops.database import keys_checked_at_the_end
from oportuna.sales.models import Channel
from tests.factories import make_actor, make_customer

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its keys")


def keys() -> set[tuple[str, ...]]:
    """Every key of the database, as it is defined."""
    with rls.owner_connection().cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text"
            " FROM pg_constraint WHERE contype = 'f'"
        )
        return set(cursor.fetchall())


@contextmanager
def without_keys() -> Iterator[None]:
    owner = rls.owner_connection()
    with transaction.atomic(using=owner.alias), keys_checked_at_the_end(owner):
        yield


@on_postgresql
def test_keys_that_were_checked_at_the_end_are_as_they_were(committed):
    before = keys()

    with without_keys():
        assert keys() == set()

    assert keys() == before
    assert len(before) > 50


@on_postgresql
def test_a_table_that_another_holds_is_not_waited_for_without_end(committed):
    with without_keys(), rls.owner_connection().cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("1min",)


@on_postgresql
def test_a_row_that_refers_to_none_is_found_at_the_end(committed):
    ana = make_actor()
    customer = make_customer(ana)
    channels = Channel._meta.db_table

    with (
        pytest.raises(IntegrityError, match="channel_customer_same_company"),
        without_keys(),
        rls.owner_connection().cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO {channels} (company_id, customer_id, kind, value, position)"
            " VALUES (%s, %s, 'email', 'x', 0)",
            [ana.company.pk, customer.pk + 1],
        )

    assert len(keys()) > 50


@on_postgresql
def test_a_demo_that_ends_in_the_middle_leaves_neither_rows_nor_keys_undone(committed):
    before = keys()

    def stop(_written: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.build(20, told=stop)

    assert keys() == before
    assert not Company.objects.exists()
