"""What people send to put somebody on the suppression list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.suppression.entries import Entry, Unclear, parse_entry, pieces

MOST_TYPED = 2_000
_TOLD = 5
_LONGEST_PIECE = 60


class _Why(forms.Form):
    why = forms.CharField(label=_("Why, or how they asked"), max_length=200, required=False)
    marks_customers = forms.BooleanField(
        label=_("Mark those who are customers already"),
        help_text=_("They are shown as “Do not contact”, with an entry in their history."),
        required=False,
        initial=True,
    )


class SuppressForm(_Why):
    """Whoever asked, as typed; `cleaned_data["entries"]` are the entries. One that is unclear keeps all from being added."""

    entries = forms.CharField(
        label=_("Who asked not to be contacted"),
        help_text=_("One a line: e-mail, phone with its area code, CNPJ, CPF or a company's domain."),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocapitalize": "none"}),
        max_length=200_000,
    )
    field_order = ("entries", "why", "marks_customers")

    def clean_entries(self) -> list[Entry]:
        """The entries, each told apart by itself."""
        typed = list(pieces(self.cleaned_data["entries"]))
        if len(typed) > MOST_TYPED:
            raise forms.ValidationError(_("These are more than 2.000: send them as a spreadsheet."))
        entries, faults = [], []
        for piece in typed:
            try:
                entries.append(parse_entry(piece))
            except Unclear as unclear:
                shown = f"{piece[:_LONGEST_PIECE]}…" if len(piece) > _LONGEST_PIECE else piece
                faults.append(format_lazy("“{piece}”: {message}", piece=shown, message=unclear.message))
        if len(faults) > _TOLD:
            more = format_lazy(_("… and {count} more."), count=len(faults) - _TOLD)
            faults = [*faults[:_TOLD], more]
        if faults:
            raise forms.ValidationError(faults)
        if not entries:
            raise forms.ValidationError(_("Write at least one."))
        return entries


class SheetForm(_Why):
    """A spreadsheet of those who asked."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("A column of e-mails, phones, CNPJs, CPFs or domains, or several of them."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty: export the spreadsheet again and send the new file."),
        },
    )
    field_order = ("file", "why", "marks_customers")

    prefix = "sheet"  # two forms on one page

    def __init__(self, *args: Any, sent_bytes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent_bytes = sent_bytes

    def clean_file(self) -> Any:
        """The file, unless it is too large."""
        file = self.cleaned_data["file"]
        if max(file.size or 0, self._sent_bytes - MEGABYTE) > Limits().file_bytes:
            refusal = Refusal("file_size", megabytes=Limits().file_bytes // MEGABYTE)
            raise forms.ValidationError(refusal.message, code=refusal.code)
        return file
