"""What becomes of rows whose customer was met: known to the company, repeated in the file, or perhaps one of those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.imports.duplicates.fate import KINDS
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.sales.forms.fields import RevisionField

_CHOICES = {
    "join": _("Another opportunity of the same customer"),
    "fill": _("Fill in what is missing"),
    "overwrite": _("Replace by what the file says"),
    "skip": _("Leave out"),
    "reject": _("Reject"),
    "create": _("Create anyway"),
}


def _choice() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=list(_CHOICES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )


class ChoicesForm(forms.Form):
    """A choice for each kind of rows whose customer was met, named by the kind; `unsent` is shown as chosen."""

    revision = RevisionField()

    def __init__(self, data: Any = None, *, job: ImportJob, unsent: Mapping[str, Any] | None = None) -> None:
        options = Options.of_json(job.options)
        initial = {
            "known": options.on_duplicate,
            "repeated": options.on_repeated or options.on_duplicate,
            "perhaps": options.on_perhaps,
            **(unsent or {}),
            "revision": job.revision,
        }
        super().__init__(data, initial=initial)
        for kind in KINDS:
            if job.met.get(kind):
                self.fields[kind] = _choice()

    @property
    def kinds(self) -> list[str]:
        """The kinds that this file has."""
        return [kind for kind in KINDS if kind in self.fields]

    def put_on(self, options: Options) -> Options:
        """These options with the choices."""
        names = {"known": "on_duplicate", "repeated": "on_repeated", "perhaps": "on_perhaps"}
        chosen: dict[str, Any] = {names[kind]: self.cleaned_data[kind] for kind in self.kinds}
        return options.with_choices(**chosen)
