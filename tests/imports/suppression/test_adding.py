"""The suppression list: who may add and remove, what adding twice does, and whom of the customers it marks."""

import pytest
import xlsxwriter

from oportuna.accounts.models import AuditEntry, Membership
from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.imports.models import Suppression
from oportuna.imports.suppression import actions, sheet
from oportuna.sales.actions import customers
from oportuna.sales.models import HistoryEntry
from tests.factories import admin_of, make_actor, make_customer
from tests.imports.suppression.listing import listed, marked, put
from tests.work.draining import drain


def test_an_entry_says_who_added_it_and_why(db):
    ana = make_actor()

    assert put(ana, "lia@padaria.com", "padaria.com.br", why="pediu por telefone") == actions.Added(2, 0)

    assert listed(ana) == [
        ("email", "lia@padaria.com", "pediu por telefone"),
        ("domain", "padaria.com.br", "pediu por telefone"),
    ]
    with company_scope(ana.company):
        assert {entry.added_by for entry in Suppression.objects.all()} == {ana.membership}


def test_adding_again_changes_nothing_and_says_how_many_were_there(db):
    ana = make_actor()
    put(ana, "lia@padaria.com", why="pediu por telefone")

    assert put(ana, "LIA@padaria.com", "(11) 98765-4321", "lia@padaria.com", why="outra") == actions.Added(
        1, 1
    )

    assert listed(ana) == [
        ("email", "lia@padaria.com", "pediu por telefone"),
        ("phone", "+5511987654321", "outra"),
    ]


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_operators_and_viewers_add_nobody(db, role):
    someone = make_actor(role)

    with pytest.raises(NotAllowed):
        put(someone, "lia@padaria.com")

    assert listed(someone) == []


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_managers_and_admins_remove_and_the_audit_tells(db, role):
    someone = make_actor(role)
    put(someone, "lia@padaria.com")
    with company_scope(someone.company):
        entry = Suppression.objects.get()

        actions.remove(entry, by=someone)
        actions.remove(entry, by=someone)

        assert not Suppression.objects.exists()
        told = AuditEntry.objects.get(verb="register_changed")
        assert (told.by, told.changes) == (someone.membership, {"email": ["lia@padaria.com", None]})


@pytest.mark.parametrize("role", ["seller", "operator", "viewer"])
def test_nobody_else_removes(db, role):
    ana = make_actor()
    put(ana, "lia@padaria.com")
    with company_scope(ana.company), pytest.raises(NotAllowed):
        actions.remove(Suppression.objects.get(), by=make_actor(role, ana.company))

    assert len(listed(ana)) == 1


def test_the_same_value_stands_on_the_lists_of_two_companies(db):
    ana, rui = make_actor(), make_actor()

    put(ana, "lia@padaria.com")

    assert listed(rui) == []
    assert put(rui, "lia@padaria.com") == actions.Added(1, 0)


def test_customers_whom_the_list_reaches_are_marked_with_an_entry_in_their_history(db):
    ana = make_actor()
    make_customer(ana, "Pelo e-mail", emails=["lia@padaria.com"])
    make_customer(ana, "Pelo telefone", phones=["+5511987654321"])
    make_customer(ana, "Pelo CNPJ", cnpj="11222333000181")
    make_customer(ana, "Pelo domínio", emails=["rui@otica.com.br"])
    make_customer(ana, "Pelo subdomínio", emails=["rui@sp.otica.com.br"])
    make_customer(ana, "De outro domínio", emails=["rui@boaotica.com.br"])
    boss = make_customer(ana, "Pela pessoa")
    with company_scope(ana.company):
        customers.add_contact(boss, {"name": "Bia", "cpf": "52998224725"}, by=ana)
        customers.delete(
            make_customer(ana, "Na lixeira", emails=["lia@padaria.com"]), by=admin_of(ana.company)
        )
    make_customer(make_actor(), "De outra empresa", emails=["lia@padaria.com"])

    texts = ("lia@padaria.com", "(11) 98765-4321", "11.222.333/0001-81", "otica.com.br", "529.982.247-25")
    put(ana, *texts, marks_customers=True)
    drain()

    expected = {"Pelo e-mail", "Pelo telefone", "Pelo CNPJ", "Pelo domínio", "Pelo subdomínio", "Pela pessoa"}
    assert marked(ana) == expected
    with company_scope(ana.company):
        told = HistoryEntry.objects.filter(verb="edited", changes__has_key="do_not_contact")
        assert {entry.customer.name for entry in told.select_related("customer")} == expected
        assert not Suppression.objects.filter(marks_customers=True).exists()


