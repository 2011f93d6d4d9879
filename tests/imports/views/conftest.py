"""An import for the tests of its screens."""

from pathlib import Path

import pytest

from oportuna.accounts.actor import Actor
from oportuna.imports.models import ImportJob
from tests.factories import make_actor
from tests.imports.sheets import (
    CNPJS,
    cell_rows,
    checked,
    write,
)


@pytest.fixture
def mixed(db, tmp_path: Path) -> tuple[Actor, ImportJob]:
    """A checked import with a row of every kind."""
    ana = make_actor()
    rows = cell_rows(
        ("Nova", CNPJS[0]),
        ("Errada", "11.222.333/0001-80"),
        ("=1+1", "11.222.333/0001-80"),
        ("Nova", CNPJS[0]),
        ("Sem origem", CNPJS[1], "", "", "", "", "Pombo"),
    )
    return ana, checked(write(tmp_path / "a.csv", *rows), ana)
