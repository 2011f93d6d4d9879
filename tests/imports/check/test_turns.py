"""Rows that name nobody go to chosen people in turn, to each as many, and every row says why it went to whom."""

from collections import Counter

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.check import corrections
from oportuna.imports.models import ImportJob, ImportRow
from oportuna.imports.options import Options
from oportuna.sales.actions import registers
from oportuna.sales.models import Campaign, Opportunity, Source
from tests.factories import admin_of, make_actor
from tests.imports.relay import one_transaction_at_a_time
from tests.imports.screens import address, signed_in
from tests.imports.sheets import applied, checked, problem_codes, received, worked, write

_HEADER = ("Empresa", "CNPJ", "Vendedor")


@pytest.fixture
def team(db):
    """A manager and three sellers of one company."""
    dora = make_actor("manager", name="Dora")
    return dora, [make_actor(company=dora.company, name=name) for name in ("Ana", "Bia", "Caio")]


def in_turn(people):
    return Options(turn=tuple(one.membership.pk for one in people))


def sheet(tmp_path, *rows):
    filled = [(*row, *[""] * (3 - len(row))) for row in rows]
    return write(tmp_path / "leads.csv", *filled, header=_HEADER)


def owned(by):
    """Each row's owner and why, in the rows' order."""
    with company_scope(by.company):
        rows = ImportRow.objects.order_by("number").values_list("values", "owned_by")
        return [(values.get("owner"), why) for values, why in rows]


def owners(by):
    """The owners of the opportunities, in the order in which they were numbered."""
    with company_scope(by.company):
        return [one.owner.name for one in Opportunity.objects.order_by("number").select_related("owner")]


def test_rows_go_to_each_in_their_order(team, tmp_path):
    dora, people = team

    applied(sheet(tmp_path, *([f"Loja {n}"] for n in range(7))), dora, in_turn(people))

    assert owners(dora) == ["Ana", "Bia", "Caio", "Ana", "Bia", "Caio", "Ana"]
    assert owned(dora)[:2] == [("Ana", "turn"), ("Bia", "turn")]


def test_a_row_that_names_its_seller_is_his_and_takes_nobodys_turn(team, tmp_path):
    dora, people = team

    job = checked(sheet(tmp_path, ["A"], ["B", "", "caio"], ["C"], ["D", "", "Zé"]), dora, in_turn(people))

    assert owned(dora) == [("Ana", "turn"), ("Caio", "column"), ("Bia", "turn"), ("Caio", "turn")]
    assert problem_codes(job, dora) == [(5, "owner_unknown")]


def test_rejected_and_repeated_rows_take_nobodys_turn(team, tmp_path):
    dora, people = team
    rows = [["A", "11222333000181"], ["B", "11222333000100"], ["A", "11222333000181"], [""], ["C"], ["D"]]

    applied(sheet(tmp_path, *rows), dora, in_turn(people))

    assert owners(dora) == ["Ana", "Bia", "Caio"]


def test_a_check_that_goes_on_in_another_process_goes_on_with_the_turn(team, tmp_path):
    dora, people = team
    job = received(sheet(tmp_path, *([f"Loja {n}"] for n in range(2_500))), dora)
    with company_scope(dora.company):
        actions.check(job, in_turn(people), by=dora)

    assert one_transaction_at_a_time() > 2

    assert [who for who, _ in owned(dora)] == [["Ana", "Bia", "Caio"][n % 3] for n in range(2_500)]
    with company_scope(dora.company):
        assert ImportJob.objects.get(pk=job.pk).turns == 2_500
        actions.apply(ImportJob.objects.get(pk=job.pk), by=dora)
    one_transaction_at_a_time()
    assert Counter(owners(dora)) == {"Ana": 834, "Bia": 833, "Caio": 833}


def test_a_corrected_row_keeps_its_person_and_one_that_was_rejected_takes_the_next_turn(team, tmp_path):
    dora, people = team
    job = checked(sheet(tmp_path, ["A"], ["B", "11222333000100"], ["C"]), dora, in_turn(people))
    assert owned(dora) == [("Ana", "turn"), (dora.membership.name, "default"), ("Bia", "turn")]

    with company_scope(dora.company):
        corrections.correct(job, 2, ["Outra", "", ""], by=dora)
        corrections.correct(job, 3, ["B", "", ""], by=dora)
        corrections.correct(job, 4, ["C certa", "", ""], by=dora)

    assert owned(dora) == [("Ana", "turn"), ("Caio", "turn"), ("Bia", "turn")]


def test_a_check_with_other_choices_begins_the_turn_again(team, tmp_path):
    dora, people = team
    job = checked(sheet(tmp_path, ["A"], ["B"]), dora, in_turn(people))

    with company_scope(dora.company):
        actions.check(job, Options.of_json(ImportJob.objects.get(pk=job.pk).options), by=dora)
    worked(job, dora)

    assert owned(dora) == [("Ana", "turn"), ("Bia", "turn")]


def test_two_people_of_one_name_get_their_own_rows(team, tmp_path):
    dora, people = team
    other = make_actor(company=dora.company, name="Ana")

    applied(
        sheet(tmp_path, ["A"], ["B"], ["C", "", other.membership.user.email]),
        dora,
        in_turn([people[0], other]),
    )

    with company_scope(dora.company):
        found = Opportunity.objects.order_by("number").values_list("owner_id", flat=True)
        assert list(found) == [people[0].membership.pk, other.membership.pk, other.membership.pk]


def test_without_a_turn_a_row_says_that_it_goes_to_whoever_imports(team, tmp_path):
    _dora, people = team

    checked(sheet(tmp_path, ["A"]), people[1])

    assert owned(people[1]) == [("Bia", "default")]


def test_a_seller_gives_rows_to_nobody_else(team, client, tmp_path):
    _dora, (ana, bia, _caio) = team
    job = received(sheet(tmp_path, ["A"]), ana)

    with company_scope(ana.company), pytest.raises(Refused):
        actions.check(job, in_turn([ana, bia]), by=ana)

    assert 'name="turn"' not in signed_in(client, ana).get(address("columns", ana, job)).content.decode()


def test_the_columns_step_takes_a_turn_and_the_rows_say_so(team, client, tmp_path):
    dora, people = team
    job = received(sheet(tmp_path, ["A"], ["B", "", "Caio"]), dora)
    sent = {"revision": job.revision, "column_0": "name", "column_1": "cnpj", "column_2": "owner"}
    turn = [one.membership.pk for one in people]
    both = signed_in(client, dora).post(
        address("columns", dora, job), {**sent, "turn": turn, "owner": turn[0]}
    )
    assert both.status_code == 422

    assert client.post(address("columns", dora, job), {**sent, "turn": turn}).status_code == 302
    job = worked(job, dora)

    page = client.get(address("check", dora, job, show="created")).content.decode()
    assert "vez de Ana" in page
    assert "coluna Vendedor" in page


def test_a_campaign_is_given_to_the_rows_that_name_none_with_its_source(team, tmp_path):
    dora, _ = team
    with company_scope(dora.company):
        source, other = list(Source.active())[:2]
        fair = registers.add(Campaign, {"name": "Feira", "source": source}, by=admin_of(dora.company))
    path = write(tmp_path / "a.csv", ["A", ""], ["B", other.name], header=("Empresa", "Origem"))

    applied(path, dora, Options(campaign=fair.pk))

    with company_scope(dora.company):
        found = Opportunity.objects.order_by("number").values_list("campaign__name", "source__name")
        assert list(found) == [("Feira", source.name), (None, other.name)]
