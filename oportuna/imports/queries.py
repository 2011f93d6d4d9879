"""What the screens of imports read; the actor comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import decode, encode
from oportuna.accounts.models import Membership, Role
from oportuna.imports.check.reading import fixes_of
from oportuna.imports.duplicates.fate import KINDS
from oportuna.imports.models import COUNTERS, UNCOUNTED, ImportJob, ImportRow, MetBy, Outcome, Undone
from oportuna.imports.rows.understanding import Fix
from oportuna.sales.models import Opportunity
from oportuna.sales.queries.narrowings import FoundBy
from oportuna.sales.queries.visible import owners_condition
from oportuna.ui.formats import thousands

PAGE = 50
MOST_JOBS = 50
WARNINGS = "warnings"
KEPT = "kept"
SHOWN = (*(outcome.value for outcome in Outcome), WARNINGS, KEPT, *KINDS)


_BECOMES = {
    Outcome.CREATED: gettext_lazy("New opportunity"),
    Outcome.UPDATED: gettext_lazy("Updates the customer"),
    Outcome.DUPLICATE: gettext_lazy("Left out: nothing new"),
    Outcome.SKIPPED: gettext_lazy("Left out"),
    Outcome.SUPPRESSED: gettext_lazy("Asked not to be contacted"),
    Outcome.REJECTED: pgettext_lazy("row", "Rejected"),
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the file as the screens show it; `number` of the opportunity it became, where the actor sees it.

    `sheet` and `sheet_row` tell where it stands; the sheet is empty where only one is read. `place` says both, and
    `repeats` the same of the row above that brings its customer. `becomes` is its outcome in words, `seen` the mark of its
    correction.
    """

    row: int
    sheet: str
    sheet_row: int
    place: str
    outcome: str
    becomes: str
    name: str
    title: str
    stage: str
    owner: str
    owned_by: str
    value: Decimal | None
    problems: Sequence[dict[str, Any]]
    repeats: str
    met_by: str
    customer_id: int | None
    number: int | None
    seen: str


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of rows; `older` is the row after which the next page begins, `left` how many follow."""

    rows: list[ShownRow]
    total: int
    older: int | None
    left: int


def visible_jobs(actor: Actor) -> QuerySet[ImportJob]:
    """The imports that the actor may see: his own, managers and admins everyone's."""
    jobs = ImportJob.objects.select_related("created_by")
    if actor.role in (Role.ADMIN, Role.MANAGER):
        return jobs
    return jobs.filter(created_by=actor.membership)


def newest_jobs(actor: Actor) -> list[ImportJob]:
    """The newest imports for the list."""
    return list(
        visible_jobs(actor)
        .defer("columns", "decisions", "options", "sheets", "brought")
        .order_by("-created_at", "-id")[:MOST_JOBS]
    )


def rows_of_job(job: ImportJob) -> QuerySet[ImportRow]:
    """All rows of an import, in their order."""
    return ImportRow.objects.filter(job=job).order_by("number")


def first_shown(job: ImportJob) -> str:
    """Which rows to show when nobody asked: those kept from being undone, those with an error, else what is new."""
    if job.kept_back:
        return KEPT
    return "rejected" if job.rejected else "created"


def counts(job: ImportJob) -> dict[str, int]:
    """How many rows ended in each outcome, by its value."""
    return {outcome.value: getattr(job, counter) for outcome, counter in COUNTERS.items()}


