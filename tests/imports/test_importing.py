"""What becomes of a spreadsheet's rows: checked first, then written, each accounted for once."""

from decimal import Decimal

import pytest
import xlsxwriter

from bench import leads
from oportuna.accounts.models import Membership
from oportuna.accounts.scope import company_scope
from oportuna.brazil.phone import parse_phones
from oportuna.errors import NotAllowed, Refused
from oportuna.imports import actions
from oportuna.imports.models import ImportJob, ImportRow, import_folder
from oportuna.imports.options import Options
from oportuna.imports.reader.refusals import Refusal
from oportuna.sales.actions import opportunities, registers, tags
from oportuna.sales.models import Channel, Contact, Customer, HistoryEntry, Opportunity, Source, Stage
from oportuna.sales.queries import figures
from oportuna.sales.queries.tags import tags_of
from tests.factories import admin_of, make_actor, make_customer, make_opportunity, source_of, stage_of
from tests.imports.reader.books import write_ods, write_xls, write_xlsb
from tests.imports.sheets import (
    CNPJS,
    applied,
    cell_rows,
    checked,
    lead_file,
    outcomes,
    problem_codes,
    received,
    titles,
    worked,
    write,
)


@pytest.mark.parametrize(
    ("name", "write_it"), [("leads.xls", write_xls), ("leads.xlsb", write_xlsb), ("leads.ods", write_ods)]
)
def test_a_workbook_of_another_kind_than_xlsx_comes_in_alike(db, tmp_path, name, write_it):
    ana = make_actor()
    rows = [["Empresa", "CNPJ", "Valor"], ["Aço Sul", CNPJS[0], 1234.5], ["Padaria São João", CNPJS[1], None]]

    job = applied(write_it(tmp_path / name, rows), ana)

    assert (job.state, job.format, job.created) == ("done", name.partition(".")[2], 2)
    with company_scope(ana.company):
        found = Opportunity.objects.order_by("number").values_list(
            "customer__name", "customer__cnpj", "value"
        )
        assert list(found) == [
            ("Aço Sul", CNPJS[0], Decimal("1234.50")),
            ("Padaria São João", CNPJS[1], None),
        ]


def test_every_lead_comes_in_right_accents_and_all(db, tmp_path):
    ana = make_actor()
    wanted = list(leads.rows(300))

    job = applied(lead_file(tmp_path / "leads.csv", 300), ana)

    assert (job.state, job.rows, job.created, job.rejected) == ("done", 300, 300, 0)
    with company_scope(ana.company):
        found = Opportunity.objects.select_related("customer", "contact", "stage", "source").order_by(
            "number"
        )
        for lead, opportunity in zip(wanted, found, strict=True):
            customer, contact = opportunity.customer, opportunity.contact
            assert (opportunity.title, opportunity.stage.name) == (lead.title, lead.stage)
            assert (opportunity.value, opportunity.expected_close_on) == (lead.value, lead.expected_close_on)
            assert (customer.name, customer.city, customer.uf) == (lead.company, lead.city, lead.uf)
            assert customer.cnpj == lead.cnpj.translate(str.maketrans("", "", "./-"))
            assert (contact.name, contact.job_title) == (lead.contact, lead.job_title)
            reached = Channel.objects.filter(contact=contact).order_by("kind").values_list("value", flat=True)
            assert list(reached) == [lead.email, *parse_phones(lead.phone)]
            assert opportunity.source == Source.objects.filter(name=lead.source).first()
            assert opportunity.owner == ana.membership


def test_the_check_touches_nothing_in_sales(db, tmp_path):
    ana = make_actor()

    job = checked(lead_file(tmp_path / "leads.csv", 20), ana)

    assert (job.state, job.rows, job.created, job.done) == ("checked", 20, 20, 20)
    with company_scope(ana.company):
        assert (Customer.objects.count(), Opportunity.objects.count()) == (0, 0)


