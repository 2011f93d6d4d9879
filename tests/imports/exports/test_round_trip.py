"""A list that was taken out and comes back says the same, cell by cell, in either kind of file."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports.columns.matching import match_columns
from oportuna.imports.columns.survey import Survey
from oportuna.imports.exports import customers, opportunities
from oportuna.imports.exports.cells import CSV, LONGEST, XLSX, Column, joined
from oportuna.imports.exports.writing import writer_of
from oportuna.imports.fields.labels import GROUPS
from oportuna.imports.reader.opening import open_table
from oportuna.imports.rows.values import RowReader
from oportuna.sales.models import Customer
from tests.factories import make_actor, make_customer, reason_of, source_of, stage_of
from tests.imports.exports.sales import (
    CNPJS,
    CPFS,
    PHONES,
    SALES,
    brought_in,
    written,
)


def said(sale: dict[str, Any], number: int, by: Actor) -> dict[str, Any]:
    """What a row of the file should say, by the names of the import's report."""
    document, (city, uf, cep) = sale["document"], sale["place"]
    contact = sale["contact"] or (None, None, None)
    status, closed_on, competitor, comment = sale["closed"] or ("open", None, None, None)
    lost = status == "lost"
    values = {
        **{name: sale[name] for name in ("title", "name", "trade_name", "ie", "segment", "site", "address")},
        **{name: sale[name] for name in ("district", "value", "expected_close_on", "created_on", "notes")},
        "number": number,
        "pipeline": stage_of(by.company, "Proposta").pipeline.name,
        "stage": "Proposta",
        "status": status,
        "probability": None if sale["probability"] is None else Decimal(sale["probability"]) / 10,
        "owner": by.membership.user.email,
        "source": source_of(by.company).name if sale["from_source"] else None,
        "closed_on": closed_on,
        "loss_reason": reason_of(by.company).name if lost else None,
        "competitor": competitor if lost else None,
        "loss_comment": comment if lost else None,
        "next_contact_on": sale["next_due_on"],
        "kind": "person" if document in CPFS else "organisation",
        "cnpj": document if document in CNPJS else None,
        "cpf": document if document in CPFS else None,
        "city": city,
        "uf": uf,
        "cep": cep,
        "do_not_contact": sale["do_not_contact"],
        **dict(zip(("contact", "job_title", "contact_cpf"), contact, strict=True)),
        "emails": sale["emails"],
        "phones": sale["phones"],
    }
    return _absent_left_out(values)


def _absent_left_out(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if (value == 0 and value is not False) or value}