def rows_shown(actor: Actor, job: ImportJob, shown: str, *, after: int = 0) -> RowPage:
    """The rows behind a figure, in their order, after the row of that number."""
    rows = ImportRow.objects.filter(job=job)
    if shown == WARNINGS:
        rows = rows.exclude(problems=[]).exclude(outcome__in=UNCOUNTED)
        total = rows.count()
    elif shown == KEPT:
        rows = rows.filter(undone=Undone.KEPT)
        total = job.kept_back
    elif shown in KINDS:
        rows = rows.filter(_OF_KIND[shown])
        total = job.met.get(shown, 0)
    else:
        rows = rows.filter(outcome=shown)
        total = counts(job)[shown]
    rest = rows.filter(number__gt=after).order_by("number")
    page = list(rest.defer("cells")[: PAGE + 1])
    more = len(page) > PAGE
    page = page[:PAGE]
    numbers = dict(
        Opportunity.objects.filter(
            owners_condition(actor), pk__in=[row.opportunity_id for row in page], deleted_at__isnull=True
        ).values_list("pk", "number")
    )
    fixes = fixes_of(job, [row.number for row in page])
    return RowPage(
        rows=[
            _shown(job, row, numbers.get(row.opportunity_id or 0), fixes.get(row.number, Fix()))
            for row in page
        ],
        total=total,
        older=page[-1].number if more else None,
        left=rest.count() - PAGE if more else 0,
    )


_OF_KIND = {
    "known": Q(met_by__gt="", duplicate_of_row__isnull=True) & ~Q(met_by=MetBy.NAME),
    "repeated": Q(met_by__gt="", duplicate_of_row__isnull=False) & ~Q(met_by=MetBy.NAME),
    "perhaps": Q(met_by=MetBy.NAME),
}


def becomes(row: ImportRow) -> str:
    """What becomes of a row, in words."""
    return str(_BECOMES[Outcome(row.outcome)])


def place_words(job: ImportJob, number: int) -> str:
    """Where people find a row: its number in the spreadsheet, and its sheet where several are read."""
    sheet, row = job.place_of(number)
    return (
        _("%(row)s of the sheet %(sheet)s") % {"row": thousands(row), "sheet": sheet}
        if sheet
        else thousands(row)
    )


def _shown(job: ImportJob, row: ImportRow, number: int | None, fix: Fix) -> ShownRow:
    get = row.values.get
    sheet, sheet_row = job.place_of(row.number)
    return ShownRow(
        row=row.number,
        sheet=sheet,
        sheet_row=sheet_row,
        place=place_words(job, row.number),
        outcome=row.outcome,
        becomes=becomes(row),
        name=get("name") or get("trade_name") or get("contact") or "",
        title=get("title") or "",
        stage=get("stage") or "",
        owner=get("owner") or "",
        owned_by=row.owned_by,
        value=Decimal(get("value")) if get("value") else None,
        problems=row.problems,
        repeats=place_words(job, row.duplicate_of_row) if row.duplicate_of_row else "",
        met_by=row.met_by,
        customer_id=row.customer_id,
        number=number,
        seen=fix.mark,
    )


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person, his code in addresses, and how many opportunities of the import are his now."""

    member: Membership
    count: int

    @property
    def code(self) -> str:
        """As the list takes it."""
        return encode(self.member.pk)


def receivers(actor: Actor, job: ImportJob) -> list[Receiver]:
    """Who got what the import created, of those whom the actor sees; the most first."""
    found = dict(
        _created_by(actor, job)
        .filter(owner__isnull=False)
        .order_by()
        .values_list("owner_id")
        .annotate(count=Count("pk"))
    )
    members = Membership.objects.filter(company=actor.company, pk__in=found)
    people = [Receiver(member, found[member.pk]) for member in members]
    return sorted(people, key=lambda one: (-one.count, one.member.name_folded))


def _created_by(actor: Actor, job: ImportJob) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(owners_condition(actor), of_import(job.pk), deleted_at__isnull=True)


def of_import(job_id: int) -> Q:
    """The condition on opportunities: those that an import created."""
    rows = ImportRow.objects.filter(job=job_id, outcome=Outcome.CREATED, opportunity__isnull=False)
    # Not Exists(): SQLite asked it by (job, outcome), for each opportunity: 42 s at 10,000 rows against 45 ms.
    return Q(pk__in=rows.order_by().values("opportunity_id"))


def found_by_import(actor: Actor, code: str) -> FoundBy | None:
    """The list of opportunities narrowed to those of an import, by its code."""
    try:
        job = visible_jobs(actor).filter(pk=decode(code)).first()
    except ValueError:
        return None
    return None if job is None else FoundBy(_("Import: %(name)s") % {"name": job.name}, of_import(job.pk))
