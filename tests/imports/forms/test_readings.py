"""A column that can be read in two ways is asked about once, at the check, with its own cells."""

from decimal import Decimal

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports.forms.readings import ReadingsForm
from oportuna.imports.models import ImportJob, ImportRow
from oportuna.sales.models import Opportunity
from tests.factories import make_actor
from tests.imports.screens import address
from tests.imports.sheets import checked, worked, write

_HEADER = ("Empresa", "Valor", "Previsão")


def sheet(tmp_path, *rows):
    return write(tmp_path / "leads.csv", *rows, header=_HEADER)


def asked(job, by):
    """Each doubtful column's letter, and each of its ways with its examples."""
    with company_scope(by.company):
        return [
            (
                one.match.column,
                [(way.choice, [(text, str(read)) for text, read in way.examples]) for way in one.ways],
            )
            for one in ReadingsForm(job=job).questions
        ]


def answer(client, by, job, **said):
    url = address("answers", by, job)
    return client.post(url, {"revision": job.revision, **said})


def stored(by, field):
    with company_scope(by.company):
        rows = ImportRow.objects.order_by("number").values_list("values", flat=True)
        return [values.get(field) for values in rows]


def test_a_column_of_amounts_shows_three_of_its_own_cells_read_both_ways(db, tmp_path):
    ana = make_actor()
    rows = [
        ["A", "10.5", ""],
        ["B", "1.234", ""],
        ["C", "R$ 2.500", ""],
        ["D", "1.234", ""],
        ["E", "3.100", ""],
        ["F", "4.200", ""],
    ]

    job = checked(sheet(tmp_path, *rows), ana)

    assert asked(job, ana) == [
        (
            "B",
            [
                (
                    "comma",
                    [
                        ("1.234", "R$\xa01.234,00"),
                        ("R$ 2.500", "R$\xa02.500,00"),
                        ("3.100", "R$\xa03.100,00"),
                    ],
                ),
                ("dot", [("1.234", "R$\xa01,23"), ("R$ 2.500", "R$\xa02,50"), ("3.100", "R$\xa03,10")]),
            ],
        )
    ]


def test_a_column_of_days_shows_those_that_are_a_day_in_both_orders_first(db, tmp_path):
    ana = make_actor()

    job = checked(
        sheet(tmp_path, ["A", "", "12/31/2026"], ["B", "", "01/02/2027"], ["C", "", "5/5/2027"]), ana
    )

    assert asked(job, ana) == [
        (
            "C",
            [
                ("dmy", [("01/02/2027", "01/02/2027"), ("12/31/2026", "deixada em branco")]),
                ("mdy", [("01/02/2027", "02/01/2027"), ("12/31/2026", "31/12/2026")]),
            ],
        )
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["A", "1.234", "01/02/2027"], ["B", "2.500", "03/04/2027"]],
        [["A", "1.234", "31/12/2026"], ["B", "10,50", "2026-02-01"]],
        [["A", "10.5", ""], ["B", "1234", ""]],
    ],
)
def test_a_column_that_its_cells_decide_is_not_asked_about(db, tmp_path, rows):
    ana = make_actor()

    assert asked(checked(sheet(tmp_path, *rows), ana), ana) == []


def test_a_doubt_far_down_the_file_is_asked_about_too(db, tmp_path):
    ana = make_actor()
    rows = [["A", "1.234", ""], *([f"B{n}", "", ""] for n in range(200)), ["Z", "10.5", ""]]

    assert [column for column, _ in asked(checked(sheet(tmp_path, *rows), ana), ana)] == ["B"]


def test_the_answer_reads_the_whole_column_and_can_be_changed(db, client, tmp_path):
    ana = make_actor()
    client.force_login(ana.membership.user)
    job = checked(sheet(tmp_path, ["A", "10.5", "12/31/2026"], ["B", "1.234", "01/02/2027"]), ana)
    assert (stored(ana, "value"), stored(ana, "expected_close_on")) == (["10.50", None], [None, None])

    assert answer(client, ana, job, reading_1="comma", reading_2="mdy").status_code == 302
    job = worked(job, ana)

    assert stored(ana, "value") == ["10.50", "1234.00"]
    assert stored(ana, "expected_close_on") == ["2026-12-31", "2027-01-02"]
    page = client.get(address("check", ana, job)).content.decode()
    assert page.count("checked") == 2
    answer(client, ana, job, reading_1="dot", reading_2="mdy")
    worked(job, ana)
    assert stored(ana, "value") == ["10.50", "1.23"]


def test_without_an_answer_the_doubtful_cells_come_in_empty(db, client, tmp_path):
    ana = make_actor()
    client.force_login(ana.membership.user)
    job = checked(sheet(tmp_path, ["A", "10.5", "12/31/2026"], ["B", "1.234", "01/02/2027"]), ana)

    client.post(address("run", ana, job))
    worked(job, ana)

    with company_scope(ana.company):
        found = Opportunity.objects.order_by("number").values_list("value", "expected_close_on")
        assert list(found) == [(Decimal("10.50"), None), (None, None)]


def test_an_answer_to_another_check_is_refused_and_a_wrong_one_too(db, client, tmp_path):
    ana = make_actor()
    client.force_login(ana.membership.user)
    job = checked(sheet(tmp_path, ["A", "10.5", ""], ["B", "1.234", ""]), ana)

    assert answer(client, ana, job, reading_1="mdy").status_code == 422
    assert answer(client, ana, job, reading_1="comma").status_code == 302
    assert answer(client, ana, job, reading_1="dot").status_code in (409, 422)
    with company_scope(ana.company):
        assert ImportJob.objects.get(pk=job.pk).options["readings"] == {"B": "comma"}
