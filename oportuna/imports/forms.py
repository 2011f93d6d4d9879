"""What people send to an import: the file, the choice of its table, its columns, and how its rows are treated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.accounts.queries import active_members
from oportuna.imports.columns import ColumnMatch
from oportuna.imports.fields.labels import GROUPS
from oportuna.imports.fields.registry import SEVERAL
from oportuna.imports.models import ImportJob
from oportuna.imports.options import UNDECIDED, Options
from oportuna.imports.origins import PERSONAL
from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reading import matches_of
from oportuna.sales.forms.fields import KeyField, RevisionField
from oportuna.sales.models import LegalBasis, Source, Stage
from oportuna.sales.models.data_origin import LONGEST_SUPPLIER
from oportuna.sales.queries.registers import stages_in_use

_LARGEST_ROW = 1_048_576


class UploadForm(forms.Form):
    """The file; `again` when the very same one is meant to come in once more."""

    key = KeyField()
    file = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty: export the spreadsheet again and send the new file."),
        },
    )
    again = forms.BooleanField(label=_("Import this file again anyway"), required=False)

    def __init__(self, *args: Any, sent_bytes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent_bytes = sent_bytes

    def clean_file(self) -> Any:
        """The file, unless it is too large; the name says nothing, the content decides later."""
        file = self.cleaned_data["file"]
        if max(file.size or 0, self._sent_bytes - MEGABYTE) > Limits().file_bytes:
            refusal = Refusal("file_size", megabytes=Limits().file_bytes // MEGABYTE)
            raise forms.ValidationError(refusal.message, code=refusal.code)
        return file


class TableForm(forms.Form):
    """Which sheet, and which row of it names the columns."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=_("Row with the names of the columns"),
        required=False,
        min_value=0,
        max_value=_LARGEST_ROW,
        help_text=_("As the spreadsheet numbers them. 0 when there is none; empty to look for it."),
    )

    def __init__(self, *args: Any, job: ImportJob, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheet: Any = self.fields["sheet"]
        if len(job.sheets) < 2:
            del self.fields["sheet"]
        else:
            sheet.choices = [(name, name) for name, _rows, _hidden in job.sheets]


class ColumnsForm(forms.Form):
    """A field for each column, and how rows are treated; `options` is what the action wants."""

    revision = RevisionField()
    stage = forms.ModelChoiceField(
        Stage.objects.none(),
        label=_("Stage, when the row names none"),
        required=False,
        empty_label=_("The first one"),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=_("Source, when the row names none"),
        required=False,
        empty_label=pgettext_lazy("source", "None"),
    )
    owner = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Who gets them"), required=False, empty_label=_("Me")
    )
    drop_bad_document = forms.BooleanField(
        label=_("Import rows with a wrong CNPJ or CPF, without it"), required=False
    )
    create_missing = forms.MultipleChoiceField(
        label=_("Create what is not registered yet"),
        choices=[
            ("stage", _("Stages")),
            ("source", _("Sources")),
            ("campaign", _("Campaigns")),
            ("loss_reason", _("Loss reasons")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    supplier = forms.CharField(
        label=_("Who supplied the list"),
        help_text=_("As on the contract or the invoice; empty when it is your own."),
        max_length=LONGEST_SUPPLIER,
        required=False,
    )
    legal_basis = forms.ChoiceField(
        label=_("Legal basis (LGPD)"),
        help_text=_("On what contacting these people rests. It is kept with each of them."),
        choices=[("", _("Choose…")), *LegalBasis.choices, (UNDECIDED, _("Not decided yet"))],
        required=False,
    )

    def __init__(self, data: Any = None, *, job: ImportJob, actor: Actor) -> None:
        options = Options.of_json(job.options)
        super().__init__(data, initial={**options.to_json(), "revision": job.revision})
        self.matches = matches_of(job)
        self._options = options
        stage, source, owner = (self.fields[name] for name in ("stage", "source", "owner"))
        _fill(stage, stages_in_use())
        _fill(source, Source.active())
        _fill(owner, active_members(actor))
        if not policies.assign(actor):
            del self.fields["owner"]
        if not policies.manage_registers(actor):
            del self.fields["create_missing"]
        for match in self.matches:
            self.fields[name_of(match)] = forms.ChoiceField(
                label=match.header or match.column, choices=_choices(match), initial=match.field
            )

    def clean(self) -> dict[str, Any]:
        """A field of one value takes one column."""
        cleaned = super().clean() or {}
        chosen = {match: cleaned.get(name_of(match)) for match in self.matches}
        counts = Counter(field for field in chosen.values() if field and field not in (*SEVERAL, "ignore"))
        for match, field in chosen.items():
            if field and counts[field] > 1:
                self.add_error(name_of(match), _("Two columns have this field: choose one of them."))
        if not {"name", "trade_name", "contact"} & set(chosen.values()):
            self.add_error(None, _("Say which column holds the customer's name."))
        if PERSONAL & set(chosen.values()) and "legal_basis" in cleaned and not cleaned["legal_basis"]:
            text = _(
                "The file has people's data: say on what their use rests, or that it is not decided yet."
            )
            self.add_error("legal_basis", text)
        return cleaned

    @property
    def options(self) -> Options:
        """The choices, with the columns that a person corrected."""
        cleaned = self.cleaned_data
        chosen = {
            name: cleaned[name].pk if cleaned.get(name) else None for name in ("stage", "source", "owner")
        }
        return replace(
            self._options,
            mapping={
                match.column: cleaned[name_of(match)]
                for match in self.matches
                if cleaned[name_of(match)] != match.field
            },
            create_missing=tuple(cleaned.get("create_missing") or ()),
            drop_bad_document=cleaned["drop_bad_document"],
            supplier=cleaned["supplier"],
            legal_basis=cleaned["legal_basis"],
            stage=chosen["stage"],
            source=chosen["source"],
            owner=chosen["owner"],
        )


def name_of(match: ColumnMatch) -> str:
    """The form's field for a column."""
    return f"column_{match.index}"


def _fill(field: Any, rows: Any) -> None:
    field.queryset = rows


def _choices(match: ColumnMatch) -> list[Any]:
    groups: list[Any] = [
        (group, [(name, label) for name, label in fields.items()]) for group, fields in GROUPS
    ]
    if match.field.startswith("custom."):
        groups.append((match.field, match.field.removeprefix("custom.")))
    return [("ignore", _("Do not import")), *groups]
