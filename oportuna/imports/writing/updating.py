"""Rows that change what is there: only empty fields, or all that the row says; never an opt-out, never a note taken away.

An update is planned from what stands, compared with the row, and carried out by the verbs that people use: same rules,
same history. What they changed is returned, to be kept with the row and taken back when the import is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.accounts.one_of import OneOf
from oportuna.brazil.money import format_money
from oportuna.brazil.text import fold
from oportuna.imports.duplicates.matcher import title_key
from oportuna.imports.options import Mode
from oportuna.imports.rows.understanding import MOST_NOTES
from oportuna.imports.writing.lookups import Lookups
from oportuna.imports.writing.newcomers import customer_fields, day_of_row
from oportuna.imports.writing.places import Fault
from oportuna.sales.actions import activities, customers, opportunities, tags
from oportuna.sales.actions.parties import Added
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    DataOrigin,
    Opportunity,
    OpportunityItem,
    Stage,
    Tag,
)
from oportuna.sales.queries.tags import tags_of
from oportuna.sales.queries.visible import visible_opportunities

Changed = list[dict[str, Any]]
"""What was changed: {"what", "id"} of each record with the fields "before" and "after", or what was "added" to it."""


@dataclass(slots=True)
class Standing:
    """What the company has of a customer now: its people by folded name, how each is reached, its open opportunities.

    `tagged` are the ids of tags that opportunities, by their titles, will have besides those that they have. `itemised` are
    the ids of those that have items.
    """

    customer: Customer
    contacts: dict[str, Contact] = field(default_factory=dict)
    channels: defaultdict[tuple[int | None, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    opportunities: dict[str, Opportunity] = field(default_factory=dict)
    tagged: dict[str, set[int]] = field(default_factory=dict)
    itemised: set[int] = field(default_factory=set)


def standings(customer_ids: Iterable[int], by: Actor) -> dict[int, Standing]:
    """How these customers stand, by their ids, in five statements; of opportunities what the actor sees."""
    ids = list(customer_ids)
    found = {one.pk: Standing(one) for one in Customer.objects.filter(OneOf("pk", ids))}
    for contact in Contact.objects.filter(OneOf("customer_id", ids)).order_by("-pk"):
        found[contact.customer_id].contacts[contact.name_folded] = contact
    for channel in Channel.objects.filter(OneOf("customer_id", ids)).order_by("position", "pk"):
        found[channel.customer_id].channels[channel.contact_id, channel.kind].append(channel.value)
    theirs = visible_opportunities(by).filter(OneOf("customer_id", ids), status=Opportunity.Status.OPEN)
    for opportunity in theirs.select_related("stage", "owner").order_by("-pk"):
        found[opportunity.customer_id].opportunities[opportunity.title_folded] = opportunity
    items = OpportunityItem.objects.filter(OneOf("opportunity__customer_id", ids)).order_by()
    for pk, customer_id in items.values_list("opportunity_id", "opportunity__customer_id").distinct():
        found[customer_id].itemised.add(pk)
    return found


@dataclass(slots=True)
class Update:
    """What a row changes of a customer and, where one of its title is open, of that opportunity; empty when nothing.

    `faults` tell of what there is no room for.
    """

    standing: Standing
    customer: dict[str, Any] = field(default_factory=dict)
    contact: Contact | None = None
    person: dict[str, Any] = field(default_factory=dict)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    opportunity: Opportunity | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    stage: Stage | None = None
    owner: Membership | None = None
    next_contact_on: date | None = None
    tags: list[Tag] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing that is not there."""
        return not (
            self.customer or self.person or self.emails or self.phones or self.fields
            or self.stage or self.owner or self.next_contact_on or self.tags
        )  # fmt: skip


