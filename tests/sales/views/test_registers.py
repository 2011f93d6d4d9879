"""The administrator's registers: pipelines and stages, loss reasons, sources, campaigns."""

import re
from datetime import date
from typing import Any

import pytest

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import opportunities, registers
from oportuna.sales.models import Campaign, LossReason, Pipeline, Source, Stage, StageProbability
from tests.factories import (
    admin_of,
    make_company,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)
from tests.sales.pages import (
    HTMX,
    address,
    asked,
    fields_of,
    names_listed,
    said_above,
    signed_in,
    text_of,
    wrong_fields,
)

KINDS = ("pipelines", "loss-reasons", "sources", "campaigns")


@pytest.fixture
def admin(db, client) -> Actor:
    """The administrator of a new company, signed in."""
    actor = admin_of(make_company())
    signed_in(client, actor)
    return actor


def stages_of(actor: Actor) -> list[str]:
    with company_scope(actor.company):
        return list(Stage.objects.values_list("name", flat=True))


def stage_form(stage: Stage, **changed: Any) -> dict[str, Any]:
    return {
        "name": stage.name,
        "colour": stage.colour,
        "probability": (stage.probability or 0) // 10,
        "stale_after_days": stage.stale_after_days,
        "revision": stage.revision,
        **changed,
    }


def test_the_first_page_shows_the_first_pipelines_stages(client, admin):
    make_opportunity(admin, "Proposta")

    page = client.get(address(admin, "registers"))

    assert names_listed(page) == ["Lead", "Prospecção", "Qualificação", "Proposta", "Negociação"]
    counts = re.findall(r'<td class="num op-desk">(\d+)</td>', text_of(page))
    assert counts == ["0", "0", "0", "1", "0"]


def test_a_stage_is_added_at_the_end_with_its_probability(client, admin):
    with company_scope(admin.company):
        pipeline = Pipeline.objects.get()
    form = {"name": "Contrato", "colour": "verde", "probability": "92,5", "stale_after_days": "5"}

    answer = client.post(address(admin, "new_stage", pipeline.pk), form)

    assert answer.headers["Location"] == address(admin, "pipeline", pipeline.pk)
    with company_scope(admin.company):
        stage = Stage.objects.get(name="Contrato")
        assert (stage.name, stage.colour, stage.probability) == ("Contrato", "verde", 925)
        assert StageProbability.objects.get(stage=stage).probability == 925


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "PROSPECCAO"),
        ("name", "x" * 61),
        ("colour", "#ff0000"),
        ("probability", "101"),
        ("probability", ""),
        ("stale_after_days", "0"),
        ("stale_after_days", "muitos"),
    ],
)
def test_what_is_wrong_with_a_stage_is_said_at_its_field(client, admin, field, typed):
    lead = stage_of(admin.company)

    answer = client.post(
        address(admin, "edit_stage", lead.pk), stage_form(lead, **{field: typed}), headers=HTMX
    )

    assert answer.status_code == 422
    assert wrong_fields(answer) == [field] or field == "colour"
    assert stages_of(admin)[0] == "Lead"


def test_the_second_of_two_editors_sees_what_the_first_wrote_and_may_save_knowingly(client, admin):
    lead = stage_of(admin.company)
    with company_scope(admin.company):
        registers.edit_stage(lead, {"probability": 100}, by=admin)
    url = address(admin, "edit_stage", lead.pk)

    refused = client.post(url, stage_form(lead, name="Novo lead"), headers=HTMX)

    assert refused.status_code == 422
    assert ": 10" in said_above(refused)
    again = fields_of(refused)
    assert client.post(url, again | {"colour": lead.colour}, headers=HTMX).status_code == 200
    assert stages_of(admin)[0] == "Novo lead"


def test_stages_are_put_in_order_by_dragging_and_by_buttons(client, admin):
    with company_scope(admin.company):
        pipeline, ids = Pipeline.objects.get(), list(Stage.objects.values_list("pk", flat=True))
    url = address(admin, "arrange_stages", pipeline.pk)

    dragged = client.post(url, {"order": [ids[1], ids[0], *ids[2:]]}, headers=HTMX)
    assert (dragged.status_code, stages_of(admin)[:2]) == (204, ["Prospecção", "Lead"])

    order = [ids[1], ids[0], *ids[2:]]
    pressed = client.post(url, {"order": order, "down": ids[1]}, headers=HTMX)
    assert names_listed(pressed)[:2] == ["Lead", "Prospecção"]

    plain = client.post(url, {"order": ids, "up": ids[0]})
    assert (plain.status_code, stages_of(admin)[:2]) == (302, ["Lead", "Prospecção"])

    assert client.post(url, {"order": ["x"]}, headers=HTMX).status_code == 422


def test_a_stage_out_of_use_comes_back_by_the_toast(client, admin):
    proposal = stage_of(admin.company, "Proposta")

    answer = client.post(address(admin, "deactivate_stage", proposal.pk), headers=HTMX)

    undo = address(admin, "activate_stage", proposal.pk)
    assert text_of(answer).count(f'action="{undo}"') == 2  # in its menu and on the toast
    assert not stage_of(admin.company, "Proposta").is_active
    client.post(undo, headers=HTMX)
    assert stage_of(admin.company, "Proposta").is_active


