"""One row of everything that an address can name, for the walk over all addresses."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from oportuna.accounts import actions as accounts
from oportuna.accounts.models import Company, Team
from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ExportJob, ImportJob, Suppression
from oportuna.sales.actions import activities, customers, items
from oportuna.sales.models import Activity, Campaign, Pipeline
from oportuna.work.models import Notice
from tests.factories import (
    admin_of,
    make_actor,
    make_company,
    make_customer,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)


@dataclass
class Seed:
    """A company with rows of every kind; `rows` holds them by the name of the noun."""

    company: Company
    rows: dict[str, Any] = field(default_factory=dict)


def seed() -> Seed:
    """Make a company with one row of everything."""
    company = make_company()
    admin = admin_of(company)
    customer = make_customer(admin, "Sigilosa Ltda", emails=["sigilo@example.com"], phones=["+5511987654321"])
    opportunity = make_opportunity(admin, customer=customer, title="Sigilosa")
    with company_scope(company):
        contact = customers.add_contact(customer, {"name": "Sigilo"}, by=admin)
        item = items.add_item(
            opportunity, {"description": "Sigilo", "quantity": Decimal(1), "unit_price": Decimal(1)}, by=admin
        )
        activity = activities.plan(opportunity, Activity.Kind.CALL, due_on=admin.today(), by=admin)
        team = Team.objects.create(name="Sigilo")
        invitation, _token = accounts.invite(email="sigilo@example.com", by=admin)
        job = ImportJob.objects.create(
            name="sigilo.csv", stored="nenhum", size=1, digest="0" * 64, created_by=admin.membership
        )
        export = ExportJob.objects.create(
            what="customers", kind="csv", words="Sigilo", stored="nenhum", created_by=admin.membership
        )
        suppression = Suppression.objects.create(
            kind="email", value="sigilo@example.com", added_by=admin.membership
        )
        notice = Notice.objects.create(
            recipient=admin.membership, kind="opportunity.assigned", row=opportunity.pk
        )
        campaign = Campaign.objects.create(name="Sigilo", source=source_of(company), position=1)
        pipeline = Pipeline.objects.get()
    rows = {
        "opportunity": opportunity,
        "customer": customer,
        "contact": contact,
        "activity": activity,
        "item": item,
        "team": team,
        "invitation": invitation,
        "job": job,
        "export": export,
        "notice": notice,
        "campaign": campaign,
        "pipeline": pipeline,
        "stage": stage_of(company),
        "suppression": suppression,
        "reason": reason_of(company),
        "source": source_of(company),
        "member": make_actor("seller", company, name="Sigilo").membership,
    }
    return Seed(company, rows)


# What stands in an address before the code of a row, and the row that it names.
NOUNS = {
    "": "source",  # registers/<kind>/<row>/
    "activities": "activity",
    "campaigns": "campaign",
    "contacts": "contact",
    "do-not-contact": "suppression",
    "customers": "customer",
    "exports": "export",
    "imports": "job",
    "invitations": "invitation",
    "items": "item",
    "members": "member",
    "notices": "notice",
    "participants": "member",
    "people": "member",
    "pipelines": "pipeline",
    "reasons": "reason",
    "loss-reasons": "reason",
    "sources": "source",
    "stage": "stage",
    "stages": "stage",
    "teams": "team",
}


def sample(path: str, argument: str, seed: Seed) -> Any:
    """What stands for an argument of a route; KeyError for a noun that nobody described here."""
    before, converter = re.findall(rf"([a-z-]*)/<(\w+):{argument}>", path)[-1]
    if converter == "int":
        return seed.rows["opportunity"].number
    if converter in ("str", "slug"):
        return TEXTS[before]
    return seed.rows[NOUNS[before]].pk


# What stands in an address before a plain word, and one of the words.
TEXTS = {"edit": "title", "fields": "title", "registers": "sources"}
