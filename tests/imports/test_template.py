"""The empty spreadsheet to fill in: what people write into it comes in without a question."""

import re
import zipfile
from io import BytesIO

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.columns.matching import match_columns
from oportuna.imports.fields.labels import GROUPS
from oportuna.imports.options import Options
from oportuna.imports.reader.opening import open_table
from oportuna.imports.template import COLUMNS, template_of
from oportuna.sales.models import Opportunity, Source
from oportuna.sales.queries.registers import stages_in_use
from tests.factories import make_actor
from tests.imports.screens import address, signed_in
from tests.imports.sheets import applied, received, worked


def saved(path, actor):
    with company_scope(actor.company):
        path.write_bytes(template_of(actor))
    return path


def filled_in(path, **cells):
    """The template with a second row, as a person types it into the first sheet."""
    places = {column.field: place for place, column in enumerate(COLUMNS)}
    ordered = sorted((places[field], text) for field, text in cells.items())
    row = "".join(
        f'<c r="{_letter(place)}2" t="inlineStr"><is><t>{text}</t></is></c>' for place, text in ordered
    )
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        "</sheetData>", f'<row r="2">{row}</row></sheetData>'
    ).encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def _letter(place):
    return chr(65 + place) if place < 26 else "A" + chr(65 + place - 26)


def test_it_has_a_column_for_every_field_and_an_import_knows_each_for_sure():
    matches = match_columns([str(column.title) for column in COLUMNS], [])

    assert [match.field for match in matches] == [column.field for column in COLUMNS]
    assert min(match.certainty for match in matches) >= 0.9
    known = {field for _group, fields in GROUPS for field in fields}
    # Other ways to say what a column here says.
    elsewhere = {"tax_id", "city_uf", "mobile", "ddd", "surname", "note"}
    assert {column.field for column in COLUMNS} == known - elsewhere


def test_what_is_filled_in_comes_in_without_a_question(db, tmp_path):
    ana = make_actor()
    with company_scope(ana.company):
        stage, source = stages_in_use()[1], Source.active()[0]
    path = filled_in(
        saved(tmp_path / "modelo.xlsx", ana),
        name="Padaria Sol Ltda",
        cnpj="11.222.333/0001-81",
        contact="Ana Souza",
        phone="(11) 98765-4321; (11) 3333-4444",
        title="Forno novo",
        value="1.234,56",
        stage=stage.name,
        owner="Ana",
        source=source.name,
        uf="SP",
    )

    job = applied(path, ana)

    assert (job.state, job.created, job.warnings) == ("done", 1, 0)
    with company_scope(ana.company):
        found = Opportunity.objects.select_related("customer", "contact").get()
        assert (found.title, found.stage, found.source, found.owner) == (
            "Forno novo",
            stage,
            source,
            ana.membership,
        )
        assert (found.customer.cnpj, found.contact.name) == ("11222333000181", "Ana Souza")


def test_an_empty_one_is_told_to_be_empty(db, tmp_path):
    ana = make_actor()
    path = saved(tmp_path / "modelo.xlsx", ana)

    with open_table(path) as table:
        assert (table.header[0], table.sample) == (str(COLUMNS[0].title), [])
    job = received(path, ana)
    with company_scope(ana.company):
        actions.check(job, Options(), by=ana)
    job = worked(job, ana)
    assert (job.state, job.refusal and job.refusal.code) == ("failed", "empty")


def test_its_lists_hold_the_companys_own_words_and_a_seller_finds_himself_alone(db):
    dora = make_actor("manager", name="Dora")
    ana = make_actor(company=dora.company, name="Ana")

    with company_scope(dora.company):
        of_manager, of_seller = (_texts(template_of(one)) for one in (dora, ana))
        stages = {one.name for one in stages_in_use()}

    assert stages | {"Dora", "Ana"} <= of_manager
    assert "Ana" in of_seller
    assert "Dora" not in of_seller


def _texts(content):
    with zipfile.ZipFile(BytesIO(content)) as book:
        return set(re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode()))


@pytest.mark.parametrize(("role", "status"), [("seller", 200), ("manager", 200), ("viewer", 403)])
def test_whoever_imports_may_download_it(db, client, role, status):
    actor = make_actor(role)

    answer = signed_in(client, actor).get(address("template", actor))

    assert answer.status_code == status
    assert (answer.get("Content-Disposition", "").startswith("attachment")) is (status == 200)