def test_each_opportunity_and_customer_has_one_entry_by_import(db, tmp_path):
    ana = make_actor()

    applied(lead_file(tmp_path / "leads.csv", 5), ana)

    with company_scope(ana.company):
        entries = HistoryEntry.objects.order_by("id").values_list("verb", "via", "by")
        assert list(entries) == [("created", "import", ana.membership.pk)] * 10


def test_the_board_counts_what_was_imported(db, tmp_path):
    ana = make_actor()
    applied(lead_file(tmp_path / "leads.csv", 50), ana)

    with company_scope(ana.company):
        totals = sum(figures.stage_totals(ana).values(), figures.Totals())

    assert (totals.count, totals.cents) == (50, sum(int(lead.value * 100) for lead in leads.rows(50)))


def test_an_xlsx_comes_in_like_a_csv(db, tmp_path):
    ana = make_actor()
    leads.write_xlsx(tmp_path / "leads.xlsx", leads.rows(30))

    job = applied(tmp_path / "leads.xlsx", ana)

    assert (job.created, job.rejected) == (30, 0)
    assert titles(ana) == [lead.title for lead in leads.rows(30)]


def test_a_wrong_cnpj_rejects_its_row_unless_it_may_come_without(db, tmp_path):
    ana = make_actor()
    rows = cell_rows(("Boa", CNPJS[0]), ("Errada", "11.222.333/0001-80"))
    path = write(tmp_path / "a.csv", *rows)

    job = checked(path, ana)
    assert outcomes(job, ana) == [(2, "created"), (3, "rejected")]
    assert problem_codes(job, ana) == [(3, "cnpj_check_digit")]

    job = applied(path, ana, Options(drop_bad_document=True))
    assert (job.created, job.rejected, job.warnings) == (2, 0, 1)
    with company_scope(ana.company):
        assert Customer.objects.get(name="Errada").cnpj is None


def test_stages_and_sources_are_found_by_name_whatever_capitals_and_accents(db, tmp_path):
    ana = make_actor()
    row = ("Padaria", "", "", "", "", "NEGOCIACAO", "indicacao", "1.234,56", "Forno")

    applied(write(tmp_path / "a.csv", row), ana)

    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert opportunity.stage == stage_of(ana.company, "Negociação")
        assert opportunity.source == source_of(ana.company, "Indicação")
        assert opportunity.value == Decimal("1234.56")


def test_an_unknown_stage_rejects_and_an_unknown_source_is_left_empty(db, tmp_path):
    ana = make_actor()
    rows = [("A", "", "", "", "", "Namoro", "", "", ""), ("B", "", "", "", "", "", "Pombo-correio", "", "")]

    job = applied(write(tmp_path / "a.csv", *rows), ana)

    assert outcomes(job, ana) == [(2, "rejected"), (3, "created")]
    assert problem_codes(job, ana) == [(2, "unknown_stage"), (3, "source_unknown")]


def test_an_administrator_lets_the_import_create_what_is_missing(db, tmp_path):
    ana = make_actor("admin")
    rows = [(f"A{n}", "", "", "", "", "Namoro", "Pombo", "", "") for n in range(3)]
    options = Options(create_missing=("stage", "source"))

    job = checked(write(tmp_path / "a.csv", *rows), ana, options)
    with company_scope(ana.company):
        assert not Stage.objects.filter(name="Namoro").exists()
        actions.apply(job, by=ana)
    job = worked(job, ana)

    assert (job.created, job.rejected) == (3, 0)
    with company_scope(ana.company):
        assert Opportunity.objects.filter(stage__name="Namoro", source__name="Pombo").count() == 3


