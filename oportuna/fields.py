"""Model fields of ours: money as integer cents, quantities as integer thousandths, per mille, and folded names."""

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.functions import Cast

from oportuna.brazil.text import fold

_CENT = Decimal("0.01")
MOST_CENTS = 99_999_999_999_99  # ten digits before the comma: brazil.md's bound for an amount


MOST_THOUSANDTHS = 9_999_999_999  # of a quantity: seven digits before the comma, three behind it


if TYPE_CHECKING:
    _Cents = models.BigIntegerField[Decimal | int | None, Decimal | None]
    _Folded = models.CharField[str, str]
    _Permille = models.PositiveSmallIntegerField[int | None, int | None]
    _Thousandths = models.BigIntegerField[Decimal | int, Decimal]
else:  # Django's fields take no type arguments at run time
    _Cents = models.BigIntegerField
    _Thousandths = models.BigIntegerField
    _Folded = models.CharField
    _Permille = models.PositiveSmallIntegerField


class MoneyField(_Cents):
    """An amount in reais: `Decimal` with two places in Python, integer cents in the database.

    SQLite keeps decimals as floats and drifts in sums; integers are exact in both databases.
    """

    description = "Money"

    def from_db_value(
        self, value: int | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        return None if value is None else reais(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return Decimal(str(value)).quantize(_CENT, ROUND_HALF_UP)
        except ArithmeticError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def get_prep_value(self, value: Any) -> int | None:
        if value is None or isinstance(value, Expression):
            return value  # type: ignore[return-value]  # an expression is resolved by the compiler
        return cents(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


class QuantityField(_Thousandths):
    """A quantity: `Decimal` with three places in Python, integer thousandths in the database, as exact as money."""

    description = "Quantity"

    def from_db_value(
        self, value: int | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-3)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return Decimal(str(value)).quantize(Decimal("0.001"), ROUND_HALF_UP)
        except ArithmeticError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def get_prep_value(self, value: Any) -> int | None:
        if value is None or isinstance(value, Expression):
            return value  # type: ignore[return-value]  # an expression is resolved by the compiler
        return thousandths(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


def thousandths(quantity: Decimal | int) -> int:
    """The integer thousandths of a quantity; half of one goes up."""
    return int((Decimal(quantity) * 1000).quantize(Decimal(1), ROUND_HALF_UP))


def cents(value: Decimal | int | str | None) -> int:
    """The integer cents of an amount in reais; nothing is 0. Half a cent goes up."""
    if value is None:
        return 0
    return int((Decimal(value) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def reais(value: int) -> Decimal:
    """The amount in reais, with two places, of integer cents."""
    return Decimal(value).scaleb(-2)


CENTS = Cast("value", models.BigIntegerField())
"""The field `value` as the integer that it is, to be summed: MoneyField would turn the sum into reais."""


class PermilleField(_Permille):
    """A probability in tenths of a percent: 0 to 1000, an integer in Python and in both databases."""

    description = "Per mille"


class FoldedField(_Folded):
    """The folded form (lower case, no accents) of another field of the row, kept at every save, for sorting and search.

    `source` names the other field. Bulk writers fill it through the same `pre_save`.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("editable", False)
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(getattr(model_instance, self.source) or "")[: self.max_length]
        setattr(model_instance, self.attname, folded)
        return folded
