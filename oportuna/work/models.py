"""The truth about unfinished background work; a task in the queue is only a hint that there is some."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from oportuna.accounts.models import Company


class Work(models.Model):
    """A piece of work of a company, cut into steps. Whoever holds the lease works on it; a lease that ran out is free.

    Global, because the sweep looks over all companies; `kind` names the step function (`steps.py`), `row` the id of
    what it works on. It is deleted in the transaction of its last step.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    row = models.BigIntegerField()
    holder = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "row"], name="work_once")]

    def is_free_at(self, now: datetime) -> bool:
        """Whether no living worker holds it."""
        return self.lease_until is None or self.lease_until <= now


class Tick(models.Model):
    """One row: when the clock last ticked. Of many workers the one that moves it ticks."""

    at = models.DateTimeField()
