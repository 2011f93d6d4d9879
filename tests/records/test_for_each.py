"""One queryset for several values, in one statement."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oportuna.accounts.scope import NoScope, company_scope
from oportuna.records.for_each import EACH, rows_for_each
from oportuna.sales.models import Opportunity, Stage
from tests.factories import make_actor, make_company, make_opportunity, stage_of


def _first_of_each(*stages: Stage) -> list[tuple[object, ...]]:
    first = Opportunity.objects.filter(stage_id=EACH).order_by("title_folded").values("pk")[:2]
    rows = Opportunity.objects.filter(pk__in=first).order_by().values_list("title", "value", "created_at")
    return rows_for_each(rows, [stage.pk for stage in stages])


def test_rows_are_those_of_a_query_for_each_value_converted_as_ever(db):
    ana = make_actor()
    lead, proposal, empty = (stage_of(ana.company, name) for name in ("Lead", "Proposta", "Negociação"))
    for title in ("Notebook", "Impressora", "Servidor"):
        make_opportunity(ana, lead, title=title, value=Decimal("10.50"))
    make_opportunity(ana, proposal, title="Rede")

    with company_scope(ana.company):
        with CaptureQueriesContext(connection) as asked:
            found = _first_of_each(lead, proposal, empty)
        alone = [
            row
            for title in ("Impressora", "Notebook", "Rede")
            for row in Opportunity.objects.filter(title=title).values_list("title", "value", "created_at")
        ]

    assert sorted(found) == sorted(alone)
    assert len(asked) == 1


def test_no_values_need_no_statement(db, django_assert_num_queries):
    ana = make_actor()
    with company_scope(ana.company), django_assert_num_queries(0):
        assert _first_of_each() == []


def test_another_companys_rows_are_not_among_them(db):
    ana, bob = make_actor(), make_actor(company=make_company("Rival"))
    stage = stage_of(ana.company)
    make_opportunity(ana, stage, title="Notebook")

    with company_scope(bob.company):
        assert _first_of_each(stage) == []
    with pytest.raises(NoScope):
        _first_of_each(stage)
