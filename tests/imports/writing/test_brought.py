"""Stages, sources and tags that an import brought: what is out of use comes back, and goes with the import that is taken back."""

from contextlib import contextmanager

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ImportJob, ImportRow
from oportuna.imports.options import Options
from oportuna.imports.writing.lookups import Lookups
from oportuna.sales.actions import opportunities, registers, tags
from oportuna.sales.models import Campaign, LossReason, Opportunity, Source, Stage, Tag
from oportuna.work.steps import Lease
from tests.factories import admin_of, make_actor, source_of, stage_of
from tests.imports.sheets import applied, checked, outcomes, problem_codes, undone, write

HEADER = ("Empresa", "Etapa", "Origem", "Campanha", "Etiquetas", "Situação", "Motivo da perda")
CREATES = Options(create_missing=("stage", "source", "campaign", "loss_reason", "tag"))
REGISTERS = (Stage, Source, Campaign, LossReason, Tag)


def in_use(by):
    """The names of all that may be chosen now."""
    with company_scope(by.company):
        return {
            (model.__name__, one.name) for model in REGISTERS for one in model.objects.filter(is_active=True)
        }


def full_file(tmp_path):
    rows = [
        ("Padaria", "Namoro", "Pombo", "Revoada", "Quente, Feira", "", ""),
        ("Clube", "Namoro", "Pombo", "Revoada", "Feira", "Perdida", "Sumiu"),
    ]
    return write(tmp_path / "a.csv", *rows, header=HEADER)


def test_what_an_import_added_to_the_registers_is_out_of_use_once_it_is_taken_back(db, tmp_path):
    ana = make_actor("admin")
    before = in_use(ana)
    job = applied(full_file(tmp_path), ana, CREATES)
    added = {("Stage", "Namoro"), ("Source", "Pombo"), ("Campaign", "Revoada"), ("LossReason", "Sumiu")}
    assert in_use(ana) - before == added | {("Tag", "Quente"), ("Tag", "Feira")}

    undone(job, ana)

    assert in_use(ana) == before


def test_a_seller_takes_back_the_tags_of_his_own_import(db, tmp_path):
    rui = make_actor("seller")
    path = write(tmp_path / "a.csv", ("Padaria", "Quente"), header=("Empresa", "Etiquetas"))
    job = applied(path, rui, Options(create_missing=("tag",)))

    undone(job, rui)

    assert not {name for kind, name in in_use(rui) if kind == "Tag"}


def test_what_people_use_or_have_renamed_since_stays_in_use(db, tmp_path):
    ana = make_actor("admin")
    before = in_use(ana)
    job = applied(full_file(tmp_path), ana, CREATES)
    with company_scope(ana.company):
        mine = opportunities.create(
            customer=Opportunity.objects.order_by("pk")[0].customer,
            title="Minha",
            stage=Stage.objects.get(name="Namoro"),
            source=Source.objects.get(name="Pombo"),
            by=ana,
        )
        registers.edit(Tag.objects.get(name="Feira"), {"name": "Feiras"}, by=ana)

    undone(job, ana)

    assert mine.stage.name == "Namoro"
    assert in_use(ana) - before == {("Stage", "Namoro"), ("Source", "Pombo"), ("Tag", "Feiras")}


def test_a_source_stays_in_use_for_a_campaign_that_somebody_gave_it(db, tmp_path):
    ana = make_actor("admin")
    before = in_use(ana)
    job = applied(full_file(tmp_path), ana, CREATES)
    with company_scope(ana.company):
        source = Source.objects.get(name="Pombo")
        registers.add(Campaign, {"name": "Primavera", "source": source}, by=ana)

    undone(job, ana)

    assert in_use(ana) - before == {("Source", "Pombo"), ("Campaign", "Primavera")}


def test_a_row_finds_what_is_out_of_use_where_the_import_may_add_it(db, tmp_path):
    ana = make_actor("admin")
    with company_scope(ana.company):
        registers.set_active(source_of(ana.company, "Indicação"), False, by=ana)
        registers.set_stage_active(stage_of(ana.company, "Proposta"), False, by=ana)
    before = in_use(ana)
    path = write(
        tmp_path / "a.csv", ("Padaria", "proposta", "indicacao"), header=("Empresa", "Etapa", "Origem")
    )

    job = applied(path, ana, CREATES)

    assert (outcomes(job, ana), problem_codes(job, ana)) == ([(2, "created")], [])
    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert (opportunity.stage.name, opportunity.source.name) == ("Proposta", "Indicação")
        assert opportunity.stage.is_active
        assert opportunity.source.is_active

    undone(job, ana)

    assert in_use(ana) == before


def test_the_file_comes_in_again_after_it_was_taken_back(db, tmp_path):
    ana = make_actor("admin")
    undone(applied(full_file(tmp_path), ana, CREATES), ana)

    job = applied(full_file(tmp_path), ana, CREATES, again=True)

    assert (job.state, job.created) == ("done", 2)
    assert {("Stage", "Namoro"), ("Source", "Pombo"), ("Tag", "Quente")} <= in_use(ana)


def test_what_somebody_adds_while_the_import_runs_is_his_and_stays(db, tmp_path):
    ana = make_actor("admin")
    path = write(
        tmp_path / "a.csv", ("Padaria", "Pombo", "Quente"), header=("Empresa", "Origem", "Etiquetas")
    )
    job = checked(path, ana, CREATES)
    with company_scope(ana.company):
        lookups = Lookups(CREATES, ana, creates=True)
        source, tag = registers.add(Source, {"name": "Pombo"}, by=ana), tags.add("Quente", by=ana)

        place = lookups.place(ImportRow.objects.get(job=job).values)

    assert (place.source, place.tags, lookups.brought) == (source, (tag,), [])


def test_a_campaign_out_of_use_comes_back_with_its_own_source(db, tmp_path):
    ana = make_actor("admin")
    with company_scope(ana.company):
        source = source_of(ana.company, "Evento")
        campaign = registers.add(Campaign, {"name": "Revoada", "source": source}, by=ana)
        registers.set_active(campaign, False, by=ana)
    path = write(tmp_path / "a.csv", ("Padaria", "revoada"), header=("Empresa", "Campanha"))

    job = applied(path, ana, CREATES)

    assert (outcomes(job, ana), problem_codes(job, ana)) == ([(2, "created")], [])
    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert (opportunity.campaign, opportunity.source) == (campaign, source)
        assert opportunity.campaign.is_active


def test_each_is_taken_back_in_a_transaction_that_says_how_far_it_is(db, tmp_path, monkeypatch):
    ana = make_actor("admin")
    before = in_use(ana)
    job = applied(full_file(tmp_path), ana, CREATES)
    work, left = Lease.transaction, []

    @contextmanager
    def transaction(lease, rows=None):
        with work(lease, rows):
            yield
            left.append(len(ImportJob.objects.get(pk=job.pk).brought))

    monkeypatch.setattr(Lease, "transaction", transaction)
    job = undone(job, ana)

    assert left == [6, 5, 4, 3, 2, 1, 0, 0]
    assert (in_use(ana), job.brought, job.state) == (before, [], "undone")


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_whoever_may_take_the_import_back_takes_its_registers_out_of_use(db, tmp_path, role):
    ana = make_actor("admin")
    before = in_use(ana)
    job = applied(full_file(tmp_path), ana, CREATES)
    other = admin_of(ana.company) if role == "admin" else make_actor(role, ana.company)

    undone(job, other)

    assert in_use(ana) == before
