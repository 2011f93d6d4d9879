"""Proves that what is kept twice agrees: versions and opportunities, ledger and versions, mirrors and what they mirror.

Everything of a company is read from one snapshot, a slice of opportunities at a time: memory is a slice's and that of
the ledger's days, whatever the number of opportunities.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.fields import cents
from oportuna.sales.history import day_of, seconds_between
from oportuna.sales.ledger import STATE, Amounts, Lines, Place, State
from oportuna.sales.models import (
    Activity,
    Customer,
    LedgerDay,
    LedgerLine,
    LedgerTotal,
    NumberSeries,
    Opportunity,
    OpportunityItem,
    OpportunityVersion,
    Stage,
)
from oportuna.sales.queries.activities import IN_ORDER

SLICE = 2_000
SHOWN = 5  # differences of a kind that are told one by one
FARTHEST = 1 << 62  # a position beyond it leaves no room above or below

_PLACE = ("stage_id", "owner_id", "source_id")
_AMOUNTS = Amounts._fields


@dataclass(slots=True)
class Finding:
    """What one kind of check compared: how many rows, how many differ, and the first of these in words."""

    name: str | Promise
    compared: int = 0
    different: int = 0
    first: list[str] = field(default_factory=list)

    def differs(self, text: str) -> None:
        """Count a difference."""
        self.different += 1
        if len(self.first) < SHOWN:
            self.first.append(text)


def check(company: Company) -> list[Finding]:
    """Compare everything of one company; the findings come in the same order always."""
    with _snapshot(), company_scope(company):
        return _Check(company).run()


@contextmanager
def _snapshot() -> Iterator[None]:
    """Read everything as of one instant, whatever others write meanwhile; nobody waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Not atomic(), which begins by taking SQLite's one lock for writers.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


_Next = tuple[date | None, datetime | None, str]


class _Opportunity(NamedTuple):
    pk: int
    number: int
    position: int
    is_deleted: bool
    next: _Next
    seconds_open: int | None
    seconds_to_closing: int | None
    state: State


class _Version(NamedTuple):
    valid_from: datetime
    valid_to: datetime | None
    state: State


class _Check:
    def __init__(self, company: Company) -> None:
        self.zone = company.zone
        self.versions = Finding(_("Versions: without gaps, the current one equal to the opportunity"))
        self.totals = Finding(_("Totals: equal to the versions"))
        self.days = Finding(_("Days of the ledger: equal to the versions"))
        self.positions = Finding(_("Order of cards: room on both sides"))
        self.nexts = Finding(_("Next activity: the first one to be done"))
        self.closings = Finding(_("Won and lost: open for as long as their dates say"))
        self.customers = Finding(_("Customers: with a sale won, a prospect no more"))
        self.items = Finding(_("Items: their sum is the value"))
        self.numbers = Finding(_("Numbers: below the next one"))
        self.lines = Lines()

    def run(self) -> list[Finding]:
        """Compare slice by slice, then the sums."""
        last = 0
        while opportunities := _slice(last):
            last = opportunities[-1].pk
            self._compare_versions(opportunities)
            self._compare_nexts(opportunities)
            self._compare_positions(opportunities)
            self._compare_closings(opportunities)
            self._compare_items(opportunities)
        self._compare_totals()
        self._compare_days()
        self._compare_customers()
        self._compare_numbers()
        return [
            self.versions, self.totals, self.days, self.positions, self.nexts, self.closings, self.customers,
            self.numbers, self.items,
        ]  # fmt: skip

    def _compare_versions(self, opportunities: list[_Opportunity]) -> None:
        chains: defaultdict[int, list[_Version]] = defaultdict(list)
        found = OpportunityVersion.objects.filter(_between(opportunities)).order_by("valid_from")
        for pk, valid_from, valid_to, *state in found.values_list(
            "opportunity_id", "valid_from", "valid_to", *STATE
        ):
            chains[pk].append(_Version(valid_from, valid_to, State(*state)))
        for opportunity in opportunities:
            chain = chains[opportunity.pk]
            self.versions.compared += 1
            if wrong := _what_is_wrong(chain, opportunity.state):
                self.versions.differs(f"{_named(opportunity)}: {wrong}")
            if not opportunity.is_deleted:
                before = None
                for version in chain:
                    self.lines.enter(day_of(version.valid_from, self.zone), before, version.state)
                    before = version.state

    def _compare_nexts(self, opportunities: list[_Opportunity]) -> None:
        first: dict[int, _Next] = {}
        to_do = Activity.objects.filter(_between(opportunities), done_at__isnull=True)
        for pk, due_on, due_at, kind in to_do.order_by(*IN_ORDER).values_list(
            "opportunity_id", "due_on", "due_at", "kind"
        ):
            first.setdefault(pk, (due_on, due_at, kind))
        for opportunity in opportunities:
            self.nexts.compared += 1
            expected = first.get(opportunity.pk, (None, None, ""))
            if opportunity.next != expected:
                self.nexts.differs(
                    f"{_named(opportunity)}: {_in_words(opportunity.next)} ≠ {_in_words(expected)}"
                )

    def _compare_positions(self, opportunities: list[_Opportunity]) -> None:
        for opportunity in opportunities:
            self.positions.compared += 1
            if abs(opportunity.position) > FARTHEST:
                self.positions.differs(f"{_named(opportunity)}: {opportunity.position}")

    def _compare_closings(self, opportunities: list[_Opportunity]) -> None:
        for opportunity in opportunities:
            self.closings.compared += opportunity.seconds_to_closing is not None
            if opportunity.seconds_open != opportunity.seconds_to_closing:
                self.closings.differs(
                    f"{_named(opportunity)}: {opportunity.seconds_open} s ≠ {opportunity.seconds_to_closing} s"
                )

    def _compare_items(self, opportunities: list[_Opportunity]) -> None:
        sums: defaultdict[int, int] = defaultdict(int)
        for item in OpportunityItem.objects.filter(_between(opportunities)):
            sums[item.opportunity_id] += cents(item.total)
        for opportunity in opportunities:
            if opportunity.pk in sums:
                self.items.compared += 1
                value, total = opportunity.state.cents, sums[opportunity.pk]
                if value != total:
                    self.items.differs(f"{_named(opportunity)}: {value} ≠ {total}")

    def _compare_totals(self) -> None:
        expected: defaultdict[Place, Amounts] = defaultdict(Amounts)
        for (_day, _kind, place), amounts in self.lines.rows():
            expected[place] = expected[place].plus(amounts)
        kept = ((Place(*row[:3]), Amounts(*row[3:])) for row in _kept(LedgerTotal, _PLACE))
        lines = ((Place(*row[:3]), Amounts(*row[3:])) for row in _kept(LedgerLine, _PLACE))
        self._compare_sums(self.totals, expected, (kept, lines))

    def _compare_days(self) -> None:
        kept, lines = (
            (((row[0], row[1], Place(*row[2:5])), Amounts(*row[5:])) for row in _kept(model, _DAY))
            for model in (LedgerDay, LedgerLine)
        )
        self._compare_sums(self.days, self.lines.sums, (kept, lines))

    def _compare_sums(
        self,
        finding: Finding,
        expected: Mapping[Any, Amounts],
        kept: Iterable[Iterable[tuple[Hashable, Amounts]]],
    ) -> None:
        """Take what is kept from what is expected: something is left where they differ."""
        left = dict(expected)
        finding.compared = len(left)
        for rows in kept:
            for key, amounts in rows:
                left[key] = left.get(key, Amounts()).minus(amounts)
        names = dict(Stage.objects.values_list("pk", "name"))
        for key, amounts in left.items():
            if any(amounts):
                *day, place = key if not isinstance(key, Place) else (key,)
                where = ", ".join([*map(str, day), names.get(place.stage_id, f"{place.stage_id}")])
                finding.differs(
                    _("%(where)s: %(count)d opportunities and %(cents)d cents are missing")
                    % {"where": where, "count": amounts.count, "cents": amounts.cents}
                )

    def _compare_customers(self) -> None:
        won = Opportunity.objects.filter(status=Opportunity.Status.WON, deleted_at__isnull=True)
        prospects = Customer.objects.filter(status=Customer.Status.PROSPECT)
        self.customers.compared = Customer.objects.count()
        for name in (
            prospects.filter(pk__in=won.values("customer_id")).order_by("pk").values_list("name", flat=True)
        ):
            self.customers.differs(name)

    def _compare_numbers(self) -> None:
        highest = Opportunity.objects.aggregate(highest=Max("number"))["highest"] or 0
        following = NumberSeries.objects.values_list("next_number", flat=True).first() or 1
        self.numbers.compared = 1
        if highest >= following:
            self.numbers.differs(f"{highest} ≥ {following}")


