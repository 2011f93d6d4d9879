"""Migrations that fill what was there before."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import opportunities
from oportuna.sales.models import Opportunity
from tests.factories import make_actor, make_opportunity


def test_what_was_closed_before_gets_the_whole_seconds_that_it_was_open(db):
    ana = make_actor("manager")
    spans = (
        timedelta(days=10),
        timedelta(days=400, microseconds=1),
        timedelta(seconds=61, microseconds=999_000),
        timedelta(seconds=9, microseconds=999_999),
        timedelta(seconds=10),
    )
    for span in spans:
        won = make_opportunity(ana)
        with company_scope(ana.company):
            opportunities.win(won, by=ana)
            closed_at = timezone.now()
            Opportunity.objects.filter(pk=won.pk).update(
                created_at=closed_at - span, closed_at=closed_at, seconds_open=0
            )
    fill = import_module("oportuna.sales.migrations.0002_opportunity_seconds_open").count_seconds

    with company_scope(ana.company), connection.cursor() as cursor:
        fill(None, SimpleNamespace(connection=connection, execute=cursor.execute))
        found = list(Opportunity.objects.order_by("pk").values_list("seconds_open", flat=True))

    assert found == [864_000, 34_560_000, 61, 9, 10]
