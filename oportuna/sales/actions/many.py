"""The bulk twin of registering: many opportunities with their customers, under the same rules and with the same traces.

What `opportunities.create`, `customers.create` and `customers.add_contact` do for one, this does for a batch: numbers,
positions, search texts, one history entry each, versions, and the sums of the ledger's lines. What had ended before, or
has a call planned, gets what `win`, `lose` and `activities.plan` leave, too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from operator import add
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.errors import Refused
from oportuna.records.held import held
from oportuna.records.rows import converted, insert_converted
from oportuna.sales import positions, search_text
from oportuna.sales.actions.endings import ENDING_COLUMNS, NOT_ENDED, ending, lifetime, said_of, welcome
from oportuna.sales.actions.newcomers import NewOpportunity
from oportuna.sales.actions.parties import Added, Parties, hold_customers
from oportuna.sales.bulk_history import Records
from oportuna.sales.history import day_of
from oportuna.sales.models import Activity, Customer, LossReason, Opportunity, OpportunityTag, Stage
from oportuna.sales.queries.registers import stages_in_use


@dataclass(slots=True)
class Made:
    """An opportunity as it is written: what history, versions and ledger ask of it."""

    pk: int
    number: int
    customer_id: int
    stage_id: int
    value: Decimal | None
    owner_id: int | None
    source_id: int | None
    probability: int | None
    expected_close_on: date | None
    created_at: datetime
    closed_at: datetime | None = None
    status: str = Opportunity.Status.OPEN.value


class Batch:
    """Opportunities to be registered on top of their stages, each above the one before, and the customers they bring.

    Making it asks the policy, reads, converts, and reserves ids in a short write of its own; `write` only inserts. Between
    the two an owner may leave and a customer go to the trash: the transaction that writes begins with `hold`, asks
    `is_current`, and looks itself whether the people and customers it chose are as they were.

    `first_number` begins a block taken beforehand (`numbers.take`). `made` are the opportunities as they will be. Raises
    what `opportunities.create` raises, for any of the rows.
    """

    def __init__(self, rows: Sequence[NewOpportunity], *, first_number: int, by: Actor) -> None:
        by.require(policies.create)
        _require_allowed(rows, by)
        self._reasons = {row.closing.reason.pk for row in rows if row.closing and row.closing.reason}
        self._stages: dict[int, Stage] = {row.stage.pk: row.stage for row in rows}
        self.made: list[Made] = []
        if not rows:
            return
        at = timezone.now()
        self._parties = parties = Parties(rows, by=by, at=at)
        mine, today, zone = by.membership.pk, day_of(at, by.company.zone), by.company.zone
        ready: list[tuple[Any, ...]] = []
        closed: list[tuple[Made, dict[str, list[Any]]]] = []
        block = count(first_number)
        for pk, row, party, contact_id in zip(
            parties.opportunity_ids, rows, parties.of_row, parties.contacts, strict=True
        ):
            number = next(block) if row.number is None else row.number
            source_id = row.source.pk if row.source else row.campaign.source_id if row.campaign else None
            owner_id = row.owner.pk if row.owner else mine
            worth = (row.value, owner_id, source_id, row.probability, row.expected_close_on)
            born, ended = lifetime(row, at, today, zone)
            one = Made(pk, number, party.pk, row.stage.pk, *worth, born, ended)
            self.made.append(one)
            text = search_text.opportunity_text(number, row.title, party.text)
            campaign_id = row.campaign.pk if row.campaign else None
            where = (party.pk, contact_id, one.stage_id, campaign_id)
            how = NOT_ENDED
            if row.closing is not None and ended is not None:
                one.status = row.closing.status
                how = ending(row.closing, born, ended, zone)
                closed.append((one, said_of(row.closing)))
            following = (row.next_contact_on, _CALL if row.next_contact_on else "")
            ready.append(
                (
                    pk,
                    number,
                    row.title,
                    *where,
                    *worth,
                    row.notes,
                    born,
                    at,
                    born,
                    mine,
                    text,
                    *how,
                    *following,
                )
            )
        self._rows = list(converted(Opportunity, _COLUMNS, ready))
        planned = self._plan(rows, at, mine)
        tagged = [
            (one.pk, tag.pk) for row, one in zip(rows, self.made, strict=True) if row.tags for tag in row.tags
        ]
        self._tagged = list(converted(OpportunityTag, _TAG_COLUMNS, tagged))
        self._records = Records(by=by, at=at)
        self._records.add_created_customers(party.pk for party in parties.new)
        self._records.add_edited_customers(
            (party.pk, party.changes) for party in parties.known if party.changes
        )
        self._records.add_created(self.made)
        self._records.add_closed(closed)
        self._records.add_planned(planned)
        self._records.convert()

    def _plan(self, rows: Sequence[NewOpportunity], at: datetime, mine: int) -> list[tuple[Made, int, date]]:
        """Make the calls that rows ask for ready; returns what is to be recorded of them."""
        ids = iter(self._parties.activity_ids)
        calls: list[tuple[Any, ...]] = []
        planned: list[tuple[Made, int, date]] = []
        for row, one, contact_id in zip(rows, self.made, self._parties.contacts, strict=True):
            if row.next_contact_on is not None:
                planned.append((one, next(ids), row.next_contact_on))
                whom = (one.pk, one.customer_id, contact_id, one.owner_id)
                calls.append((planned[-1][1], _CALL, *whom, row.next_contact_on, at, mine))
        self._calls = list(converted(Activity, _CALL_COLUMNS, calls))
        return planned

    @property
    def added(self) -> list[Added | None]:
        """What each row adds to a customer that is known; None for one that the batch registers."""
        return self._parties.added if self.made else []

    def hold(self, others: Iterable[int] = ()) -> None:
        """Until the transaction ends nobody changes the known customers and these `others`, nor lets an owner leave."""
        hold_customers({*others, *(self._parties.known_ids if self.made else ())})
        if self.made:
            owners = {one.owner_id for one in self.made if one.owner_id}
            held(Membership.objects.filter(pk__in=owners))

    def is_current(self) -> bool:
        """Whether known customers still have the people, e-mails and phones that were found; asked once they are held."""
        return not self.made or self._parties.is_current()

    def write(self) -> list[Made]:
        """Insert it all, in the caller's transaction.

        Raises Refused when a stage has gone out of use, and IntegrityError when another transaction registered the
        same document meanwhile.
        """
        if not self.made:
            return []
        _require_in_use(self._stages)
        if self._reasons and held(LossReason.active().filter(pk__in=self._reasons)) != self._reasons:
            raise Refused(_("A loss reason of these rows is not in use any more. Choose another."))
        self._parties.write()
        welcome({one.customer_id for one in self.made if one.status == Opportunity.Status.WON})
        tops = positions.firsts(self._stages.values())
        on_top = []
        for one in self.made:
            on_top.append((tops[one.stage_id],))
            tops[one.stage_id] -= positions.GAP
        insert_converted(Opportunity, ("position", *_COLUMNS), map(add, on_top, self._rows))
        insert_converted(Activity, _CALL_COLUMNS, self._calls)
        insert_converted(OpportunityTag, _TAG_COLUMNS, self._tagged)
        self._parties.write_search_texts()
        self._records.write()
        return self.made


_COLUMNS = (
    *("id", "number", "title", "customer_id", "contact_id", "stage_id", "campaign_id"),
    *("value", "owner_id", "source_id", "probability", "expected_close_on"),
    *("notes", "stage_since", "moved_at", "created_at", "created_by_id", "search_text"),
    *(*ENDING_COLUMNS, "next_due_on", "next_kind"),
)
_TAG_COLUMNS = ("opportunity_id", "tag_id")
_CALL = Activity.Kind.CALL.value
_CALL_COLUMNS = (
    *("id", "kind", "opportunity_id", "customer_id", "contact_id", "owner_id", "due_on"),
    *("created_at", "created_by_id"),
)


def _require_allowed(rows: Sequence[NewOpportunity], by: Actor) -> None:
    owners = {row.owner.pk: row.owner for row in rows if row.owner is not None}
    for owner in owners.values():
        if owner != by.membership:
            by.require(policies.assign)
        if not owner.is_active:
            raise Refused(_("%(name)s has left. Choose someone else.") % {"name": owner.name}, field="owner")
    if any(row.closing is not None and row.next_contact_on is not None for row in rows):
        raise Refused(_("What has ended needs no next contact."), field="next_contact_on")
    closings = [row.closing for row in rows if row.closing is not None]
    if any(one.status == Opportunity.Status.WON for one in closings):
        by.require(policies.close_own)
    if by.company.loss_reason_required and any(
        one.status == Opportunity.Status.LOST and one.reason is None for one in closings
    ):
        raise Refused(_("Say why it was lost: choose a reason."), field="reason")
    if any(isinstance(row.customer, Customer) and row.customer.deleted_at is not None for row in rows):
        raise Refused(_("This customer is in the trash. Restore it first."), field="customer")


def _require_in_use(stages: dict[int, Stage]) -> None:
    in_use = held(stages_in_use().filter(pk__in=stages))
    for stage in stages.values():
        if stage.pk not in in_use:
            text = _("The stage %(stage)s is not in use any more. Choose another.")
            raise Refused(text % {"stage": stage.name}, field="stage")
