"""Exported files go when their time is over: after a week, and at once what a stopped export left unfinished."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from oportuna.imports.exports import storage
from oportuna.imports.exports.job import KEPT, ExportJob

_AT_ONCE = 50
# Whoever was writing notices within this time that it was stopped.
_NOTICED = timedelta(minutes=2)


def remove_old_files() -> bool:
    """Remove the files of the scope's company whose time is over; returns whether there may be more of them."""
    now, state = timezone.now(), ExportJob.State
    over = Q(state=state.DONE, finished_at__lt=now - KEPT) | Q(
        state__in=(state.CANCELLED, state.FAILED), finished_at__lt=now - _NOTICED
    )
    jobs = list(ExportJob.objects.filter(over).exclude(stored="").order_by("pk")[:_AT_ONCE])
    for job in jobs:
        storage.remove(job.stored)
    ExportJob.objects.filter(pk__in=[job.pk for job in jobs]).update(stored="")
    return len(jobs) == _AT_ONCE
