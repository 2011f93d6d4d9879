"""The items of opportunities, and the products to choose from."""

from django.db.models import QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import OpportunityItem, Product
from oportuna.sales.queries.visible import visible_opportunities


def items_of(opportunity_id: int) -> list[OpportunityItem]:
    """The items of an opportunity, in their order."""
    return _items(opportunity_id)


@prepared
def _items(opportunity_id: int) -> QuerySet[OpportunityItem]:
    return OpportunityItem.objects.filter(opportunity_id=opportunity_id).order_by("position", "pk")


def visible_items(actor: Actor) -> QuerySet[OpportunityItem]:
    """The items of opportunities that the actor may see."""
    return OpportunityItem.objects.filter(opportunity__in=visible_opportunities(actor))


def choosable_products(now: int | None = None) -> QuerySet[Product]:
    """The products in use, and the one that an item has `now`, in their order."""
    products = Product.active()
    return products if now is None else products | Product.objects.filter(pk=now)
