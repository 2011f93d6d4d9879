"""What people do with an export: take a list out, stop it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oportuna.accounts import audit, policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import AuditEntry, OneTimeKey
from oportuna.errors import Refused
from oportuna.imports.exports import storage
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.lists import LISTS
from oportuna.imports.exports.writing import BATCH, Writing
from oportuna.work import steps as work

WRITE = "exports.write"
AT_ONCE = 2_000
"""Rows that are answered with their file; more become background work."""

_SAME_CLICK = timedelta(minutes=1)
State = ExportJob.State


def start(
    what: str, kind: str, address: Mapping[str, str], *, key: UUID | None = None, by: Actor
) -> ExportJob:
    """Take out all that a list shows under the filters of its address; a short list's file is there at once.

    Sent twice within a minute it is one export; later the same form, whose page stands open, means another. Raises
    NotAllowed for whoever may not export, Refused for a list or a filter that does not exist (any more).
    """
    by.require(policies.export)
    if what not in LISTS or kind not in ExportJob.Kind.values:
        raise Refused(_("This list or kind of file does not exist. Open the list again and export it."))
    asked = LISTS[what].ask(by, address)
    job = ExportJob(
        what=what,
        kind=kind,
        filters=asked.filters,
        words=asked.words[:500],
        stored=storage.new_name(),
        created_by=by.membership,
    )
    # Counted without the order: sorting a million rows is no work for a request.
    if asked.ids.order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        return _begin(job, key, by)
    ids = list(asked.ids)
    # On SQLite no transaction is open while the file is written: nobody's write waits for it.
    with Writing(job) as writing:
        for first in range(0, len(ids), BATCH):
            writing.add(LISTS[what].rows(by, ids[first : first + BATCH]))
        writing.finish()
        with transaction.atomic():
            made = _made_before(key, by)
            if made is not None:
                return made
            job.started_at = job.created_at
            job.save(force_insert=True)
            finish(job, writing, by=by)
            OneTimeKey.keep(key, job)
    return job


@transaction.atomic
def _begin(job: ExportJob, key: UUID | None, by: Actor) -> ExportJob:
    made = _made_before(key, by)
    if made is not None:
        return made
    job.save(force_insert=True)
    work.start(WRITE, job.pk)
    OneTimeKey.keep(key, job)
    return job


def _made_before(key: UUID | None, by: Actor) -> ExportJob | None:
    """The export that the same click has begun already; in the transaction that begins one."""
    if key is None or OneTimeKey.claim(key, ExportJob) is None:
        return None
    # Of two clicks on a page that stands open, the second waits here for the first.
    made = OneTimeKey.objects.select_for_update().values_list("made_id", flat=True).get(key=key)
    recent = ExportJob.objects.filter(created_at__gt=timezone.now() - _SAME_CLICK)
    return recent.filter(pk=made or 0, created_by=by.membership).first()


def finish(job: ExportJob, writing: Writing, *, by: Actor) -> None:
    """Put the file in its place and say so, in the audit too; in the transaction that ends the work."""
    job.state, job.finished_at, job.problem = State.DONE, timezone.now(), ""
    job.rows = job.done = writing.rows
    job.size = writing.size
    job.save()
    audit.write(
        AuditEntry.Verb.EXPORTED,
        by=by,
        about=f"{job.get_what_display()}: {job.kind}",
        changes={"rows": [None, job.rows], "filters": [None, job.words]},
    )
    writing.keep()


@transaction.atomic
def cancel(job: ExportJob, *, by: Actor) -> ExportJob:
    """Stop an export before its file is finished; one that has ended stays as it is."""
    by.require(policies.export)
    work.cancel(WRITE, job.pk)
    fresh = ExportJob.objects.select_for_update().get(pk=job.pk)
    by.require(policies.see_export, fresh)
    if fresh.is_at_work:
        fresh.state, fresh.finished_at = State.CANCELLED, timezone.now()
        fresh.save(update_fields=["state", "finished_at"])
    return fresh
