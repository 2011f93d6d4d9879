"""What people type of an item of an opportunity."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.codes import CodedChoiceField
from oportuna.brazil.quantity import format_quantity, parse_quantity
from oportuna.sales.forms.fields import (
    KeyField,
    MoneyField,
    PercentField,
    ReadField,
    RevisionField,
    TextField,
)
from oportuna.sales.models import OpportunityItem, Product
from oportuna.sales.queries.items import choosable_products

_NAMES = ("product", "description", "quantity", "unit_price", "discount")


class QuantityField(ReadField):
    """A quantity, typed `2` or `1,5`, of three decimals at most: a Decimal above zero, or None."""

    def read(self, text: str) -> Decimal:
        """The quantity; raises Unreadable (quantity_unclear)."""
        quantity = parse_quantity(text)
        if not quantity:
            raise ValidationError(_("The quantity has to be more than zero."), code="zero")
        return quantity

    def prepare_value(self, value: Any) -> Any:
        """The quantity as it is typed."""
        return format_quantity(value) if isinstance(value, Decimal) else value


class ItemForm(forms.Form):
    """An item: a product, or something described in words. What is not said of a product is as in its register."""

    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, empty_label=_("None: describe it")
    )
    description = TextField(label=_("Description"), max_length=200, required=False)
    quantity = QuantityField(label=_("Quantity"), initial=Decimal(1))
    unit_price = MoneyField(label=_("Unit price"), required=False)
    discount = PercentField(label=_("Discount (%)"), required=False)
    key = KeyField()
    revision = RevisionField(required=False)

    def __init__(self, data: Any = None, *, item: OpportunityItem | None = None) -> None:
        super().__init__(data, initial=self.shown(item) if item else None)
        product: Any = self.fields["product"]
        product.queryset = choosable_products(item.product_id if item else None)
        del self.fields["key" if item else "revision"]
        if item:
            self.fields["revision"].required = True
        self.has_products = product.queryset.exists()
        if not self.has_products:
            del self.fields["product"]
            self.fields["description"].required = self.fields["unit_price"].required = True

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs call fields."""
        said = {name: self.cleaned_data[name] for name in _NAMES if name in self.fields}
        return {**said, "discount": said["discount"] or 0}

    def shown(self, item: OpportunityItem) -> dict[str, Any]:
        """What the item says now, by field."""
        now = {name: getattr(item, name) for name in _NAMES}
        return {**now, "discount": item.discount or None, "revision": item.revision}


class PutBackForm(ItemForm):
    """An item that was removed, as the address of the undo holds it: `query` of the item, `values` of the address."""

    product = CodedChoiceField(Product.objects.none(), required=False)

    @property
    def query(self) -> str:
        """The item as part of an address, with a one-time key: however often it is put back, it is there once."""
        said = {name: self[name].value() for name in self.fields if name != "revision"}
        kept = {name: value for name, value in said.items() if value not in (None, "")}
        return urlencode({**kept, "key": uuid4()})