def update_of(values: Mapping[str, Any], standing: Standing, mode: Mode, lookups: Lookups) -> Update:
    """What the row with these values changes, by "fill" or "overwrite", or by "hear" no more than its opt-out.

    The stage and the owner change only where the row names others than rows get that name none; an opportunity on which
    the actor may not work stays as it is.
    """
    update, overwrites = Update(standing), mode == "overwrite"
    if mode == "hear":
        update.customer = _news(standing.customer, {"do_not_contact": True}, overwrites)
        return update
    said = {name: value for name, value in customer_fields(values).items() if name != "kind"}
    update.customer = _news(standing.customer, said, overwrites)
    if not said.get("do_not_contact"):
        update.customer.pop("do_not_contact", None)
    _people(update, values, overwrites)
    opportunity = standing.opportunities.get(title_key(values["title"]))
    if opportunity is None or not policies.work(lookups.by, opportunity):
        return update
    update.opportunity = opportunity
    place = lookups.place(values)
    worth = _worth(values) | {"source": place.source, "campaign": place.campaign}
    if opportunity.pk in standing.itemised:
        _leave_value(update, opportunity, worth.pop("value"), overwrites)
    update.fields = _news(
        opportunity, {name: value for name, value in worth.items() if value is not None}, overwrites
    )
    _more_notes(update, opportunity.notes, values.get("notes"), overwrites)
    if (
        overwrites
        and place.stage is not None
        and _goes_on(opportunity.stage, place.stage, lookups.default_stage)
    ):
        update.stage = place.stage
    if place.owner not in (lookups.default_owner, opportunity.owner) and (
        overwrites or opportunity.owner is None
    ):
        update.owner = place.owner
    _more_tags(update, opportunity, place.tags, standing.tagged.get(title_key(values["title"]), set()))
    if opportunity.next_due_on is None:
        update.next_contact_on = day_of_row(values, "next_contact_on")
    return update


def _goes_on(now: Stage, said: Stage, default: Stage) -> bool:
    """Whether the row names another stage of the same pipeline, and not just the one that rows get that name none."""
    return said not in (now, default) and said.pipeline_id == now.pipeline_id


def _news(row: Customer | Contact | Opportunity, said: Mapping[str, Any], overwrites: bool) -> dict[str, Any]:
    return {
        name: value
        for name, value in said.items()
        if (overwrites or getattr(row, name) in (None, "", False)) and getattr(row, name) != value
    }


def _worth(values: Mapping[str, Any]) -> dict[str, Any]:
    value, probability = values.get("value"), values.get("probability")
    return {
        "value": Decimal(value) if value else None,
        "probability": None if probability is None else round(float(probability) * 10),
        "expected_close_on": day_of_row(values, "expected_close_on"),
    }


def _leave_value(update: Update, opportunity: Opportunity, said: Decimal | None, overwrites: bool) -> None:
    """The value of an opportunity with items is their sum: what the row says is told and left out."""
    if overwrites and said is not None and said != opportunity.value:
        text = _("This opportunity has items, and its value is their sum: this one was left out.")
        update.faults.append(Fault("value", format_money(said), "value_of_items", text))


def _more_notes(update: Update, notes: str, said: str | None, overwrites: bool) -> None:
    """Add to the notes what the row says. Nobody's notes are overwritten."""
    if not said or said in notes or (notes and not overwrites):
        return
    more = f"{notes}\n{said}".strip()
    if len(more) > MOST_NOTES:
        text = _("The notes have no room for what this row adds: it was left out.")
        update.faults.append(Fault("notes", said, "notes_too_long", text))
    else:
        update.fields["notes"] = more


def _more_tags(update: Update, opportunity: Opportunity, said: Sequence[Tag], to_come: set[int]) -> None:
    """Add the tags that the opportunity does not have, as many as it may."""
    if not said:
        return
    there = to_come | ({tag.pk for tag in tags_of(opportunity.pk)} if opportunity.pk else set())
    news = [tag for tag in said if tag.pk not in there]
    room = max(tags.MOST - len(there), 0)
    update.tags = news[:room]
    for tag in news[room:]:
        text = _("An opportunity has %(most)s tags at most: this one was left out.") % {"most": tags.MOST}
        update.faults.append(Fault("tags", tag.name, "tags_too_many", text))


def _people(update: Update, values: Mapping[str, Any], overwrites: bool) -> None:
    """The row's contact, and the e-mails and phones that nobody of the customer has."""
    standing = update.standing
    reached = {value for mine in standing.channels.values() for value in mine}
    update.emails = [value for value in values.get("emails") or () if value not in reached]
    update.phones = [value for value in values.get("phones") or () if value not in reached]
    if not values.get("contact"):
        return
    said = {"name": values["contact"], "job_title": values.get("job_title"), "cpf": values.get("contact_cpf")}
    said = {name: value for name, value in said.items() if value}
    update.contact = standing.contacts.get(fold(said["name"]))
    update.person = said if update.contact is None else _news(update.contact, said, overwrites)


