"""The truth about unfinished background work, and what people are told of what happened meanwhile."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.accounts.models import Company


class Work(models.Model):
    """A piece of work of a company, cut into steps. Whoever holds the lease works on it; a lease that ran out is free.

    It is the truth about the work: a task in the queue is only a ticket for its next step.

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


class Notice(CompanyPart):
    """What a member should hear of: of which `kind` (`notices.py` says how one is told), about which `row`, caused `by` whom.

    No key leads to the row: whatever became of it, the notice stays and its recipient is told what he may know now.
    """

    recipient = CompanyForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    row = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    by = CompanyForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta(CompanyPart.Meta):
        constraints = [
            SameCompany("recipient", name="notice_recipient_same_company"),
            SameCompany("by", name="notice_by_same_company"),
        ]
        indexes = [
            models.Index(fields=["company", "recipient", "-id"], name="notice_of_recipient"),
            models.Index(
                fields=["company", "recipient", "-id"],
                name="notice_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["company", "read_at"],
                name="notice_read",
                condition=models.Q(read_at__isnull=False),
            ),
        ]

    @property
    def noun(self) -> str:
        """What kind of thing its row is: "opportunity", "import"."""
        return self.kind.partition(".")[0]
