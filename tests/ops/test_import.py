"""`oportuna import`: a file brought in from the command line, and what other programs read of it."""

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.cli import main
from oportuna.imports.models import ImportJob
from oportuna.imports.suppression import actions as suppression
from oportuna.imports.suppression.entries import parse_entry
from oportuna.sales.actions import registers
from oportuna.sales.models import Campaign, Customer, Opportunity, Source
from tests.factories import admin_of, make_actor
from tests.imports.sheets import CNPJS, cell_rows, lead_file, write


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "files")


@pytest.fixture
def ana(committed) -> Actor:
    """A manager whose company really holds what is committed."""
    return make_actor("manager")


def run(by: Actor, path: Path, *options: str) -> int:
    return main(
        ["import", str(path), "--company", by.company.slug, "--as", by.membership.user.email, *options]
    )


def report(
    by: Actor, capsys: pytest.CaptureFixture[str], path: Path, *options: str
) -> tuple[int, dict[str, Any]]:
    status = run(by, path, "--json", *options)
    return status, json.loads(capsys.readouterr().out)


def test_a_file_comes_in_and_the_report_adds_up(ana, tmp_path, capsys):
    rows = cell_rows(("Nova", CNPJS[0]), ("Errada", "11.222.333/0001-80"), ("Nova", CNPJS[0]))

    status, found = report(ana, capsys, write(tmp_path / "a.csv", *rows))

    assert (status, found["status"], found["dry_run"]) == (0, "done", False)
    assert (found["rows"], found["created"], found["duplicates"], found["rejected"]) == (3, 1, 1, 1)
    assert [(one["row"], one["column"], one["code"]) for one in found["rejections"]] == [
        (3, "B", "cnpj_check_digit")
    ]
    assert (found["format"], found["delimiter"], found["encoding"], found["header_row"]) == (
        "csv",
        ";",
        "utf-8",
        1,
    )
    assert "preview" not in found
    with company_scope(ana.company):
        assert Opportunity.objects.count() == 1


def test_a_rehearsal_says_the_same_and_writes_nothing(ana, tmp_path, capsys):
    path = lead_file(tmp_path / "leads.csv", 20)

    _, rehearsed = report(ana, capsys, path, "--dry-run", "--preview", "2")
    _, done = report(ana, capsys, path)

    assert [one["row"] for one in rehearsed.pop("preview")] == [2, 3]
    changing = ("seconds", "dry_run")
    assert {k: v for k, v in rehearsed.items() if k not in changing} == {
        k: v for k, v in done.items() if k not in changing
    }


def test_a_rehearsal_leaves_no_trace(ana, tmp_path, capsys):
    report(ana, capsys, lead_file(tmp_path / "leads.csv", 3), "--dry-run")

    with company_scope(ana.company):
        assert (ImportJob.objects.count(), Customer.objects.count()) == (0, 0)


def test_the_same_file_again_is_refused_and_comes_in_with_again(ana, tmp_path, capsys):
    path = lead_file(tmp_path / "leads.csv", 3)
    report(ana, capsys, path)

    status, refused = report(ana, capsys, path)
    again, found = report(ana, capsys, path, "--again")

    assert (status, refused["status"], refused["code"]) == (2, "refused", "same_file_again")
    assert (again, found["created"], found["duplicates"]) == (0, 0, 3)


