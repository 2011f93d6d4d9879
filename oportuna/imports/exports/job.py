"""An export: who took which list out, when, and the file while it is kept."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, SameCompany
from oportuna.imports.exports.cells import CSV, XLSX
from oportuna.imports.exports.storage import export_folder

KEPT = timedelta(days=7)


class ExportJob(CompanyModel):
    """A list on its way out.

    `filters` is what its address asked for, `words` how people read that. `stored` names the file below `files/exports`
    of the data folder, which is there from the state `done` on, for KEPT; then the name is emptied. `done` of the `rows`
    are written. `problem` is a sentence that says why it stopped.
    """

    class What(models.TextChoices):
        OPPORTUNITIES = "opportunities", _("Opportunities")
        CUSTOMERS = "customers", _("Customers")

    class Kind(models.TextChoices):
        XLSX = XLSX, _("Excel workbook (.xlsx)")
        CSV = CSV, _("Text for Excel (.csv)")

    class State(models.TextChoices):
        QUEUED = "queued", _("In the queue")
        RUNNING = "running", _("Being written")
        DONE = "done", pgettext_lazy("export", "Done")
        CANCELLED = "cancelled", pgettext_lazy("export", "Cancelled")
        FAILED = "failed", _("Stopped by an error")

    what = models.CharField(max_length=16, choices=What)
    kind = models.CharField(max_length=4, choices=Kind)
    filters = models.JSONField(default=dict)
    words = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    stored = models.CharField(max_length=80)
    size = models.BigIntegerField(default=0)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = CompanyForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(CompanyModel.Meta):
        verbose_name = _("export")
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("created_by", name="export_created_by_same_company"),
        ]
        indexes = [models.Index(fields=["company", "-created_at", "-id"], name="export_newest")]

    def __str__(self) -> str:
        return f"{self.what}: {self.kind}"

    @property
    def path(self) -> Path:
        """Where the finished file lies: outside anything that is served."""
        return export_folder() / self.stored

    @property
    def is_at_work(self) -> bool:
        """Whether its file is still to be finished."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def has_file(self) -> bool:
        """Whether its file may be downloaded."""
        return self.state == self.State.DONE and bool(self.stored)

    @property
    def kept_until(self) -> datetime | None:
        """The instant at which its file goes."""
        return self.finished_at + KEPT if self.finished_at else None
