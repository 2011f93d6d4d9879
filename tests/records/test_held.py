"""Holding rows on whose state one relies; who waits for whom is tried in `tests/test_attacks.py`."""

from oportuna.accounts.scope import company_scope
from oportuna.records.held import held
from oportuna.sales.models import Stage
from tests.factories import make_company, stage_of


def test_what_is_held_is_told_of_the_own_company_alone(db):
    acme, other = make_company(), make_company()
    ids = [stage_of(acme).pk, stage_of(acme, "Proposta").pk, stage_of(other).pk]

    with company_scope(acme):
        assert held(Stage.objects.filter(pk__in=ids)) == set(ids[:2])


def test_nothing_asked_for_is_nothing_held(db):
    with company_scope(make_company()):
        assert held(Stage.objects.filter(pk__in=[])) == set()
