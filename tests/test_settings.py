"""The settings of an installation: hardened behind https, one secret key, one data folder."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oportuna.environment import database, secret_key


def test_djangos_own_deployment_check_is_clean_behind_https(tmp_path):
    environ = {
        **os.environ,
        "OPORTUNA_URL": "https://crm.example.com",
        "OPORTUNA_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "oportuna.settings",
        "DATABASE_URL": "",
        "OPORTUNA_OWNER_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    first = secret_key(tmp_path)

    assert len(first) >= 50
    assert secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_no_address_means_sqlite_in_the_data_folder(tmp_path):
    assert database("", tmp_path)["NAME"] == str(tmp_path / "oportuna.sqlite3")


def test_a_postgresql_address_is_taken_apart():
    found = database("postgresql://ana:s%40nha@banco:5433/vendas?sslmode=require", Path())

    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "vendas",
        "ana",
        "s@nha",
        "banco",
        "5433",
    ]
    assert (found["POOLER"], found["OPTIONS"]) == ("", {"sslmode": "require"})


def test_a_pooler_is_said_in_the_address():
    found = database("postgresql://ana@banco/vendas?pooler=transaction&sslmode=require", Path())

    assert (found["POOLER"], found["OPTIONS"]) == ("transaction", {"sslmode": "require"})


def test_an_unknown_kind_of_pooler_is_refused():
    with pytest.raises(ValueError, match="pooler"):
        database("postgresql://ana@banco/vendas?pooler=session", Path())


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="DATABASE_URL"):
        database("mysql://x/y", Path())
