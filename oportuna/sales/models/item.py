"""What an opportunity is made of: products of the register, or things described in words."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.brazil.money import format_money
from oportuna.brazil.quantity import format_quantity
from oportuna.fields import (
    MOST_CENTS,
    MOST_THOUSANDTHS,
    MoneyField,
    PermilleField,
    QuantityField,
    cents,
    reais,
    thousandths,
)
from oportuna.sales.models.opportunity import Opportunity
from oportuna.sales.models.registers import Register, Revised


class Product(Register):
    """What the company sells; its price is what an item begins with."""

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=30, blank=True)
    unit_price = MoneyField(_("unit price"), null=True, blank=True)

    class Meta(Register.Meta):
        verbose_name = _("product")
        constraints = [
            *Register.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unit_price__isnull=True)
                | Q(unit_price__gte=Decimal(0), unit_price__lte=Decimal(MOST_CENTS) / 100),
                name="product_price_in_bounds",
            ),
        ]


class OpportunityItem(CompanyPart, Revised):
    """One line of an opportunity. Its description stays as it was agreed, whatever becomes of the product's name."""

    opportunity = CompanyForeignKey(Opportunity, models.CASCADE, related_name="items")
    product = CompanyForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=200)
    quantity = QuantityField(_("quantity"))
    unit_price = MoneyField(_("unit price"))
    discount = PermilleField(_("discount"), default=0)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta(CompanyPart.Meta):
        verbose_name = _("item of an opportunity")
        constraints = [
            SameCompany("opportunity", name="item_opportunity_same_company"),
            SameCompany("product", name="item_product_same_company"),
            models.CheckConstraint(condition=~Q(description=""), name="item_has_a_description"),
            models.CheckConstraint(
                condition=Q(quantity__gt=Decimal(0), quantity__lte=Decimal(MOST_THOUSANDTHS) / 1000),
                name="item_quantity_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=Decimal(0), unit_price__lte=Decimal(MOST_CENTS) / 100),
                name="item_price_in_bounds",
            ),
            models.CheckConstraint(condition=Q(discount__lte=1000), name="item_discount_to_1000"),
        ]
        indexes = [
            models.Index(fields=["company", "opportunity", "position", "id"], name="item_of_opportunity"),
            models.Index(
                fields=["company", "product"], name="item_by_product", condition=Q(product__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        text = f"{format_quantity(self.quantity)} × {self.description} · {format_money(self.unit_price)}"
        return f"{text} −{format_quantity(Decimal(self.discount) / 10)}%" if self.discount else text

    @property
    def total(self) -> Decimal:
        """Quantity x price less the discount, rounded here and nowhere else: half a cent up."""
        exact = thousandths(self.quantity) * cents(self.unit_price) * (1000 - (self.discount or 0))
        return reais((exact + 500_000) // 1_000_000)
