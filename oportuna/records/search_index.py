"""The trigram index over records' search texts: any part of a word is found among millions of rows, the newest first.

On PostgreSQL it is a GIN index, asked through a function that row-level security does not bind and that looks at the scope
itself: LIKE is not leakproof and reaches no index under a policy. On SQLite it is an FTS5 table for each kind of record, whose
rowid is company x 2^40 + id (ADR 14). Whoever writes a record's text writes it there in the same transaction.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from oportuna.accounts.one_of import parameter
from oportuna.accounts.scope import SETTING, current_company_id

FEWEST = 3
"""Letters of the shortest part that the index finds."""
_COMPANY = 1 << 40
_MOST_TRIGRAMS = 24


def keep(model: type[models.Model], texts: Iterable[tuple[int, str]]) -> None:
    """Index rows of the scope's company by id and text, new ones and changed ones."""
    if connection.vendor == "sqlite":
        base = current_company_id() * _COMPANY
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {_index_of(model)} (rowid, text) VALUES (%s, %s)",
                [(base + pk, text) for pk, text in texts],
            )


def drop(model: type[models.Model], ids: Iterable[int]) -> None:
    """Take rows of the scope's company out, which go for good."""
    if connection.vendor == "sqlite":
        base = current_company_id() * _COMPANY
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {_index_of(model)} WHERE rowid = %s", [(base + pk,) for pk in ids]
            )


def drop_all(model: type[models.Model]) -> None:
    """Take every row of the scope's company out."""
    if connection.vendor == "sqlite":
        base = current_company_id() * _COMPANY
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {_index_of(model)} WHERE rowid BETWEEN %s AND %s", [base, base + _COMPANY - 1]
            )


def rebuild(database: BaseDatabaseWrapper, model: type[models.Model]) -> None:
    """Index every company's rows anew, where they were written without the index: restored from a backup, for instance."""
    if database.vendor == "sqlite":
        table = model._meta.db_table
        with database.cursor() as cursor:
            cursor.execute(f"DELETE FROM {_quoted(_name(table))}")
            cursor.execute(_filling(table))


def newest(
    model: type[models.Model], terms: Sequence[str], owners: Sequence[int] | None, most: int
) -> list[int]:
    """The ids of the newest rows of the scope's company, outside the trash, whose text holds every term.

    `owners`, of a model that has an owner: theirs and nobody's, or None for everybody's. Raises ValueError unless a term has
    three letters.
    """
    if not any(len(term) >= FEWEST for term in terms):
        raise ValueError("The index finds parts of three letters and more.")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT * FROM {_quoted(_name(model._meta.db_table))}(%s::text[], %s::bigint[], %s)",
                [[f"%{_plain(term)}%" for term in terms], None if owners is None else list(owners), most],
            )
        else:
            _ask_sqlite(cursor, model, terms, owners, most)
        return [pk for (pk,) in cursor.fetchall()]


def _ask_sqlite(
    cursor: CursorWrapper,
    model: type[models.Model],
    terms: Sequence[str],
    owners: Sequence[int] | None,
    most: int,
) -> None:
    """From the newest on until there are enough: CROSS JOIN keeps the index outside, which is read by rowid."""
    index, base = _index_of(model), current_company_id() * _COMPANY
    conditions = ["instr(one.search_text, %s)"] * len(terms)
    parameters: list[Any] = [_match(terms), base, base + _COMPANY - 1, *terms]
    if owners is not None:
        conditions.append("(one.owner_id IS NULL OR one.owner_id IN (SELECT value FROM json_each(%s)))")
        parameters.append(parameter(owners, "sqlite"))
    cursor.execute(
        f"SELECT one.id FROM {index} CROSS JOIN {_quoted(model._meta.db_table)} AS one ON one.id = {index}.rowid - {base}"
        f" WHERE {index} MATCH %s AND {index}.rowid BETWEEN %s AND %s AND one.deleted_at IS NULL"
        f" AND {' AND '.join(conditions)} ORDER BY {index}.rowid DESC LIMIT %s",
        [*parameters, most],
    )


def _match(terms: Sequence[str]) -> str:
    """Trigrams of the terms: the index does not know where in a text they stand, so the texts are compared, too."""
    starts = ((term, start) for term in terms for start in range(len(term) - FEWEST + 1))
    trigrams = dict.fromkeys(term[start : start + FEWEST] for term, start in starts)
    return " AND ".join(_phrase(one) for one in list(trigrams)[:_MOST_TRIGRAMS])


def _phrase(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _plain(term: str) -> str:
    """A term in which LIKE finds no wildcard."""
    return re.sub(r"([\\%_])", r"\\\1", term)


def install(database: BaseDatabaseWrapper, table: str, *, owned: bool) -> None:
    """Make the index of a table and index what is there; `owned` says whether its rows have an owner."""
    statements = _on_postgresql(table, owned) if database.vendor == "postgresql" else _on_sqlite(table)
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def uninstall(database: BaseDatabaseWrapper, table: str) -> None:
    """Take away what `install` made."""
    name = _quoted(_name(table))
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION {name}(text[], bigint[], integer)")
            cursor.execute(f"DROP INDEX {name}")
        else:
            cursor.execute(f"DROP TABLE {name}")


def _on_sqlite(table: str) -> Iterator[str]:
    # detail=none: a third of the size; texts are folded before they come here.
    yield (
        f"CREATE VIRTUAL TABLE {_quoted(_name(table))} USING"
        " fts5(text, detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
    )
    yield _filling(table)


def _filling(table: str) -> str:
    return (
        f"INSERT INTO {_quoted(_name(table))} (rowid, text)"
        f" SELECT company_id * {_COMPANY} + id, search_text FROM {_quoted(table)} ORDER BY company_id, id"
    )


def _on_postgresql(table: str, owned: bool) -> Iterator[str]:
    name, quoted = _quoted(_name(table)), _quoted(table)
    yield "CREATE EXTENSION IF NOT EXISTS pg_trgm"
    yield "CREATE EXTENSION IF NOT EXISTS btree_gin"
    yield f"CREATE INDEX {name} ON {quoted} USING gin (company_id, search_text gin_trgm_ops)"
    theirs = " AND ($2 IS NULL OR owner_id IS NULL OR owner_id = ANY($2))" if owned else ""
    # Planned with the terms as they are, so that a common one is looked for from the newest row on. The path is fixed: what
    # runs as the tables' owner must find no other table by this name.
    yield f"""
        CREATE FUNCTION {name}(patterns text[], owners bigint[], most integer) RETURNS SETOF bigint
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $function$
        DECLARE
            company bigint := NULLIF(current_setting('{SETTING}', true), '')::bigint;
            held text;
        BEGIN
            IF company IS NULL THEN
                RETURN;
            END IF;
            SELECT string_agg(format('search_text LIKE %L', pattern), ' AND ') INTO held
            FROM unnest(patterns) AS pattern;
            RETURN QUERY EXECUTE
                'SELECT id FROM {quoted} WHERE company_id = $1 AND deleted_at IS NULL{theirs} AND '
                || held || ' ORDER BY id DESC LIMIT $3'
            USING company, owners, most;
        END
        $function$
    """


def _name(table: str) -> str:
    return f"{table}_search"


def _index_of(model: type[models.Model]) -> str:
    return _quoted(_name(model._meta.db_table))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