def test_a_seller_may_not_create_registers_and_imports_to_himself_alone(db, tmp_path):
    manager = make_actor("manager", name="Marta")
    seller = make_actor("seller", manager.company, name="Rui")
    path = write(tmp_path / "a.csv", ("A", "Marta"), header=("Empresa", "Vendedor"))
    job = received(path, seller)
    with company_scope(seller.company):
        with pytest.raises(Refused):
            actions.check(job, Options(create_missing=("stage",)), by=seller)
        with pytest.raises(Refused):
            actions.check(job, Options(owner=manager.membership.pk), by=seller)
        actions.check(job, Options(), by=seller)

    job = worked(job, seller)

    assert problem_codes(job, seller) == [(2, "owner_not_allowed")]


def test_a_manager_imports_to_whom_the_row_names(db, tmp_path):
    manager = make_actor("manager", name="Marta")
    rui = make_actor("seller", manager.company, name="Rui")
    rows = [("A", "rui"), ("B", rui.membership.user.email), ("C", "Ninguém"), ("D", "")]
    path = write(tmp_path / "a.csv", *rows, header=("Empresa", "Vendedor"))

    job = applied(path, manager)

    assert problem_codes(job, manager) == [(4, "owner_unknown")]
    with company_scope(manager.company):
        owners = Opportunity.objects.order_by("number").values_list("owner__name", flat=True)
        assert list(owners) == ["Rui", "Rui", "Marta", "Marta"]


def test_the_same_customer_gets_another_opportunity_and_the_same_title_is_a_duplicate(db, tmp_path):
    ana = make_actor()
    customer = make_customer(ana, "Ótica Sol", cnpj=CNPJS[0], emails=["sol@otica.com"])
    make_opportunity(ana, customer=customer, title="Armações")
    rows = [
        ("Ótica Sol Ltda", CNPJS[0], "", "", "", "", "", "", "ARMACOES"),
        ("Ótica Sol Ltda", CNPJS[0], "", "", "", "", "", "", "Lentes"),
        ("Outra grafia", "", "", "sol@otica.com", "", "", "", "", "Vitrine"),
        ("Outra grafia", "", "", "sol@otica.com", "", "", "", "", "vitrine"),
    ]

    job = applied(write(tmp_path / "a.csv", *rows), ana)

    assert outcomes(job, ana) == [(2, "duplicate"), (3, "created"), (4, "created"), (5, "duplicate")]
    assert titles(ana) == ["Armações", "Lentes", "Vitrine"]
    with company_scope(ana.company):
        assert list(Customer.objects.values_list("name", flat=True)) == ["Ótica Sol"]
        assert ImportRow.objects.get(job=job, number=2).customer == customer
        assert ImportRow.objects.get(job=job, number=5).duplicate_of_row == 4


def test_branches_that_share_an_e_mail_stay_two_customers(db, tmp_path):
    ana = make_actor()
    rows = [("Matriz", CNPJS[0], "", "a@rede.com"), ("Filial", CNPJS[1], "", "a@rede.com")]

    job = applied(write(tmp_path / "a.csv", *cell_rows(*rows)), ana)

    assert job.created == 2
    with company_scope(ana.company):
        assert Customer.objects.count() == 2


@pytest.mark.parametrize(("choice", "outcome"), [("skip", "duplicate"), ("reject", "rejected")])
def test_known_customers_are_left_out_where_that_is_the_choice(db, tmp_path, choice, outcome):
    ana = make_actor()
    make_customer(ana, cnpj=CNPJS[0])
    rows = cell_rows(("Conhecida", CNPJS[0]), ("Nova", CNPJS[1]), ("Nova", CNPJS[1]))

    job = applied(write(tmp_path / "a.csv", *rows), ana, Options(on_duplicate=choice))

    assert outcomes(job, ana) == [(2, outcome), (3, "created"), (4, outcome)]


def test_whoever_was_registered_after_the_check_is_not_registered_twice(db, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0]), ("Ótica", CNPJS[1])))
    job = checked(path, ana)
    customer = make_customer(ana, cnpj=CNPJS[0])
    make_opportunity(ana, customer=customer, title="padaria")

    with company_scope(ana.company):
        actions.apply(job, by=ana)
    job = worked(job, ana)

    assert outcomes(job, ana) == [(2, "duplicate"), (3, "created")]
    assert (job.created, job.duplicates, job.rows) == (1, 1, 2)


