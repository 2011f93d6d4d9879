"""Tags: put on opportunities by whoever works on them, arranged by the administrator."""

import pytest
from django.urls import reverse

from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict, NotAllowed, Refused
from oportuna.sales.actions import opportunities, registers, tags
from oportuna.sales.models import HistoryEntry, OpportunityTag, Tag
from oportuna.sales.queries.tags import tags_of
from tests.factories import admin_of, make_actor, make_opportunity


def names(opportunity):
    return [tag.name for tag in tags_of(opportunity.pk)]


def test_tags_are_put_on_added_where_they_are_new_and_taken_off_again(db):
    ana = make_actor("seller")
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        tags.put_on(opportunity, ["Feira", "quente"], by=ana)
        assert names(opportunity) == ["Feira", "quente"]
        tags.put_on(opportunity, ["QUENTE", "Retorno"], by=ana)

        assert names(opportunity) == ["quente", "Retorno"]
        assert Tag.objects.count() == 3
        entries = HistoryEntry.objects.filter(verb="edited").order_by("id").values_list("changes", flat=True)
        assert [entry["tags"] for entry in entries] == [
            ["", "Feira, quente"],
            ["Feira, quente", "quente, Retorno"],
        ]


def test_the_same_tags_again_leave_no_second_entry(db):
    ana = make_actor("seller")
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        for _ in range(2):
            tags.put_on(opportunity, ["Feira"], by=ana)

        assert HistoryEntry.objects.filter(verb="edited").count() == 1


def test_the_second_of_two_who_tag_at_once_is_told(db):
    ana = make_actor("seller")
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        tags.put_on(opportunity, ["Feira"], by=ana)
        with pytest.raises(Conflict):
            tags.put_on(opportunity, ["Outra"], seen=opportunity.revision, by=ana)


def test_whoever_may_not_work_on_an_opportunity_tags_it_not(db):
    ana = make_actor("manager")
    opportunity = make_opportunity(ana)
    for role in ("seller", "operator", "viewer"):
        other = make_actor(role, company=ana.company, name=role)
        with company_scope(ana.company), pytest.raises(NotAllowed):
            tags.put_on(opportunity, ["Feira"], by=other)


def test_more_tags_than_anybody_reads_and_the_trash_are_refused(db):
    ana = make_actor("manager")
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        with pytest.raises(Refused):
            tags.put_on(opportunity, [f"t{place}" for place in range(21)], by=ana)
        opportunities.delete(opportunity, by=ana)
        with pytest.raises(Refused):
            tags.put_on(opportunity, ["Feira"], by=ana)
        assert not Tag.objects.exists()


def test_a_tag_that_is_renamed_is_renamed_everywhere(db):
    ana = make_actor("manager")
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        tags.put_on(opportunity, ["Feira"], by=ana)
        registers.edit(Tag.objects.get(), {"name": "Feira 2026", "colour": "verde"}, by=admin_of(ana.company))
        assert names(opportunity) == ["Feira 2026"]


def address(by, opportunity, route):
    return reverse(f"sales:{route}", args=[by.company.slug, opportunity.number])


def test_tags_are_written_in_one_line_on_the_page(client, db):
    ana = make_actor("seller")
    opportunity = make_opportunity(ana)
    client.force_login(ana.membership.user)

    answer = client.post(
        address(ana, opportunity, "tag_opportunity"),
        {"tags": " Feira ; quente,, Feira", "revision": opportunity.revision},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    page = client.get(address(ana, opportunity, "opportunity")).content.decode()
    assert page.count('class="op-tag op-c-cinza"') == 2
    editor = client.get(address(ana, opportunity, "tag_opportunity"), headers={"HX-Request": "true"})
    assert 'value="Feira, quente"' in editor.content.decode()


def test_a_tag_that_is_too_long_is_told_at_its_field(client, db):
    ana = make_actor("seller")
    opportunity = make_opportunity(ana)
    client.force_login(ana.membership.user)

    answer = client.post(address(ana, opportunity, "tag_opportunity"), {"tags": "x" * 61})

    assert answer.status_code == 422
    assert "60 caracteres" in answer.content.decode()


def test_the_administrator_adds_a_tag_with_a_colour_and_no_comma(client, db):
    admin = admin_of(make_actor().company)
    client.force_login(admin.membership.user)
    url = reverse("sales:new_register", args=[admin.company.slug, "tags"])

    assert client.post(url, {"name": "a, b", "colour": "verde"}).status_code == 422
    client.post(url, {"name": "Feira", "colour": "verde"})

    with company_scope(admin.company):
        tag = Tag.objects.get()
        assert (tag.name, tag.colour, OpportunityTag.objects.count()) == ("Feira", "verde", 0)
    page = client.get(reverse("sales:register", args=[admin.company.slug, "tags"])).content.decode()
    assert "Feira" in page
