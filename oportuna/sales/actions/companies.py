"""Opening a company with what it begins with: stages, loss reasons, sources."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from oportuna.accounts import actions as accounts
from oportuna.accounts import audit
from oportuna.accounts.actor import Actor, actor_for
from oportuna.accounts.models import AuditEntry, Company, Invitation, Membership, Role, User
from oportuna.accounts.scope import company_scope
from oportuna.sales.models import LossReason, NumberSeries, Pipeline, Source, Stage, StageProbability
from oportuna.sales.models.registers import Colour

PIPELINE = "Vendas"


@dataclass(frozen=True, slots=True)
class FirstStage:
    """A stage that a new company begins with; probability in tenths of a percent."""

    name: str
    colour: Colour
    probability: int
    stale_after_days: int


# Content, not interface: the company renames, reorders and adds.
STAGES = (
    FirstStage("Lead", Colour.GREY, 50, 7),
    FirstStage("Prospecção", Colour.BLUE, 150, 10),
    FirstStage("Qualificação", Colour.INDIGO, 300, 14),
    FirstStage("Proposta", Colour.VIOLET, 600, 14),
    FirstStage("Negociação", Colour.TEAL, 800, 10),
)
COMPETITOR_REASON = "Comprou do concorrente"
LOSS_REASONS = (
    "Preço muito alto",
    "Mau atendimento",
    "Prazo de entrega longo",
    "Condição de pagamento não facilitada",
    COMPETITOR_REASON,
    "Sem orçamento",
    "Sem retorno do cliente",
    "Desistiu da compra",
)
SOURCES = (
    "Site",
    "Telemarketing",
    "Evento",
    "Lista de e-mail comprada",
    "Indicação",
    "Redes sociais",
    "Outros",
)


@transaction.atomic
def open_company(*, name: str, slug: str, admin: User, is_demo: bool = False) -> Actor:
    """Open a company with its registers and its first administrator, and return him as an actor.

    Raises ValidationError for a name or slug that will not do.
    """
    company = Company(name=name, slug=slug, is_demo=is_demo)
    company.full_clean()
    company.save()
    with company_scope(company):
        membership = Membership.objects.create(company=company, user=admin, name=admin.name, role=Role.ADMIN)
        _fill_registers()
        by = actor_for(membership)
        audit.write(AuditEntry.Verb.COMPANY_OPENED, by=by, about=name)
    return by


@transaction.atomic
def open_company_without_people(*, name: str, slug: str) -> Company:
    """Open a company with its registers; its first administrator joins by invitation."""
    company = Company(name=name, slug=slug)
    company.full_clean()
    company.save()
    with company_scope(company):
        _fill_registers()
    return company


@transaction.atomic
def found(invitation: Invitation, *, company: str, slug: str, name: str, email: str, password: str) -> Actor:
    """Open one's own company at a founder's one-time address, as somebody without an account, and administer it.

    Raises Refused when the address was used meanwhile or the e-mail has an account, ValidationError for a name, slug
    or password that will not do.
    """
    accounts.use_founders_invitation(invitation)
    return open_company(name=company, slug=slug, admin=accounts.new_user(email, name, password))


@transaction.atomic
def found_as(invitation: Invitation, *, company: str, slug: str, founder: User) -> Actor:
    """As `found`, by somebody who signs in already."""
    accounts.use_founders_invitation(invitation)
    return open_company(name=company, slug=slug, admin=founder)


def _fill_registers() -> None:
    now = timezone.now()
    pipeline = Pipeline.objects.create(name=PIPELINE, position=1)
    for position, first in enumerate(STAGES, 1):
        stage = Stage.objects.create(
            pipeline=pipeline,
            name=first.name,
            position=position,
            colour=first.colour,
            probability=first.probability,
            stale_after_days=first.stale_after_days,
        )
        StageProbability.objects.create(stage=stage, probability=first.probability, valid_from=now)
    for position, name in enumerate(LOSS_REASONS, 1):
        LossReason.objects.create(name=name, position=position, asks_competitor=name == COMPETITOR_REASON)
    for position, name in enumerate(SOURCES, 1):
        Source.objects.create(name=name, position=position)
    NumberSeries.objects.create()