def test_a_picture_is_refused_with_its_reason(ana, tmp_path, capsys):
    (tmp_path / "foto.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 99)

    status, found = report(ana, capsys, tmp_path / "foto.xlsx")

    assert (status, found["status"], found["code"]) == (2, "refused", "not_a_spreadsheet")
    assert found["message"].startswith("Isto não é uma planilha")


def test_an_empty_file_is_no_mistake(ana, tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes(b"")

    status, found = report(ana, capsys, tmp_path / "a.csv")

    assert (status, found["status"], found["rows"]) == (0, "empty", 0)


def test_columns_are_mapped_by_hand(ana, tmp_path, capsys):
    path = write(tmp_path / "a.csv", ("Padaria", "Zé"), header=("Empresa", "Coisa"))

    status, found = report(ana, capsys, path, "--header-row", "1", "--map", "Coisa=contact")

    assert (status, found["mapping"][1]["field"]) == (0, "contact")


@pytest.mark.parametrize("option", ["Coisa=voo", "Nada=contact"])
def test_a_map_to_nowhere_is_refused(ana, tmp_path, capsys, option):
    path = write(tmp_path / "a.csv", ("Padaria", "1", "Zé"), header=("Empresa", "CNPJ", "Coisa"))

    status, found = report(ana, capsys, path, "--map", option)

    assert (status, found["status"]) == (2, "refused")


def test_people_read_a_summary(ana, tmp_path, capsys):
    assert run(ana, lead_file(tmp_path / "leads.csv", 3)) == 0

    assert "3" in capsys.readouterr().out


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_who_may_not_import_is_told_so(committed, tmp_path, capsys, role):
    someone = make_actor(role)

    assert run(someone, lead_file(tmp_path / "leads.csv", 1)) == 1
    assert "permite" in capsys.readouterr().err


def test_a_stranger_and_a_missing_file_end_in_one_line(ana, tmp_path, capsys):
    other = make_actor("admin")

    assert main(["import", str(tmp_path), "--company", ana.company.slug, "--as", "x@example.com"]) == 1
    path = lead_file(tmp_path / "leads.csv", 1)
    arguments = ["import", str(path), "--company", ana.company.slug, "--as", other.membership.user.email]
    assert main(arguments) == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_rows_that_say_nothing_get_the_stage_source_and_owner_of_the_command(ana, tmp_path, capsys):
    bia = make_actor("seller", company=ana.company, name="Bia")
    path = write(tmp_path / "a.csv", *cell_rows(("Nova",)))

    options = ("--stage", "proposta", "--source", "SITE", "--owner", bia.membership.user.email)
    status, found = report(ana, capsys, path, *options)

    assert (status, found["created"]) == (0, 1)
    with company_scope(ana.company):
        one = Opportunity.objects.get()
        assert one.stage.name == "Proposta"
        assert (one.source and one.source.name, one.owner) == ("Site", bia.membership)


@pytest.mark.parametrize(
    ("option", "word"), [("--stage", "Nenhuma"), ("--source", "Nenhuma"), ("--owner", "a@b.c")]
)
def test_a_default_that_there_is_not_is_told_and_nothing_comes_in(ana, tmp_path, capsys, option, word):
    status = run(ana, write(tmp_path / "a.csv", *cell_rows(("Nova",))), option, word)

    assert (status, word in capsys.readouterr().err) == (1, True)
    with company_scope(ana.company):
        assert not ImportJob.objects.exists()


def test_rejected_rows_are_written_and_sent_again_bring_only_themselves(ana, tmp_path, capsys):
    rows = cell_rows(("Boa", CNPJS[1]), ("Errada", "11.222.333/0001-80"))
    back = tmp_path / "recusadas.xlsx"

    status, found = report(ana, capsys, write(tmp_path / "a.csv", *rows), "--rejected-to", str(back))
    assert (status, found["created"], found["rejected"]) == (0, 1, 1)

    status, found = report(ana, capsys, back, "--drop-bad-document")
    assert (status, found["rows"], found["created"], found["duplicates"]) == (0, 1, 1, 0)
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []


def test_rejected_rows_want_a_real_import_and_a_folder(ana, tmp_path, capsys):
    path = write(tmp_path / "a.csv", *cell_rows(("Nova",)))

    assert run(ana, path, "--rejected-to", str(tmp_path / "nowhere" / "a.xlsx")) == 1
    assert run(ana, path, "--rejected-to", str(tmp_path / "a.xlsx"), "--dry-run") == 1
    with company_scope(ana.company):
        assert not ImportJob.objects.exists()


def test_several_sheets_of_one_shape_come_in_by_their_names(ana, tmp_path, capsys):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for month, name in (("Jan", "Padaria"), ("Fev", "Mercado")):
            sheet = book.add_worksheet(month)
            sheet.write_row(0, 0, ["Empresa", "CNPJ"])
            sheet.write_row(1, 0, [name, ""])

    status, found = report(ana, capsys, tmp_path / "a.xlsx")
    assert (status, found["code"]) == (2, "several_sheets")

    status, found = report(ana, capsys, tmp_path / "a.xlsx", "--sheet", "Jan", "--sheet", "Fev")
    assert (status, found["created"], found["sheet"]) == (0, 2, "Jan, Fev")


def test_supplier_and_legal_basis_are_kept_with_the_import_and_its_people(ana, tmp_path):
    row = ("Padaria", CNPJS[0], "Lia", "lia@padaria.com")
    path = write(tmp_path / "feira.csv", *cell_rows(row))

    assert run(ana, path, "--supplier", " Listas  Boas", "--legal-basis", "legitimate_interest") == 0

    with company_scope(ana.company):
        options = ImportJob.objects.get().options
        customer = Customer.objects.get()
    assert (options["supplier"], options["legal_basis"]) == ("Listas Boas", "legitimate_interest")
    assert (customer.data_list, customer.data_supplier) == ("feira.csv", "Listas Boas")
    assert customer.legal_basis == "legitimate_interest"


def test_no_legal_basis_is_assumed(ana, tmp_path):
    assert run(ana, write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0], "Lia")))) == 0

    with company_scope(ana.company):
        assert Customer.objects.get().legal_basis == ""


