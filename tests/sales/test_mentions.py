"""Mentioning a colleague: who is meant, who is told, and what the timeline marks."""

import pytest

from oportuna.accounts.models import Company, Membership
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities
from oportuna.sales.models import Activity, Mention, Opportunity
from oportuna.sales.queries.mentions import mentioned, names_of
from oportuna.work.models import Notice
from tests.factories import fresh, make_actor, make_opportunity
from tests.imports.sheets import applied, undone, write
from tests.sales.pages import HTMX, address, asked, signed_in


@pytest.fixture
def ana(db):
    """A seller, with colleagues."""
    ana = make_actor("seller", name="Ana Lúcia")
    for role, name in (("seller", "Rui Sá"), ("manager", "Ana Maria"), ("viewer", "Zé")):
        make_actor(role, ana.company, name=name)
    return ana


def member(ana, name):
    """A colleague by his name."""
    return Membership.objects.get(company=ana.company, name=name)


def noted(ana, text, opportunity=None):
    """An activity in which this was written, and its opportunity."""
    opportunity = opportunity or make_opportunity(ana)
    with company_scope(ana.company):
        return activities.log(opportunity, Activity.Kind.NOTE, text=text, by=ana), opportunity


def told(ana):
    """The names of those who were told of a mention, one for each notice."""
    with company_scope(ana.company):
        kept = Notice.objects.filter(kind="opportunity.mentioned").order_by("pk")
        return list(kept.values_list("recipient__name", flat=True))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@Rui Sá, veja isto", ["Rui Sá"]),
        ("fale com @rui.", ["rui"]),
        ("@RUI SA e @Zé", ["RUI SA", "Zé"]),
        ("@Ana Maria!", ["Ana Maria"]),
        ("@Ana quem?", []),
        ("ana@rui.com", []),
        ("@Ruizinho", []),
        ("@ Rui", []),
        ("@Rui\nSá", ["Rui"]),
        ("sem ninguém", []),
        ("@" * 500, []),
    ],
)
def test_a_whole_name_means_its_member_and_a_first_name_the_only_one_who_has_it(ana, text, written):
    names = names_of(Membership.objects.filter(company=ana.company))

    assert sorted(name for _pk, name in mentioned(text, names)) == sorted(written)


def test_whoever_is_mentioned_hears_of_it_once_and_oneself_not(ana):
    noted(ana, "@Rui Sá e @Rui, combinem com @Ana Lúcia")

    assert told(ana) == ["Rui Sá"]


def test_editing_tells_only_those_who_were_not_mentioned_before(ana):
    activity, _opportunity = noted(ana, "@Rui veja")

    with company_scope(ana.company):
        activities.edit(activity, {"text": "@Rui e @Zé, vejam"}, by=ana)
        activities.edit(activity, {"text": "@Zé veja"}, by=ana)
        kept = list(Mention.objects.values_list("member__name", "name"))

    assert told(ana) == ["Rui Sá", "Zé"]
    assert kept == [("Zé", "Zé")]


def test_what_came_of_a_planned_activity_may_mention_too(ana):
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        planned = activities.plan(opportunity, Activity.Kind.CALL, due_on=ana.today(), by=ana)
        activities.complete(planned, text="Feito. @Rui Sá agora é com você", by=ana)

    assert told(ana) == ["Rui Sá"]


def test_the_same_form_sent_twice_tells_once(ana, client):
    opportunity = make_opportunity(ana)
    url = address(ana, "log_activity", opportunity.number)
    page = signed_in(client, ana).get(url).text
    key = page.split('name="log-key" value="')[1].split('"')[0]
    form = {"log-kind": "note", "log-text": "@Rui veja", "log-key": key}

    client.post(url, form)
    client.post(url, form)

    assert told(ana) == ["Rui Sá"]


def test_nobody_is_told_of_what_he_may_not_see(ana):
    Company.objects.filter(pk=ana.company.pk).update(visibility=Company.Visibility.OWN)
    ana = fresh(ana)

    noted(ana, "@Rui Sá e @Zé, vejam")

    assert told(ana) == ["Zé"]  # a viewer sees all, a seller his own


def test_whoever_left_is_not_offered_and_not_told(ana, client):
    Membership.objects.filter(pk=member(ana, "Rui Sá").pk).update(is_active=False)
    _activity, opportunity = noted(ana, "@Rui Sá veja")

    offered = signed_in(client, ana).get(address(ana, "mentionable", opportunity.number), headers=HTMX).text

    assert told(ana) == []
    assert "Rui Sá" not in offered
    assert 'data-name="Ana Maria"' in offered


def test_the_timeline_marks_names_and_nothing_that_people_write_is_html(ana, client):
    _activity, opportunity = noted(ana, "<b>@Rui Sá</b> veja, não @Fulano")

    page = signed_in(client, ana).get(address(ana, "opportunity", opportunity.number)).text

    assert '&lt;b&gt;<span class="op-mention">@Rui Sá</span>&lt;/b&gt; veja, não @Fulano' in page


def test_a_mention_outlives_a_new_name(ana, client):
    activity, opportunity = noted(ana, "@Rui Sá veja")
    Membership.objects.filter(pk=member(ana, "Rui Sá").pk).update(name="Rodrigo", name_folded="rodrigo")

    with company_scope(ana.company):
        activities.edit(activity, {"text": "@Rui Sá veja já"}, by=ana)
    page = signed_in(client, ana).get(address(ana, "opportunity", opportunity.number)).text

    assert '<span class="op-mention">@Rui Sá</span> veja já' in page
    assert told(ana) == ["Rodrigo"]


def test_the_page_asks_as_often_for_many_mentions_as_for_one(ana, client):
    _activity, opportunity = noted(ana, "@Rui Sá veja")
    url = address(ana, "opportunity", opportunity.number)
    once = asked(signed_in(client, ana), url)
    for text in ("@Zé veja", "@Ana Maria e @Rui", "@Rui"):
        noted(ana, text, opportunity)

    assert asked(client, url) == once


def test_an_import_that_is_taken_back_leaves_what_somebody_was_mentioned_in(db, tmp_path):
    ana = make_actor("manager", name="Ana")
    make_actor("seller", ana.company, name="Rui")
    job = applied(write(tmp_path / "a.csv", ("Padaria", "Forno"), header=("Empresa", "Oportunidade")), ana)
    with company_scope(ana.company):
        imported = Opportunity.objects.get()
    noted(ana, "@Rui veja", imported)

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (0, 1)