def test_a_stage_deactivated_after_the_check_rejects_its_rows(db, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "a.csv", ("A", "", "", "", "", "Proposta", "", "", ""))
    job = checked(path, ana)

    with company_scope(ana.company):
        registers.set_stage_active(stage_of(ana.company, "Proposta"), False, by=admin_of(ana.company))
        actions.apply(job, by=ana)
    job = worked(job, ana)

    assert (job.created, job.rejected) == (0, 1)
    assert problem_codes(job, ana) == [(2, "unknown_stage")]


def test_whoever_asks_not_to_be_contacted_is_marked_and_never_unmarked(db, tmp_path):
    ana = make_actor()
    make_customer(ana, "Não quer", cnpj=CNPJS[0], do_not_contact=True)
    rows = [("Não quer", CNPJS[0], "não"), ("Pediu", CNPJS[1], "sim")]

    applied(write(tmp_path / "a.csv", *rows, header=("Empresa", "CNPJ", "Não contatar")), ana)

    with company_scope(ana.company):
        assert list(Customer.objects.values_list("do_not_contact", flat=True)) == [True, True]


def test_nothing_a_row_says_is_thrown_away(db, tmp_path):
    ana = make_actor()
    header = ("Empresa", "Cargo", "Etiquetas", "Próximo contato", "Cor do logotipo", "Status", "Funil")
    row = ("Padaria", "Sócia", "quente, feira", "31/12/2026", "azul", "Ganha", "Vendas")
    path = write(tmp_path / "a.csv", row, header=header)

    job = applied(path, ana, Options(mapping={"F": "status", "G": "pipeline"}))

    assert problem_codes(job, ana) == [(2, "tag_unknown"), (2, "tag_unknown"), (2, "closed_on_missing")]
    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert opportunity.status == "won"
        said = ("Sócia", "quente", "feira", "31/12/2026", "azul")
        assert [word for word in said if word not in opportunity.notes] == []


def test_two_empty_imports_in_a_row_do_not_join_strangers(db, tmp_path):
    ana = make_actor()

    applied(write(tmp_path / "a.csv", *cell_rows(("Ana",), ("Bia",))), ana)

    with company_scope(ana.company):
        assert Customer.objects.count() == 2


def test_the_very_same_file_is_refused_until_one_insists(db, tmp_path):
    ana = make_actor()
    path = lead_file(tmp_path / "leads.csv", 3)
    applied(path, ana)

    with pytest.raises(actions.SameFileAgain):
        received(path, ana)
    job = applied(path, ana, again=True)

    assert (job.created, job.duplicates) == (0, 3)
    assert len(list(import_folder().iterdir())) == 2