def carry_out(update: Update, origin: DataOrigin, by: Actor) -> Changed:
    """Change what the update says, in the caller's transaction, and return what was changed; people who are added came from `origin`.

    Raises what the verbs raise: Conflict where somebody changed since what the update was planned from, and Refused where
    another customer holds the document by now.
    """
    changed: Changed = []
    _change_customer(update, origin, by, changed)
    opportunity = update.opportunity
    if opportunity is None:
        return changed
    before = _before(opportunity, update.fields)
    if update.fields:
        opportunity = opportunities.edit(opportunity, update.fields, seen=opportunity.revision, by=by)
    if update.owner is not None:
        before["owner"] = opportunity.owner_id
        opportunity = opportunities.assign(opportunity, update.owner, seen=opportunity.revision, by=by)
    if update.stage is not None:
        before["stage"] = opportunity.stage_id
        opportunity = opportunities.move_to(opportunity, update.stage, seen=opportunity.revision, by=by)
    if before:
        after = {name: as_kept(getattr(opportunity, name)) for name in before}
        changed.append({"what": "opportunity", "id": opportunity.pk, "before": before, "after": after})
    if update.tags:
        names = [tag.name for tag in (*tags_of(opportunity.pk), *update.tags)]
        opportunity = tags.put_on(opportunity, names, seen=opportunity.revision, by=by)
        added = [tag.pk for tag in update.tags]
        changed.append({"what": "tags", "id": opportunity.pk, "added": added})
    if update.next_contact_on is not None:
        call = activities.plan(opportunity, Activity.Kind.CALL, due_on=update.next_contact_on, by=by)
        changed.append({"what": "activity", "id": call.pk, "added": True})
    return changed


def _change_customer(update: Update, origin: DataOrigin, by: Actor, changed: Changed) -> None:
    customer, channels, contact = update.standing.customer, update.standing.channels, update.contact
    own = update.emails or update.phones
    is_own = own and contact is None and not update.person
    whose = contact.pk if contact else None
    emails = [*channels[whose, "email"], *update.emails] if update.emails else None
    phones = [*channels[whose, "phone"], *update.phones] if update.phones else None
    if update.customer or is_own:
        before = _before(customer, update.customer)
        mine = (emails, phones) if is_own else (None, None)
        customer = customers.edit(
            customer, update.customer, emails=mine[0], phones=mine[1], seen=customer.revision, by=by
        )
        after = {name: as_kept(getattr(customer, name)) for name in before}
        if before:
            changed.append({"what": "customer", "id": customer.pk, "before": before, "after": after})
    if contact is not None and (update.person or own):
        before = _before(contact, update.person)
        contact = customers.edit_contact(
            contact, update.person, emails=emails, phones=phones, seen=contact.revision, by=by
        )
        if before:
            after = {name: as_kept(getattr(contact, name)) for name in before}
            changed.append({"what": "contact", "id": contact.pk, "before": before, "after": after})
    elif update.person:
        contact = customers.add_contact(
            customer, update.person, emails=update.emails, phones=update.phones, origin=origin, by=by
        )
        changed.append({"what": "contact", "id": contact.pk, "added": True})
    if own:
        news = [*update.emails, *update.phones]
        changed.append({"what": "channels", "id": customer.pk, "added": news})


def _before(row: Customer | Contact | Opportunity, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_kept(getattr(row, name)) for name in fields}


def changed_by(added: Added) -> Changed:
    """What a row that brought another opportunity of a known customer added to that customer."""
    changed: Changed = []
    if added.contact_id is not None:
        changed.append({"what": "contact", "id": added.contact_id, "added": True})
    if added.values:
        changed.append({"what": "channels", "id": added.customer_id, "added": added.values})
    if added.welcomed:
        changed.append({"what": "welcome", "id": added.customer_id})
    if added.opted_out:
        both = {"before": {"do_not_contact": False}, "after": {"do_not_contact": True}}
        changed.append({"what": "customer", "id": added.customer_id, **both})
    return changed


def as_kept(value: Any) -> Any:
    """A field's value as `Changed` holds it: a reference by its id, an amount and a day as text."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value
