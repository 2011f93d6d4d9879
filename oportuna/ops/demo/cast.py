"""Who plays in the demo company: its people, teams and registers, as the stories use them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from oportuna.accounts.models import Company, Membership, Role, Team, User
from oportuna.ops.demo.worktime import WorkTime
from oportuna.sales.actions.companies import open_company
from oportuna.sales.models import Campaign, LossReason, Source, Stage, StageProbability, Tag
from oportuna.sales.models.registers import Colour

NAME, SLUG = "Vale Claro Energia Solar", "demo"
PASSWORD = "vitrine-aberta"  # noqa: S105  # shown to whoever starts the demo
TEAMS = ("Indústria e comércio", "Agronegócio")


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who signs in to the demo; `team` is a place in TEAMS."""

    login: str
    name: str
    role: Role
    team: int | None = None

    @property
    def email(self) -> str:
        """An address in a domain that no mail can reach (RFC 2606)."""
        return f"{self.login}@demo.example"


PARTS = (
    Part("admin", "Helena Vasconcelos", Role.ADMIN),
    Part("gerente", "Mariana Albuquerque", Role.MANAGER),
    Part("rafael", "Rafael Nogueira", Role.SELLER, 0),
    Part("priscila", "Priscila Camargo", Role.SELLER, 0),
    Part("tiago", "Tiago Guimarães", Role.SELLER, 1),
    Part("jessica", "Jéssica Valença", Role.SELLER, 1),
    Part("telemarketing", "Otávio Ramos", Role.OPERATOR),
    Part("leitura", "Célia Moreira", Role.VIEWER),
)
# Name, source, its first day and its length, both in days; the first counts back from today.
CAMPAIGNS = (
    ("Agrishow", "Evento", 570, 6),
    ("Intersolar", "Evento", 430, 4),
    ("Agrishow – segunda edição", "Evento", 205, 6),
    ("Conta de luz pela metade", "Redes sociais", 150, 90),
    ("Fim de ano com sol", "Site", 60, 90),
)
# The tag of a customer's segment, and the one of what is worth most, with their colours.
SEGMENT_TAGS = {
    "Agronegócio": ("Agro", Colour.OLIVE),
    "Condomínios": ("Condomínio", Colour.INDIGO),
    "Hotelaria": ("Hotel", Colour.VIOLET),
    "Logística": ("Frota", Colour.TEAL),
}
LARGE_TAG = ("Grande", Colour.MAGENTA)
LIST_SOURCE, PHONE_SOURCE = "Lista de e-mail comprada", "Telemarketing"


@dataclass(frozen=True, slots=True)
class Reason:
    """A loss reason, with what it asks for."""

    pk: int
    name: str
    asks_competitor: bool


@dataclass(slots=True)
class Cast:
    """Ids and names that the stories write; `names` are the members' by id, `campaigns` ids by source."""

    manager: int
    sellers: list[int]
    operator: int
    names: dict[int, str]
    stages: list[int]
    pipelines: dict[int, int]
    reasons: list[Reason]
    sources: dict[str, int]
    campaigns: dict[int, list[tuple[int, datetime, datetime]]] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)


def open_demo() -> Company:
    """Open the demo company with its first registers and its administrator."""
    return open_company(name=NAME, slug=SLUG, admin=_user(PARTS[0]), is_demo=True).company


def backdate(company: Company, opened_at: datetime) -> Company:
    """Let the company have been there from `opened_at` on."""
    Company.objects.filter(pk=company.pk).update(created_at=opened_at)
    return Company.objects.get(pk=company.pk)


def hire(company: Company, work: WorkTime) -> None:
    """Let the people in, in their teams, and run the campaigns; all in the company's scope, all from its first day on."""
    teams = [Team.objects.create(name=name) for name in TEAMS]
    for part in PARTS[1:]:
        team = None if part.team is None else teams[part.team]
        Membership.objects.create(
            company=company, user=_user(part), name=part.name, role=part.role, team=team
        )
    Membership.objects.filter(company=company).update(joined_at=work.at(0))
    StageProbability.objects.update(valid_from=work.at(0))
    sources = {source.name: source for source in Source.objects.all()}
    for position, (name, source, ago, days) in enumerate(CAMPAIGNS, 1):
        starts_on = work.today - timedelta(days=ago)
        ends_on = starts_on + timedelta(days=days)
        Campaign.objects.create(
            name=name, source=sources[source], position=position, starts_on=starts_on, ends_on=ends_on
        )
    for position, (name, colour) in enumerate((*SEGMENT_TAGS.values(), LARGE_TAG), 1):
        Tag.objects.create(name=name, colour=colour, position=position)


def gather(company: Company, work: WorkTime) -> Cast:
    """Look up everyone and everything that the stories need, in the company's scope."""
    members = {member.name: member for member in Membership.objects.filter(company=company)}
    by_role: dict[str, list[int]] = {}
    for part in PARTS:
        by_role.setdefault(part.role, []).append(members[part.name].pk)
    stages: QuerySet[Stage] = Stage.objects.order_by("pipeline__position", "position")
    campaigns: dict[int, list[tuple[int, datetime, datetime]]] = {}
    for campaign in Campaign.objects.all():
        if campaign.starts_on and campaign.ends_on:
            days = (work.hour(campaign.starts_on, 0), work.hour(campaign.ends_on, 23))
            campaigns.setdefault(campaign.source_id, []).append((campaign.pk, *days))
    return Cast(
        manager=by_role[Role.MANAGER][0],
        sellers=by_role[Role.SELLER],
        operator=by_role[Role.OPERATOR][0],
        names={member.pk: member.name for member in members.values()},
        stages=[stage.pk for stage in stages],
        pipelines={stage.pk: stage.pipeline_id for stage in stages},
        reasons=[
            Reason(reason.pk, reason.name, reason.asks_competitor) for reason in LossReason.objects.all()
        ],
        sources={source.name: source.pk for source in Source.objects.all()},
        campaigns=campaigns,
        tags={tag.name: tag.pk for tag in Tag.objects.all()},
    )


def _user(part: Part) -> User:
    return User.objects.create_user(part.email, PASSWORD, name=part.name)
