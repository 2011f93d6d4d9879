"""The truth about unfinished background work; a task in the queue is only a ticket for its next step."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from oportuna.accounts.models import Company


class Work(models.Model):
    """A piece of work of a company, cut into steps. Whoever holds the lease works on it; a lease that ran out is free.

    Global, because the sweep looks over all companies; `kind` names the step function (`steps.py`), `row` the id of
    what it works on. It is deleted in the transaction of its last step. `failed_at` is set when it gave up, `error`
    says why; it stays then, for the screen to tell, until it is started again.
    """

    LEASE = timedelta(seconds=30)

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    row = models.BigIntegerField()
    holder = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    # The queued task of the next step. A task with another id is a leftover and does nothing.
    ticket = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "row"], name="work_once")]

    def is_free_at(self, now: datetime) -> bool:
        """Whether no living worker holds it."""
        return self.lease_until is None or self.lease_until <= now


class Tick(models.Model):
    """One row: when the clock last ticked. Of many workers the one that moves it ticks."""

    at = models.DateTimeField()
