"""What tests begin with, made by the same verbs as people use: plain functions."""

from decimal import Decimal
from itertools import count
from typing import Any

from oportuna.accounts.actor import Actor, actor_for
from oportuna.accounts.models import Company, Membership, Role, Team, User
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import companies, customers, opportunities
from oportuna.sales.models import Customer, LossReason, Opportunity, Source, Stage

_number = count(1)


def make_user(name: str = "Ana", **fields: Any) -> User:
    """A person who can sign in, in no company yet."""
    return User.objects.create_user(
        fields.pop("email", f"{name.lower()}{next(_number)}@example.com"), name=name, **fields
    )


def make_company(name: str = "Acme", **fields: Any) -> Company:
    """A company with its first registers and an administrator."""
    admin = companies.open_company(name=name, slug=f"acme-{next(_number)}", admin=make_user("Admin"))
    if fields:
        Company.objects.filter(pk=admin.company.pk).update(**fields)
    return Company.objects.get(pk=admin.company.pk)


def make_actor(
    role: Role | str = Role.SELLER,
    company: Company | None = None,
    *,
    name: str = "Ana",
    team: Team | None = None,
) -> Actor:
    """A person of a company in a role; of a new company when none is named."""
    company = company or make_company()
    with company_scope(company):
        membership = Membership.objects.create(
            company=company, user=make_user(name), name=name, role=Role(role), team=team
        )
        return actor_for(membership)


def fresh(actor: Actor) -> Actor:
    """The same person, with what the database says now."""
    with company_scope(actor.company):
        return actor_for(Membership.objects.select_related("company").get(pk=actor.membership.pk))


def admin_of(company: Company) -> Actor:
    """The company's first administrator."""
    with company_scope(company):
        return actor_for(Membership.objects.select_related("company").get(company=company, name="Admin"))


def stage_of(company: Company, name: str = "Lead") -> Stage:
    """A stage of the company by its name."""
    with company_scope(company):
        return Stage.objects.select_related("pipeline").get(name=name)


def reason_of(company: Company, name: str = "Preço muito alto") -> LossReason:
    """A loss reason of the company by its name."""
    with company_scope(company):
        return LossReason.objects.get(name=name)


def source_of(company: Company, name: str = "Site") -> Source:
    """A source of the company by its name."""
    with company_scope(company):
        return Source.objects.get(name=name)


def make_customer(by: Actor, name: str = "Padaria Sol", **fields: Any) -> Customer:
    """A customer registered by somebody."""
    channels = {kind: fields.pop(kind, ()) for kind in ("emails", "phones")}
    with company_scope(by.company):
        return customers.create({"name": name, **fields}, **channels, by=by)


def make_opportunity(by: Actor, stage: Stage | str = "Lead", **fields: Any) -> Opportunity:
    """An opportunity registered by somebody, its customer too unless named."""
    with company_scope(by.company):
        if isinstance(stage, str):
            stage = stage_of(by.company, stage)
        customer = fields.pop("customer", None) or make_customer(by, f"Cliente {next(_number)}")
        fields.setdefault("title", "Notebook")
        fields.setdefault("value", Decimal("1000.00"))
        return opportunities.create(stage=stage, customer=customer, **fields, by=by)
