"""Making the demo company, and taking it away."""

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import rls
from oportuna.accounts.company import CompanyModel
from oportuna.accounts.models import Company, Membership, User
from oportuna.accounts.scope import OWNER, company_scope
from oportuna.errors import Refused
from oportuna.ops.database import keys_checked_at_the_end, tell_planner
from oportuna.ops.demo import cast as casting
from oportuna.ops.demo.cast import Cast
from oportuna.ops.demo.draft import COLUMNS, Draft, Order, draw, ids_for
from oportuna.ops.demo.worktime import WorkTime
from oportuna.records import search_index
from oportuna.records.models import Searchable
from oportuna.records.rows import insert_converted, insert_rows, reserve_ids
from oportuna.sales.actions import numbers
from oportuna.sales.ledger import Amounts, Lines, Place
from oportuna.sales.models import LedgerDay, LedgerTotal

DEFAULT, MOST = 200, 1_000_000
CHUNK = 2_000  # opportunities to a transaction; a multiple of five, as each five share two customers
FEW = 5  # chunks that one process draws as quickly as several


def find() -> Company | None:
    """The demo company, when there is one."""
    return Company.objects.filter(slug=casting.SLUG).first()


def build(
    opportunities: int = DEFAULT,
    *,
    today: date | None = None,
    told: Callable[[int], None] = lambda _written: None,
    chunk: int = CHUNK,
) -> Company:
    """Make the demo company with so many opportunities, as of `today` (the company's), and return it.

    `told` hears how many are written after each chunk. Each chunk is one transaction, all of them one on a PostgreSQL that
    nobody uses yet; memory is a chunk's and the ledger's days', whatever their number. Raises Refused when the company
    exists.
    """
    if find() is not None:
        raise Refused(_("The demo company is there already."))
    with _quickly():
        company = _build(opportunities, today, told, chunk)
    tell_planner()
    return company


@contextmanager
def _quickly() -> Iterator[None]:
    """Write over the connection of PostgreSQL's owner where there is one and nobody would have to wait for it."""
    if OWNER not in settings.DATABASES or connection.in_atomic_block or Company.objects.exists():
        yield
        return
    with rls.as_owner(), transaction.atomic(), keys_checked_at_the_end(rls.owner_connection()):
        yield


def _build(opportunities: int, today: date | None, told: Callable[[int], None], chunk: int) -> Company:
    with transaction.atomic():
        opened = casting.open_demo()
        work = WorkTime(today or timezone.now().astimezone(opened.zone).date(), opened.zone)
        company = casting.backdate(opened, work.at(0))
        with company_scope(company):
            casting.hire(company, work)
            cast = casting.gather(company, work)
            first = numbers.take(opportunities)
    lines = Lines()
    for start, draft in _drafts(company, cast, work, opportunities, first, chunk):
        with company_scope(company):
            for name, (model, columns) in COLUMNS.items():
                insert_converted(model, columns, draft.rows[name])
        lines.add(draft.lines)
        if start == 0:
            tell_planner()
        told(min(start + chunk, opportunities))
    with company_scope(company), transaction.atomic():
        _write_figures(lines, cast.pipelines)
    return company


def _drafts(
    company: Company, cast: Cast, work: WorkTime, how_many: int, first_number: int, chunk: int
) -> Iterator[tuple[int, Draft]]:
    """The chunks in their order, each with its start; many are drawn in other processes, a few ahead of what is written."""

    def order(start: int) -> Order:
        length = min(chunk, how_many - start)
        with company_scope(company):
            ids = {name: reserve_ids(COLUMNS[name][0], most) for name, most in ids_for(length).items()}
        return Order(cast, work, how_many, first_number, start, length, ids)

    starts = range(0, how_many, chunk)
    if len(starts) <= FEW:
        yield from ((start, draw(order(start))) for start in starts)
        return
    processes = max(1, min(3, (os.cpu_count() or 2) - 1))
    # Spawned, not forked: a forked one would share this one's connection to the database.
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=django.setup) as pool:
        ahead: deque[tuple[int, Future[Draft]]] = deque()
        for start in starts:
            ahead.append((start, pool.submit(draw, order(start))))
            if len(ahead) > processes + 1:
                start, drawn = ahead.popleft()
                yield start, drawn.result()
        yield from ((start, drawn.result()) for start, drawn in ahead)


def erase(company: Company) -> None:
    """Take the demo company away for good, with its people; only ever the demo."""
    if not company.is_demo:
        raise Refused(_("%(name)s is not the demo company.") % {"name": company.name})
    quote = connection.ops.quote_name
    users = list(Membership.objects.filter(company=company).values_list("user_id", flat=True))
    with company_scope(company), transaction.atomic(), connection.cursor() as cursor:
        # Last made first: what refers to a row goes before it, or the database would look for it each time.
        for model in (*reversed(list(rls.tenant_models())), *_global_models_of_a_company()):
            if issubclass(model, Searchable):
                search_index.drop_all(model)
            cursor.execute(f"DELETE FROM {quote(model._meta.db_table)} WHERE company_id = %s", [company.pk])
        User.objects.filter(pk__in=users).exclude(pk__in=Membership.objects.values("user_id")).delete()
        Company.objects.filter(pk=company.pk).delete()


def _global_models_of_a_company() -> Iterator[type[Model]]:
    """Models outside any scope whose rows belong to a company all the same: memberships, invitations, work."""
    for model in apps.get_models():
        names = {field.attname for field in model._meta.concrete_fields}
        if "company_id" in names and not issubclass(model, CompanyModel):
            yield model


def _write_figures(lines: Lines, pipelines: dict[int, int]) -> None:
    """Write the lines as the clock would have folded them by now: days and totals."""
    totals: defaultdict[Place, Amounts] = defaultdict(Amounts)
    for (_day, _kind, place), amounts in lines.rows():
        totals[place] = totals[place].plus(amounts)
    columns = "pipeline_id stage_id owner_id source_id count cents stage_cents own_weighted".split()
    insert_rows(
        LedgerTotal,
        columns,
        ((pipelines[place.stage_id], *place, *amounts) for place, amounts in totals.items() if any(amounts)),
    )
    insert_rows(
        LedgerDay,
        ["day", "kind", *columns],
        (
            (day, kind.value, pipelines[place.stage_id], *place, *amounts)
            for (day, kind, place), amounts in lines.rows()
        ),
    )
