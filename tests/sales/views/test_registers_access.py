"""The registers belong to the administrator of their own company."""

import pytest

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.sales.models import LossReason, Pipeline, Source, Stage
from tests.factories import admin_of, make_actor, make_company
from tests.sales.pages import address, signed_in

KINDS = ("pipelines", "loss-reasons", "sources", "campaigns")


def every_address(actor: Actor) -> list[tuple[str, str]]:
    """Each address of the registers with its method."""
    with company_scope(actor.company):
        pipeline, stage = Pipeline.objects.get(), Stage.objects.get(name="Lead")
        rows = {
            "pipelines": pipeline,
            "loss-reasons": LossReason.objects.get(position=1),
            "sources": Source.objects.get(name="Site"),
        }
    found = [("get", address(actor, "registers")), ("get", address(actor, "pipeline", pipeline.pk))]
    found += [("post", address(actor, "arrange_stages", pipeline.pk))]
    found += [(method, address(actor, "new_stage", pipeline.pk)) for method in ("get", "post")]
    found += [(method, address(actor, "edit_stage", stage.pk)) for method in ("get", "post")]
    found += [("post", address(actor, name, stage.pk)) for name in ("activate_stage", "deactivate_stage")]
    for kind in KINDS:
        found += [
            ("get", address(actor, "register", kind)),
            ("post", address(actor, "arrange_register", kind)),
        ]
        found += [(method, address(actor, "new_register", kind)) for method in ("get", "post")]
    for kind, row in rows.items():
        found += [(method, address(actor, "edit_register", kind, row.pk)) for method in ("get", "post")]
        for name in ("activate_register", "deactivate_register"):
            found.append(("post", address(actor, name, kind, row.pk)))
    return found


@pytest.mark.parametrize("role", ["manager", "seller", "operator", "viewer"])
def test_only_the_administrator_keeps_registers(db, client, role):
    someone = make_actor(role)
    signed_in(client, someone)

    answers = {getattr(client, method)(url).status_code for method, url in every_address(someone)}

    assert answers == {403}


def test_a_strangers_registers_do_not_exist(db, client):
    ana, stranger = admin_of(make_company()), admin_of(make_company())
    signed_in(client, stranger)

    answers = {getattr(client, method)(url).status_code for method, url in every_address(ana)}
    assert answers == {404}

    with company_scope(ana.company):
        pipeline, stage, source = (
            Pipeline.objects.get(),
            Stage.objects.get(name="Lead"),
            Source.objects.get(name="Site"),
        )
    own = [
        address(stranger, "pipeline", pipeline.pk),
        address(stranger, "new_stage", pipeline.pk),
        address(stranger, "edit_stage", stage.pk),
        address(stranger, "edit_register", "sources", source.pk),
    ]
    assert {client.get(url).status_code for url in own} == {404}
    assert client.post(address(stranger, "deactivate_stage", stage.pk)).status_code == 404


def test_arranging_with_another_companys_ids_moves_nothing_of_theirs(db, client):
    admin, other = admin_of(make_company()), make_company()
    signed_in(client, admin)
    with company_scope(other):
        foreign = list(Source.objects.values_list("pk", flat=True))

    client.post(address(admin, "arrange_register", "sources"), {"order": foreign[::-1]})

    with company_scope(other):
        assert list(Source.objects.values_list("pk", flat=True)) == foreign
