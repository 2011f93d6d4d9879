"""The background work of exports: writing one file. It is not cut into steps, for a workbook cannot be gone on with.

No transaction is open while it reads and writes; the lease is renewed with the progress. Whoever is killed leaves an attempt
that nobody can download, and the next one begins anew.
"""

from array import array
from time import monotonic

from django.utils import timezone
from django.utils.translation import gettext as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor, actor_for
from oportuna.accounts.models import Membership
from oportuna.errors import NotAllowed, Refused
from oportuna.imports.exports.actions import WRITE, finish
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.lists import LISTS
from oportuna.imports.exports.notices import EXPORTED, NOT_EXPORTED
from oportuna.imports.exports.writing import BATCH, Writing, require_room
from oportuna.work import notices
from oportuna.work.endings import ends_in_words
from oportuna.work.steps import Lease, step

_RECORD_EVERY = 1.0
"""The progress is written this often, in seconds."""
_READ_AT_ONCE = 10_000


def _fail(lease: Lease, error: Exception) -> None:
    """End the export for good, and say why."""
    gave_up = _("The export stopped by an error of the program. Tell your administrator.")
    problem = str(error) if isinstance(error, Refused | NotAllowed) else gave_up
    with lease.transaction():
        job = ExportJob.objects.select_for_update().get(pk=lease.row)
        job.state, job.problem, job.finished_at = ExportJob.State.FAILED, problem, timezone.now()
        job.save(update_fields=["state", "problem", "finished_at"])
        notices.tell([job.created_by_id], NOT_EXPORTED, job.pk)
        lease.finish()


@step(WRITE)
@ends_in_words(_fail)
def write(lease: Lease) -> None:
    """Write the file of what the list holds now, as its maker may see it now: no row twice, none missed while others write.

    The ids are read first, in their order, by one statement, the rows by id in batches; what was deleted or taken from
    his sight between the two is left out.
    """
    with lease.reading():
        job = ExportJob.objects.get(pk=lease.row)
        by = _actor(job)
        exported = LISTS[job.what]
        ids = array("q", exported.ask(by, job.filters).ids.iterator(chunk_size=_READ_AT_ONCE))
    require_room(job.kind, len(ids))
    with lease.transaction():
        ExportJob.objects.filter(pk=job.pk).update(
            state=ExportJob.State.RUNNING, started_at=timezone.now(), rows=len(ids), done=0
        )
    with Writing(job) as writing:
        recorded = monotonic()
        for first in range(0, len(ids), BATCH):
            if lease.must_stop():
                return
            with lease.reading():
                rows = exported.rows(by, ids[first : first + BATCH])
            writing.add(rows)
            if monotonic() - recorded > _RECORD_EVERY:
                with lease.transaction():
                    ExportJob.objects.filter(pk=job.pk).update(done=first + BATCH)
                recorded = monotonic()
        writing.finish(lease.renew)
        with lease.transaction():
            job = ExportJob.objects.select_for_update().get(pk=job.pk)
            finish(job, writing, by=_actor(job))
            notices.tell([job.created_by_id], EXPORTED, job.pk)
            lease.finish()


def _actor(job: ExportJob) -> Actor:
    """Whoever exports, as he may act now: he may have left, or changed his role."""
    member = Membership.objects.select_related("company", "user").get(pk=job.created_by_id)
    by = actor_for(member)
    if not member.is_active:
        raise NotAllowed(_("%(name)s has left the company: the export stopped.") % {"name": member.name})
    by.require(policies.export)
    return by
