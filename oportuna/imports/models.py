"""An import and its rows: each row of the file is accounted for exactly once."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, CompanyPart, SameCompany
from oportuna.imports.columns.memory import ColumnMemory as ColumnMemory  # a model of this app
from oportuna.imports.exports.job import ExportJob as ExportJob  # another
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.suppression.model import Suppression as Suppression
from oportuna.sales.models import Customer, LegalBasis, Opportunity
from oportuna.sales.models.registers import Revised


class Outcome(models.TextChoices):
    """What becomes of a row."""

    CREATED = "created", pgettext_lazy("rows", "New")
    UPDATED = "updated", _("Updated")
    DUPLICATE = "duplicate", _("Repeated")
    SKIPPED = "skipped", _("Skipped")
    SUPPRESSED = "suppressed", _("Asked not to be contacted")
    REJECTED = "rejected", _("Rejected")


UNCOUNTED = (Outcome.REJECTED, Outcome.SKIPPED, Outcome.SUPPRESSED)
"""Nothing is written of such rows: whatever is wrong with them is no warning."""

COUNTERS = {
    Outcome.CREATED: "created",
    Outcome.UPDATED: "updated",
    Outcome.DUPLICATE: "duplicates",
    Outcome.SKIPPED: "skipped",
    Outcome.SUPPRESSED: "suppressed",
    Outcome.REJECTED: "rejected",
}
"""The counter of the import that each outcome raises."""


class MetBy(models.TextChoices):
    """By what a row's customer was recognised; by a name alone it is only perhaps the same."""

    NUMBER = "number", _("Number of the opportunity")
    DOCUMENT = "document", _("CNPJ or CPF")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    NAME = "name", _("Name and city")


class OwnedBy(models.TextChoices):
    """Why a row goes to the person to whom it goes."""

    COLUMN = "column", _("column of the file")
    DEFAULT = "default", _("default of the import")
    TURN = "turn", _("in turn")


class Undone(models.TextChoices):
    """What became of a row when its import was taken back."""

    GONE = "gone", pgettext_lazy("rows", "Removed")
    RESTORED = "restored", pgettext_lazy("rows", "As before")
    KEPT = "kept", _("Kept: worked on since")


