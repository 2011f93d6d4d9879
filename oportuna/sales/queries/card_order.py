"""The orders in which a column of the board shows its cards. What has no date or value to go by stands last."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _


class CardOrder(TextChoices):
    """By hand, or by a field: then a card cannot be dropped between two others."""

    HAND = "hand", _("By hand")
    NEXT = "next", _("Next activity")
    VALUE = "value", _("Largest value")
    CLOSE = "close", _("Expected close")
    AGE = "age", _("Longest in the stage")


@dataclass(frozen=True, slots=True)
class Ordering:
    """What an order goes by: a field of opportunities, perhaps with nothing in it, the largest first or the smallest."""

    field: str
    descending: bool = False
    nullable: bool = False

    @property
    def by(self) -> tuple[str, str]:
        """As `order_by` takes it; of those alike the older one first."""
        return f"-{self.field}" if self.descending else self.field, "pk"

    def key(self, value: Any, pk: int) -> tuple[Any, ...]:
        """What puts rows into this order in Python."""
        if value is None:
            return True, 0, pk
        if self.descending:
            value = -value
        return False, value, pk

    @property
    def forwards(self) -> tuple[Any, str]:
        """The whole column in this order, what has nothing to go by last."""
        field = F(self.field)
        return field.desc(nulls_last=True) if self.descending else field.asc(nulls_last=True), "pk"

    @property
    def backwards(self) -> tuple[Any, str]:
        """The whole column from its end."""
        field = F(self.field)
        return field.asc(nulls_first=True) if self.descending else field.desc(nulls_first=True), "-pk"

    def before(self, value: Any, pk: int) -> Q:
        """The condition on rows that stand before one with this value and id."""
        if value is None:
            return Q(**{f"{self.field}__isnull": False}) | Q(**{f"{self.field}__isnull": True}, pk__lt=pk)
        side = "gt" if self.descending else "lt"
        return Q(**{f"{self.field}__{side}": value}) | Q(**{self.field: value}, pk__lt=pk)

    def behind(self, value: Any, pk: int) -> Q:
        """The condition on rows that stand behind one with this value and id."""
        if value is None:
            return Q(**{f"{self.field}__isnull": True}, pk__gt=pk)
        side = "lt" if self.descending else "gt"
        rest = Q(**{f"{self.field}__isnull": True}) if self.nullable else Q()
        return Q(**{f"{self.field}__{side}": value}) | Q(**{self.field: value}, pk__gt=pk) | rest


ORDERINGS = {
    CardOrder.HAND: Ordering("position"),
    CardOrder.NEXT: Ordering("next_due_on", nullable=True),
    CardOrder.VALUE: Ordering("value", descending=True, nullable=True),
    CardOrder.CLOSE: Ordering("expected_close_on", nullable=True),
    CardOrder.AGE: Ordering("stage_since"),
}
