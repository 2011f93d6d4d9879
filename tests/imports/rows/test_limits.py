"""Rows hold to the limits that people hold to; what there is no room for is told in the row, never lost in silence."""

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ImportRow
from oportuna.imports.options import Options
from oportuna.imports.rows.understanding import MOST_NOTES
from oportuna.sales.actions import opportunities, tags
from oportuna.sales.models import Opportunity, Source
from oportuna.sales.queries.tags import tags_of
from tests.factories import make_actor, make_customer, make_opportunity
from tests.imports.sheets import CNPJS, applied, outcomes, problem_codes, write

HEADER = ("Empresa", "CNPJ", "Oportunidade", "Etiquetas", "Observações", "Origem", "Etapa")
MANY = ", ".join(f"t{n}" for n in range(23))


def sheet(tmp_path, *rows):
    return write(tmp_path / "a.csv", *[(*row, *[""] * (7 - len(row))) for row in rows], header=HEADER)


@pytest.mark.parametrize("known", [True, False])
def test_a_row_with_too_many_tags_gets_as_many_as_fit_and_the_others_in_its_notes(db, tmp_path, known):
    ana = make_actor("manager")
    if known:
        with company_scope(ana.company):
            for name in MANY.split(", "):
                tags.add(name, by=ana)

    job = applied(sheet(tmp_path, ("Loja", "", "Forno", MANY)), ana, Options(create_missing=("tag",)))

    assert problem_codes(job, ana) == [(2, "tags_too_many")] * 3
    assert (job.created, job.warnings) == (1, 1)
    with company_scope(ana.company):
        found = Opportunity.objects.get()
        assert [tag.name for tag in tags_of(found.pk)] == [f"t{n}" for n in range(20)]
        assert found.notes.split("\n") == [f"Etiquetas: t{n}" for n in range(20, 23)]


def test_an_update_adds_the_tags_there_is_room_for_and_says_which_it_left_out(db, tmp_path):
    ana = make_actor("manager")
    forno = make_opportunity(ana, customer=make_customer(ana, "Loja", cnpj=CNPJS[0]), title="Forno")
    with company_scope(ana.company):
        tags.put_on(forno, [f"a{n}" for n in range(19)], by=ana)
        for name in ("x", "y"):
            tags.add(name, by=ana)

    job = applied(sheet(tmp_path, ("Loja", CNPJS[0], "Forno", "x, y")), ana, Options(on_duplicate="fill"))

    assert (outcomes(job, ana), problem_codes(job, ana)) == ([(2, "updated")], [(2, "tags_too_many")])
    assert job.warnings == 1
    with company_scope(ana.company):
        assert [tag.name for tag in tags_of(forno.pk)][-2:] == ["a18", "x"]
        assert ImportRow.objects.get().problems[0]["value"] == "y"


def test_a_tag_that_is_too_long_is_cut_with_a_warning(db, tmp_path):
    ana = make_actor("manager")

    job = applied(sheet(tmp_path, ("Loja", "", "", f"{'x' * 61}, y")), ana, Options(create_missing=("tag",)))

    assert problem_codes(job, ana) == [(2, "tags_too_long")]
    with company_scope(ana.company):
        assert [tag.name for tag in tags_of(Opportunity.objects.get().pk)] == ["x" * 60, "y"]


def test_what_goes_to_full_notes_is_told(db, tmp_path):
    ana = make_actor("manager")

    job = applied(sheet(tmp_path, ("Loja", "", "Forno", "nova", "n" * MOST_NOTES)), ana)

    assert problem_codes(job, ana) == [(2, "tag_unknown"), (2, "notes_too_long")]
    with company_scope(ana.company):
        assert Opportunity.objects.get().notes == "n" * MOST_NOTES


def test_notes_that_an_update_has_no_room_for_are_left_out_and_told(db, tmp_path):
    ana = make_actor("manager")
    forno = make_opportunity(ana, customer=make_customer(ana, "Loja", cnpj=CNPJS[0]), title="Forno")
    with company_scope(ana.company):
        opportunities.edit(forno, {"notes": "n" * (MOST_NOTES - 3)}, by=ana)

    job = applied(
        sheet(tmp_path, ("Loja", CNPJS[0], "Forno", "", "Liga cedo.")), ana, Options(on_duplicate="overwrite")
    )

    assert (outcomes(job, ana), problem_codes(job, ana)) == ([(2, "duplicate")], [(2, "notes_too_long")])
    with company_scope(ana.company):
        assert Opportunity.objects.get().notes == "n" * (MOST_NOTES - 3)


def test_a_register_with_a_name_that_is_too_long_comes_in_once(db, tmp_path):
    ana = make_actor("admin")
    source = "o" * 70

    job = applied(
        sheet(tmp_path, ("A", "", "", "", "", source), ("B", "", "", "", "", source, "Proposta")),
        ana,
        Options(create_missing=("source",)),
    )

    assert (job.state, job.created, job.warnings) == ("done", 2, 2)
    with company_scope(ana.company):
        assert Source.objects.filter(name="o" * 60).count() == 1
        assert {one.source.name for one in Opportunity.objects.select_related("source")} == {"o" * 60}
