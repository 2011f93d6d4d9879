"""The words of a row find the company's own stages, sources, people and tags, or say why not."""

from decimal import Decimal

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.options import Options
from oportuna.sales.actions import registers, tags
from oportuna.sales.models import Opportunity, Stage
from oportuna.sales.queries.tags import tags_of
from tests.factories import admin_of, make_actor, source_of, stage_of
from tests.imports.sheets import (
    CNPJS,
    applied,
    checked,
    outcomes,
    problem_codes,
    received,
    worked,
    write,
)


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
