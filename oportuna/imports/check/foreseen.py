"""How customers will stand once the rows before are written: what the check compares an update with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from oportuna.brazil.text import fold
from oportuna.imports.duplicates.earlier import Earlier
from oportuna.imports.duplicates.matcher import Known, title_key
from oportuna.imports.options import Mode
from oportuna.imports.rows.plain import plain
from oportuna.imports.writing.lookups import Lookups
from oportuna.imports.writing.newcomers import customer_fields, opportunity_of
from oportuna.imports.writing.updating import Standing, Update, standings, update_of
from oportuna.sales.models import Contact, Customer, DataOrigin, Opportunity

_ANY_ORIGIN = DataOrigin("import")


class Foreseen:
    """Follows the rows that will be written, of each customer; an import that updates nobody needs it not."""

    def __init__(self, lookups: Lookups, earlier: Earlier) -> None:
        self._lookups, self._earlier = lookups, earlier
        self._there: dict[int, Standing] = {}
        self._followed: dict[Known, Standing] = {}

    def prepare(self, customers: Iterable[int]) -> None:
        """Ask how these customers, by their ids, stand now: those whom the next rows mean."""
        self._there, self._followed = standings(customers, self._lookups.by), {}

    def of(self, known: Known) -> Standing | None:
        """How somebody known will stand; None for whom nobody has asked."""
        if known not in self._followed:
            customer = known.customer
            brought = None if isinstance(customer, Customer) else Standing(Customer())
            standing = self._there.get(customer.pk) if isinstance(customer, Customer) else brought
            if standing is None:
                return None
            for mode, row in self._earlier.said_of(known.person):
                self._follow(standing, row, mode)
            self._followed[known] = standing
        return self._followed[known]

    def wrote(self, known: Known, values: Mapping[str, Any], mode: Mode) -> None:
        """A row with these values will be written, of somebody known or whom it brings ("create")."""
        row = {name: plain(value, name) for name, value in values.items()}
        self._earlier.say(known.person, mode, row)
        if (standing := self._followed.get(known)) is not None:
            self._follow(standing, row, mode)

    def _follow(self, standing: Standing, values: dict[str, Any], mode: Mode) -> None:
        if mode == "create":
            self._create(standing, values)
        else:
            _change(standing, update_of(values, standing, mode, self._lookups), title_key(values["title"]))

    def _create(self, standing: Standing, values: dict[str, Any]) -> None:
        """Another opportunity, the people and ways to reach them that are news and, of whom the row brings, the rest."""
        said = customer_fields(values)
        if standing.customer.name:
            said = {"do_not_contact": True} if said.get("do_not_contact") else {}
        update = Update(standing, customer=said)
        if values.get("contact") and fold(values["contact"]) not in standing.contacts:
            person = {"name": values["contact"], "job_title": values.get("job_title") or ""}
            update.person = {**person, "cpf": values.get("contact_cpf")}
        update.emails, update.phones = values.get("emails") or [], values.get("phones") or []
        _change(standing, update, "")
        title = title_key(values["title"])
        if values.get("status", "open") != "open" or title in standing.opportunities:
            return
        place = self._lookups.place(values)
        stage = place.stage or self._lookups.default_stage
        new = opportunity_of(values, stage, place, standing.customer, _ANY_ORIGIN)
        standing.opportunities[title] = Opportunity(
            stage=stage,
            owner=new.owner,
            source=new.source,
            campaign=new.campaign,
            value=new.value,
            probability=new.probability,
            expected_close_on=new.expected_close_on,
            notes=new.notes,
            next_due_on=new.next_contact_on,
        )
        standing.tagged[title] = {tag.pk for tag in new.tags}


def _change(standing: Standing, update: Update, title: str) -> None:
    """What `updating.carry_out` makes of the records, without them."""
    for name, value in update.customer.items():
        setattr(standing.customer, name, value)
    contact = update.contact
    if contact is None and update.person:
        contact = standing.contacts[fold(update.person["name"])] = Contact()
    if contact is not None:
        for name, value in update.person.items():
            setattr(contact, name, value)
    standing.channels[None, "any"] += [*update.emails, *update.phones]
    opportunity = update.opportunity
    if opportunity is None:
        return
    for name, value in update.fields.items():
        setattr(opportunity, name, value)
    opportunity.owner = update.owner or opportunity.owner
    opportunity.stage = update.stage or opportunity.stage
    opportunity.next_due_on = opportunity.next_due_on or update.next_contact_on
    standing.tagged.setdefault(title, set()).update(tag.pk for tag in update.tags)
