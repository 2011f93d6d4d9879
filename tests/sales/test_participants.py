"""Who takes part in an opportunity besides its owner."""

import pytest
from django.test import Client

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company, Team
from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.sales.actions import opportunities, participants
from oportuna.sales.models import HistoryEntry, Opportunity, OpportunityParticipant
from oportuna.sales.queries.participants import choosable_participants
from oportuna.sales.queries.telling import tell
from tests.factories import make_actor, make_company, make_opportunity
from tests.sales.pages import HTMX, address, asked, signed_in, text_of, wrong_fields


def add(by: Actor, opportunity: Opportunity, whom: Actor, part: str = "") -> OpportunityParticipant:
    with company_scope(by.company):
        return participants.add_participant(opportunity, whom.membership, part=part, by=by)


def told(opportunity: Opportunity) -> list[str]:
    with company_scope(opportunity.company):
        entries = HistoryEntry.objects.filter(opportunity=opportunity).order_by("pk")
        return [str(tell(entry).sentence) for entry in entries][1:]


def offered(opportunity: Opportunity, company: Company) -> set[str]:
    with company_scope(company):
        fresh = Opportunity.objects.select_related("owner").get(pk=opportunity.pk)
        return set(choosable_participants(company, fresh).values_list("name", flat=True))


def test_somebody_takes_part_gets_another_part_and_leaves_each_with_one_entry(db):
    ana = make_actor()
    rui = make_actor("seller", ana.company, name="Rui")
    opportunity = make_opportunity(ana)

    add(ana, opportunity, rui)
    add(ana, opportunity, rui)
    add(ana, opportunity, rui, "técnico")
    with company_scope(ana.company):
        assert OpportunityParticipant.objects.get().part == "técnico"
        participants.remove_participant(opportunity, rui.membership, by=ana)
        participants.remove_participant(opportunity, rui.membership, by=ana)
        assert not OpportunityParticipant.objects.exists()

    assert told(opportunity) == [
        "<b>Ana</b> pôs <b>Rui</b> entre os participantes",
        "<b>Ana</b> pôs <b>Rui (técnico)</b> entre os participantes",
        "<b>Ana</b> tirou Rui (técnico) dos participantes",
    ]


def test_those_are_offered_who_may_see_it_anyway_and_do_not_own_it(db):
    company = make_company()
    with company_scope(company):
        south = Team.objects.create(name="Sul")
    ana = make_actor("seller", company, name="Ana", team=south)
    make_actor("seller", company, name="Bia", team=south)
    make_actor("seller", company, name="Rui")
    make_actor("manager", company, name="Chefe")
    make_actor("viewer", company, name="Leitor")
    left = make_actor("manager", company, name="Saiu")
    type(left.membership).objects.filter(pk=left.membership.pk).update(is_active=False)
    make_actor("manager", name="De fora")
    opportunity = make_opportunity(ana)

    found = {}
    for visibility in Company.Visibility:
        company.visibility = visibility
        found[visibility.value] = offered(opportunity, company)
    with company_scope(company):
        opportunities.assign(opportunity, None, by=make_actor("manager", company, name="Outra"))

    always = {"Admin", "Chefe", "Leitor"}
    assert found == {
        "all": {*always, "Bia", "Rui"},
        "team": {*always, "Bia"},
        "own": always,
    }
    assert offered(opportunity, company) == {*always, "Ana", "Bia", "Rui", "Outra"}


def test_to_take_part_opens_nothing(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = (make_actor("seller", company, name=name) for name in ("Ana", "Rui"))
    opportunity = make_opportunity(ana)

    with pytest.raises(Refused) as refused:
        add(ana, opportunity, rui)

    assert refused.value.field == "member"
    url = address(rui, "opportunity", opportunity.number)
    assert signed_in(Client(), rui).get(url).status_code == 404


def test_the_owner_is_no_participant_and_there_are_not_more_than_allowed(db, monkeypatch):
    ana = make_actor()
    rui, bia = (make_actor("seller", ana.company, name=name) for name in ("Rui", "Bia"))
    opportunity = make_opportunity(ana)
    monkeypatch.setattr(participants, "MOST", 1)

    with pytest.raises(Refused):
        add(ana, opportunity, ana)
    add(ana, opportunity, rui)
    with pytest.raises(Refused):
        add(ana, opportunity, bia)


def test_only_whoever_works_on_it_says_who_takes_part(db):
    ana = make_actor()
    rui, viewer = make_actor("seller", ana.company, name="Rui"), make_actor("viewer", ana.company)
    opportunity = make_opportunity(ana)
    add(ana, opportunity, rui)

    for someone in (rui, viewer):
        with pytest.raises(NotAllowed):
            add(someone, opportunity, viewer)
        client = signed_in(Client(), someone)
        assert client.get(address(someone, "add_participant", opportunity.number)).status_code == 403
        url = address(someone, "remove_participant", opportunity.number, rui.membership.pk)
        assert client.post(url, headers=HTMX).status_code == 403
        page = text_of(client.get(address(someone, "opportunity", opportunity.number)))
        assert "Participantes" in page
        assert "/participants/" not in page


def test_on_the_page_somebody_is_added_removed_and_put_back(db):
    ana = make_actor()
    rui = make_actor("seller", ana.company, name="Rui")
    opportunity = make_opportunity(ana)
    client, url = signed_in(Client(), ana), address(ana, "add_participant", opportunity.number)
    member = rui.membership.pk

    assert client.post(url, {"member": member, "part": "técnico"}, headers=HTMX).status_code == 200
    page = text_of(client.get(address(ana, "opportunity", opportunity.number)))
    assert 'Rui <small class="op-muted">técnico</small>' in page
    remove = address(ana, "remove_participant", opportunity.number, member)
    removed = client.post(remove, headers=HTMX)
    assert client.post(remove, headers=HTMX).status_code == 404
    undo = text_of(removed).split('action="')[-1].split('"')[0]
    for _again in range(2):
        assert client.post(undo, headers=HTMX).status_code == 200

    assert len(told(opportunity)) == 3
    with company_scope(ana.company):
        assert str(OpportunityParticipant.objects.select_related("member").get()) == "Rui (técnico)"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [({"member": ""}, ["member"]), ({"member": "9" * 30}, ["member"]), ({"part": "x" * 41}, ["part"])],
)
def test_what_is_wrong_is_said_at_its_field(db, typed, wrong):
    ana = make_actor()
    rui = make_actor("seller", ana.company, name="Rui")
    opportunity = make_opportunity(ana)
    url = address(ana, "add_participant", opportunity.number)

    answer = signed_in(Client(), ana).post(url, {"member": rui.membership.pk, **typed}, headers=HTMX)

    assert (answer.status_code, wrong_fields(answer)) == (422, wrong)


def test_the_page_asks_as_often_with_many_participants(db):
    ana = make_actor()
    one, many = (make_opportunity(ana, title=title) for title in "AB")
    add(ana, one, make_actor("seller", ana.company, name="Rui"))
    for name in ("Bia", "Caio", "Davi"):
        add(ana, many, make_actor("seller", ana.company, name=name))
    client = signed_in(Client(), ana)

    assert len({asked(client, address(ana, "opportunity", each.number)) for each in (one, many)}) == 1