_DAY = ("day", "kind", *_PLACE)


def _slice(last: int) -> list[_Opportunity]:
    """The next opportunities after an id, those in the trash too."""
    rows = Opportunity.objects.filter(pk__gt=last).order_by("pk").values_list(*_TOLD, *STATE)[:SLICE]
    return [_opportunity(*row) for row in rows]


_TOLD = (
    *("pk", "number", "position", "deleted_at", "next_due_on", "next_due_at", "next_kind"),
    *("created_at", "closed_at", "seconds_open"),
)


def _opportunity(
    pk: int,
    number: int,
    position: int,
    deleted_at: datetime | None,
    due_on: date | None,
    due_at: datetime | None,
    kind: str,
    created_at: datetime,
    closed_at: datetime | None,
    seconds_open: int | None,
    *state: Any,
) -> _Opportunity:
    following = (due_on, due_at, kind)
    took = seconds_between(created_at, closed_at) if closed_at else None
    return _Opportunity(
        pk, number, position, deleted_at is not None, following, seconds_open, took, State(*state)
    )


def _between(opportunities: list[_Opportunity]) -> Q:
    return Q(opportunity_id__gte=opportunities[0].pk, opportunity_id__lte=opportunities[-1].pk)


def _kept(model: type[Model], columns: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """The ledger's rows with their amounts, a slice at a time."""
    last = 0
    while rows := list(
        model._default_manager.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", *columns, *_AMOUNTS)[: SLICE * 5]
    ):
        yield from (row[1:] for row in rows)
        last = rows[-1][0]


def _what_is_wrong(chain: list[_Version], state: State) -> str:
    """In words, or nothing when each version begins where the one before ends and the last is as things stand."""
    if not chain:
        return str(_("it has no version"))
    for version, following in pairwise(chain):
        if version.valid_to != following.valid_from:
            return str(_("the version of %s does not end where the next begins") % version.valid_from)
    if chain[-1].valid_to is not None:
        return str(_("it has no current version"))
    for name, kept, now in zip(State._fields, chain[-1].state, state, strict=True):
        if kept != now:
            return str(
                _("%(field)s is %(now)s, in the version %(kept)s") % {"field": name, "now": now, "kept": kept}
            )
    return ""


def _named(opportunity: _Opportunity) -> str:
    return f"#{opportunity.number}"


def _in_words(following: _Next) -> str:
    return " ".join(str(part) for part in following if part) or "–"
