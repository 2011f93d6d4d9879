"""Whoever starts an import or an export hears of its end, and of nobody else's."""

import pytest

from oportuna.accounts.models import Membership
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.work import notices
from tests.factories import make_actor
from tests.imports.exports.lists import begun, long_list
from tests.imports.sheets import HEADER, applied, checked, lead_file, undone, worked, write
from tests.sales.pages import signed_in, text_of
from tests.work.draining import drain


def told_to(actor):
    """The kinds of a member's notices, oldest first."""
    with company_scope(actor.company):
        return list(notices.mine(actor).order_by("pk").values_list("kind", flat=True))


def page_of(actor, client):
    """The page of notices as its reader sees it."""
    return text_of(signed_in(client, actor).get(f"/{actor.company.slug}/notices/"))


@pytest.fixture
def ana(db):
    """Who imports and exports."""
    return make_actor("manager")


def test_a_finished_import_is_told_to_whoever_brought_it(ana, client, tmp_path):
    colleague = make_actor("manager", ana.company, name="Rui")

    applied(lead_file(tmp_path / "leads.csv", 3), ana)

    assert (told_to(ana), told_to(colleague)) == (["import.done"], [])
    assert "A importação de <b>leads.csv</b> terminou" in page_of(ana, client)


def test_its_result_reads_the_notice(ana, client, tmp_path):
    applied(lead_file(tmp_path / "leads.csv", 3), ana)
    page = page_of(ana, client)
    assert "Avisos: 1 não lido" in page

    opening = page.split('action="')[3:]
    url = next(part.split('"')[0] for part in opening if "/open/" in part.split('"')[0])
    result = client.post(url, follow=True)

    assert "leads.csv" in result.text
    assert "op-bell__n" not in result.text


def test_a_failed_one_is_told(ana, tmp_path):
    checked(write(tmp_path / "empty.csv", header=HEADER), ana)

    assert told_to(ana) == ["import.failed"]


def test_one_taken_back_by_a_colleague_is_told_to_both(ana, client, tmp_path):
    rui = make_actor("manager", ana.company, name="Rui")
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)

    undone(job, rui)

    assert (told_to(ana), told_to(rui)) == (["import.done", "import.undone"], ["import.undone"])
    assert "A importação de <b>leads.csv</b> foi desfeita" in page_of(ana, client)


def test_one_that_cannot_be_taken_back_is_told(ana, tmp_path):
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)
    with company_scope(ana.company):
        actions.undo(job, by=ana)
    Membership.objects.filter(pk=ana.membership.pk).update(is_active=False)

    job = worked(job, ana)

    assert (job.state, told_to(ana)) == ("done", ["import.done", "import.not_undone"])


def test_a_long_export_is_told_when_its_file_is_there(ana, client):
    long_list(ana)
    begun(ana)
    assert told_to(ana) == []

    drain()

    assert told_to(ana) == ["export.done"]
    assert "Sua exportação está pronta: <b>Oportunidades, .csv</b>" in page_of(ana, client)
