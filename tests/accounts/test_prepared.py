"""Statements that are built once: they give what the query gives, in the scope of whoever runs them."""

import gc
import threading
import weakref
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.db.models import Prefetch, QuerySet
from django.test.utils import CaptureQueriesContext

from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.accounts.scope import NoScope, company_scope
from oportuna.sales.models import Opportunity, Stage
from tests.factories import make_actor, make_company, make_opportunity, stage_of


def _make(build):
    """A prepared statement, and the arguments that its query was built with so far."""
    built = []

    @prepared
    def rows(*given):
        built.append(given)
        return build(*given)

    return rows, built


def _titles(stage_id: int) -> QuerySet[Opportunity, tuple[object, ...]]:
    rows = Opportunity.objects.filter(stage_id=stage_id).order_by("title_folded")
    return rows.values_list("title", "value", "created_at")[:2]


def test_rows_are_those_of_the_query_for_every_value_and_it_is_built_once(db):
    ana = make_actor()
    lead, proposal = stage_of(ana.company, "Lead"), stage_of(ana.company, "Proposta")
    for title in ("Notebook", "Impressora"):
        make_opportunity(ana, lead, title=title, value=Decimal("10.50"))
    make_opportunity(ana, proposal, title="Rede")
    rows, built = _make(_titles)

    with company_scope(ana.company):
        found = {stage.pk: rows(stage.pk) for stage in (lead, proposal)}
        asked = {stage.pk: list(_titles(stage.pk)) for stage in (lead, proposal)}

    assert found == asked
    assert len(found[lead.pk]) == 2
    assert len(built) == 1


def test_objects_come_with_the_rows_that_they_name(db, django_assert_num_queries):
    ana = make_actor()
    made = make_opportunity(ana, stage_of(ana.company, "Proposta"), title="Notebook")
    rows, _built = _make(
        lambda text: Opportunity.objects.select_related("stage__pipeline", "owner").filter(title=text)
    )

    with company_scope(ana.company), django_assert_num_queries(1):
        (found,) = rows("Notebook")
        assert found == made
        assert (found.stage.name, found.stage.pipeline.is_active) == ("Proposta", True)
        assert found.owner == ana.membership


def test_a_tuple_is_many_values_and_none_another_query(db):
    ana = make_actor()
    stages = [stage_of(ana.company, name) for name in ("Lead", "Proposta", "Negociação")]
    for stage in stages:
        make_opportunity(ana, stage, title=stage.name)
    rows, built = _make(
        lambda ids: (
            Opportunity.objects.filter(OneOf("stage_id", ids))
            if ids is not None
            else Opportunity.objects.all()
        ).values_list("title", flat=True)
    )

    with company_scope(ana.company):
        assert set(rows((stages[0].pk, stages[2].pk))) == {"Lead", "Negociação"}
        assert rows((stages[1].pk,)) == ["Proposta"]
        assert rows(()) == []
        assert len(rows(None)) == 3
    assert len(built) == 2


def test_many_values_that_are_many_parameters_are_refused(db):
    rows, _built = _make(lambda ids: Stage.objects.filter(pk__in=ids))

    with company_scope(make_company()), pytest.raises(ValueError, match="OneOf"):
        rows((1, 2))


def test_an_argument_that_does_not_reach_the_database_is_refused(db):
    upper, _built = _make(lambda name: Stage.objects.filter(name=name.upper() + "!"))
    unused, _built = _make(lambda pk: Stage.objects.all())

    with company_scope(make_company()):
        for rows, value in ((upper, "Lead"), (unused, 1)):
            with pytest.raises(ValueError, match="must reach the database"):
                rows(value)


def test_arguments_go_by_position(db):
    rows = prepared(lambda pk: Stage.objects.filter(pk=pk))

    with company_scope(make_company()), pytest.raises(TypeError):
        rows(pk=1)


def test_what_needs_a_second_statement_is_refused(db):
    rows, _built = _make(lambda: Stage.objects.prefetch_related(Prefetch("pipeline")))

    with company_scope(make_company()), pytest.raises(ValueError, match="prefetches"):
        rows()


def test_a_number_that_no_column_holds_is_found_nowhere(db):
    rows, _built = _make(lambda number: Opportunity.objects.filter(number=number))

    with company_scope(make_company()):
        assert rows(1 << 63) == rows(-(1 << 80)) == []


def test_a_text_that_no_column_holds_is_found_nowhere(db):
    rows, _built = _make(lambda title: Opportunity.objects.filter(title=title))

    with company_scope(make_company()):
        assert rows("a\0b") == rows("a\ud800b") == []


def test_one_statement_gives_the_rows_for_each_of_several_values(db):
    ana = make_actor()
    lead, proposal, empty = (stage_of(ana.company, name) for name in ("Lead", "Proposta", "Negociação"))
    for title in ("Notebook", "Impressora", "Servidor"):
        make_opportunity(ana, lead, title=title, value=Decimal("10.50"))
    make_opportunity(ana, proposal, title="Rede")
    rows, _built = _make(_titles)

    with company_scope(ana.company):
        alone = [row for stage in (lead, proposal, empty) for row in _titles(stage.pk)]
        with CaptureQueriesContext(connection) as asked:
            found = rows.for_each([lead.pk, proposal.pk, empty.pk])
        assert rows.for_each([]) == []

    assert sorted(found) == sorted(alone)
    assert len(asked) == 1


def test_a_connection_ends_with_its_thread(committed):
    ana = make_actor()
    rows, _built = _make(lambda pk: Opportunity.objects.filter(pk=pk))
    connections_used = []

    def ask() -> None:
        with company_scope(ana.company):
            rows(1)
        connections_used.append(weakref.ref(connections["default"]))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    del thread
    gc.collect()

    assert connections_used[0]() is None


def test_more_values_than_a_database_joins_are_asked_for_all_the_same(db):
    ana = make_actor()
    lead = stage_of(ana.company, "Lead")
    make_opportunity(ana, lead, title="Notebook")
    rows, _built = _make(_titles)

    with company_scope(ana.company):
        found = rows.for_each([lead.pk, *range(1_000_000, 1_001_000)])

    assert [title for title, _value, _at in found] == ["Notebook"]


def test_a_statement_finds_the_rows_of_the_company_in_whose_scope_it_runs(db):
    ana, bob = make_actor(), make_actor(company=make_company("Rival"))
    stage = stage_of(ana.company)
    make_opportunity(ana, stage, title="Notebook")
    rows, built = _make(_titles)

    with company_scope(ana.company):
        assert len(rows(stage.pk)) == len(rows.for_each([stage.pk])) == 1
    with company_scope(bob.company):
        assert rows(stage.pk) == rows.for_each([stage.pk]) == []
    with pytest.raises(NoScope):
        rows(stage.pk)
    assert len(built) == 1
