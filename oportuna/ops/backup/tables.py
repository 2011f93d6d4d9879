"""Which tables a backup holds, and how a row becomes a line of JSON and a row again, in either database."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from oportuna.fields import MoneyField

# Emptied by a restore: sessions end, tickets are written again by the sweep, the clock ticks anew.
_PASSING = frozenset({"sessions.Session", "django_tasks_database.DBTaskResult", "work.Tick"})
# Made by migrate from the code; no row of ours refers to them.
_FROM_CODE = frozenset(
    {"auth.Group", "auth.Group_permissions", "auth.Permission", "contenttypes.ContentType"}
)
_CHUNK = 2_000
# What json gives back as it was; every other field is read by its own `to_python`.
_PLAIN = (
    "AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "EmailField",
    "IntegerField", "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField",
    "SmallIntegerField", "TextField",
)  # fmt: skip


def kept() -> list[type[models.Model]]:
    """The models whose rows a backup holds, in a fixed order."""
    return [model for model in _managed() if model._meta.label not in _PASSING | _FROM_CODE]


def passing() -> list[type[models.Model]]:
    """The models whose rows a restore takes away."""
    return [model for model in _managed() if model._meta.label in _PASSING]


def columns(model: type[models.Model]) -> list[str]:
    """The names of a model's columns, as its instances call them."""
    return [field.attname for field in model._meta.concrete_fields]


def rows(model: type[models.Model], using: str) -> Iterator[tuple[Any, ...]]:
    """Every row, by its key, a chunk in memory at a time; for code that has entered `all_companies()`."""
    names = columns(model)
    place = names.index(model._meta.pk.attname)
    found = model._base_manager.using(using).order_by("pk")
    chunk = list(found.values_list(*names)[:_CHUNK])
    while chunk:
        yield from chunk
        chunk = list(found.filter(pk__gt=chunk[-1][place]).values_list(*names)[:_CHUNK])


def encode(row: tuple[Any, ...]) -> bytes:
    """A row as a line of JSON; keys of objects are sorted, so that equal rows are equal lines."""
    return json.dumps(row, default=_encode, ensure_ascii=False, sort_keys=True).encode() + b"\n"


class Decoder:
    """Turns a line back into what the database takes.

    Raises ValueError for columns that are not the model's, or a line that does not fit.
    """

    def __init__(self, model: type[models.Model], names: list[str], connection: BaseDatabaseWrapper) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        if sorted(names) != sorted(fields):
            raise ValueError(f"the columns of {model._meta.label} are others")
        self.columns = [str(fields[name].column) for name in names]
        self._converters = [
            (place, _converter(fields[name], connection))
            for place, name in enumerate(names)
            if not _is_plain(fields[name])
        ]

    def row(self, line: bytes) -> list[Any]:
        """The values of a line, in the order of `columns`."""
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(self.columns):
            raise ValueError("a line does not fit its columns")
        try:
            for place, convert in self._converters:
                if values[place] is not None:
                    values[place] = convert(values[place])
        except (ValidationError, ArithmeticError, TypeError) as error:
            raise ValueError(f"a value does not fit its column: {error}") from error
        return values


def _managed() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return sorted((m for m in found if m._meta.managed and not m._meta.proxy), key=lambda m: m._meta.label)


def _is_plain(field: models.Field[Any, Any]) -> bool:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.get_internal_type() in _PLAIN and not isinstance(field, MoneyField)


def _converter(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    if isinstance(field, models.BinaryField):
        return base64.b64decode

    def convert(value: Any) -> Any:
        return field.get_db_prep_save(field.to_python(value), connection)

    return convert


def _encode(value: Any) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    raise TypeError(f"no way to write a {type(value).__name__}")