def test_a_file_that_is_no_spreadsheet_leaves_nothing_behind(db, tmp_path):
    ana = make_actor()
    (tmp_path / "foto.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)

    with pytest.raises(Refusal, match="imagem"):
        received(tmp_path / "foto.xlsx", ana)

    assert list(import_folder().iterdir()) == []
    with company_scope(ana.company):
        assert ImportJob.objects.count() == 0


def test_a_form_sent_twice_brings_one_import(db, tmp_path):
    ana = make_actor()
    path = lead_file(tmp_path / "leads.csv", 3)
    key = "8f8e7a52-6d3f-4c3e-9d1b-0a1b2c3d4e5f"

    first, second = received(path, ana, key=key), received(path, ana, key=key)

    assert first.pk == second.pk
    assert len(list(import_folder().iterdir())) == 1


def test_an_import_asked_for_twice_runs_once(db, tmp_path):
    ana = make_actor()
    job = checked(lead_file(tmp_path / "leads.csv", 5), ana)

    with company_scope(ana.company):
        actions.apply(job, by=ana)
        actions.apply(job, by=ana)
    worked(job, ana)
    with company_scope(ana.company):
        again = actions.apply(job, by=ana)

    assert again.state == "done"
    assert len(titles(ana)) == 5


def test_imports_of_a_company_run_one_at_a_time(db, tmp_path):
    ana = make_actor()
    first = checked(lead_file(tmp_path / "a.csv", 5), ana)
    second = checked(lead_file(tmp_path / "b.csv", 6), ana)

    with company_scope(ana.company):
        assert actions.apply(first, by=ana).state == "running"
        assert actions.apply(second, by=ana).state == "queued"

    assert (worked(first, ana).state, worked(second, ana).state) == ("done", "done")
    assert (first.created, worked(second, ana).duplicates) == (5, 5)


def test_cancelling_skips_what_was_not_written(db, tmp_path):
    ana = make_actor()
    job = checked(lead_file(tmp_path / "a.csv", 5), ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)
        job = actions.cancel(job, by=ana)

    job = worked(job, ana)

    assert (job.state, job.created, job.skipped, job.rows) == ("cancelled", 0, 5, 5)
    assert titles(ana) == []


def test_an_import_checked_anew_forgets_the_first_check(db, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "a.csv", ("Padaria", "Zé", "Bauru"), header=("Empresa", "Coisa", "Cidade"))
    job = checked(path, ana)

    with company_scope(ana.company):
        actions.check(job, Options(mapping={"Coisa": "contact"}), by=ana)
    job = worked(job, ana)

    with company_scope(ana.company):
        assert (job.rows, ImportRow.objects.get(job=job).values["contact"]) == (1, "Zé")


def test_columns_without_a_name_are_refused(db, tmp_path):
    ana = make_actor()
    job = received(write(tmp_path / "a.csv", ("1", "Zé"), header=("Valor", "Etapa")), ana)

    with company_scope(ana.company), pytest.raises(Refused):
        actions.check(job, Options(), by=ana)


def test_a_workbook_of_two_tables_waits_for_the_choice(db, tmp_path):
    ana = make_actor()
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name in ("Leads", "Clientes"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Empresa", "CNPJ"])
            sheet.write_row(1, 0, [name, CNPJS[0]])
    job = received(tmp_path / "a.xlsx", ana)
    assert job.refusal is not None
    assert [one[0] for one in job.sheets] == ["Leads", "Clientes"]

    with company_scope(ana.company):
        job = actions.choose_table(job, sheet="Clientes", header_row=None, by=ana)
        actions.check(job, Options(), by=ana)
        job = worked(job, ana)
        actions.apply(job, by=ana)
    worked(job, ana)

    assert titles(ana) == ["Clientes"]


def test_a_header_without_rows_says_so(db, tmp_path):
    ana = make_actor()

    job = checked(write(tmp_path / "a.csv"), ana)

    assert (job.state, job.refusal.cause if job.refusal else "") == ("failed", "no_rows")


def test_whoever_left_imports_no_more(db, tmp_path):
    ana = make_actor()
    job = checked(lead_file(tmp_path / "a.csv", 5), ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)
    Membership.objects.filter(pk=ana.membership.pk).update(is_active=False)

    job = worked(job, ana)

    assert (job.state, job.created, job.skipped) == ("failed", 0, 5)
    assert titles(ana) == []


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_operators_and_viewers_import_nothing(db, tmp_path, role):
    someone = make_actor(role)

    with pytest.raises(NotAllowed):
        received(lead_file(tmp_path / "a.csv", 1), someone)


def test_a_seller_cannot_go_on_with_anothers_import(db, tmp_path):
    ana = make_actor()
    rui = make_actor("seller", ana.company, name="Rui")
    job = checked(lead_file(tmp_path / "a.csv", 2), ana)

    with company_scope(ana.company):
        with pytest.raises(NotAllowed):
            actions.apply(job, by=rui)
        with pytest.raises(NotAllowed):
            actions.cancel(job, by=rui)


def test_a_won_opportunity_with_the_same_title_is_no_duplicate(db, tmp_path):
    ana = make_actor()
    customer = make_customer(ana, cnpj=CNPJS[0])
    won = make_opportunity(ana, customer=customer, title="Forno")
    with company_scope(ana.company):
        opportunities.win(won, by=ana)

    job = applied(write(tmp_path / "a.csv", ("P", CNPJS[0], "", "", "", "", "", "", "Forno")), ana)

    assert job.created == 1
    with company_scope(ana.company):
        assert Contact.objects.count() == 0


def test_texts_longer_than_their_field_are_cut_and_said(db, tmp_path):
    ana = make_actor()
    header = (
        "Empresa",
        "Nome fantasia",
        "Cidade",
        "Bairro",
        "Segmento",
        "Cargo",
        "Contato",
        "Título",
        "Site",
    )
    row = (
        "E" * 10_000,
        "F" * 300,
        "C" * 300,
        "B" * 300,
        "S" * 300,
        "G" * 300,
        "N" * 300,
        "T" * 10_000,
        "www.a.com",
    )

    job = applied(write(tmp_path / "a.csv", row, header=header), ana)

    assert (job.created, job.warnings, len(problem_codes(job, ana))) == (1, 1, 8)
    with company_scope(ana.company):
        customer = Customer.objects.get()
        assert (len(customer.name), len(customer.city), len(Opportunity.objects.get().title)) == (
            160,
            80,
            120,
        )
        assert customer.site == "https://www.a.com"


def test_tags_that_are_there_are_put_on_and_others_stay_in_the_notes(db, tmp_path):
    ana = make_actor()
    with company_scope(ana.company):
        tags.add("Quente", by=ana)
    rows = [("A", "quente, Feira"), ("B", "")]

    job = applied(write(tmp_path / "a.csv", *rows, header=("Empresa", "Etiquetas")), ana)

    assert problem_codes(job, ana) == [(2, "tag_unknown")]
    with company_scope(ana.company):
        first, second = Opportunity.objects.order_by("number")
        assert [tag.name for tag in tags_of(first.pk)] == ["Quente"]
        assert "Feira" in first.notes
        assert tags_of(second.pk) == []


def test_whoever_imports_may_have_tags_added(db, tmp_path):
    ana = make_actor("seller")
    rows = [("A", "quente, Feira"), ("B", "FEIRA")]
    path = write(tmp_path / "a.csv", *rows, header=("Empresa", "Etiquetas"))

    job = applied(path, ana, Options(create_missing=("tag",)))

    assert problem_codes(job, ana) == []
    with company_scope(ana.company):
        found = [[tag.name for tag in tags_of(one.pk)] for one in Opportunity.objects.order_by("number")]
        assert found == [["quente", "Feira"], ["Feira"]]


def test_an_update_adds_tags_and_an_undo_takes_them_off(db, tmp_path):
    ana = make_actor("manager")
    with company_scope(ana.company):
        tags.add("Feira", by=ana)
        tags.add("Quente", by=ana)
    path = write(tmp_path / "a.csv", ("A", CNPJS[0], "Feira"), header=("Empresa", "CNPJ", "Etiquetas"))
    applied(path, ana)
    path = write(tmp_path / "b.csv", ("A", CNPJS[0], "Quente"), header=("Empresa", "CNPJ", "Etiquetas"))
    job = applied(path, ana, Options(on_duplicate="fill"))
    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert [tag.name for tag in tags_of(opportunity.pk)] == ["Feira", "Quente"]
        actions.undo(job, by=ana)
    job = worked(job, ana)

    assert (job.taken_back, job.kept_back) == (1, 0)
    with company_scope(ana.company):
        assert [tag.name for tag in tags_of(opportunity.pk)] == ["Feira"]
