"""Putting tags on opportunities, new ones where they are named for the first time."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.brazil.text import fold
from oportuna.errors import Refused
from oportuna.sales.actions import registers
from oportuna.sales.history import record
from oportuna.sales.models import Opportunity, OpportunityTag, Tag, Verb
from oportuna.sales.queries.tags import tags_of

MOST = 20
"""Tags that one opportunity may have."""


@transaction.atomic
def add(name: str, *, by: Actor) -> Tag:
    """The tag of this name, whatever its capitals and accents: the one that is there, or a new one."""
    by.require(policies.create)
    found = Tag.objects.filter(name_folded=fold(name)).first()
    if found is not None:
        return found
    last = Tag.objects.aggregate(last=Max("position"))["last"] or 0
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name, position=last + 1)
    except IntegrityError:  # somebody added it just now
        return Tag.objects.get(name_folded=fold(name))


@transaction.atomic
def put_in_use(name: str, *, by: Actor) -> tuple[Tag, bool]:
    """As `registers.put_in_use`, for an import that is to add tags: whoever works on opportunities may."""
    by.require(policies.create)
    return registers.back_in_use(Tag.objects.filter(name_folded=fold(name)), lambda: add(name, by=by), by)


@transaction.atomic
def put_on(
    opportunity: Opportunity, names: Sequence[str], *, seen: int | None = None, by: Actor
) -> Opportunity:
    """Give an opportunity these tags and no others, in this order of their register; the same ones record nothing.

    Raises Refused for more than it may have, and for an opportunity in the trash.
    """
    opportunity = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    if opportunity.deleted_at is not None:
        raise Refused(_("This opportunity was deleted. Restore it before you go on."))
    by.require(policies.work, opportunity)
    opportunity.require_revision(seen)
    wanted = {fold(name): name for name in names}
    if len(wanted) > MOST:
        raise Refused(_("An opportunity has %(most)s tags at most.") % {"most": MOST}, field="tags")
    before = tags_of(opportunity.pk)
    if {tag.name_folded for tag in before} == wanted.keys():
        return opportunity
    chosen = {tag.pk: tag for tag in (add(name, by=by) for name in wanted.values())}
    there = {tag.pk for tag in before}
    OpportunityTag.objects.filter(opportunity=opportunity, tag__in=there - chosen.keys()).delete()
    OpportunityTag.objects.bulk_create(
        OpportunityTag(opportunity=opportunity, tag=tag) for pk, tag in chosen.items() if pk not in there
    )
    opportunity.revision += 1
    opportunity.save(update_fields=["revision"])
    both = [", ".join(tag.name for tag in tags) for tags in (before, tags_of(opportunity.pk))]
    record(Verb.EDITED, opportunity, by=by, changes={"tags": both})
    return opportunity
