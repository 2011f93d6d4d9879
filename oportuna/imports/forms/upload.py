"""A file on its way in, or several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal
from oportuna.sales.forms.fields import KeyField


class _SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class _SeveralFiles(forms.FileField):
    """One file or more; an empty one among others is left to the reader, which says of each what is wrong."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """A list of the files, whether one was sent or more."""
        files = data if isinstance(data, list) else [data]
        if len(files) > 1:
            return files
        return [super(_SeveralFiles, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    """The files; `again` when the very same one is meant to come in once more."""

    key = KeyField()
    file = _SeveralFiles(
        label=_("Spreadsheet"),
        widget=_SeveralFilesInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty: export the spreadsheet again and send the new file."),
        },
    )
    again = forms.BooleanField(label=_("Import this file again anyway"), required=False)

    def __init__(self, *args: Any, sent_bytes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent_bytes = sent_bytes

    def clean_file(self) -> list[Any]:
        """The files, unless they are too large together; names say nothing, the content decides later."""
        files: list[Any] = self.cleaned_data["file"]
        if max(sum(file.size or 0 for file in files), self._sent_bytes - MEGABYTE) > Limits().file_bytes:
            refusal = Refusal("file_size", megabytes=Limits().file_bytes // MEGABYTE)
            raise forms.ValidationError(refusal.message, code=refusal.code)
        return files
