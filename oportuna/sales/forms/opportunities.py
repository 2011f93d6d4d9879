"""Registering an opportunity, and saying why one was lost."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import CodedChoiceField, decode
from oportuna.accounts.models import Membership
from oportuna.accounts.queries import active_members
from oportuna.brazil.cnpj import parse_cnpj
from oportuna.brazil.cpf import parse_cpf
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import fold
from oportuna.sales.forms.fields import DateField, KeyField, MoneyField, RevisionField, TextField
from oportuna.sales.forms.refusals import cut_address
from oportuna.sales.models import Customer, LossReason, Source, Stage
from oportuna.sales.queries.registers import stages_in_use

_LARGEST = (1 << 63) - 1


class CustomerField(TextField):
    """A customer that was picked, or typed: the customer, or the name of a new one.

    What is typed is a document, the name of exactly one customer, or a new name.
    """

    def clean(self, value: Any) -> Customer | str:
        """The customer or the new name; a ValidationError when a document or name leads to no single one."""
        text: str = super().clean(value)
        here = Customer.objects.filter(deleted_at__isnull=True)
        picked = _picked(text)
        if picked is not None and (found := here.filter(pk=picked).first()):
            return found
        if _is_id(text):
            raise forms.ValidationError(
                _("This customer is no longer there. Choose another or type the name.")
            )
        if document := _document(text):
            found = here.filter(**document).first()
            if found is None:
                raise forms.ValidationError(_("No customer has this document yet. Type the name instead."))
            return found
        named = list(here.filter(name_folded=fold(text))[:2])
        if len(named) > 1:
            raise forms.ValidationError(_("Several customers have this name. Choose one of the list."))
        return named[0] if named else text


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11


def _picked(text: str) -> int | None:
    """The id behind what the picker sends; a name of 13 letters may look like a code and lead to nobody."""
    if _is_id(text):
        return int(text)
    try:
        return decode(text)
    except ValueError:
        return None


def _document(text: str) -> dict[str, str]:
    """A complete CNPJ or CPF as a condition on customers; nothing for any other text."""
    for name, parse in (("cnpj", parse_cnpj), ("cpf", parse_cpf)):
        try:
            return {name: parse(text)}
        except Unreadable:
            continue
    return {}


class OpportunityForm(forms.Form):
    """A new opportunity: title and customer suffice."""

    title = TextField(label=_("title"), max_length=120)
    customer = CustomerField(label=_("customer"), max_length=160)
    value = MoneyField(label=_("value"), required=False)
    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("stage"), empty_label=None)
    owner = forms.ModelChoiceField(
        Membership.objects.none(), label=_("owner"), required=False, empty_label=None
    )
    source = forms.ModelChoiceField(Source.objects.none(), label=_("source"), required=False, empty_label="—")
    expected_close_on = DateField(label=_("expected close"), required=False)
    key = KeyField()

    def __init__(self, data: Any = None, *, actor: Actor, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._choose("stage", stages_in_use())
        self._choose("source", Source.active())
        if policies.assign(actor):
            self._choose("owner", active_members(actor))
            self.initial.setdefault("owner", actor.membership.pk)
        else:
            del self.fields["owner"]
        self._show_customer()

    def _choose(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def _show_customer(self) -> None:
        """Give the picker what it shows before it is touched: the customer named beforehand, or what was typed."""
        shown = self["customer"].value()
        value, text = str(shown or ""), str(shown or "")
        if isinstance(shown, Customer):
            value, text = str(shown.pk), shown.shown_name
            self.initial["customer"] = text
        elif self.is_bound and (pk := _picked(value)) is not None:
            text = next(
                (one.shown_name for one in Customer.objects.filter(pk=pk, deleted_at__isnull=True)), text
            )
        if value:
            self.fields["customer"].widget.attrs["data-data"] = json.dumps([{"value": value, "text": text}])


class ReasonSelect(forms.RadioSelect):
    """Reasons as buttons, the first nine with their number as key; each says what it asks for."""

    def __init__(self, reasons: Sequence[LossReason]) -> None:
        super().__init__(choices=[(reason.pk, reason.name) for reason in reasons])
        self.asks = {reason.pk: reason for reason in reasons}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One button."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        reason = self.asks[int(str(value))]
        option["attrs"] |= {
            key: True
            for key, asked in (
                ("data-competitor", reason.asks_competitor),
                ("data-comment", reason.asks_comment),
            )
            if asked
        }
        if (place := int(option["index"]) + 1) <= 9:
            option["attrs"]["data-key"] = str(place)
        return option


class LossForm(forms.Form):
    """Why a sale was lost. Whether the reason may be left open, the action knows."""

    reason = forms.ModelChoiceField(LossReason.objects.all(), label=_("loss reason"), required=False)
    competitor = TextField(label=_("competitor"), max_length=80, required=False)
    comment = TextField(label=_("comment"), max_length=2000, required=False, multiline=True, rows=2)
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)

    def __init__(self, data: Any = None, *, reasons: Sequence[LossReason], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].widget = ReasonSelect(reasons)


class RevisionForm(forms.Form):
    """The revision that a button was shown with."""

    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)

    def seen(self) -> int | None:
        """The revision, or None when none was sent. Raises Refused for what is no revision."""
        if not self.is_valid():
            raise cut_address()
        seen: int | None = self.cleaned_data["revision"]
        return seen


class BeginningForm(forms.Form):
    """What a link to the form of a new opportunity already knows; what names nothing is left out."""

    stage = CodedChoiceField(Stage.objects.select_related("pipeline"), required=False)
    customer = CodedChoiceField(Customer.objects.filter(deleted_at__isnull=True), required=False)

    def values(self) -> dict[str, Any]:
        """The rows that the address names."""
        self.is_valid()
        return {name: row for name, row in self.cleaned_data.items() if row is not None}