def test_more_customers_than_one_step_takes_are_all_marked(db):
    ana = make_actor()
    names = {f"Cliente {number}" for number in range(45)}
    for name in names:
        make_customer(ana, name, emails=[f"{name.replace(' ', '')}@otica.com.br".lower()])

    put(ana, "otica.com.br", marks_customers=True)
    drain()

    assert marked(ana) == names


def test_customers_stay_as_they_are_unless_one_asks(db):
    ana = make_actor()
    make_customer(ana, "Padaria", emails=["lia@padaria.com"])

    put(ana, "lia@padaria.com")
    drain()
    assert marked(ana) == set()

    put(ana, "lia@padaria.com", marks_customers=True)
    drain()
    assert marked(ana) == {"Padaria"}


def test_somebody_who_may_not_mark_any_more_does_not_hold_up_the_others(db):
    ana = make_actor()
    rui = make_actor("seller", ana.company, name="Rui")
    make_customer(ana, "Padaria", emails=["lia@padaria.com"])
    make_customer(ana, "Ótica", emails=["rui@otica.com.br"])
    put(ana, "lia@padaria.com", marks_customers=True)
    put(rui, "otica.com.br", marks_customers=True)
    Membership.objects.filter(pk=ana.membership.pk).update(role="viewer")

    drain()

    assert marked(ana) == {"Ótica"}
    with company_scope(ana.company):
        assert not Suppression.objects.filter(marks_customers=True).exists()


def found(path):
    read = sheet.entries_of(path)
    return [(entry.kind.value, entry.value) for entry in read.entries], [
        (fault.row, fault.column, fault.text) for fault in read.faults
    ]


def test_a_csv_gives_the_entries_of_the_columns_that_hold_them(tmp_path):
    path = tmp_path / "sair.csv"
    path.write_bytes(
        "Nome;E-mail;Telefone;CNPJ;Domínio\r\n"
        "Lia;Lia@Padaria.com;(11) 98765-4321;11.222.333/0001-81;\r\n"
        "Rui;;;;otica.com.br\r\n"
        "Zé;não tem;;;\r\n"
        "Bia;bia@;;;gmail.com\r\n".encode("cp1252")
    )

    assert found(path) == (
        [
            ("email", "lia@padaria.com"),
            ("phone", "+5511987654321"),
            ("document", "11222333000181"),
            ("domain", "otica.com.br"),
        ],
        [(5, "B", "bia@"), (5, "E", "gmail.com")],
    )


def test_a_workbook_whose_numbers_lost_their_zeros_is_read_like_an_import(tmp_path):
    path = tmp_path / "sair.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, ["CNPJ", "DDD", "Celular"])
    page.write_row(1, 0, [191, 11, 987654321])
    book.close()

    assert found(path) == ([("document", "00000000000191"), ("phone", "+5511987654321")], [])


def test_a_bare_list_has_no_header_and_loses_not_even_its_first_line(tmp_path):
    path = tmp_path / "sair.txt"
    path.write_text("lia@padaria.com\n(11) 98765-4321\nfulano\notica.com.br\n", "utf-8")

    assert found(path) == (
        [("email", "lia@padaria.com"), ("phone", "+5511987654321"), ("domain", "otica.com.br")],
        [(3, "A", "fulano")],
    )


def test_a_sheet_of_too_many_rows_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    path = tmp_path / "sair.csv"
    path.write_text("E-mail\n" + "".join(f"a{number}@padaria.com\n" for number in range(3)), "utf-8")

    with pytest.raises(Refused):
        sheet.entries_of(path)
