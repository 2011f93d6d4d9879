"""Reports of an import that was run, and of a rehearsal that writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import cast

from django.utils import timezone

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.imports.allowed import require_allowed
from oportuna.imports.check.checking import Checked, Checker
from oportuna.imports.check.reading import matches_of
from oportuna.imports.columns.matching import ColumnMatch, match_columns, with_choices
from oportuna.imports.columns.memory import recall
from oportuna.imports.columns.survey import Survey
from oportuna.imports.models import COUNTERS, ImportJob, ImportRow, Outcome
from oportuna.imports.options import Options
from oportuna.imports.reader.cells import SheetInfo
from oportuna.imports.reader.opening import Table, open_table
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reports.report import (
    Counts,
    PreviewOutcome,
    PreviewRow,
    Report,
    encoding_name,
    table_facts,
)
from oportuna.imports.rows.understanding import Understood, understood
from oportuna.imports.rows.values import Problem
from oportuna.sales.models import Customer

_BATCH = 2_000


def rehearse(
    path: Path,
    options: Options,
    *,
    sheet: str | Sequence[str] | None = None,
    header_row: int | None = None,
    preview: int | None = None,
    by: Actor,
) -> Report:
    """What an import of this file would do; nothing is written. `preview` limits the rows shown, all by default.

    A file that cannot be read is a report too. Raises Refused for choices that are not the actor's to make.
    """
    by.require(policies.import_rows)
    require_allowed(options, by)
    began = monotonic()
    try:
        with open_table(path, sheet=sheet, header_row=header_row) as table:
            today = timezone.localdate()
            remembered, _ = recall(match_columns(table.header, table.sample, today=today))
            matches = with_choices(remembered, options.mapping)
            rehearsal = _Rehearsal(Checker(matches, options, by), preview)
            rehearsal.run(table, matches, options)
            return Report(
                "done",
                path.name,
                mapping=matches,
                dry_run=True,
                counts=Counts(**rehearsal.counts),
                problems=rehearsal.problems,
                preview=rehearsal.preview,
                seconds=monotonic() - began,
                **table_facts(table),
            )
    except Refusal as refusal:
        report = Report.of_refusal(refusal, path.name, dry_run=True, seconds=monotonic() - began)
        return report.with_sheets(refusal.sheets)


class _Rehearsal:
    """Has a table checked, and collects what the check says of its rows."""

    def __init__(self, checker: Checker, most: int | None) -> None:
        self._checker, self._most = checker, most
        self.counts: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.preview: list[PreviewRow] = []

    def run(self, table: Table, matches: Sequence[ColumnMatch], options: Options) -> None:
        """Survey the columns, then check every row. Raises Refusal for a table without rows."""
        survey = Survey(matches, options.readings, from_1904=table.from_1904)
        for row in table.rows():
            survey.add(row)
        batches = understood(
            table.batches(),
            matches,
            survey.decisions(),
            drop_bad_document=options.drop_bad_document,
            calm_names=options.calm_names,
        )
        for rows in batches:
            self._add(rows)
        if not self.counts.total():
            raise Refusal("no_rows")

    def _add(self, rows: list[Understood]) -> None:
        for one in self._checker.check(rows):
            self.counts[COUNTERS[one.outcome]] += 1
            self.problems += one.problems
            if one.outcome != Outcome.REJECTED and (self._most is None or len(self.preview) < self._most):
                self.preview.append(_preview(one))


def _preview(one: Checked) -> PreviewRow:
    customer = one.known.customer if one.known else None
    is_duplicate = one.outcome in (Outcome.DUPLICATE, Outcome.UPDATED)
    return PreviewRow(
        one.number,
        cast(PreviewOutcome, one.outcome.value),
        one.values,
        duplicate_of_row=one.duplicate_of_row if is_duplicate else None,
        duplicate_of_customer=customer.pk if is_duplicate and isinstance(customer, Customer) else None,
    )


def report_of(job: ImportJob, seconds: float) -> Report:
    """What an import did. A failed one is refused, with its reason."""
    counts = Counts(*(getattr(job, name) for name in COUNTERS.values()))
    refusal = job.refusal
    if refusal is not None:
        return Report.of_refusal(refusal, job.name, seconds=seconds)
    done = job.state == ImportJob.State.DONE
    return Report(
        "done" if done else "refused",
        job.name,
        message=None if done else job.why or job.get_state_display(),
        code=None if done else job.state,
        format=job.format,
        encoding=encoding_name(job.encoding or None),
        delimiter=job.delimiter or None,
        sheet=", ".join(name for name, _added in job.parts) or job.sheet or None,
        sheets=[SheetInfo(*one) for one in job.sheets],
        header_row=job.header_row,
        mapping=matches_of(job),
        counts=counts,
        problems=problems_of(job),
        seconds=seconds,
    )


def problems_of(job: ImportJob) -> list[Problem]:
    """Everything that was wrong with the rows, in their order."""
    rows = ImportRow.objects.filter(job=job).exclude(problems=[]).order_by("number")
    return [
        Problem(number, **problem)
        for number, problems in rows.values_list("number", "problems").iterator(_BATCH)
        for problem in problems
    ]
