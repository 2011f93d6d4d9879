"""What people type about a customer, and about a person at one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.codes import decode
from oportuna.brazil.address import parse_city_uf
from oportuna.sales.forms.fields import (
    CepField,
    CnpjField,
    CpfField,
    EmailListField,
    KeyField,
    PhoneListField,
    TextField,
    UfField,
)
from oportuna.sales.forms.merging import MergingForm
from oportuna.sales.models import Contact, Customer
from oportuna.sales.queries.customers import VIEWS
from oportuna.sales.queries.duplicates import Typed


class SiteField(forms.URLField):
    """The address of a page of the web, and of nothing else."""

    default_validators = [URLValidator(schemes=["http", "https"])]


# What the verbs ask for beside the fields of a row.
_BESIDE = ("emails", "phones", "key", "revision")


class _ReachedForm(forms.Form):
    """Somebody with ways to be reached."""

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs call fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in _BESIDE}

    @property
    def sent(self) -> dict[str, Any]:
        """What the verbs ask for beside them: e-mails, phones, and the form's key."""
        return {name: self.cleaned_data[name] for name in _BESIDE if name in self.fields}


class _MergingReachedForm(MergingForm, _ReachedForm):
    """As `_ReachedForm`, of what this person changed alone."""

    @property
    def values(self) -> dict[str, Any]:
        """The fields that were changed."""
        return {name: value for name, value in self.changes.items() if name not in _BESIDE}

    @property
    def sent(self) -> dict[str, Any]:
        """E-mails and phones where they were changed, and the revision to insist on."""
        return {"emails": self.changes.get("emails"), "phones": self.changes.get("phones"), "seen": self.seen}


class CustomerForm(_ReachedForm):
    """A customer: only its name is needed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind, widget=forms.RadioSelect)
    name = TextField(label=_("Registered name or full name"), max_length=160)
    trade_name = TextField(label=_("Trade name"), max_length=160, required=False)
    cnpj = CnpjField(label=_("CNPJ"), required=False)
    cpf = CpfField(label=_("CPF"), required=False)
    phones = PhoneListField(label=_("Phones"), required=False)
    emails = EmailListField(label=_("E-mails"), required=False)
    site = SiteField(
        label=_("Site"),
        max_length=200,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write the site as www.company.com.br.")},
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    segment = TextField(label=_("Segment"), max_length=80, required=False)
    ie = TextField(label=_("State registration"), max_length=20, required=False)
    cep = CepField(label=_("CEP"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    address = TextField(label=_("Address"), max_length=200, required=False)
    district = TextField(label=_("District"), max_length=80, required=False)
    city = TextField(label=_("City"), max_length=80, required=False)
    uf = UfField(label=_("State"), required=False)
    notes = TextField(
        label=_("Notes"),
        max_length=10_000,
        required=False,
        multiline=True,
        help_text=_("No health, religion, politics or other sensitive data here."),
    )
    do_not_contact = forms.BooleanField(
        label=_("Do not contact"),
        required=False,
        help_text=_("This customer asked for no calls and no messages."),
    )

    def clean(self) -> dict[str, Any]:
        """Part "Campinas/SP" into city and state when the state was left empty."""
        data = self.cleaned_data
        if data.get("city") and not data.get("uf"):
            city, uf = parse_city_uf(data["city"])
            if city and uf:
                data["city"], data["uf"] = city, uf
        return data


class NewCustomerForm(CustomerForm):
    """A customer to be registered."""

    key = KeyField()


class EditCustomerForm(_MergingReachedForm, CustomerForm):
    """A customer as it was shown, to be changed."""


class ContactForm(_ReachedForm):
    """A person at a customer: only the name is needed."""

    name = TextField(label=_("Name"), max_length=120)
    job_title = TextField(label=_("Job title"), max_length=80, required=False)
    phones = PhoneListField(label=_("Phones"), required=False)
    emails = EmailListField(label=_("E-mails"), required=False)
    cpf = CpfField(label=_("CPF"), required=False)
    notes = TextField(
        label=_("Notes"),
        max_length=4_000,
        required=False,
        multiline=True,
        rows=2,
        help_text=_("No health, religion, politics or other sensitive data here."),
    )


class NewContactForm(ContactForm):
    """A person to be registered."""

    key = KeyField()


class EditContactForm(_MergingReachedForm, ContactForm):
    """A person as it was shown, to be changed."""


def shown_customer(customer: Customer, phones: Sequence[str], emails: Sequence[str]) -> dict[str, Any]:
    """What a form of this customer begins with; a conflict compares with it too."""
    return _shown(customer, CustomerForm, phones, emails)


def shown_contact(contact: Contact, phones: Sequence[str], emails: Sequence[str]) -> dict[str, Any]:
    """What a form of this contact begins with."""
    return _shown(contact, ContactForm, phones, emails)


def _shown(
    row: Customer | Contact, form: type[forms.Form], phones: Sequence[str], emails: Sequence[str]
) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}
    for name in {"cnpj", "cpf"} & set(values):
        values[name] = values[name] or ""
    return {**values, "phones": list(phones), "emails": list(emails)}


class CustomersQuery(forms.Form):
    """What the address of the list asks for; what is not understood is left out."""

    q = TextField(required=False, max_length=200)
    view = forms.ChoiceField(choices=VIEWS, required=False)
    after = TextField(required=False)
    before = TextField(required=False)

    @property
    def text(self) -> str:
        """The words to look for."""
        return str(self.cleaned_data.get("q", ""))

    @property
    def chosen_view(self) -> str:
        """One of VIEWS."""
        return self.cleaned_data.get("view") or "all"

    def edge(self, name: str) -> int | None:
        """The id behind `after` or `before`, if it is a code of this company."""
        try:
            return decode(self.cleaned_data[name])
        except (KeyError, ValueError):
            return None


def read_so_far(data: Any) -> Typed:
    """What can be read of a customer while it is being typed; what cannot is left out."""
    form = CustomerForm(data)
    form.is_valid()
    read = form.cleaned_data
    return Typed(
        names=[read[name] for name in ("name", "trade_name") if read.get(name)],
        cnpj=read.get("cnpj", ""),
        cpf=read.get("cpf", ""),
        emails=read.get("emails") or [],
        phones=read.get("phones") or [],
    )
