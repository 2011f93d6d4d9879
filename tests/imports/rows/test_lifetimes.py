"""Opportunities that began before today, have ended already, or bring their own number or a next contact."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.imports.options import Options
from oportuna.ops.check import check
from oportuna.sales.models import Activity, Customer, Opportunity
from tests.factories import admin_of, make_actor, make_opportunity, reason_of
from tests.imports.sheets import applied, checked, outcomes, problem_codes, write

HEADER = (
    *("Número da oportunidade", "Empresa", "Oportunidade", "Etapa", "Situação", "Criada em", "Encerrada em"),
    *("Motivo da perda", "Concorrente", "Comentário da perda", "Próximo contato"),
)


def sheet(tmp_path, *rows, name="a.csv"):
    return write(tmp_path / name, *[row + ("",) * (len(HEADER) - len(row)) for row in rows], header=HEADER)


WON = ("31", "Padaria", "Forno", "Proposta", "Ganha", "02/03/2026", "04/05/2026")
LOST = ("7", "Ótica", "Lentes", "Lead", "Perdida", "", "05/05/2026", "Preço muito alto", "Rival", "Caro.")
OPEN = ("", "Mercado", "Balcão", "Lead", "Aberta", "02/03/2026", "", "", "", "", "15/12/2026")


def test_won_lost_and_open_come_in_with_their_days_numbers_and_reasons(db, tmp_path):
    ana = make_actor("manager")

    job = applied(sheet(tmp_path, WON, LOST, OPEN), ana)

    assert (job.created, problem_codes(job, ana)) == (3, [])
    with company_scope(ana.company):
        won, lost, opened = Opportunity.objects.order_by("id").select_related("customer")
        assert (won.number, won.status, won.stage.name, won.closed_on) == (
            *(31, "won", "Proposta", date(2026, 5, 4)),
        )
        assert (won.customer.status, won.created_at.date()) == ("customer", date(2026, 3, 2))
        assert (lost.number, lost.status, lost.closed_on) == (7, "lost", date(2026, 5, 5))
        assert (lost.loss_reason, lost.competitor, lost.loss_comment) == (
            *(reason_of(ana.company), "Rival", "Caro."),
        )
        assert (opened.number, opened.status, opened.next_due_on) == (32, "open", date(2026, 12, 15))
        call = Activity.objects.get()
        assert (call.kind, call.opportunity, call.due_on, call.owner) == (
            *("call", opened, date(2026, 12, 15), ana.membership),
        )
    assert [finding.first for finding in check(ana.company) if finding.different] == []


def test_a_number_that_is_given_already_is_not_taken_away_from_anybody(db, tmp_path):
    ana = make_actor("manager")
    make_opportunity(ana, title="A primeira")
    rows = (("1", "Padaria", "Forno"), ("9", "Ótica", "Lentes"), ("9", "Mercado", "Balcão"))

    job = applied(sheet(tmp_path, *rows), ana)

    assert problem_codes(job, ana) == [(2, "number_taken"), (4, "number_taken")]
    with company_scope(ana.company):
        assert dict(Opportunity.objects.values_list("title", "number")) == {
            "A primeira": 1,
            "Forno": 10,
            "Lentes": 9,
            "Balcão": 11,
        }


def test_a_row_with_number_title_and_customer_of_an_opportunity_is_that_one_even_if_it_has_ended(
    db, tmp_path
):
    ana = make_actor("manager")
    applied(sheet(tmp_path, WON, LOST, OPEN), ana)
    another = ("31", "Padaria", "Outro forno", "Proposta", "Ganha", "02/03/2026", "04/05/2026")

    job = checked(sheet(tmp_path, WON, LOST, another, name="b.csv"), ana)

    assert outcomes(job, ana) == [(2, "duplicate"), (3, "duplicate"), (4, "created")]


def test_what_a_seller_does_not_see_is_no_duplicate_by_its_number(db, tmp_path):
    boss = make_actor("manager")
    boss.company.visibility = "own"
    boss.company.save()
    applied(sheet(tmp_path, WON), boss)
    bia = make_actor("seller", company=boss.company, name="Bia")

    job = checked(sheet(tmp_path, WON, name="b.csv"), bia, again=True)

    assert outcomes(job, bia) == [(2, "created")]
    assert problem_codes(job, bia) == [(2, "name_unclear"), (2, "number_taken")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("", "Padaria", "Forno", "", "Ganha"), "closed_on_missing"),
        (("", "Padaria", "Forno", "", "Ganha", "", "01/01/2099"), "closed_on_unclear"),
        (("", "Padaria", "Forno", "", "", "01/01/2099"), "created_on_unclear"),
        (("", "Padaria", "Forno", "", "Ganha", "05/05/2026", "04/05/2026"), "created_on_unclear"),
    ],
)
def test_days_that_cannot_be_true_are_left_out_with_a_warning(db, tmp_path, row, code):
    ana = make_actor("manager")

    job = applied(sheet(tmp_path, row), ana)

    assert (job.created, problem_codes(job, ana)) == (1, [(2, code)])
    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        today = timezone.localdate(timezone=ana.company.zone)
        both = (opportunity.created_at.astimezone(ana.company.zone).date(), opportunity.closed_on)
    ended = "Ganha" in row
    if "04/05/2026" in row:
        assert both == (date(2026, 5, 4), date(2026, 5, 4))
    else:
        assert both == (today, today if ended else None)


def test_an_unknown_loss_reason_is_kept_in_the_comment_where_none_is_demanded(db, tmp_path):
    ana = make_actor("manager")
    ana.company.loss_reason_required = False
    ana.company.save()
    row = ("", "Ótica", "Lentes", "", "Perdida", "", "05/05/2026", "Mudou de ramo", "", "Em 2025.")

    job = applied(sheet(tmp_path, row), ana)

    assert problem_codes(job, ana) == [(2, "loss_reason_unknown")]
    with company_scope(ana.company):
        assert Opportunity.objects.get().loss_comment == "Mudou de ramo: Em 2025."


def test_a_loss_without_the_reason_that_the_company_demands_is_rejected(db, tmp_path):
    ana = make_actor("manager")
    row = ("", "Ótica", "Lentes", "", "Perdida", "", "05/05/2026", "Mudou de ramo")

    job = checked(sheet(tmp_path, row, row[:7]), ana)

    assert outcomes(job, ana) == [(2, "rejected"), (3, "rejected")]
    assert problem_codes(job, ana) == [
        (2, "loss_reason_unknown"),
        (2, "loss_reason_missing"),
        (3, "loss_reason_missing"),
    ]


def test_an_administrator_lets_an_import_add_loss_reasons(db, tmp_path):
    admin = admin_of(make_actor("manager").company)
    row = ("", "Ótica", "Lentes", "", "Perdida", "", "05/05/2026", "Mudou de ramo")

    job = applied(sheet(tmp_path, row), admin, Options(create_missing=("loss_reason",)))

    assert problem_codes(job, admin) == []
    with company_scope(admin.company):
        assert Opportunity.objects.get().loss_reason == reason_of(admin.company, "Mudou de ramo")


def test_what_an_open_one_cannot_hold_stays_in_its_notes(db, tmp_path):
    ana = make_actor("manager")
    row = ("", "Ótica", "Lentes", "", "Aberta", "", "05/05/2026", "Preço muito alto", "Rival", "Caro.")

    applied(sheet(tmp_path, row), ana)

    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert (opportunity.status, opportunity.loss_reason) == ("open", None)
        for said in ("05/05/2026", "Preço muito alto", "Rival", "Caro."):
            assert said in opportunity.notes


def test_a_backdated_one_is_as_old_as_it_says_and_counts_as_touched_today(db, tmp_path):
    ana = make_actor("manager")

    applied(sheet(tmp_path, OPEN), ana)

    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert opportunity.stage_since == opportunity.created_at
        assert timezone.now() - opportunity.moved_at < timedelta(minutes=5)
        assert Customer.objects.get().created_at > opportunity.created_at
