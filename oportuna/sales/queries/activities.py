"""Activities: those of an opportunity still to be done, and a person's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership, Role
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.brazil.phone import whatsapp_url
from oportuna.sales.models import Activity, Channel, Opportunity, Stage
from oportuna.sales.queries.figures import Narrowing, Totals, stage_totals
from oportuna.sales.queries.lists import stalled
from oportuna.sales.queries.visible import seen_owners, visible_opportunities

IN_ORDER = ("due_on", F("due_at").asc(nulls_last=True), "pk")
"""What is to be done, first first: of one day, those with an hour before those without."""

MOST_TO_DO = 50
MOST_OF_A_DAY = 100
MOST_LATE = 20
MOST_LEADS = 10
DAYS_AHEAD = 7


def visible_activities(actor: Actor) -> QuerySet[Activity]:
    """Activities of opportunities that the actor may see, and his own on any that is not in the trash."""
    seen = Q(opportunity__in=visible_opportunities(actor))
    own = Q(owner=actor.membership, opportunity__isnull=False, opportunity__deleted_at__isnull=True)
    return Activity.objects.filter(seen | own)


def to_do(opportunity: Opportunity) -> list[Activity]:
    """What is still to be done on an opportunity, first first."""
    return _waiting(opportunity.pk)


@prepared
def _waiting(opportunity_id: int) -> QuerySet[Activity]:
    waiting = Activity.objects.filter(opportunity_id=opportunity_id, done_at__isnull=True)
    return waiting.select_related("owner", "contact").order_by(*IN_ORDER)[:MOST_TO_DO]


def choosable_members(actor: Actor) -> QuerySet[Membership]:
    """Active members to whom the actor may give work: those whose opportunities he sees, viewers left out."""
    return _workers(actor.company.pk, seen_owners(actor))


def members_on_offer(actor: Actor) -> list[Membership]:
    """All of `choosable_members`."""
    return _workers_now(actor.company.pk, seen_owners(actor))


def _workers(company_id: int, owners: tuple[int, ...] | None) -> QuerySet[Membership]:
    members = Membership.objects.filter(company_id=company_id, is_active=True).exclude(role=Role.VIEWER)
    seen = members if owners is None else members.filter(OneOf("pk", owners))
    return seen.order_by("name_folded", "pk")


_workers_now = prepared(_workers)


@dataclass(frozen=True, slots=True)
class Task:
    """One activity of a day. `may_open` says whether its opportunity is the actor's to see; `call` is its phone."""

    activity: Activity
    call: str
    chat: str | None
    may_open: bool

    @property
    def code(self) -> str:
        """The activity, as an address names it."""
        return encode(self.activity.pk)


@dataclass(frozen=True, slots=True)
class Lead:
    """A new opportunity that nobody has contacted yet."""

    number: int
    title: str
    customer: str
    source: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StageShare:
    """What of a stage is the actor's own; `permille` compares its count with the fullest stage's."""

    pk: int
    name: str
    colour: str
    probability: int
    totals: Totals
    permille: int

    @property
    def code(self) -> str:
        """The stage, as an address names it."""
        return encode(self.pk)


@dataclass(frozen=True, slots=True)
class MyDay:
    """What waits for a person: lists are capped, counts are not."""

    late: Sequence[Task]
    late_count: int
    today: Sequence[Task]
    done: Sequence[Task]
    ahead: Sequence[Task]
    ahead_count: int
    leads: Sequence[Lead]
    leads_count: int
    without_next: int
    stalled: int
    stages: Sequence[StageShare]

    @property
    def is_empty(self) -> bool:
        """Nothing planned, nothing done today and no new lead."""
        return not (self.late or self.today or self.done or self.ahead or self.leads)


