"""Opportunities taken out: every field that an import understands of one, its customer and its contact.

A row gives back to an import what it held, so it says things as the import reads them: the owner by e-mail, for two members
may have one name; a probability only where it is the opportunity's own, for a stage's would become one; a customer's notes
not at all, for the only notes that a row brings are the opportunity's. What people like to see besides is marked "(read
only)" in its heading, which an import leaves out.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.brazil.address import format_cep
from oportuna.brazil.document import format_document
from oportuna.fields import cents, reais
from oportuna.imports.exports.cells import Column, Values, joined
from oportuna.imports.exports.people import channels, phones_text, reached
from oportuna.sales.models import Activity, Channel, Customer, Opportunity, OpportunityTag
from oportuna.sales.queries.stays import days_since
from oportuna.sales.queries.visible import visible_opportunities

_FIELDS = (
    *("pk", "number", "title", "status", "value", "probability", "expected_close_on", "created_at"),
    *("closed_on", "next_due_on", "next_kind", "stage_since", "notes", "competitor", "loss_comment"),
    *("stage__name", "stage__probability", "stage__pipeline__name", "owner__name", "owner__user__email"),
    *("source__name", "campaign__name", "loss_reason__name", "customer_id", "contact_id"),
    *("customer__kind", "customer__name", "customer__trade_name", "customer__cnpj", "customer__cpf"),
    *("customer__ie", "customer__segment", "customer__site", "customer__address", "customer__district"),
    *("customer__city", "customer__uf", "customer__cep", "customer__do_not_contact"),
    *("contact__name", "contact__job_title", "contact__cpf"),
)


def rows(actor: Actor, ids: Sequence[int]) -> list[Values]:
    """The opportunities of these ids in their order, as their columns take them; those that the actor does not see are left out."""
    found: dict[int, Values] = {
        row["pk"]: row for row in visible_opportunities(actor).filter(OneOf("id", ids)).values(*_FIELDS)
    }
    customers = {row["customer_id"] for row in found.values()}
    emails = channels(Channel.Kind.EMAIL, customers)
    phones = channels(Channel.Kind.PHONE, customers)
    tags: defaultdict[int, list[str]] = defaultdict(list)
    tagged = OpportunityTag.objects.filter(OneOf("opportunity_id", list(found))).order_by(
        "tag__position", "tag_id"
    )
    for pk, name in tagged.values_list("opportunity_id", "tag__name"):
        tags[pk].append(name)
    today, zone = actor.today(), actor.membership.zone
    for row in found.values():
        row["emails"] = reached(emails, row["customer_id"], row["contact_id"])
        row["phones"] = reached(phones, row["customer_id"], row["contact_id"])
        row["tags"] = ", ".join(tags[row["pk"]])
        row["created_on"] = row["created_at"].astimezone(actor.company.zone).date()
        row["days"] = days_since(row["stage_since"], today, zone)
    return [found[pk] for pk in ids if pk in found]


def columns() -> list[Column]:
    """The columns of an opportunity in their order."""
    statuses, kinds = _words(Opportunity.Status), _words(Activity.Kind)
    return [
        Column(_("Opportunity's number"), lambda row: row["number"], width=9),
        Column(_("Title"), lambda row: row["title"], width=40),
        Column(_("Pipeline"), lambda row: row["stage__pipeline__name"], width=16),
        Column(_("Stage"), lambda row: row["stage__name"], width=16),
        Column(_("Opportunity's status"), lambda row: statuses[row["status"]], width=12),
        Column(_("Value"), lambda row: row["value"]),
        Column(_("Probability"), lambda row: row["probability"], permille=True, width=12),
        Column(_("Weighted value (read only)"), _weighted),
        Column(_("Expected close"), lambda row: row["expected_close_on"]),
        Column(_("Owner (read only)"), lambda row: row["owner__name"], width=24),
        Column(_("Seller's e-mail"), lambda row: row["owner__user__email"], width=28),
        Column(_("Source"), lambda row: row["source__name"], width=20),
        Column(_("Campaign"), lambda row: row["campaign__name"], width=20),
        Column(_("Next contact"), lambda row: row["next_due_on"]),
        Column(_("Next activity (read only)"), lambda row: kinds.get(row["next_kind"])),
        Column(_("Days in the stage (read only)"), _days, width=10),
        Column(_("Created on"), lambda row: row["created_on"]),
        Column(_("Closed on"), lambda row: row["closed_on"]),
        Column(_("Loss reason"), lambda row: row["loss_reason__name"], width=28),
        Column(_("Competitor"), lambda row: row["competitor"], width=20),
        Column(_("Comment on the loss"), lambda row: row["loss_comment"], width=40),
        Column(_("Tags"), lambda row: row["tags"], width=24),
        *customer_columns("customer__"),
        *contact_columns("contact__"),
        Column(_("Notes"), lambda row: row["notes"], width=60),
    ]


def customer_columns(at: str) -> list[Column]:
    """The columns of a customer, whose values stand in a row under names that begin with `at`."""
    kinds = _words(Customer.Kind)
    return [
        Column(_("Registered name / name"), lambda row: row[f"{at}name"], width=36),
        Column(_("Trade name"), lambda row: row[f"{at}trade_name"], width=28),
        Column(_("Company or person"), lambda row: kinds[row[f"{at}kind"]], width=12),
        Column(_("CNPJ"), lambda row: format_document(row[f"{at}cnpj"] or ""), width=20),
        Column(_("CPF"), lambda row: format_document(row[f"{at}cpf"] or ""), width=16),
        Column(_("State registration"), lambda row: row[f"{at}ie"], width=16),
        Column(_("Segment"), lambda row: row[f"{at}segment"], width=20),
        Column(_("Site"), lambda row: row[f"{at}site"], width=28),
        Column(_("Address"), lambda row: row[f"{at}address"], width=36),
        Column(_("District"), lambda row: row[f"{at}district"], width=18),
        Column(_("City"), lambda row: row[f"{at}city"], width=20),
        Column(_("State (UF)"), lambda row: row[f"{at}uf"], width=8),
        Column(_("CEP"), lambda row: format_cep(row[f"{at}cep"]), width=11),
        # No is left empty: whoever brings the file back says nothing about those who may be contacted.
        Column(_("Do not contact"), lambda row: str(_("Yes")) if row[f"{at}do_not_contact"] else "", width=8),
    ]


def contact_columns(at: str) -> list[Column]:
    """The columns of a contact, whose name, job title and CPF stand in a row under names that begin with `at`."""
    return [
        Column(_("Contact"), lambda row: row[f"{at}name"], width=24),
        Column(_("Job title"), lambda row: row[f"{at}job_title"], width=20),
        Column(_("Contact's CPF"), lambda row: format_document(row[f"{at}cpf"] or ""), width=16),
        Column(_("E-mails"), lambda row: joined(row["emails"]), width=32),
        Column(_("Phones"), lambda row: phones_text(row["phones"]), width=32),
    ]


def _words(choices: Any) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def _days(row: Values) -> int | None:
    days: int = row["days"]
    return days if row["status"] == Opportunity.Status.OPEN else None


def _weighted(row: Values) -> Decimal | None:
    """Of what is open; rounded as one figure is, half a cent up."""
    if row["value"] is None or row["status"] != Opportunity.Status.OPEN:
        return None
    own: int | None = row["probability"]
    probability = int(row["stage__probability"]) if own is None else own
    return reais((cents(row["value"]) * probability + 500) // 1000)
