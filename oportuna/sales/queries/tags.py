"""The tags of opportunities."""

from django.db.models import QuerySet

from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Tag


def tags_of(opportunity_id: int) -> list[Tag]:
    """The tags of an opportunity, in the order of their register."""
    return _tags(opportunity_id)


@prepared
def _tags(opportunity_id: int) -> QuerySet[Tag]:
    return Tag.objects.filter(taggings__opportunity=opportunity_id).order_by("position", "pk")
