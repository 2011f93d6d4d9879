"""Taking an import back from its result: what goes, what stays, and why not."""

from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.sales.actions import opportunities
from oportuna.sales.models import Opportunity
from tests.factories import make_actor
from tests.imports.screens import address, signed_in
from tests.imports.sheets import (
    applied,
    checked,
    lead_file,
    worked,
)


def test_an_import_is_undone_from_its_result_after_saying_what_goes(client, db, tmp_path):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)
    page = signed_in(client, ana).get(address("run", ana, job)).content.decode()
    assert address("undo", ana, job) in page

    asked = client.get(address("undo", ana, job)).content.decode()
    assert "3 linhas" in asked
    answer = client.post(address("undo", ana, job))
    assert (answer.status_code, answer["Location"]) == (302, address("run", ana, job))
    assert "Desfazendo" in client.get(address("run", ana, job)).content.decode()
    worked(job, ana)

    page = client.get(address("run", ana, job)).content.decode()
    assert "A importação foi desfeita." in page
    assert address("undo", ana, job) not in page
    with company_scope(ana.company):
        assert not Opportunity.objects.exists()


def test_what_stays_of_an_undone_import_is_listed(client, db, tmp_path):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)
    with company_scope(ana.company):
        kept = Opportunity.objects.order_by("number")[1]
        opportunities.win(kept, by=ana)
        actions.undo(job, by=ana)
    worked(job, ana)

    page = signed_in(client, ana).get(address("run", ana, job)).content.decode()

    assert "Linhas em que alguém mexeu depois" in page
    assert kept.title in page


def test_an_import_that_wrote_nothing_says_so_when_it_is_to_be_undone(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(lead_file(tmp_path / "leads.csv", 3), ana)

    answer = signed_in(client, ana).post(address("undo", ana, job))

    assert answer.status_code == 409
    assert "não há o que desfazer" in answer.content.decode()