def read_back(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """What an import understands of the file: the values of its rows, and the codes of what it doubted."""
    with open_table(path) as table:
        matches = match_columns(table.header, table.sample)
        rows = list(table.rows())
    survey = Survey(matches)
    for row in rows:
        survey.add(row)
    reader = RowReader(matches, survey.decisions())
    found = [reader.read(row) for row in rows]
    return [_absent_left_out(one.values) for one in found], [
        problem.code for one in found for problem in one.problems if problem.code != "cep_unclear"
    ]


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_opportunities_that_were_exported_say_the_same_to_an_import(db, tmp_path, kind):
    ana = make_actor("manager")

    @given(st.lists(SALES, min_size=1, max_size=6, unique_by=lambda sale: sale["document"] or object()))
    def check(sales: list[dict[str, Any]]) -> None:
        with company_scope(ana.company), transaction.atomic():
            ids = brought_in(sales, ana)
            rows = opportunities.rows(ana, ids)
            transaction.set_rollback(True)
        path = written(tmp_path / "a", kind, opportunities.columns(), rows)

        found, doubts = read_back(path)

        assert doubts == []
        assert found == [said(sale, row["number"], ana) for sale, row in zip(sales, rows, strict=True)]

    check()


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_customers_that_were_exported_say_the_same_to_an_import(db, tmp_path, kind):
    ana = make_actor("manager")
    fields = {
        "cnpj": CNPJS[0],
        "trade_name": "=Fantasia",
        "city": "Itu",
        "uf": "SP",
        "cep": "13300000",
        "notes": "Só aqui",
    }
    customer = make_customer(
        ana, 'São "João"; Ltda', **fields, emails=["a@x.example"], phones=[PHONES[0], PHONES[4]]
    )
    with company_scope(ana.company):
        rows = customers.rows(ana, [customer.pk])

    found, doubts = read_back(written(tmp_path / "a", kind, customers.columns(), rows))

    assert doubts == []
    (row,) = found
    assert row == {
        "name": 'São "João"; Ltda',
        "title": 'São "João"; Ltda',
        "kind": "organisation",
        **{name: fields[name] for name in ("cnpj", "trade_name", "city", "uf", "cep")},
        "emails": ["a@x.example"],
        "phones": [PHONES[0], PHONES[4]],
    }  # fmt: skip


@pytest.mark.parametrize("columns", [opportunities.columns, customers.columns])
def test_every_column_of_an_export_is_known_to_an_import_as_itself(columns):
    titles = [str(column.title) for column in columns()]

    matches = match_columns(titles, [])

    assert [(match.header, match.certainty) for match in matches if match.certainty < 0.9] == []
    fields = [match.field for match in matches if match.field != "ignore"]
    assert len(fields) == len(set(fields))
    assert "note" not in fields
    assert [title for title, match in zip(titles, matches, strict=True) if match.field == "ignore"] == [
        title for title in titles if title.endswith("(só leitura)")
    ]


def test_an_export_of_opportunities_leaves_out_no_field_that_an_import_knows():
    matches = match_columns([str(column.title) for column in opportunities.columns()], [])

    known = {field for _group, fields in GROUPS for field in fields}
    joined_elsewhere = {"tax_id", "city_uf", "mobile", "ddd", "surname", "note"}
    assert {match.field for match in matches} - {"ignore"} == known - joined_elsewhere


def test_amounts_and_days_are_numbers_and_dates_in_a_workbook(tmp_path):
    columns = [Column("Cliente", lambda row: row["a"]), Column("Valor", lambda row: row["b"]), Column("Previsão", lambda row: row["c"])]  # fmt: skip
    row = {"a": "Sol", "b": Decimal("1234.56"), "c": date(2026, 12, 31)}

    with open_table(written(tmp_path / "a", XLSX, columns, [row])) as table:
        (found,) = table.rows()

    assert list(found.cells) == ["Sol", 1234.56, date(2026, 12, 31)]


def test_a_csv_opens_right_in_excel_of_brazil(tmp_path):
    columns = [Column("Cliente", lambda row: row["a"]), Column("Valor", lambda row: row["b"]), Column("Chance", lambda row: row["d"], permille=True)]  # fmt: skip
    row = {"a": "São João;\nMatriz", "b": Decimal("1234.5"), "d": 255}

    content = written(tmp_path / "a", CSV, columns, [row]).read_bytes()

    assert content.decode("utf-8") == '\ufeffCliente;Valor;Chance\r\n"São João;\nMatriz";1.234,50;25,5%\r\n'


@pytest.mark.parametrize("text", ["=1+1", "+55", "-1", "@x", '=HYPERLINK("http://x")', "'=1", "\tx", "\rx"])
def test_no_cell_of_a_csv_begins_like_a_formula(text):
    file = io.BytesIO()
    writer = writer_of(CSV, file, [Column("Cliente", lambda row: row["a"])], Path())
    writer.add([[text]])
    writer.close()

    cell = file.getvalue().decode("utf-8-sig").split("\r\n", 1)[1]
    assert cell.strip('"').startswith("'")


def test_of_more_than_a_cell_holds_whole_values_are_left_out(tmp_path):
    emails = [f"pessoa{number}@example.com" for number in range(2_000)]

    text = joined(emails)

    assert len(text) < LONGEST
    kept = text.split("; ")
    assert kept == emails[: len(kept)]


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost(tmp_path):
    columns = [Column("Cliente", lambda row: row["a"]), Column("Observações", lambda row: row["b"])]

    for kind in (CSV, XLSX):
        path = written(tmp_path / kind, kind, columns, [{"a": "Sol", "b": "é" * 40_000}])
        with open_table(path) as table:
            (found,) = table.rows()
        assert found.cells[1] == "é" * LONGEST


def test_a_customer_of_another_company_is_in_no_export(db):
    ana, foreign = make_actor(), make_customer(make_actor(), "De fora")

    with company_scope(ana.company):
        assert customers.rows(ana, [foreign.pk]) == []
        assert Customer.objects.count() == 0


def test_a_workbook_is_one_that_other_programs_read_as_it_was_meant(tmp_path):
    """Text that XML or Excel would take for something else, blanks at the ends, no cell where there is nothing."""
    columns = [Column(str(place), lambda row, place=place: row[place]) for place in range(4)]  # type: ignore[misc]
    texts = ["<&>", "_x000D_", " a\n b ", "a\rb", "]]>", "é🧲"]
    rows: list[dict[Any, Any]] = [{0: text, 1: None, 2: 7, 3: date(1850, 1, 2)} for text in texts]

    path = written(tmp_path / "a.xlsx", XLSX, columns, rows)

    read = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert read == [["0", "1", "2", "3"], *[[text, "", 7.0, "02/01/1850"] for text in texts]]
