"""An import that is taken back a few rows at a time ends as one that is taken back at once."""

import pytest

from oportuna.imports.options import Options
from oportuna.work.steps import Lease
from tests.factories import make_actor
from tests.imports.padaria import row, sheet
from tests.imports.records import in_order, records
from tests.imports.sheets import CNPJS, applied, outcomes, undone


@pytest.mark.parametrize("mode", ["fill", "overwrite"])
def test_a_customer_that_a_row_brought_and_later_ones_changed_goes(db, tmp_path, monkeypatch, mode):
    ana = make_actor("manager")
    before = records(ana)
    rows = (
        row("Padaria", CNPJS[0], title="A"),
        row("Padaria", CNPJS[0], "Niterói", "Zé", "Chefe", "ze@padaria.com", "(21) 98765-4321", "A"),
    )
    job = applied(sheet(tmp_path, *rows), ana, Options(on_repeated=mode))
    assert outcomes(job, ana) == [(2, "created"), (3, "updated")]
    monkeypatch.setattr(Lease, "rows", 1)

    job = undone(job, ana)

    assert (job.state, job.taken_back, job.kept_back) == ("undone", 2, 0)
    assert records(ana) == before
    in_order(ana)
