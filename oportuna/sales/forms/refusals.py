"""The domain's «no» on a form: at its field, and with what somebody else wrote meanwhile."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from oportuna.errors import Conflict, Refused


def refuse(
    form: forms.Form, error: Refused, *, now: Mapping[str, Any] | None = None, revision: int = 0
) -> None:
    """Put a refusal on the form, at its field where it names one.

    At a Conflict, `now` is what the row holds by field and `revision` its number: the form tells where that differs
    from what was typed and, sent again, keeps what was typed knowingly.
    """
    if not isinstance(error, Conflict):
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return
    theirs = _differences(form, now or {})
    form.add_error(None, _conflict_text(theirs))
    sent: Any = form.data
    data = sent.copy()
    data[form.add_prefix("revision")] = str(revision)
    form.data = data


def cut_address() -> Refused:
    """What a button or an undo is told whose revision was cut off or forged: nothing acts without its check."""
    return Refused(_("This address is not whole, so nothing was changed. Load the page again."))


def _conflict_text(theirs: list[str]) -> str:
    if not theirs:
        return _("Someone changed this after you opened it, to what you typed. Save again.")
    text = _(
        "Someone changed this after you opened it. It says now: %(fields)s. Save again to put yours in its place."
    )
    return text % {"fields": "; ".join(theirs)}


def _differences(form: forms.Form, now: Mapping[str, Any]) -> list[str]:
    return [
        f"{form.fields[name].label}: {_shown(form.fields[name], value)}"
        for name, value in now.items()
        if name in form.fields and form.cleaned_data.get(name) != value
    ]


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelChoiceField):
        return str(value or "—")
    if isinstance(field, forms.ChoiceField):
        flat: dict[Any, Any] = dict(field.choices)  # type: ignore[arg-type]  # ours have no groups
        return str(flat.get(value, value) or "—")
    return str(field.prepare_value(value) or "—").replace("\n", ", ")
