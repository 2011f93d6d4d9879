"""One queryset for each of several values, in one statement that is built and compiled once."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

EACH = -(1 << 62) - 1
"""Stands for each of the values in a filter: beyond every id and position, so that nothing else is taken for it."""


def rows_for_each(rows: QuerySet[Any, Any], values: Sequence[int]) -> list[tuple[Any, ...]]:
    """What the `values_list()` of `rows` gives for each of the values put in the place of EACH, one after another.

    `rows.union()` gives the same, but the ORM builds and compiles each part anew: that took longer than the database
    took for all of them. The scope's company stands in the statement as in any other. `rows` has no order of its own.
    """
    if not values:
        return []
    compiler: Any = rows.query.get_compiler(connection=connection)
    try:
        statement, parameters = compiler.as_sql()
    except EmptyResultSet:
        return []
    given = [value if one == EACH else one for value in values for one in parameters]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([statement] * len(values)), given)
        found = cursor.fetchall()
    converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
    return [tuple(row) for row in compiler.apply_converters(found, converters)] if converters else found