def test_a_legal_basis_that_there_is_not_is_refused_by_its_name(ana, tmp_path, capsys):
    path = write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0])))

    with pytest.raises(SystemExit) as ended:
        run(ana, path, "--legal-basis", "because")

    assert ended.value.code == 2
    assert "legitimate_interest" in capsys.readouterr().err


def test_who_asked_not_to_be_contacted_is_counted_and_told(ana, tmp_path, capsys):
    with company_scope(ana.company):
        suppression.add([parse_entry("padaria.com")], why="pediu", by=ana)
    path = write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0], "Lia", "lia@padaria.com"), ("Nova",)))

    status, found = report(ana, capsys, path)

    assert (status, found["rows"], found["created"], found["suppressed"]) == (0, 2, 1, 1)
    assert [(one["row"], one["column"], one["code"]) for one in found["warnings"]] == [(2, "D", "suppressed")]

    assert run(ana, path, "--again", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "Pediram para não receber contato: 1" in said
    assert "padaria.com pediu para não receber contato: pediu" in said


def test_rows_that_say_nothing_go_in_turn_to_the_people_of_the_command_and_names_are_calmed(
    ana, tmp_path, capsys
):
    bia, caio = (
        make_actor(role, ana.company, name=name) for role, name in (("seller", "Bia"), ("viewer", "Caio"))
    )
    path = write(tmp_path / "a.csv", *cell_rows(("PADARIA SOL LTDA",), ("Aço Sul",), ("Outra",)))
    turn = [word for one in (ana, bia, caio) for word in ("--turn", one.membership.user.email)]

    status, found = report(ana, capsys, path, "--calm-names", *turn)

    assert (status, found["created"]) == (0, 3)
    with company_scope(ana.company):
        rows = Opportunity.objects.order_by("number").values_list("title", "owner_id")
        # Who only looks on gets none.
        assert list(rows) == [
            ("Padaria Sol Ltda", ana.membership.pk),
            ("Aço Sul", bia.membership.pk),
            ("Outra", ana.membership.pk),
        ]


@pytest.mark.parametrize("rehearses", [True, False])
def test_a_campaign_of_another_source_is_refused_before_anything_is_kept(ana, tmp_path, capsys, rehearses):
    with company_scope(ana.company):
        source, other = list(Source.active())[:2]
        registers.add(Campaign, {"name": "Feira", "source": source}, by=admin_of(ana.company))
    path = lead_file(tmp_path / "leads.csv", 1)
    chosen = ["--campaign", "Feira", "--source", other.name, *(["--dry-run"] if rehearses else [])]

    status = run(ana, path, *chosen)

    assert status != 0
    assert f"A campanha Feira é da origem {source.name}" in capsys.readouterr().err
    with company_scope(ana.company):
        assert not ImportJob.objects.exists()
    assert run(ana, path, "--campaign", "Feira", "--source", source.name) == 0
