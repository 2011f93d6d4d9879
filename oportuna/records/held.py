"""Rows on whose state one relies until the end of the transaction."""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet


def held(rows: QuerySet[Model]) -> set[int]:
    """The ids of those that are there; until the transaction ends whoever would take one out of use (FOR UPDATE) has to wait.

    Many hold a row at once without waiting for each other: FOR KEY SHARE, for which Django has no word, is the lock
    that a reference to the row takes at the commit anyway. On SQLite nobody else writes meanwhile.
    """
    try:
        sql, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR KEY SHARE" if connection.vendor == "postgresql" else sql, params)
        return {pk for (pk,) in cursor.fetchall()}
