"""What people do at the columns of an import: confirm them, which is remembered for their header, or start anew."""

from __future__ import annotations

from django.db import transaction

from oportuna.accounts.actor import Actor
from oportuna.imports import actions
from oportuna.imports.check.reading import columns_json, matches_of, open_job
from oportuna.imports.columns import memory as column_memory
from oportuna.imports.columns.matching import match_columns
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.work import steps as work


@transaction.atomic
def confirm_columns(job: ImportJob, options: Options, *, seen: int | None = None, by: Actor) -> ImportJob:
    """Have every row checked with these columns, and remember them for the next file with the same header."""
    job = actions.check(job, options, seen=seen, by=by)
    column_memory.keep(matches_of(job))
    return job


@transaction.atomic
def start_anew(job: ImportJob, *, by: Actor) -> ImportJob:
    """Take the columns as the file alone tells them; what was remembered stays until other columns are confirmed."""
    work.cancel(actions.CHECK, job.pk)
    job = actions.waiting(job, by)
    if job.remembered_at is None:
        return job
    with open_job(job) as table:
        job.columns = columns_json(match_columns(table.header, table.sample))
    job.remembered_at, job.state = None, ImportJob.State.COLUMNS
    job.revision += 1
    job.save()
    return job
