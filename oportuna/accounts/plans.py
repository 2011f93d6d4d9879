"""PostgreSQL's plans: a session keeps them for what it is asked often and without its values (ADR 7)."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import NotSupportedError

_OFTEN = 5
"""Runs of a statement before a session prepares it; of the five behind them PostgreSQL learns what a plan is worth."""
_PLACES = re.compile("%%|%s")


@contextmanager
def kept_plans(connection: Any) -> Iterator[None]:
    """Statements meanwhile are sent without their values, and their plans are kept; on SQLite it does nothing.

    Behind a pooler that hands each transaction another session (`?pooler=transaction`) nothing is kept.
    """
    if connection.vendor != "postgresql":
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    session = connection.connection
    former = session.cursor_factory
    session.cursor_factory = ServerBindingCursor
    # For these statements alone: of any other the driver would remember the text, with all values in it.
    session.prepare_threshold = None if connection.settings_dict.get("POOLER") else _OFTEN
    try:
        yield
    finally:
        session.cursor_factory = former
        session.prepare_threshold = None


def written_out(
    sql: str, values: Sequence[Any], slots: Sequence[int | None], connection: Any
) -> tuple[str, list[tuple[Any, int]]]:
    """The SQL with its constants (the values without a slot) as literals, and the values that stay with their slots.

    PostgreSQL proves by a literal that an index of open opportunities will do, and takes a written number for an integer of
    32 bits at least; bound, Django types it by its field, and the driver cuts off what is above that type.
    """
    ahead = iter(zip(values, slots, strict=True))
    stay: list[tuple[Any, int]] = []

    def put(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%%"
        value, slot = next(ahead)
        if slot is not None:
            stay.append((value, slot))
            return "%s"
        literal: str = connection.ops.compose_sql("%s", [value])
        return literal.replace("%", "%%")

    return _PLACES.sub(put, sql), stay


def leave_stale_plans(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Give a connection up, at the end of its request, whose plans a migration has made useless.

    PostgreSQL plans anew by itself, but not where a column has another type: outside a transaction nothing else would
    make the session forget the statement.
    """
    try:
        return execute(sql, params, many, context)
    except NotSupportedError:
        context["connection"].close_at = 0.0
        raise
