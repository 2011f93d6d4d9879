"""What an opportunity is made of. While it has items its value is their sum."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.changes import fill, shown
from oportuna.accounts.models import OneTimeKey
from oportuna.errors import Refused
from oportuna.fields import MOST_CENTS, cents, reais
from oportuna.records.held import held
from oportuna.sales.actions.opportunities import locked, save, take
from oportuna.sales.history import record
from oportuna.sales.models import Opportunity, OpportunityItem, Product, Verb
from oportuna.sales.queries.items import items_of

EDITABLE = frozenset("product description quantity unit_price discount".split())
MOST = 100
"""Items that one opportunity may have."""


@transaction.atomic
def add_item(
    opportunity: Opportunity, fields: Mapping[str, Any], *, key: UUID | None = None, by: Actor
) -> OpportunityItem:
    """Put an item (`EDITABLE`) at the end of an opportunity; what is not said of a product is as in its register.

    `key` is the form's one-time key: sent twice, it adds once. Raises Refused for a product out of use, an item that says
    neither what it is nor what it costs, more items than it may have, and a sum that no opportunity can be worth.
    """
    opportunity = locked(opportunity, by)
    made = OneTimeKey.claim(key, OpportunityItem)
    if made is not None and (there := OpportunityItem.objects.filter(pk=made).first()):
        return there
    before = items_of(opportunity.pk)
    if len(before) >= MOST:
        raise Refused(_("An opportunity has %(most)s items at most.") % {"most": MOST})
    item = OpportunityItem(opportunity=opportunity, position=before[-1].position + 1 if before else 1)
    fill(item, fields, EDITABLE)
    _complete(item, product_is_new=True)
    item.save(force_insert=True)
    OneTimeKey.keep(key, item)
    _sum_up(opportunity, [*before, item], {"items": [None, str(item)]}, by)
    return item


@transaction.atomic
def change_item(
    item: OpportunityItem, fields: Mapping[str, Any], *, seen: int | None = None, by: Actor
) -> OpportunityItem:
    """Change an item; what stays the same records nothing. Raises as `add_item`."""
    opportunity = locked(item.opportunity, by)
    fresh = _fresh(item)
    if fresh is None:
        raise Refused(_("This item was removed meanwhile."))
    fresh.require_revision(seen)
    before, product_id = str(fresh), fresh.product_id
    if not fill(fresh, fields, EDITABLE):
        return fresh
    _complete(fresh, product_is_new=fresh.product_id != product_id)
    fresh.revision += 1
    fresh.save()
    _sum_up(opportunity, items_of(opportunity.pk), {"items": [before, str(fresh)]}, by)
    return fresh


@transaction.atomic
def remove_item(item: OpportunityItem, *, by: Actor) -> Opportunity:
    """Take an item away; after the last one the value stays as it is and is typed again."""
    opportunity = locked(item.opportunity, by)
    fresh = _fresh(item)
    if fresh is None:
        return opportunity
    OpportunityItem.objects.filter(pk=fresh.pk).delete()
    _sum_up(opportunity, items_of(opportunity.pk), {"items": [str(fresh), None]}, by)
    return opportunity


def _fresh(item: OpportunityItem) -> OpportunityItem | None:
    """The item as it stands; who holds its opportunity holds it too."""
    return OpportunityItem.objects.select_related("product").filter(pk=item.pk).first()


def _complete(item: OpportunityItem, *, product_is_new: bool) -> None:
    """Fill in from the product what is not said, and refuse what nobody says."""
    product = item.product
    if product is not None and product_is_new and not held(Product.active().filter(pk=product.pk)):
        raise Refused(_("The product %(name)s is not in use any more.") % {"name": product}, field="product")
    if product is not None:
        item.description = item.description or product.name
        item.unit_price = product.unit_price if item.unit_price is None else item.unit_price
    if not item.description:
        raise Refused(_("Say what it is."), field="description")
    if item.unit_price is None:
        raise Refused(_("Say what one of them costs."), field="unit_price")
    item.discount = item.discount or 0


def _sum_up(
    opportunity: Opportunity, items: list[OpportunityItem], changes: dict[str, list[Any]], by: Actor
) -> None:
    """The value follows the items; one entry tells of both."""
    changed = list(take(opportunity, changes, by))
    total = reais(sum(cents(item.total) for item in items))
    if cents(total) > MOST_CENTS:
        raise Refused(_("The items add up to more than an opportunity can be worth."), field="unit_price")
    if items and opportunity.value != total:
        changes["value"] = [shown(opportunity.value), shown(total)]
        opportunity.value = total
        changed.append("value")
    save(opportunity, changed)
    record(Verb.EDITED, opportunity, by=by, changes=changes)
