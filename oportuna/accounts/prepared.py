"""Statements that are built and compiled once and then run with other values.

For a page of a dozen small queries the ORM needs longer to build and compile them than the database to answer: what is
asked at every page is prepared (ADR 7).
"""

import copy
import re
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import update_wrapper
from types import SimpleNamespace
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import connections
from django.db.models import QuerySet

from oportuna.accounts.company import CompanyModel
from oportuna.accounts.one_of import parameter
from oportuna.accounts.plans import kept_plans, written_out
from oportuna.accounts.scope import COMPANY_STAND_IN, current_company_id, preparing

P = ParamSpec("P")
Row = TypeVar("Row")

_MOST_SHAPES = 256
_MOST_PARTS = 400  # of a statement: SQLite joins 500 at most
_COMPANY = -1
"""The place of the scope's company among the arguments."""
_BEYOND = 1 << 63
"""No column holds it, and SQLite refuses to be asked for it."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# Within 32 bits: a smaller column is compared with no argument. Nobody writes such a constant into a query.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    date: lambda place: date(1001, 1, 1 + place),
    int: lambda place: 2_000_000_011 + place,
    str: lambda place: f"\x01{place}",
    tuple: lambda place: (2_000_000_011 + place,),
}


class Prepared(Generic[P, Row]):
    """A function that describes a query, called for its rows: `stages = prepared(lambda pipeline_id: Stage.objects.filter(…))`.

    Arguments that are an int, str or date are values of the statement, and so is a tuple of them given to `OneOf`. Any other
    (None, a bool, a frozen dataclass) decides its shape: the function is called once for each shape and must depend on
    its arguments alone. The company is always the scope's.
    """

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        self._build: Callable[..., QuerySet[Any, Row]] = build
        self._statements: dict[Hashable, _Statement] = {}
        update_wrapper(self, build)

    def __call__(self, *given: P.args, **named: P.kwargs) -> list[Row]:
        """The rows, read now, as the query would give them. Arguments go by position.

        What no column could hold is found nowhere. Raises ValueError when the query cannot be
        prepared, NoScope outside a company's scope.
        """
        if named:
            raise TypeError("Arguments of a prepared statement go by position.")
        if not all(map(_is_storable, given)):
            return []
        statement = self._statement(given)
        return statement.rows(statement.sql, statement.parameters(given))

    def for_each(self, values: Sequence[int], *rest: Any) -> list[Row]:
        """The rows for each of the values as first argument, in ONE statement for every 400; in which order is not said."""
        if len(values) > _MOST_PARTS:
            return [
                row
                for begin in range(0, len(values), _MOST_PARTS)
                for row in self.for_each(values[begin : begin + _MOST_PARTS], *rest)
            ]
        if not values:
            return []
        statement = self._statement((values[0], *rest))
        parameters = [one for value in values for one in statement.parameters((value, *rest))]
        # A part that is limited stands in a FROM: the only place where both databases take it.
        part = f"SELECT * FROM ({statement.sql}) AS part"
        return statement.rows(" UNION ALL ".join([part] * len(values)), parameters)

    def _statement(self, given: Sequence[Any]) -> "_Statement":
        shape = tuple(type(one) if type(one) in _STAND_INS else one for one in given)
        found = self._statements.get(shape)
        if found is None:
            found = _Statement(self._build, given)
            if len(self._statements) >= _MOST_SHAPES:
                self._statements.clear()
            self._statements[shape] = found
        return found


prepared = Prepared
"""The class under the name of the decorator that it is."""


class _Statement:
    """SQL of one shape, and where in its parameters the arguments stand."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], given: Sequence[Any]) -> None:
        stand_ins = [
            _STAND_INS[type(one)](place) if type(one) in _STAND_INS else one
            for place, one in enumerate(given)
        ]
        with preparing():
            rows: Any = build(*stand_ins)
            self.alias: str = rows.db
            self.compiler = rows.query.get_compiler(using=self.alias)
            self.sql, parameters = self.compiler.as_sql()
        if rows._prefetch_related_lookups:
            raise ValueError("A prepared statement is one statement: it prefetches nothing.")
        self.iterable, self.model = rows._iterable_class, rows.model
        # Each thread has its connection, and this one's ends with it.
        self.compiler.connection = None
        connection = connections[self.alias]
        self.vendor: str = connection.vendor
        self.constants: Sequence[Any] = parameters
        self.slots = [_slot(value, stand_ins, self.vendor) for value in parameters]
        asked = {place for place, one in enumerate(stand_ins) if type(one) in _STAND_INS}
        if issubclass(self.model, CompanyModel):
            asked.add(_COMPANY)
        if not asked <= set(self.slots):
            raise ValueError(
                "An argument must reach the database as it is, and once at least; many values go by OneOf."
            )
        self._number: Callable[[int], int] = int
        if self.vendor == "postgresql":
            from psycopg.types.numeric import Int8

            self._number = Int8  # one type whatever the value: plans are kept by statement and types
            self.sql, stay = written_out(self.sql, self.constants, self.slots, connection)
            self.constants, self.slots = [value for value, _ in stay], [slot for _, slot in stay]

    def rows(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        """What this SQL, made of the statement's own, finds with these values."""
        with kept_plans(connections[self.alias]):
            return list(self.iterable(self._source(sql, parameters)))

    def _source(self, sql: str, parameters: Sequence[Any]) -> Any:
        """What the ORM's iterables take for a queryset: a compiler of this thread's connection that need not compile."""
        compiler = copy.copy(self.compiler)
        compiler.connection = connection = connections[self.alias]
        compiler.as_sql = lambda: (sql, parameters)
        converters = self._converters(compiler, connection)
        compiler.get_converters = lambda _expressions: converters
        query = SimpleNamespace(get_compiler=lambda *_args, **_named: compiler)
        return SimpleNamespace(
            db=self.alias, model=self.model, query=query, _known_related_objects={}, _fields=None
        )

    def _converters(self, compiler: Any, connection: Any) -> dict[int, Any]:
        """What makes Python's values of the columns; remembered by the connection, whose methods they are."""
        known: dict[_Statement, dict[int, Any]] = vars(connection).setdefault("prepared_converters", {})
        if self not in known:
            fields = [expression for expression, _sql, _alias in compiler.select[: compiler.col_count]]
            known[self] = compiler.get_converters(fields)
        return known[self]

    def parameters(self, given: Sequence[Any]) -> list[Any]:
        """What the statement is run with for these arguments, in the scope of now."""
        company = current_company_id() if _COMPANY in self.slots else 0
        return [
            constant
            if slot is None
            else self._number(company)
            if slot == _COMPANY
            else self._given(given[slot], isinstance(constant, str))
            for slot, constant in zip(self.slots, self.constants, strict=True)
        ]

    def _given(self, value: Any, as_text: bool) -> Any:
        """An argument as the database's driver takes it."""
        if type(value) is tuple:
            return parameter(value, self.vendor)
        if as_text:
            return str(value)
        return self._number(value) if type(value) is int else value


def _is_storable(given: Any) -> bool:
    """Whether a column could hold it: no number beyond 64 bits, no text with NUL or half a character."""
    if type(given) is int:
        return -_BEYOND < given < _BEYOND
    if type(given) is str:
        return "\0" not in given and _LONE_SURROGATE.search(given) is None
    return True


def _slot(value: Any, stand_ins: Sequence[Any], vendor: str) -> int | None:
    """Which argument stands at this parameter's place: its number, _COMPANY, or None for a constant."""
    if value == COMPANY_STAND_IN:
        return _COMPANY
    for place, one in enumerate(stand_ins):
        if type(one) is tuple and value == parameter(one, vendor):
            return place
        if type(one) in _STAND_INS and value in (one, str(one) if type(one) is date else one):
            return place
    return None
