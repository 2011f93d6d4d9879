"""The minute clock: of many workers one ticks, and each job runs for each company in its scope.

An app registers jobs in its module `jobs`: `every_minute(folding.fold)`.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope, no_scope
from oportuna.work.models import Tick
from oportuna.work.pace import Pace

MINUTE = timedelta(minutes=1)
_ROUNDS = 50

Job = Callable[[], Any]
JobT = TypeVar("JobT", bound=Job)
_jobs: list[Job] = []
log = logging.getLogger("oportuna.work")


def every_minute(job: JobT) -> JobT:
    """Register a job that runs for each company, in its scope, about once a minute.

    It makes its own transactions, of 100 ms at most; while it returns something true it is called again.
    """
    _jobs.append(job)
    return job


def tick(*, is_stopping: Callable[[], bool] = lambda: False) -> bool:
    """Run the jobs when a minute has passed since any worker did; returns whether it was this one's turn."""
    if not _is_my_turn():
        return False
    with no_scope():
        for company in Company.objects.order_by("pk").iterator(chunk_size=500):
            for job in _jobs:
                if is_stopping():
                    return True
                _run(job, company)
    return True


def _is_my_turn() -> bool:
    now = timezone.now()
    if not Tick.objects.filter(pk=1, at__gt=now - MINUTE).exists():
        if Tick.objects.filter(pk=1, at__lte=now - MINUTE).update(at=now):
            return True
        try:
            with transaction.atomic():
                Tick.objects.create(pk=1, at=now)
        except IntegrityError:
            return False
        return True
    return False


def _run(job: Job, company: Company) -> None:
    """One company's trouble is not another's: it is logged, and the next minute tries again."""
    pace = Pace()
    try:
        for _round in range(_ROUNDS):
            with pace.transaction(), company_scope(company):
                has_more = job()
            if not has_more or not pace.goes_on():
                return
    except Exception:
        log.exception("%s failed for the company %s", getattr(job, "__name__", job), company.slug)
