"""The funnel's page: what it counts, what narrows it, and who sees what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from oportuna.accounts import codes
from oportuna.accounts.models import Company, Team
from oportuna.accounts.scope import company_scope
from oportuna.analytics.periods import Period
from oportuna.analytics.queries.funnel import funnel
from oportuna.sales.actions import opportunities
from oportuna.sales.models import LossReason, Opportunity, Pipeline, Stage
from oportuna.sales.queries.figures import Narrowing
from tests.analytics.reading import Page
from tests.factories import (
    admin_of,
    fresh,
    make_actor,
    make_company,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)


def address(actor) -> str:
    return reverse("analytics:funnel", args=[actor.company.slug])


def read(client, actor, **filters) -> Page:
    client.force_login(actor.membership.user)
    answer = client.get(address(actor), filters)
    assert answer.status_code == 200
    return Page(answer.text)


def code(actor, row) -> str:
    with company_scope(actor.company):
        return codes.encode(row.pk)


def close(by, day: date, *, win: bool, value: int = 100, reason: LossReason | None = None) -> Opportunity:
    """An opportunity closed on a day."""
    opportunity = make_opportunity(by, "Proposta", value=Decimal(value))
    with company_scope(by.company):
        if win:
            opportunities.win(opportunity, by=by)
        else:
            opportunities.lose(opportunity, reason=reason or reason_of(by.company), by=by)
        Opportunity.objects.filter(pk=opportunity.pk).update(closed_on=day)
    return opportunity


def test_the_page_shows_what_is_open_in_each_stage_and_what_was_closed(db, client):
    ana = make_actor()
    make_opportunity(ana, "Lead", value=Decimal("1000.00"))
    make_opportunity(ana, "Proposta", value=Decimal("500.50"), probability=500)
    close(ana, ana.today(), win=True, value=70)
    close(ana, ana.today(), win=False, value=30)

    page = read(client, ana)

    stages = page.rows("stages")
    assert stages["Lead"] == ["1", "R$ 1.000,00", "R$ 50,00", "0", "R$ 0,00"]
    assert stages["Proposta"] == ["1", "R$ 500,50", "R$ 250,25", "1", "R$ 30,00"]
    assert stages["Total"] == ["2", "R$ 1.500,50", "R$ 300,25", "1", "R$ 30,00"]
    assert page.rows("closed")["Ganhas"] == ["", "1", "R$ 70,00"]
    assert page.rows("losses")["Preço muito alto"] == ["1", "100%", "R$ 30,00"]


def test_win_rates_count_only_what_was_closed(db):
    ana = make_actor()
    make_opportunity(ana)
    close(ana, ana.today(), win=True, value=300)
    close(ana, ana.today(), win=False, value=50)
    close(ana, ana.today(), win=False, value=50)

    with company_scope(ana.company):
        closed = funnel(ana, Period(ana.today(), ana.today()), Narrowing()).closed

    assert (closed.win_rate, closed.win_rate_by_value) == (333, 750)


def test_the_cycle_is_the_average_of_days_from_registering_to_winning(db):
    ana = make_actor()
    for days in (10, 21):
        opened = make_opportunity(ana)
        with company_scope(ana.company):
            registered = timezone.now() - timedelta(days=days)
            Opportunity.objects.filter(pk=opened.pk).update(created_at=registered)
            opportunities.win(opened, by=ana)

    with company_scope(ana.company):
        closed = funnel(ana, Period(ana.today(), ana.today()), Narrowing()).closed
        none = funnel(ana, Period(date(2020, 1, 1), date(2020, 1, 2)), Narrowing()).closed

    assert (closed.days_to_win, none.days_to_win) == (16, None)


def test_the_period_narrows_what_was_closed_and_not_what_is_open(db, client):
    ana = make_actor()
    make_opportunity(ana)
    for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)):
        close(ana, day, win=False)

    page = read(client, ana, period="custom", first="01/02/2026", last="28/02/2026")

    assert page.rows("stages")["Total"] == ["1", "R$ 1.000,00", "R$ 50,00", "2", "R$ 200,00"]


def test_owner_source_and_pipeline_narrow_every_figure(db, client):
    company = make_company()
    ana, bob = make_actor("manager", company), make_actor(company=company, name="Bob")
    with company_scope(company):
        other = Pipeline.objects.create(name="Pós-venda", position=2)
        renewal = Stage.objects.create(pipeline=other, name="Renovação", position=1, probability=500)
    make_opportunity(ana, value=Decimal(1), source=source_of(company))
    make_opportunity(bob, value=Decimal(2))
    make_opportunity(bob, renewal, value=Decimal(4), source=source_of(company))
    nobody = make_opportunity(ana, value=Decimal(8))
    with company_scope(company):
        opportunities.assign(nobody, None, by=ana)

    def value(**filters):
        return read(client, ana, **filters).rows("stages")["Total"][1]

    assert value() == "R$ 15,00"
    assert value(owner=code(ana, bob.membership)) == "R$ 6,00"
    assert value(owner="none") == "R$ 8,00"
    assert value(source=code(ana, source_of(company))) == "R$ 5,00"
    assert value(source="none") == "R$ 10,00"
    assert value(pipeline=code(ana, other)) == "R$ 4,00"
    assert value(owner=code(ana, bob.membership), pipeline=code(ana, stage_of(company).pipeline)) == "R$ 2,00"


def test_a_loss_without_a_reason_stands_in_a_row_of_its_own_with_its_share(db, client):
    company = make_company(loss_reason_required=False)
    ana = make_actor(company=company)
    for _turn in range(2):
        close(ana, ana.today(), win=False)
    silent = make_opportunity(ana, value=Decimal(7))
    with company_scope(company):
        opportunities.lose(silent, reason=None, by=ana)

    assert read(client, ana).rows("losses")["Sem motivo"] == ["1", "33,3%", "R$ 7,00"]


def test_a_reason_out_of_use_keeps_its_past(db, client):
    ana = make_actor()
    close(ana, ana.today(), win=False)
    with company_scope(ana.company):
        LossReason.objects.filter(pk=reason_of(ana.company).pk).update(is_active=False)

    assert read(client, ana).rows("losses")["Preço muito alto"] == ["1", "100%", "R$ 100,00"]


def test_a_stage_out_of_use_shows_only_while_something_is_in_it(db, client):
    ana = make_actor()
    make_opportunity(ana, "Lead")
    stuck = make_opportunity(ana, "Negociação")
    with company_scope(ana.company):
        Stage.objects.filter(name__in=["Lead", "Negociação", "Proposta"]).update(is_active=False)
        before = list(read(client, ana).rows("stages"))
        opportunities.delete(stuck, by=admin_of(ana.company))

    assert before == ["Etapa", "Lead", "Prospecção", "Qualificação", "Negociação", "Total"]
    assert list(read(client, ana).rows("stages")) == ["Etapa", "Lead", "Prospecção", "Qualificação", "Total"]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"owner": "aaaaaaaaaaaaa"}, "Responsável: Não entendemos esta escolha"),
        ({"owner": "7"}, "Responsável: Não entendemos esta escolha"),
        ({"source": "\x00"}, "Origem: Não entendemos esta escolha"),
        ({"pipeline": "none"}, "Funil: Não entendemos esta escolha"),
        ({"period": "sempre"}, "Período: Não entendemos este período"),
        ({"period": "custom", "first": "31/02/2026", "last": "01/03/2026"}, "Primeiro dia: "),
        ({"period": "custom", "first": "01/02/2026"}, "Último dia: Preencha os dois dias"),
        (
            {"period": "custom", "first": "02/02/2026", "last": "01/02/2026"},
            "Último dia: O último dia vem antes",
        ),
        ({"period": "custom", "first": "1" * 5000, "last": "01/02/2026"}, "Primeiro dia: "),
    ],
)
def test_a_filter_that_is_not_understood_is_named_and_no_figure_is_shown(db, client, filters, said):
    ana = make_actor()
    make_opportunity(ana)
    client.force_login(ana.membership.user)

    answer = client.get(address(ana), filters)

    assert answer.status_code == 422
    assert said in answer.text
    assert "Em aberto agora" not in answer.text


def test_a_period_of_ones_own_begins_as_the_usual_one(db, client):
    ana = make_actor()
    close(ana, ana.today(), win=True)

    assert read(client, ana, period="custom").rows("closed") == read(client, ana).rows("closed")


def test_an_empty_funnel_says_the_next_step(db, client):
    ana, viewer = make_actor(), make_actor("viewer")

    client.force_login(ana.membership.user)
    assert "Seu funil ainda está vazio" in client.get(address(ana)).text
    assert "Nada com estes filtros" in client.get(address(ana), {"source": "none"}).text
    client.force_login(viewer.membership.user)
    assert (
        reverse("sales:new_opportunity", args=[viewer.company.slug]) not in client.get(address(viewer)).text
    )


@pytest.mark.parametrize("role", ["admin", "manager", "seller", "operator", "viewer"])
def test_every_role_reads_the_funnel_and_nobody_changes_it(db, client, role):
    someone = make_actor(role)
    client.force_login(someone.membership.user)

    assert client.get(address(someone)).status_code == 200
    assert client.post(address(someone)).status_code == 405


def test_figures_and_pick_lists_hold_only_what_one_may_see(db, client):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, bob = make_actor(company=company), make_actor(company=company, name="Bob")
    chief = make_actor("manager", company, name="Gil")
    make_opportunity(ana, value=Decimal(1))
    make_opportunity(bob, value=Decimal(2))
    close(bob, ana.today(), win=False, value=4)
    loose = make_opportunity(chief, value=Decimal(8))
    with company_scope(company):
        opportunities.assign(loose, None, by=chief)

    def total(actor):
        row = read(client, actor).rows("stages")["Total"]
        return row[0], row[1], row[4]

    assert total(ana) == ("2", "R$ 9,00", "R$ 0,00")
    assert total(bob) == ("2", "R$ 10,00", "R$ 4,00")
    assert total(chief) == ("3", "R$ 11,00", "R$ 4,00")
    client.force_login(ana.membership.user)
    assert "Bob" not in client.get(address(ana)).text
    assert client.get(address(ana), {"owner": code(ana, bob.membership)}).status_code == 422


def test_a_team_sees_its_own_figures_when_the_company_says_so(db, client):
    company = make_company(visibility=Company.Visibility.TEAM)
    with company_scope(company):
        team = Team.objects.create(name="Sul")
    ana, bob = make_actor(company=company, team=team), make_actor(company=company, name="Bob", team=team)
    other = make_actor(company=company, name="Rui")
    for who, value in ((ana, 1), (bob, 2), (other, 4)):
        make_opportunity(who, value=Decimal(value))

    assert read(client, fresh(ana)).rows("stages")["Total"][1] == "R$ 3,00"
    assert read(client, fresh(other)).rows("stages")["Total"][1] == "R$ 4,00"


def test_nothing_changes_when_an_invisible_colleague_or_another_company_works(db, client):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = make_actor(company=company), make_actor(company=company, name="Rui")
    stranger = make_actor("manager")
    make_opportunity(ana)
    close(ana, ana.today(), win=False)
    close(rui, ana.today(), win=True)
    client.force_login(ana.membership.user)
    before = client.get(address(ana)).text

    for who in (rui, stranger):
        make_opportunity(who, value=Decimal(777))
        close(who, ana.today(), win=True, value=7777)
        close(who, ana.today(), win=False, value=777)

    assert without_token(client.get(address(ana)).text) == without_token(before)


def without_token(html: str) -> list[str]:
    return [line for line in html.splitlines() if "csrf" not in line.lower()]


def test_another_companys_funnel_is_not_found(db, client):
    ana, stranger = make_actor(), make_actor("admin")
    client.force_login(stranger.membership.user)

    assert client.get(address(ana)).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_data(db, client, django_assert_num_queries):
    ana = make_actor("manager")
    client.force_login(ana.membership.user)
    reasons = [
        reason_of(ana.company, name) for name in ("Sem orçamento", "Mau atendimento", "Desistiu da compra")
    ]
    # The session and who acts; the bell; three pick lists; totals, probabilities; names of reasons, stages, closed; the stages again
    # with their pipelines; the scope, on PostgreSQL.
    expected = 13 if connection.vendor == "sqlite" else 18

    def fill(times):
        for reason, stage in list(zip(reasons, ("Lead", "Proposta", "Negociação"), strict=True))[:times]:
            make_opportunity(ana, stage)
            close(ana, ana.today(), win=True)
            close(ana, ana.today(), win=False, reason=reason)

    fill(1)
    client.get(address(ana))
    with django_assert_num_queries(expected):
        client.get(address(ana))
    fill(3)
    make_actor(company=ana.company, name="Bob")
    with company_scope(ana.company):
        Stage.objects.create(pipeline=Pipeline.objects.create(name="Pós-venda", position=2), name="Renovação")
    with django_assert_num_queries(expected):
        client.get(address(ana))
    narrowed = {"owner": code(ana, ana.membership), "source": "none"}
    with django_assert_num_queries(expected):
        client.get(address(ana), narrowed)
