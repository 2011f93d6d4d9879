"""Statements that are built and compiled once and then run with other values.

For a page of a dozen small queries the ORM needs longer to build and compile them than the database to answer
(a quarter of the whole page, measured): what is asked at every page is prepared.
"""

import copy
import json
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import update_wrapper
from types import SimpleNamespace
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import connections
from django.db.models import QuerySet

from oportuna.accounts.scope import COMPANY_STAND_IN, current_company_id, preparing

P = ParamSpec("P")
Row = TypeVar("Row")

_MOST_SHAPES = 256
_BEYOND = 1 << 63
"""No column holds it, and SQLite refuses to be asked for it."""

# Within 32 bits, as the smallest column has it; nobody writes such a constant into a query.
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

    def __call__(self, *given: P.args, **_named: P.kwargs) -> list[Row]:
        """The rows, read now, as the query would give them. Arguments go by position."""
        if any(type(one) is int and not -_BEYOND < one < _BEYOND for one in given):
            return []
        statement = self._statement(given)
        return list(statement.iterable(statement.source(statement.sql, statement.parameters(given))))

    def for_each(self, values: Sequence[int], *rest: Any) -> list[Row]:
        """The rows for each of the values as first argument, in ONE statement; in which order is not said."""
        if not values:
            return []
        statement = self._statement((values[0], *rest))
        parameters = [one for value in values for one in statement.parameters((value, *rest))]
        # A part that is limited stands in a FROM: the only place where both databases take it.
        part = f"SELECT * FROM ({statement.sql}) AS part"
        source = statement.source(" UNION ALL ".join([part] * len(values)), parameters)
        return list(statement.iterable(source))

    def _statement(self, given: Sequence[Any]) -> "_Statement":
        shape = tuple(type(one) if type(one) in _STAND_INS else one for one in given)
        if shape not in self._statements:
            if len(self._statements) >= _MOST_SHAPES:
                self._statements.clear()
            self._statements[shape] = _Statement(self._build, given)
        return self._statements[shape]


prepared = Prepared
"""The decorator's name."""


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
        fields = [expression for expression, _sql, _alias in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(fields)
        self.slots = [_slot(parameter, stand_ins) for parameter in parameters]

    def source(self, sql: str, parameters: Sequence[Any]) -> Any:
        """What the ORM's iterables take for a queryset: a compiler of this thread's connection that need not compile."""
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.alias]
        compiler.as_sql = lambda: (sql, parameters)
        compiler.get_converters = lambda _expressions: self.converters
        query = SimpleNamespace(get_compiler=lambda *_args, **_named: compiler)
        return SimpleNamespace(
            db=self.alias, model=self.model, query=query, _known_related_objects={}, _fields=None
        )

    def parameters(self, given: Sequence[Any]) -> list[Any]:
        """What the statement is run with for these arguments, in the scope of now."""
        return [slot(given) for slot in self.slots]


def _slot(parameter: Any, stand_ins: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    """What stands in a parameter's place when the statement is run with other arguments."""
    if parameter == COMPANY_STAND_IN:
        return lambda _given: current_company_id()
    for place, one in enumerate(stand_ins):
        if isinstance(one, tuple):
            if parameter == list(one):
                return lambda given: list(given[place])
            if parameter == json.dumps(one):
                return lambda given: json.dumps(given[place])
            if parameter == one[0]:
                raise ValueError("Many values are one parameter: use OneOf.")
        elif type(one) in _STAND_INS and parameter == one:
            return lambda given: given[place]
        elif type(one) is date and parameter == str(one):  # SQLite's
            return lambda given: str(given[place])
    return lambda _given: parameter
