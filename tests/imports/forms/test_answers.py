"""What is asked at the check is one form: no answer is lost to another, to a corrected row, or to an import begun too soon."""

import xlsxwriter

from oportuna.accounts.scope import company_scope
from oportuna.imports.forms.words import WordsForm
from oportuna.imports.models import ImportJob
from oportuna.sales.models import Opportunity
from tests.factories import make_actor, make_customer, stage_of
from tests.imports.screens import address, row_address, signed_in
from tests.imports.sheets import CNPJS, checked, worked, write

HEADER = ("Empresa", "CNPJ", "Etapa")
ROWS = (("Padaria", CNPJS[0], ""), ("Ótica", "", "Em conversa"), ("Mercado", "11.222.333/0001-80", "Lead"))


def asked(db_actor, tmp_path):
    """An import that asks of a known customer and of a word, and has a wrong row; the field of the word."""
    make_customer(db_actor, "Padaria", cnpj=CNPJS[0])
    job = checked(write(tmp_path / "a.csv", *ROWS, header=HEADER), db_actor)
    with company_scope(db_actor.company):
        return job, WordsForm(job=job, actor=db_actor).words[0].name


def test_all_that_is_asked_is_answered_in_one_piece(client, db, tmp_path):
    ana = make_actor("manager")
    job, word = asked(ana, tmp_path)
    proposal = stage_of(ana.company, "Proposta")

    sent = {"revision": job.revision, "known": "skip", word: str(proposal.pk)}
    signed_in(client, ana).post(address("answers", ana, job), sent)

    job = worked(job, ana)
    assert (job.options["on_duplicate"], job.options["words"]) == (
        "skip",
        {"stage": {"em conversa": proposal.pk}},
    )
    assert (job.created, job.duplicates, job.rejected) == (1, 1, 1)


def test_an_import_with_answers_that_were_not_checked_shows_first_what_they_mean(client, db, tmp_path):
    ana = make_actor("manager")
    job, word = asked(ana, tmp_path)
    sent = {"revision": job.revision, "known": "skip", word: str(stage_of(ana.company, "Proposta").pk)}

    answer = signed_in(client, ana).post(address("run", ana, job), sent)

    assert answer["Location"] == address("check", ana, job)
    job = worked(job, ana)
    assert (job.state, job.created, job.duplicates) == (ImportJob.State.CHECKED, 1, 1)
    assert "Suas respostas mudaram" in client.get(address("check", ana, job)).content.decode()
    answer = client.post(address("run", ana, job), {**sent, "revision": job.revision})
    assert answer["Location"] == address("run", ana, job)
    worked(job, ana)
    with company_scope(ana.company):
        assert [one.stage.name for one in Opportunity.objects.all()] == ["Proposta"]


def test_an_import_begun_on_an_old_page_writes_nothing(client, db, tmp_path):
    ana = make_actor("manager")
    job, _word = asked(ana, tmp_path)
    before = job.revision
    signed_in(client, ana).post(row_address(ana, job, 3, "leave_out"), {"leaves_out": "1"})

    answer = client.post(address("run", ana, job), {"revision": before, "known": "join"})

    assert answer.status_code == 422
    assert worked(job, ana).started_at is None


def test_an_import_with_an_answer_that_there_is_not_goes_back_to_the_question(client, db, tmp_path):
    ana = make_actor("manager")
    job, _word = asked(ana, tmp_path)

    answer = signed_in(client, ana).post(
        address("run", ana, job), {"revision": job.revision, "known": "explodir"}
    )

    assert answer.status_code == 422
    assert "Escolha uma destas opções." in answer.content.decode()


def test_a_corrected_row_and_an_opened_figure_keep_what_was_answered_and_not_sent(client, db, tmp_path):
    ana = make_actor("manager")
    job, word = asked(ana, tmp_path)
    signed_in(client, ana)
    said = {"known": "fill", word: str(stage_of(ana.company, "Proposta").pk), "revision": job.revision}
    htmx = {"HX-Request": "true"}

    corrected = client.post(row_address(ana, job, 4), {"column_1": CNPJS[1], **said}, headers=htmx)
    opened = client.get(address("check", ana, job, show="created", **said), headers=htmx)

    for page in (corrected.content.decode(), opened.content.decode()):
        assert 'value="fill" id="id_known_1" checked' in " ".join(page.split()).replace(" required", "")
        assert f'<option value="{said[word]}" selected' in page
        assert "<html" not in page
    assert "Linha 4: Nova oportunidade" in corrected.content.decode()
    assert worked(job, ana).options["on_duplicate"] == "join"


def test_a_row_without_a_name_is_given_one_where_it_stands(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", ("", CNPJS[0], ""), header=HEADER), ana)

    page = signed_in(client, ana).get(address("check", ana, job)).content.decode()

    assert 'id="fix-row-2-A"' in page


def test_a_row_of_several_sheets_is_named_by_its_sheet(client, db, tmp_path):
    ana = make_actor("manager")
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for month in ("Janeiro", "Fevereiro"):
            sheet = book.add_worksheet(month)
            for place, row in enumerate([HEADER, (f"Loja {month}", "11.222.333/0001-80", "")]):
                sheet.write_row(place, 0, row)
    job = checked(tmp_path / "a.xlsx", ana, sheet=["Janeiro", "Fevereiro"])

    page = signed_in(client, ana).get(address("check", ana, job)).content.decode()
    with company_scope(ana.company):
        last = job.import_rows.latest("number").number
    dialog = client.get(row_address(ana, job, last)).content.decode()

    assert "Correção da linha 2 da aba Fevereiro, coluna B" in page
    assert "Corrigir a linha 2 da aba Fevereiro" in dialog
