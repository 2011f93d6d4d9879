"""Which table of a file is read: its sheet, and the row that names the columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from oportuna.imports.models import ImportJob
from oportuna.ui.formats import thousands

_LARGEST_ROW = 1_048_576
_ALL = "\t"  # no sheet's name begins so


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
        hidden = {name for name, _rows, is_hidden in job.sheets if is_hidden}
        seen = [[name for name in names if name not in hidden] for names in job.alike]
        self._together = [names for names in seen if len(names) > 1]
        if len(job.sheets) < 2:
            del self.fields["sheet"]
        else:
            sheet.choices = [
                *(
                    (f"{_ALL}{place}", _("All alike: %(names)s") % {"names": ", ".join(names)})
                    for place, names in enumerate(self._together)
                ),
                *((name, _sheet_label(name, rows, hidden)) for name, rows, hidden in job.sheets),
            ]

    @property
    def chosen(self) -> str | list[str] | None:
        """The sheet, or those that are read together; None to look for it."""
        sheet: str = self.cleaned_data.get("sheet") or ""
        if sheet.startswith(_ALL):
            return list(self._together[int(sheet.removeprefix(_ALL))])
        return sheet or None


def _sheet_label(name: str, rows: int, hidden: bool) -> str:
    text = ngettext("%(name)s (%(count)s row)", "%(name)s (%(count)s rows)", rows)
    label = text % {"name": name, "count": thousands(rows)}
    return f"{label} · {gettext('hidden')}" if hidden else label