def my_day(actor: Actor) -> MyDay:
    """The day of a person where he is: his own activities, new leads, and his open opportunities that wait."""
    today = actor.today()
    mine = own_activities(actor)
    waiting = mine.filter(done_at__isnull=True).order_by(*IN_ORDER)
    late = waiting.filter(due_on__lt=today)
    ahead = waiting.filter(due_on__gt=today, due_on__lte=today + timedelta(days=DAYS_AHEAD))
    begin = datetime.combine(today, time.min, tzinfo=actor.membership.zone)
    done = mine.filter(done_at__gte=begin, done_by=actor.membership, due_on__isnull=False).order_by(
        "done_at", "pk"
    )
    lists = [
        list(late[:MOST_LATE]),
        list(waiting.filter(due_on=today)[:MOST_OF_A_DAY]),
        list(done[:MOST_OF_A_DAY]),
        list(ahead[:MOST_OF_A_DAY]),
    ]
    tasks = _Tasks(actor, [activity for part in lists for activity in part])
    open_ones = visible_opportunities(actor).filter(owner=actor.membership, status=Opportunity.Status.OPEN)
    leads = new_leads(actor)
    return MyDay(
        late=tasks.of(lists[0]),
        late_count=late.order_by().count(),
        today=tasks.of(lists[1]),
        done=tasks.of(lists[2]),
        ahead=tasks.of(lists[3]),
        ahead_count=ahead.order_by().count(),
        leads=[
            Lead(number, title, trade_name or name, source or "", created_at)
            for number, title, trade_name, name, source, created_at in leads.order_by(
                "-created_at", "-pk"
            ).values_list(
                "number", "title", "customer__trade_name", "customer__name", "source__name", "created_at"
            )[:MOST_LEADS]
        ],
        leads_count=leads.order_by().count(),
        without_next=open_ones.filter(next_due_on__isnull=True).order_by().count(),
        stalled=open_ones.filter(stalled(actor)).order_by().count(),
        stages=_stages(actor),
    )


def own_activities(actor: Actor) -> QuerySet[Activity]:
    """The actor's own on opportunities outside the trash, done or not."""
    return Activity.objects.filter(
        owner=actor.membership, opportunity__isnull=False, opportunity__deleted_at__isnull=True
    ).select_related("opportunity", "customer", "contact")


def new_leads(actor: Actor) -> QuerySet[Opportunity]:
    """One's own and the unassigned in the first stage of a pipeline, with nothing done on them but notes."""
    first = dict(
        Stage.objects.filter(is_active=True).order_by().values_list("pipeline_id").annotate(Min("position"))
    )
    in_first = Q(pk__in=[])
    for pipeline_id, position in first.items():
        in_first |= Q(stage__pipeline_id=pipeline_id, stage__position=position)
    contacted = Activity.objects.filter(opportunity=OuterRef("pk"), done_at__isnull=False).exclude(
        kind=Activity.Kind.NOTE
    )
    return visible_opportunities(actor).filter(
        in_first,
        ~Exists(contacted),
        Q(owner=actor.membership) | Q(owner__isnull=True),
        status=Opportunity.Status.OPEN,
        next_due_on__isnull=True,
    )


def _stages(actor: Actor) -> list[StageShare]:
    totals = stage_totals(actor, Narrowing(owner_id=actor.membership.pk))
    stages = Stage.objects.filter(pk__in=list(totals)).order_by(
        "pipeline__position", "pipeline_id", "position", "pk"
    )
    most = max((part.count for part in totals.values()), default=0)
    return [
        StageShare(
            stage.pk,
            stage.name,
            stage.colour,
            stage.probability or 0,
            totals[stage.pk],
            totals[stage.pk].count * 1000 // most if most else 0,
        )
        for stage in stages
    ]


class _Tasks:
    """Makes tasks of activities: the phones of their people are read once for all."""

    def __init__(self, actor: Actor, activities: Sequence[Activity]) -> None:
        numbers = {activity.opportunity_id for activity in activities if activity.opportunity_id}
        self.seen = set(visible_opportunities(actor).filter(pk__in=numbers).values_list("pk", flat=True))
        self.phones: dict[tuple[int, int | None], list[str]] = {}
        channels = Channel.objects.filter(
            customer_id__in={activity.customer_id for activity in activities}, kind=Channel.Kind.PHONE
        )
        for customer_id, contact_id, value in channels.order_by("position", "pk").values_list(
            "customer_id", "contact_id", "value"
        ):
            self.phones.setdefault((customer_id, contact_id), []).append(value)

    def of(self, activities: Sequence[Activity]) -> list[Task]:
        return [self._task(activity) for activity in activities]

    def _task(self, activity: Activity) -> Task:
        phones: list[str] = []
        if not activity.customer.do_not_contact:
            at_contact = self.phones.get((activity.customer_id, activity.contact_id), [])
            phones = at_contact or self.phones.get((activity.customer_id, None), [])
        chat = next(filter(None, map(whatsapp_url, phones)), None)
        return Task(activity, phones[0] if phones else "", chat, activity.opportunity_id in self.seen)