def test_what_is_needed_stays_in_use(client, admin):
    make_opportunity(admin, "Lead")
    with company_scope(admin.company):
        pipeline = Pipeline.objects.get()
    lead = address(admin, "deactivate_stage", stage_of(admin.company).pk)
    last = address(admin, "deactivate_register", "pipelines", pipeline.pk)

    assert [client.post(url, headers=HTMX).status_code for url in (lead, last)] == [409, 409]
    assert stage_of(admin.company).is_active


@pytest.mark.parametrize(
    ("kind", "model", "form"),
    [
        ("pipelines", Pipeline, {"name": "Pós-venda"}),
        ("loss-reasons", LossReason, {"name": "Mudou de cidade", "asks_comment": "on"}),
        ("sources", Source, {"name": "Feira"}),
    ],
)
def test_a_row_is_added_at_the_end_renamed_and_taken_out_of_use(client, admin, kind, model, form):
    client.post(address(admin, "new_register", kind), form)
    with company_scope(admin.company):
        row = model.objects.last()
    assert row.name == form["name"]
    edit = address(admin, "edit_register", kind, row.pk)

    client.post(edit, fields_of(client.get(edit)) | {"name": "Outro nome"})
    client.post(address(admin, "deactivate_register", kind, row.pk))

    with company_scope(admin.company):
        row = model.objects.get(pk=row.pk)
        assert (row.name, row.is_active) == ("Outro nome", False)
        assert getattr(row, "asks_comment", True)
    assert names_listed(client.get(address(admin, "register", kind))) == (
        ["Vendas", "Outro nome"] if kind == "pipelines" else []
    )


def test_a_campaign_belongs_to_a_source_and_does_not_end_before_it_begins(client, admin):
    source = source_of(admin.company, "Evento")
    url = address(admin, "new_register", "campaigns")
    form = {"name": "Agro 2026", "source": source.pk, "starts_on": "2026-05-01", "ends_on": "30/04/2026"}

    refused = client.post(url, form)
    nowhere = client.post(url, form | {"source": "", "ends_on": ""})
    client.post(url, form | {"ends_on": "2026-05-05"})

    assert (wrong_fields(refused), wrong_fields(nowhere)) == (["ends_on"], ["source"])
    with company_scope(admin.company):
        campaign = Campaign.objects.select_related("source").get()
        assert (campaign.source, campaign.ends_on) == (source, date(2026, 5, 5))


def test_a_campaign_keeps_a_source_that_is_out_of_use(client, admin):
    source = source_of(admin.company, "Evento")
    with company_scope(admin.company):
        campaign = registers.add(Campaign, {"name": "Agro", "source": source}, by=admin)
        registers.set_active(source, False, by=admin)
    url = address(admin, "edit_register", "campaigns", campaign.pk)

    saved = client.post(url, fields_of(client.get(url)) | {"name": "Agro 2026"})
    new = client.post(address(admin, "new_register", "campaigns"), {"name": "Outra", "source": source.pk})

    assert (saved.status_code, wrong_fields(new)) == (302, ["source"])


def test_another_companys_source_cannot_be_chosen(client, admin):
    foreign = source_of(make_company(), "Evento")

    answer = client.post(address(admin, "new_register", "campaigns"), {"name": "Agro", "source": foreign.pk})

    assert (answer.status_code, wrong_fields(answer)) == (422, ["source"])


def test_a_name_that_is_there_already_is_refused_at_the_name(client, admin):
    answer = client.post(address(admin, "new_register", "sources"), {"name": "site "}, headers=HTMX)

    assert (answer.status_code, wrong_fields(answer)) == (422, ["name"])


def test_uses_are_counted(client, admin):
    lost = make_opportunity(admin, source=source_of(admin.company, "Site"))
    with company_scope(admin.company):
        opportunities.lose(lost, reason=reason_of(admin.company), by=admin)

    def uses(kind: str) -> list[str]:
        return re.findall(
            r'<td class="num op-desk">(\d+)</td>', text_of(client.get(address(admin, "register", kind)))
        )

    assert sum(map(int, uses("loss-reasons"))) == 1
    assert uses("sources")[0] == "1"
    assert uses("pipelines") == ["0"]


def test_a_register_that_does_not_exist_is_not_found(client, admin):
    assert client.get(f"/{admin.company.slug}/registers/nonsense/").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_register_asks_as_often_for_three_rows_as_for_one(client, admin, kind):
    url = address(admin, "register", kind)

    def add(name: str) -> None:
        form = {"name": name, "source": source_of(admin.company).pk}
        assert client.post(address(admin, "new_register", kind), form).status_code == 302

    add("Um")
    one = asked(client, url)
    add("Dois")
    add("Três")

    assert asked(client, url) == one


def test_the_stages_ask_as_often_for_three_more(client, admin):
    make_opportunity(admin)
    with company_scope(admin.company):
        pipeline = Pipeline.objects.get()
    url = address(admin, "registers")
    before = asked(client, url)

    for name in ("Um", "Dois", "Três"):
        form = {"name": name, "colour": "azul", "probability": "10", "stale_after_days": "5"}
        client.post(address(admin, "new_stage", pipeline.pk), form)
        make_opportunity(admin, name)

    assert asked(client, url) == before
