"""What each field is called on the screens, under what it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, StrPromise

GROUPS: tuple[tuple[StrPromise, dict[str, StrPromise]], ...] = (
    (
        _("Customer"),
        {
            "name": _("Registered name or full name"),
            "trade_name": _("Trade name"),
            "tax_id": _("CNPJ or CPF"),
            "cnpj": _("CNPJ"),
            "cpf": _("CPF"),
            "kind": _("Company or person"),
            "ie": _("State registration"),
            "segment": _("Segment"),
            "site": _("Site"),
            "address": _("Address"),
            "district": _("District"),
            "city": _("City"),
            "uf": _("State (UF)"),
            "city_uf": _("City and state"),
            "cep": _("CEP"),
            "do_not_contact": _("Do not contact"),
        },
    ),
    (
        _("Contact"),
        {
            "contact": _("Contact's name"),
            "surname": _("Contact's surname"),
            "job_title": _("Job title"),
            "contact_cpf": _("Contact's CPF"),
            "email": _("E-mail"),
            "phone": _("Phone"),
            "mobile": _("Mobile or WhatsApp"),
            "ddd": _("Area code (DDD)"),
        },
    ),
    (
        _("Opportunity"),
        {
            "title": _("Title"),
            "value": _("Value"),
            "stage": _("Stage"),
            "pipeline": _("Pipeline"),
            "owner": _("Owner"),
            "source": _("Source"),
            "campaign": _("Campaign"),
            "expected_close_on": _("Expected close"),
            "probability": _("Probability"),
            "status": _("Status"),
            "created_on": _("Created on"),
            "closed_on": _("Closed on"),
            "loss_reason": _("Loss reason"),
            "competitor": _("Competitor"),
            "loss_comment": _("Comment on the loss"),
            "next_contact_on": _("Next contact"),
            "number": _("Number"),
            "tags": _("Tags"),
            "notes": _("Notes"),
        },
    ),
    (
        _("Kept in the notes"),
        {
            "note": _("Note under the column's name"),
        },
    ),
)
_LABELS = {field: label for _group, fields in GROUPS for field, label in fields.items()}


def label_of(field: str) -> StrOrPromise:
    """A field's name on screen; of a field of the company's own its key."""
    return _LABELS.get(field) or field.removeprefix("custom.")
