"""Whoever leaves the company between the check and the import gets no rows, and each row says to whom it went instead."""

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports import actions, queries
from oportuna.imports.models import ImportRow
from oportuna.imports.options import Options
from oportuna.sales.actions import people
from oportuna.sales.models import Opportunity
from tests.factories import admin_of, make_actor
from tests.imports.sheets import checked, outcomes, worked, write


@pytest.mark.parametrize("how", ["column", "default", "turn"])
def test_rows_of_who_left_say_to_whom_they_went(db, tmp_path, how):
    ana = make_actor("manager", name="Ana")
    bia = make_actor(company=ana.company, name="Bia")
    options = {
        "column": Options(),
        "default": Options(owner=bia.membership.pk),
        "turn": Options(turn=(bia.membership.pk,)),
    }[how]
    said = "Bia" if how == "column" else ""
    path = write(tmp_path / "a.csv", ("A", said), ("B", "Ana"), header=("Empresa", "Vendedor"))
    job = checked(path, ana, options)
    assert job.warnings == 0
    with company_scope(ana.company):
        people.deactivate(bia.membership, heir=None, by=admin_of(ana.company))
        actions.apply(job, by=ana)

    job = worked(job, ana)

    assert (job.created, job.warnings, outcomes(job, ana)) == (2, 1, [(2, "created"), (3, "created")])
    with company_scope(ana.company):
        (problem,) = ImportRow.objects.get(number=2).problems
        assert (problem["code"], problem["rejects"]) == ("owner_left", False)
        assert problem["message"] == "Bia não pode mais receber esta linha: ela foi para Ana."
        assert [one.row for one in queries.rows_shown(ana, job, queries.WARNINGS).rows] == [2]
        assert {one.owner.name for one in Opportunity.objects.select_related("owner")} == {"Ana"}
