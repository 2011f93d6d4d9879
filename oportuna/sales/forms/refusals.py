"""The domain's «no» on a form: at its field, and with what somebody else wrote meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _

from oportuna.brazil.money import format_money
from oportuna.errors import Conflict, Refused
from oportuna.sales.forms.fields import MoneyField
from oportuna.sales.forms.merging import Clash, ClashingForm, MergingForm, as_sent
from oportuna.sales.queries.authors import Author

T = TypeVar("T")


Authors = Callable[[], Mapping[str, Author]]


def refuse(
    form: forms.Form,
    error: Refused,
    *,
    now: Mapping[str, Any] | None = None,
    revision: int = 0,
    authors: Authors = dict,
) -> None:
    """Put a refusal on the form, at its field where it names one.

    At a Conflict, `now` is what the row holds by field and `revision` its number: the form tells where that differs
    from what was typed, `authors` who wrote it, and sent again it keeps what was typed knowingly.
    """
    if not isinstance(error, Conflict):
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return
    clashes = _clashes(form, now or {}, authors)
    if isinstance(form, ClashingForm) and clashes:
        form.clashes = clashes
        form.add_error(None, _("Somebody changed the same while you were editing. Choose what stays."))
    else:
        form.add_error(None, _conflict_text(clashes))
    sent: Any = form.data
    data = sent.copy()
    data[form.add_prefix("revision")] = str(revision)
    for name, value in (now or {}).items():
        if name in form.fields and form.fields[name].show_hidden_initial:
            data[form.add_initial_prefix(name)] = as_sent(form.fields[name], value)
    form.data = data


def accepted(
    form: forms.Form, act: Callable[[], T], *, now: Mapping[str, Any] | None = None, revision: int = 0
) -> T | None:
    """What a verb made of a form; None for one not sent, wrong, or refused by the domain, which the form then tells.

    `now` and `revision` as for `refuse`.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except Refused as error:
        refuse(form, error, now=now, revision=revision)
        return None


def merged(form: MergingForm, act: Callable[[], T], authors: Authors) -> T | None:
    """As `accepted`, of a form that tells what of its fields others changed, and by whom."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Refused as error:
        refuse(form, error, now=form.overtaken, revision=form.row_revision, authors=authors)
        return None


def cut_address() -> Refused:
    """What a button is told whose revision cannot be read, and an undo of a move that has none."""
    return Refused(_("This address is not whole, so nothing was changed. Load the page again."))


def _conflict_text(clashes: Sequence[Clash]) -> str:
    if not clashes:
        return _("Someone changed this after you opened it, to what you typed. Save again.")
    text = _(
        "Someone changed this after you opened it. It says now: %(fields)s. Save again to put yours in its place."
    )
    return text % {"fields": "; ".join(f"{one.label}: {one.theirs}" for one in clashes)}


def _clashes(form: forms.Form, now: Mapping[str, Any], authors: Authors) -> list[Clash]:
    differ = [
        name for name, value in now.items() if name in form.fields and form.cleaned_data.get(name) != value
    ]
    by = authors() if differ else {}
    nobody = Author("", None)
    return [
        Clash(
            name,
            str(form.fields[name].label),
            _shown(form.fields[name], form.cleaned_data.get(name)),
            _shown(form.fields[name], now[name]),
            *by.get(name, nobody),
        )
        for name in differ
    ]


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelChoiceField):
        return str(value or "—")
    if isinstance(field, forms.ChoiceField):
        flat: dict[Any, Any] = dict(field.choices)  # type: ignore[arg-type]  # ours have no groups
        return str(flat.get(value, value) or "—")
    if isinstance(field, MoneyField):
        return format_money(value) or "—"
    return str(field.prepare_value(value) or "—").replace("\n", ", ")
