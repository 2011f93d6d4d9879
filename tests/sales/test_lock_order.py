"""A customer is held before its opportunities, whoever works on which: nobody waits for another in a circle."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions as imports
from oportuna.sales.actions import activities, customers, items, opportunities, tags
from oportuna.sales.models import Activity, Customer, Opportunity
from tests.factories import admin_of, make_actor, make_customer, make_opportunity, reason_of, stage_of
from tests.imports.sheets import CNPJS, applied, write
from tests.test_attacks import at_once
from tests.work.draining import drain

ITEM = {"description": "Forno", "quantity": Decimal(1), "unit_price": Decimal(1)}
VERBS: dict[str, Callable[[Opportunity, Actor], Any]] = {
    "edit": lambda one, by: opportunities.edit(one, {"title": "Outro"}, by=by),
    "move": lambda one, by: opportunities.move_to(one, stage_of(by.company, "Proposta"), by=by),
    "win": lambda one, by: opportunities.win(one, by=by),
    "lose": lambda one, by: opportunities.lose(one, reason=reason_of(by.company), by=by),
    "delete": lambda one, by: opportunities.delete(one, by=by),
    "tag": lambda one, by: tags.put_on(one, ["Feira"], by=by),
    "item": lambda one, by: items.add_item(one, ITEM, by=by),
    "log": lambda one, by: activities.log(one, Activity.Kind.CALL, text="Ligou.", by=by),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_customer_is_changed_while_somebody_works_on_its_opportunity(committed, verb):
    company = make_actor("manager").company
    ana = admin_of(company)
    one = make_opportunity(ana, customer=make_customer(ana, "Padaria"))

    at_once(
        company,
        lambda: VERBS[verb](one, ana),
        lambda: customers.edit(one.customer, {"name": "Confeitaria"}, by=ana),
    )

    with company_scope(company):
        found = Opportunity.objects.select_related("customer").get()
        assert found.history.count() == 2
        assert found.customer.name == "Confeitaria"
        assert "confeitaria" in found.search_text


def halting(monkeypatch: pytest.MonkeyPatch, name: str) -> threading.Event:
    """The opportunity that a verb has locked stands for a moment; the event tells that it does."""
    stands, act = threading.Event(), getattr(opportunities, name)

    def slowly(*args: Any, **kwargs: Any) -> Any:
        stands.set()
        threading.Event().wait(0.5)  # done by then, were it not for the locks
        return act(*args, **kwargs)

    monkeypatch.setattr(opportunities, name, slowly)
    return stands


@pytest.mark.parametrize("verb", ["win", "restore"])
def test_what_reaches_from_an_opportunity_to_its_customer_holds_the_customer_first(
    committed, monkeypatch, verb
):
    company = make_actor("manager").company
    ana = admin_of(company)
    one = make_opportunity(ana, customer=make_customer(ana, "Padaria"))
    if verb == "restore":
        with company_scope(company):
            one = opportunities.delete(one, by=ana)
    stands = halting(monkeypatch, {"win": "_close", "restore": "require_kept"}[verb])

    def edit() -> None:
        customers.edit(one.customer, {"name": "Confeitaria"}, by=ana)

    thread = threading.Thread(
        target=at_once, args=(company, lambda: getattr(opportunities, verb)(one, by=ana), lambda: None)
    )
    thread.start()
    assert stands.wait(60)
    at_once(company, edit, lambda: None)
    thread.join(60)

    with company_scope(company):
        found = Opportunity.objects.select_related("customer").get()
        assert (found.status, found.deleted_at) == ("won" if verb == "win" else "open", None)
        assert found.customer.status == ("customer" if verb == "win" else "prospect")
        assert found.customer.name == "Confeitaria"
        assert "confeitaria" in found.search_text


def test_an_import_is_taken_back_while_somebody_works_on_what_it_brought(committed, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "files")
    company = make_actor("manager").company
    ana = admin_of(company)
    job = applied(write(tmp_path / "a.csv", ("Padaria", CNPJS[0]), header=("Empresa", "CNPJ")), ana)
    with company_scope(company):
        one = Opportunity.objects.get()
        imports.undo(job, by=ana)
    moved = threading.Event()

    def move() -> None:
        opportunities.move_to(one, stage_of(company, "Proposta"), by=ana)
        moved.set()
        threading.Event().wait(0.5)

    thread = threading.Thread(target=at_once, args=(company, move, lambda: None))
    thread.start()
    assert moved.wait(60)
    drain()
    thread.join(60)

    with company_scope(company):
        assert Opportunity.objects.get().stage.name == "Proposta"
        job = type(job).objects.get()
        assert (job.state, job.kept_back, Customer.objects.count()) == ("undone", 1, 1)