class ImportJob(CompanyModel, Revised):
    """One spreadsheet on its way in.

    - `stored` names the file below `files/imports` of the data folder, `digest` is the SHA-256 of its content.
    - `sheets` are all that it has ([name, rows, hidden], the likeliest first), `alike` those of one shape, `parts` those that
      are read ([name, what to subtract from a row's number for the one that Excel shows there]).
    - `columns`, `decisions` and `options` say how it is read: a ColumnMatch for each column, a Decision for each by its
      index, and Options. `remembered_at` is when the columns were confirmed that an earlier file of this header had.
    - `problem` is why it is not read or has stopped: a Refusal's cause and params, or a message.
    - The six counters add up to `rows` from the end of the check on: first what would happen, then what did.
    - `met` counts the rows whose customer was met, by the kinds of `fate.kind_of`; `unknown` the rows for each word that no
      register has ({register: {word: rows}}); `turns` the rows that went to people in turn.
    - `brought` is what it put in use of the registers ([register, id, revision]), less what was taken back of it.
    - `done` rows are behind us in the phase under way, the last of them numbered `cursor` in the file.
    - `next_number` is the next of the block of numbers taken for its rows. Rows that bring their own number keep it from
      `kept_numbers_from` to `highest_number`, for which room was made.
    - `undone_at` is when somebody asked to take it back; it stood in the state `undone_from` then. `taken_back` rows are gone
      or as before, `kept_back` rows stay because they were worked on since.
    """

    class State(models.TextChoices):
        COLUMNS = "columns", _("Waiting for its columns")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Waiting for you")
        QUEUED = "queued", _("In the queue")
        RUNNING = "running", _("Importing")
        DONE = "done", pgettext_lazy("import", "Done")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")
        FAILED = "failed", _("Stopped by an error")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")

    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=80)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    format = models.CharField(max_length=8, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    parts = models.JSONField(default=list)
    alike = models.JSONField(default=list)
    header_row = models.PositiveIntegerField(null=True)
    sheets = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    remembered_at = models.DateTimeField(null=True)
    decisions = models.JSONField(null=True)
    options = models.JSONField(default=dict)
    problem = models.JSONField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.COLUMNS)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    suppressed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    met = models.JSONField(default=dict)
    unknown = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    next_number = models.PositiveBigIntegerField(null=True)
    turns = models.PositiveIntegerField(default=0)
    brought = models.JSONField(default=list)
    highest_number = models.PositiveBigIntegerField(default=0)
    kept_numbers_from = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = CompanyForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_from = models.CharField(max_length=9, choices=State, blank=True, default="")
    undone_by = CompanyForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    taken_back = models.PositiveIntegerField(default=0)
    kept_back = models.PositiveIntegerField(default=0)

    class Meta(CompanyModel.Meta):
        verbose_name = _("import")
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("created_by", name="import_created_by_same_company"),
            SameCompany("undone_by", name="import_undone_by_same_company"),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="import_newest"),
            models.Index(fields=["company", "digest"], name="import_by_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the file lies: outside anything that is served."""
        return import_folder() / self.stored

    def place_of(self, number: int) -> tuple[str, int]:
        """The sheet of a row where several are read, else nothing, and the number that Excel shows beside it."""
        if len(self.parts) < 2:
            return "", number
        sheet, added = next((part for part in reversed(self.parts) if part[1] < number), self.parts[0])
        return sheet, number - added

    @property
    def is_at_work(self) -> bool:
        """Whether something is being done with it in the background."""
        at_work = (self.State.CHECKING, self.State.QUEUED, self.State.RUNNING, self.State.UNDOING)
        return self.state in at_work

    @property
    def is_finished(self) -> bool:
        """Whether nothing will be done with it any more."""
        return self.state in (self.State.DONE, self.State.CANCELLED, self.State.FAILED, self.State.UNDONE)

    @property
    def can_be_undone(self) -> bool:
        """Whether it has written anything that nobody has taken back."""
        return (
            self.is_finished and self.state != self.State.UNDONE and bool(self.started_at and self.to_write)
        )

    @property
    def to_write(self) -> int:
        """The rows that the check found fit to be written."""
        return self.created + self.updated

    @property
    def supplier(self) -> str:
        """Who supplied the list."""
        return str(self.options.get("supplier", ""))

    @property
    def legal_basis(self) -> str:
        """On what the use of its people's data rests, in words; nothing when nobody decided."""
        basis = self.options.get("legal_basis")
        return str(LegalBasis(basis).label) if basis in LegalBasis.values else ""

    @property
    def refusal(self) -> Refusal | None:
        """Why the file was not read, or which choice it waits for."""
        return (
            Refusal(self.problem["cause"], **self.problem["params"])
            if self.problem and "cause" in self.problem
            else None
        )

    @property
    def why(self) -> str:
        """In a sentence, why it stopped or what it waits for; nothing when all is well."""
        refusal = self.refusal
        return str(refusal) if refusal else (self.problem or {}).get("message", "")

    def recount(self) -> None:
        """Set the six counters by what became of the rows; those that were never looked at are skipped."""
        found = dict(self.import_rows.order_by().values_list("outcome").annotate(models.Count("pk")))
        for outcome, counter in COUNTERS.items():
            setattr(self, counter, found.get(outcome, 0))
        self.skipped += max(self.rows - sum(found.values()), 0)


class ImportRow(CompanyPart):
    """A row of the file with any visible content, numbered as Excel shows it.

    - `values` by the names of the report, absent ones left out; `problems` as the report lists them, with `rejects`.
    - `cells` as they were read, kept of rows with problems alone: they are given back to be corrected.
    - `met_by` is by what its customer was recognised, `duplicate_of_row` the earlier row that brings that customer.
    - `changed` is what the row changed of records that were there (`updating.carry_out`), for taking it back.
    """

    job = CompanyForeignKey(ImportJob, models.CASCADE, related_name="import_rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    cells = models.JSONField(null=True)
    duplicate_of_row = models.PositiveIntegerField(null=True)
    met_by = models.CharField(max_length=8, choices=MetBy, blank=True, default="")
    owned_by = models.CharField(max_length=7, choices=OwnedBy, blank=True, default="")
    changed = models.JSONField(null=True)
    undone = models.CharField(max_length=8, choices=Undone, blank=True, default="")
    customer = CompanyForeignKey(Customer, models.SET_NULL, null=True, related_name="import_rows")
    opportunity = CompanyForeignKey(Opportunity, models.SET_NULL, null=True, related_name="import_rows")

    class Meta(CompanyPart.Meta):
        verbose_name = _("row")
        ordering = ["number"]
        constraints = [
            SameCompany("job", name="import_row_job_same_company"),
            SameCompany("customer", name="import_row_customer_same_company"),
            SameCompany("opportunity", name="import_row_opportunity_same_company"),
            models.UniqueConstraint(fields=["company", "job", "number"], name="import_row_once"),
        ]
        indexes = [
            models.Index(fields=["company", "job", "outcome", "number"], name="import_row_outcome"),
            models.Index(
                fields=["company", "opportunity"],
                name="import_row_opportunity",
                condition=Q(opportunity__isnull=False),
            ),
            models.Index(
                fields=["company", "customer"],
                name="import_row_customer",
                condition=Q(customer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.number}"


class ImportFix(CompanyPart):
    """What a person changed of a row at the check: its `cells`, a text for each column, or that it is left out.

    It is part of what the file says: a check with other choices goes by it too.
    """

    job = CompanyForeignKey(ImportJob, models.CASCADE, related_name="fixes")
    number = models.PositiveIntegerField()
    cells = models.JSONField(null=True)
    leaves_out = models.BooleanField(default=False)

    class Meta(CompanyPart.Meta):
        verbose_name = _("correction")
        constraints = [
            SameCompany("job", name="import_fix_job_same_company"),
            models.UniqueConstraint(fields=["company", "job", "number"], name="import_fix_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.number}"


def import_folder() -> Path:
    """Where imported files are kept, each under a random name."""
    return Path(settings.MEDIA_ROOT) / "imports"
