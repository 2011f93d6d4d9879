"""Words that no register has: mapped to one of its rows, created, or their rows rejected."""

import re

import pytest

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.forms.words import WordsForm
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.sales.actions import registers
from oportuna.sales.models import Campaign, Opportunity, Source, Stage
from tests.factories import admin_of, make_actor, reason_of, source_of, stage_of
from tests.imports.screens import address, signed_in
from tests.imports.sheets import checked, outcomes, problem_codes, worked, write

HEADER = ("Empresa", "Etapa", "Origem", "Vendedor", "Campanha", "Situação", "Motivo da perda")
ROWS = (
    ("A", "Em conversa", "Insta", "Zé das Vendas", "Feira"),
    ("B", "EM CONVERSA", "Insta", "", ""),
    ("C", "Lead", "Site", "", ""),
)


def sheet(tmp_path, *rows):
    return write(tmp_path / "a.csv", *[row + ("",) * (len(HEADER) - len(row)) for row in rows], header=HEADER)


def said(job: ImportJob, by: Actor, words: dict[str, dict[str, int | str]]) -> ImportJob:
    with company_scope(by.company):
        actions.check(job, Options.of_json(job.options).with_words(words), by=by)
    return worked(job, by)


def imported(job: ImportJob, by: Actor) -> list[tuple[str, str, str | None, str]]:
    with company_scope(by.company):
        actions.apply(job, by=by)
    worked(job, by)
    with company_scope(by.company):
        found = Opportunity.objects.order_by("number")
        return list(found.values_list("title", "stage__name", "source__name", "owner__name"))


def test_the_check_counts_each_word_that_no_register_has(db, tmp_path):
    ana = make_actor("manager")

    job = checked(sheet(tmp_path, *ROWS), ana)

    assert job.unknown["stage"] == {"Em conversa": 1, "EM CONVERSA": 1}
    assert job.unknown["source"] == {"Insta": 2}
    assert (job.unknown["owner"], job.unknown["campaign"]) == ({"Zé das Vendas": 1}, {"Feira": 1})


def test_a_word_that_was_mapped_stands_for_the_register_s_own(db, tmp_path):
    ana = make_actor("manager", name="Ana")
    bia = make_actor("seller", company=ana.company, name="Bia")
    job = checked(sheet(tmp_path, *ROWS), ana)

    job = said(
        job,
        ana,
        {
            "stage": {"em conversa": stage_of(ana.company, "Proposta").pk},
            "source": {"insta": source_of(ana.company, "Site").pk},
            "owner": {"ze das vendas": bia.membership.pk},
        },
    )

    assert problem_codes(job, ana) == [(2, "campaign_unknown")]
    assert imported(job, ana) == [
        ("A", "Proposta", "Site", "Bia"),
        ("B", "Proposta", "Site", "Ana"),
        ("C", "Lead", "Site", "Ana"),
    ]


def test_a_word_is_created_and_only_that_word(db, tmp_path):
    admin = admin_of(make_actor().company)
    rows = (("A", "", "Insta"), ("B", "", "Panfleto"))
    job = checked(sheet(tmp_path, *rows), admin)

    job = said(job, admin, {"source": {"insta": "create"}})

    assert problem_codes(job, admin) == [(3, "source_unknown")]
    imported(job, admin)
    with company_scope(admin.company):
        assert Source.objects.filter(name__in=["Insta", "Panfleto"]).count() == 1


def test_rows_with_a_word_are_rejected_where_that_is_the_choice(db, tmp_path):
    ana = make_actor("manager")
    job = checked(sheet(tmp_path, ("A", "", "Insta"), ("B", "", "Site"), ("C", "", "", "Zé")), ana)

    job = said(job, ana, {"source": {"insta": "reject"}, "owner": {"ze": "reject"}})

    assert outcomes(job, ana) == [(2, "rejected"), (3, "created"), (4, "rejected")]


def test_a_loss_reason_is_mapped_and_a_campaign_too(db, tmp_path):
    ana = make_actor("manager")
    admin = admin_of(ana.company)
    with company_scope(ana.company):
        fields = {"name": "Feira de outubro", "source": source_of(ana.company)}
        campaign = registers.add(Campaign, fields, by=admin)
    row = ("A", "Lead", "", "", "Feira", "Perdida", "Caro demais")
    job = checked(sheet(tmp_path, row), ana)
    assert outcomes(job, ana) == [(2, "rejected")]

    reason = reason_of(ana.company)
    job = said(job, ana, {"loss_reason": {"caro demais": reason.pk}, "campaign": {"feira": campaign.pk}})

    assert outcomes(job, ana) == [(2, "created")]
    imported(job, ana)
    with company_scope(ana.company):
        assert Opportunity.objects.values_list("loss_reason", "campaign").get() == (reason.pk, campaign.pk)


def test_only_an_administrator_has_words_created(db, tmp_path):
    ana = make_actor("manager")
    job = checked(sheet(tmp_path, *ROWS), ana)
    with pytest.raises(Refused):
        said(job, ana, {"stage": {"em conversa": "create"}})


def test_a_row_of_a_register_that_was_taken_out_of_use_is_no_answer_any_more(db, tmp_path):
    ana = make_actor("manager")
    stage = stage_of(ana.company, "Proposta")
    job = checked(sheet(tmp_path, *ROWS), ana)
    with company_scope(ana.company):
        registers.set_stage_active(stage, False, by=admin_of(ana.company))

    job = said(job, ana, {"stage": {"em conversa": stage.pk}})

    assert outcomes(job, ana)[:2] == [(2, "rejected"), (3, "rejected")]


def test_another_company_s_stage_is_no_answer(db, tmp_path):
    ana, stranger = make_actor("manager"), make_actor("manager")
    job = checked(sheet(tmp_path, *ROWS), ana)

    job = said(job, ana, {"stage": {"em conversa": stage_of(stranger.company, "Proposta").pk}})

    assert outcomes(job, ana)[:2] == [(2, "rejected"), (3, "rejected")]


def test_the_check_asks_for_each_word_and_checks_again(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(sheet(tmp_path, *ROWS), ana)
    page = signed_in(client, ana).get(address("check", ana, job)).content.decode()
    assert "Em conversa" in page
    with company_scope(ana.company):
        words = WordsForm(job=job, actor=ana).words
        proposal = Stage.objects.get(name="Proposta")
    field = next(word.name for word in words if word.register == "stage")

    answer = client.post(address("answers", ana, job), {"revision": job.revision, field: str(proposal.pk)})

    assert answer.status_code == 302
    job = worked(job, ana)
    assert job.options["words"] == {"stage": {"em conversa": proposal.pk}}
    assert job.created == 3
    page = client.get(address("check", ana, job)).content.decode()
    assert re.search(rf'<option value="{proposal.pk}" selected', page)


def test_a_word_s_choice_that_there_is_not_is_told_at_its_field(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(sheet(tmp_path, *ROWS), ana)

    with company_scope(ana.company):
        field = WordsForm(job=job, actor=ana).words[0].name

    answer = signed_in(client, ana).post(
        address("answers", ana, job), {"revision": job.revision, field: "999999"}
    )

    assert answer.status_code == 422
