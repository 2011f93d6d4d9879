"""Rows written in bulk, as tuples: many times faster than model instances, behind the same three locks."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain, islice, repeat
from operator import add
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, QuerySet, Value

from oportuna.accounts.one_of import parameter
from oportuna.accounts.scope import OWNER, current_company_id
from oportuna.brazil.text import fold
from oportuna.fields import FoldedField, MoneyField, cents
from oportuna.records import search_index
from oportuna.records.models import Searchable

BATCH = 10_000
_FEW = 20
"""Rows that PostgreSQL takes one by one sooner than it makes a temporary table for them."""

_Row = Sequence[Any]
_fold = lru_cache(maxsize=10_000)(fold)  # titles come again and again


def reserve_ids(model: type[models.Model], how_many: int) -> Sequence[int]:
    """Ids for rows yet to be written, ascending, which nobody else will get; not used, they are gaps.

    On SQLite it takes the write lock: of several models in one transaction.
    """
    if not how_many:
        return ()
    table = model._meta.db_table
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), how_many],
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 0)", [table])
        last = found[0] if found else 0
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + how_many, table])
        return range(last + 1, last + how_many + 1)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[_Row]) -> int:
    """Insert rows of the scope's company and return how many.

    `columns` names fields by their attribute (`stage_id`), in the order of each row's values, which are Python's
    (Decimal, aware datetime, dict). Fields not named take their default, folded ones what their source gives. Memory
    stays flat whatever `rows` yields. Raises what the database raises.
    """
    return insert_converted(model, columns, converted(model, columns, rows))


def converted(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[_Row]
) -> Iterator[tuple[Any, ...]]:
    """The rows of `insert_rows` with the values that the database takes: the greater part of the work, done in any process."""
    form, rows = _form(model, tuple(columns)), iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield from form.convert(batch)


def insert_converted(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> int:
    """Insert what `converted` gave for the same model and columns; returns how many.

    On PostgreSQL many rows go by COPY into a temporary table first, as row-level security wants it. Inside a
    transaction there is no savepoint: an error ends the whole of it. SQLite keeps each page that changes after a
    savepoint a second time, and walks through all of them at the end of every UPDATE: 116 us a row instead of 13.
    """
    form = _form(model, tuple(columns))
    whole: Iterator[tuple[Any, ...]] = map(add, rows, repeat(form.defaults()))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            few = list(islice(whole, _FEW + 1))
            if len(few) > _FEW:
                return _copy(cursor, form, chain(few, whole))
            whole = iter(few)
        values = ", ".join(["%s"] * len(form.columns))
        statement = f"INSERT INTO {form.table} ({form.column_list}) VALUES ({values})"
        written = 0
        while batch := list(islice(whole, BATCH)):
            cursor.executemany(statement, batch)
            _index(model, columns, batch)
            written += len(batch)
        return written


def insert_selected(
    model: type[models.Model],
    source: QuerySet[Any],
    *,
    copied: Mapping[str, str],
    constants: Mapping[str, Any],
) -> int:
    """Insert one row for each that `source` finds, without bringing any of it here; returns how many.

    `copied` maps the table's columns to the source's, `constants` to values; what neither names takes its default.
    Raises ValueError where that would leave a folded name empty.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    folded = {name for name, field in fields.items() if isinstance(field, FoldedField)}
    if left_out := folded - copied.keys() - constants.keys():
        raise ValueError(f"Nothing fills {', '.join(sorted(left_out))}.")
    others = {name: field for name, field in fields.items() if name not in copied and name not in constants}
    values = {
        name: Value(value, fields[name])
        for name, value in {
            **{name: field.get_default() for name, field in others.items()},
            **constants,
        }.items()
        if value is not None and name != "company_id"
    }
    taken: dict[str, Any] = {
        **{name: F(column) for name, column in copied.items()},
        **values,
        "company_id": F("company_id"),
    }
    selected, parameters = source.order_by().values_list(*taken.values()).query.sql_with_params()
    quote = connection.ops.quote_name
    column_list = ", ".join(quote(name) for name in taken)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({column_list}) {selected}", parameters)
        return int(cursor.rowcount)


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[_Row]) -> None:
    """Set columns of rows of the scope's company: each of `rows` holds the database's values and, last, the row's id.

    On PostgreSQL in one statement: one for each row took 210 us.
    """
    if not rows:
        return
    quote, company = connection.ops.quote_name, current_company_id()
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            fields = [model._meta.get_field(name) for name in columns]
            kinds = [*(field.db_type(connection) for field in fields), "bigint"]
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            settings = ", ".join(f"{quote(name)} = given.{quote(name)}" for name in columns)
            cursor.execute(
                f"UPDATE {table} SET {settings} FROM unnest({arrays})"
                f" AS given({', '.join(map(quote, columns))}, id)"
                f" WHERE {table}.id = given.id AND {table}.company_id = {company}",
                [list(values) for values in zip(*rows, strict=True)],
            )
        else:
            settings = ", ".join(f"{quote(name)} = %s" for name in columns)
            statement = f"UPDATE {table} SET {settings} WHERE id = %s AND company_id = {company}"
            cursor.executemany(statement, rows)
            _index(model, (*columns, "id"), rows)


