"""The change number: another one whenever a board shows something else, and nothing to learn from it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.sales import changes
from oportuna.sales.actions import activities, customers, opportunities, registers, tags
from oportuna.sales.models import Activity, Change, Opportunity, Tag
from tests.factories import (
    admin_of,
    make_actor,
    make_customer,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)


def number_of(by):
    with company_scope(by.company):
        return changes.number()


VERBS = {
    "move": lambda one, by: opportunities.move_to(one, stage_of(by.company, "Proposta"), by=by),
    "reorder": lambda one, by: opportunities.move_to(one, one.stage, by=by),
    "edit": lambda one, by: opportunities.edit(one, {"title": "Outro"}, by=by),
    "win": lambda one, by: opportunities.win(one, by=by),
    "lose": lambda one, by: opportunities.lose(one, reason=reason_of(by.company), by=by),
    "delete": lambda one, by: opportunities.delete(one, by=by),
    "tag": lambda one, by: tags.put_on(one, ["Feira"], by=by),
    "plan": lambda one, by: activities.plan(
        one, Activity.Kind.CALL, due_on=timezone.localdate() + timedelta(days=1), by=by
    ),
    "customer": lambda one, by: customers.edit(one.customer, {"name": "Outro nome"}, by=by),
}


@pytest.mark.parametrize("verb", VERBS)
def test_it_is_another_one_after_each_verb(db, verb):
    ana = make_actor()
    one = make_opportunity(ana)
    before = number_of(ana)
    with company_scope(ana.company):
        VERBS[verb](Opportunity.objects.select_related("stage", "customer").get(pk=one.pk), ana)

    assert number_of(ana) != before


def test_it_is_another_one_when_a_register_changes(db):
    admin = admin_of(make_actor().company)
    seen = {number_of(admin)}
    with company_scope(admin.company):
        registers.edit_stage(stage_of(admin.company), {"name": "Outra"}, by=admin)
        seen.add(changes.number())
        tags.add("Feira", by=admin)
        registers.edit(Tag.objects.get(), {"colour": "verde"}, by=admin)
        seen.add(changes.number())
        registers.set_active(source_of(admin.company), False, by=admin)
        seen.add(changes.number())

    assert len(seen) == 4


def test_it_stays_while_nothing_happens_or_another_company_works(db):
    ana, stranger = make_actor(), make_actor()
    make_opportunity(ana)
    before = number_of(ana)
    make_opportunity(stranger)
    make_customer(stranger)

    assert number_of(ana) == before


def test_it_tells_a_change_that_was_committed_after_a_later_one(db):
    ana = make_actor()
    with company_scope(ana.company):
        newest = Change.objects.create()
        before = changes.number()
        Change.objects.create(pk=newest.pk - 1_000_000)
        assert changes.number() != before


def test_old_changes_go_once_they_are_two_hours_old_and_with_them_none_of_the_last_hour(db):
    ana = make_actor()
    with company_scope(ana.company):
        Change.objects.all().delete()
        for hours in (0, 1.5):
            Change.objects.create(at=timezone.now() - timedelta(hours=hours))
        changes.prune()
        assert Change.objects.count() == 2
        Change.objects.create(at=timezone.now() - timedelta(hours=3))
        Change.objects.filter(pk=Change.objects.latest("pk").pk).update(id=0)
        changes.prune()
        assert Change.objects.count() == 1


def test_it_is_asked_for_by_one_statement(db):
    ana = make_actor()
    make_opportunity(ana)
    with company_scope(ana.company), CaptureQueriesContext(connection) as asked:
        changes.number()

    assert len(asked) == 1
