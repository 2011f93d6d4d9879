"""`column IN (many values)` as one parameter: thousands of placeholders cost more than the rows they find."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler


def parameter(values: Iterable[str | int], vendor: str) -> Any:
    """The values as the one parameter that `OneOf` takes on a database."""
    return list(values) if vendor == "postgresql" else json.dumps(list(values))


class OneOf(Expression):
    """The condition that a text or integer column is one of the values; it uses the column's index on both databases."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: Any, values: Iterable[str | int]) -> None:
        super().__init__()
        self.column: Any = models.F(column) if isinstance(column, str) else column
        self.values = list(values)

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        sql, params = compiler.compile(self.column)
        values = parameter(self.values, connection.vendor)
        if connection.vendor == "postgresql":
            return f"{sql} = ANY(%s)", (*params, values)
        return f"{sql} IN (SELECT value FROM json_each(%s))", (*params, values)