def delete_rows(model: type[models.Model], column: str, values: Sequence[int]) -> int:
    """Delete the rows of the scope's company whose column (`stage_id`) holds one of the values; returns how many.

    What refers to them is the caller's: the database refuses, at the commit, to leave anything that refers to nothing.
    """
    if not values:
        return 0
    if issubclass(model, Searchable):
        if column != "id":
            raise ValueError("What is searched goes by its ids, or its index would keep it.")
        search_index.drop(model, values)
    quote, company = connection.ops.quote_name, current_company_id()
    table, name = quote(model._meta.db_table), quote(column)
    one_of = (
        f"{name} = ANY(%s)"
        if connection.vendor == "postgresql"
        else f"{name} IN (SELECT value FROM json_each(%s))"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE company_id = {company} AND {one_of}",
            [parameter(values, connection.vendor)],
        )
        return int(cursor.rowcount)


def _index(model: type[models.Model], columns: Sequence[str], rows: Sequence[_Row]) -> None:
    """Let the search find what was written, if its text was; PostgreSQL's index sees to itself."""
    if issubclass(model, Searchable) and "search_text" in columns:
        pk, text = columns.index("id"), columns.index("search_text")
        search_index.keep(model, [(row[pk], row[text]) for row in rows])


def _copy(cursor: Any, form: "_Form", rows: Iterable[_Row]) -> int:
    if connection.alias == OWNER:  # whom row-level security does not bind
        return _copy_into(cursor, form.table, form, rows)
    cursor.execute(
        f"CREATE TEMP TABLE rows_to_insert ON COMMIT DROP AS SELECT {form.column_list} FROM {form.table} WITH NO DATA"
    )
    written = _copy_into(cursor, "rows_to_insert", form, rows)
    cursor.execute(
        f"INSERT INTO {form.table} ({form.column_list}) SELECT {form.column_list} FROM rows_to_insert"
    )
    cursor.execute("DROP TABLE rows_to_insert")
    # Keys are looked at at the commit by plans that this session may have made while the tables were all but empty: such a
    # plan reads all of a company's rows for each key. Plan anew, now that the rows are there, and by index alone until the
    # transaction ends: to read a table of ten rows looks cheaper, but costs a call of the system each time (ADR 11). Before
    # PostgreSQL 18 what is so forbidden counts as dear, and dear statements are compiled: that is forbidden too.
    cursor.execute("DISCARD PLANS; SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
    return written


def _copy_into(cursor: Any, table: str, form: "_Form", rows: Iterable[_Row]) -> int:
    with cursor.copy(f"COPY {table} ({form.column_list}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    return int(cursor.rowcount)


class _Form:
    """How given rows become the table's: their values converted, the folded names, then the company and the defaults.

    Column by column, a batch at a time: one comprehension for each column instead of a loop for each row.
    """

    def __init__(self, model: type[models.Model], given: Sequence[str]) -> None:
        fields: dict[str, models.Field[Any, Any]] = {
            field.attname: field for field in model._meta.concrete_fields
        }
        if unknown := set(given) - set(fields):
            raise ValueError(f"not columns of {model.__name__}: {sorted(unknown)}")
        self.converters = [_converter(fields[name]) for name in given]
        self.folded: list[tuple[int, int | None]] = []
        self.rest: list[models.Field[Any, Any]] = []
        folded = []
        for name, field in fields.items():
            if name in given or name == "company_id" or field.primary_key:
                continue
            if isinstance(field, FoldedField):
                self.folded.append((given.index(field.source), field.max_length))
                folded.append(name)
            else:
                self.rest.append(field)
        self.columns = [*given, *folded, "company_id", *(field.attname for field in self.rest)]
        quote = connection.ops.quote_name
        self.table = quote(model._meta.db_table)
        self.column_list = ", ".join(quote(fields[name].column or name) for name in self.columns)

    def convert(self, batch: Sequence[_Row]) -> Iterator[tuple[Any, ...]]:
        """The batch's rows as the database takes them, the folded names at their end."""
        given = list(zip(*batch, strict=True))
        columns: list[Iterable[Any]] = [
            column if convert is None else convert(column)
            for convert, column in zip(self.converters, given, strict=True)
        ]
        columns += [[_fold(name)[:most] for name in given[source]] for source, most in self.folded]
        return zip(*columns, strict=True)

    def defaults(self) -> tuple[Any, ...]:
        """What stands in every row behind the given: the scope's company, then the defaults."""
        prepared = [field.get_db_prep_save(field.get_default(), connection) for field in self.rest]
        return (current_company_id(), *prepared)


@lru_cache(maxsize=64)
def _form(model: type[models.Model], given: tuple[str, ...]) -> _Form:
    return _Form(model, given)


_Column = Sequence[Any]


def _converter(field: models.Field[Any, Any]) -> Callable[[_Column], list[Any]] | None:
    """What turns a column of Python's values into the database's; None where they are the same."""
    if isinstance(field, MoneyField):
        return lambda column: [None if value is None else cents(value) for value in column]
    if isinstance(field, models.DateTimeField):
        return _instants
    if isinstance(field, models.DateField):
        return lambda column: [None if value is None else date.isoformat(value) for value in column]
    if isinstance(field, models.JSONField):
        return lambda column: [None if value is None else _json(value) for value in column]
    if isinstance(field, models.ForeignKey | models.IntegerField | models.CharField | models.TextField):
        return None
    return lambda column: [
        None if value is None else field.get_db_prep_save(value, connection) for value in column
    ]


def _instants(column: _Column) -> list[Any]:
    """As both databases read them, and as SQLite compares them: UTC without its offset; our sessions' zone is UTC."""
    known: dict[int, str | None] = {id(None): None}  # one object stands in many rows
    for value in column:
        if id(value) not in known:
            known[id(value)] = _instant(value)
    return [known[id(value)] for value in column]


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(" ")[:-6]


_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder for each value


def _json(value: Any) -> str:
    return "{}" if value == {} else _encode(value)
