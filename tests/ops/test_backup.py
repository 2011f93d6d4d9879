"""Backup and restore: everything comes back, into either database, or nothing has changed."""

import hashlib
import json
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.sessions.models import Session

from oportuna.accounts import rls
from oportuna.accounts.scope import all_companies, company_scope
from oportuna.errors import Refused
from oportuna.ops.backup import reading, tables, writing
from oportuna.sales.actions import opportunities
from oportuna.sales.models import Opportunity
from oportuna.work import maintenance, steps
from oportuna.work.holder import new_holder
from oportuna.work.models import Work
from tests.factories import make_actor, make_company, make_opportunity, reason_of
from tests.work.counting import KIND, progress_for
from tests.work.draining import drain
from tests.work.process import environ, oportuna


def everything() -> dict[str, list[Any]]:
    """Every row of every table that a backup holds."""
    alias = rls.owner_connection().alias
    with all_companies():
        return {model._meta.label: list(tables.rows(model, alias)) for model in tables.kept()}


def files_of(folder: Path) -> dict[str, bytes]:
    """The uploaded files by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def members(path: Path) -> dict[str, str]:
    """The checksum of each member of a backup."""
    with ZipFile(path) as archive:
        found: dict[str, str] = json.loads(archive.read("manifest.json"))["checksums"]
    return found


def restore(path: Path, **options: Any) -> None:
    """Restore without waiting for others, of whom there are none."""
    reading.restore(path, grace=0, **options)
    rls.owner_connection().close()


@pytest.fixture
def filled(committed, settings, tmp_path):
    """Two companies with people, customers, opportunities, history, work under way, a session, and uploaded files."""
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = str(tmp_path / "files")
    (tmp_path / "files" / "imports").mkdir(parents=True)
    (tmp_path / "files" / "imports" / "a1").write_bytes(bytes(range(256)) * 999)
    ana, bia = make_actor(), make_actor(name="Bia «Ção» 🎉")
    for actor in (ana, bia):
        lost = make_opportunity(actor, title='Câmera\n"8K" \\ Ünïcode \x7f')
        with company_scope(actor.company):
            opportunities.lose(lost, reason=reason_of(actor.company), by=actor)
        make_opportunity(actor, value=None)
    row = progress_for(ana.company, 30).pk
    with company_scope(ana.company):
        steps.start(KIND, row)
    Session.objects.create(session_key="s" * 32, session_data="x", expire_date="2099-01-01T00:00:00Z")
    return tmp_path


def test_everything_comes_back_into_an_emptied_database(filled):
    before, files = everything(), files_of(filled / "files")
    writing.write(filled / "b.zip")
    owner = rls.owner_connection()
    with reading._unchecked(owner):
        reading._empty(owner)
    shutil.rmtree(filled / "files")

    restore(filled / "b.zip")

    assert everything() == before
    assert files_of(filled / "files") == files


def test_what_came_after_the_backup_is_gone_after_replacing_by_it(filled):
    before = everything()
    writing.write(filled / "b.zip")
    make_opportunity(make_actor())
    (filled / "files" / "imports" / "later").write_text("later")

    restore(filled / "b.zip", replace=True)

    assert everything() == before
    assert list(files_of(filled / "files")) == ["imports/a1"]


def test_work_goes_on_after_a_restore(filled):
    writing.write(filled / "b.zip")

    restore(filled / "b.zip", replace=True)
    steps.sweep()
    drain()

    assert Work.objects.count() == 0


def test_new_rows_follow_the_restored_ones(filled):
    writing.write(filled / "b.zip")
    restore(filled / "b.zip", replace=True)

    ana = make_actor()
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        assert Opportunity.objects.get().pk == opportunity.pk


def test_a_restore_ends_every_session(filled):
    writing.write(filled / "b.zip")

    restore(filled / "b.zip", replace=True)

    assert Session.objects.count() == 0


def test_a_database_that_holds_data_is_not_replaced_without_being_told(filled):
    writing.write(filled / "b.zip")
    make_company()
    before = everything()

    with pytest.raises(Refused):
        restore(filled / "b.zip")

    assert everything() == before


def test_a_backup_has_no_secret_key_and_is_for_its_owner_alone(filled):
    (filled / "secret_key").write_text("not for others")

    writing.write(filled / "b.zip")

    assert stat.S_IMODE((filled / "b.zip").stat().st_mode) == 0o600
    assert [name for name in members(filled / "b.zip") if "secret" in name or "session" in name.lower()] == []


def damaged(source: Path, change: dict[str, bytes]) -> Path:
    """A copy of a backup with other members."""
    target = source.with_name("damaged.zip")
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name, old.read(name)))
        for name, content in change.items():
            new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"tables/accounts.Company.jsonl": b"[]\n"},
        {"manifest.json": b"{}"},
        {"manifest.json": b"not json"},
        {"files/../../evil": b"x"},
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_changes(filled, change):
    writing.write(filled / "b.zip")
    before = everything()

    with pytest.raises(Refused):
        restore(damaged(filled / "b.zip", dict(change)), replace=True)

    assert everything() == before
    assert maintenance.is_on() is False


def test_a_file_name_that_leads_elsewhere_is_refused(filled):
    writing.write(filled / "b.zip")
    with ZipFile(filled / "b.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["checksums"]["files/../../evil"] = "0"

    with pytest.raises(Refused):
        restore(
            damaged(
                filled / "b.zip",
                {"manifest.json": json.dumps(manifest).encode(), "files/../../evil": b"x"},
            ),
            replace=True,
        )

    assert not (filled.parent / "evil").exists()


def test_a_backup_of_another_version_is_refused(filled):
    writing.write(filled / "b.zip")
    with ZipFile(filled / "b.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["migrations"].append("sales.9999_later")

    with pytest.raises(Refused):
        restore(damaged(filled / "b.zip", {"manifest.json": json.dumps(manifest).encode()}), replace=True)


def test_rows_that_do_not_belong_together_are_refused(filled):
    writing.write(filled / "b.zip")
    before = everything()
    with ZipFile(filled / "b.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = archive.read("tables/accounts.Membership.jsonl").split(b"\n", 1)[0] + b"\n"
    manifest["rows"]["accounts.Membership"] = 0
    manifest["checksums"]["tables/accounts.Membership.jsonl"] = hashlib.sha256(names).hexdigest()
    change = {
        "manifest.json": json.dumps(manifest).encode(),
        "tables/accounts.Membership.jsonl": names,
    }

    with pytest.raises(Refused):
        restore(damaged(filled / "b.zip", change), replace=True)

    assert everything() == before


def test_the_file_goes_from_one_database_to_the_other_and_back(filled, tmp_path_factory):
    before = everything()
    writing.write(filled / "b.zip")
    elsewhere = tmp_path_factory.mktemp("laptop")
    laptop = {name: value for name, value in environ(filled).items() if not name.endswith(("_URL", "_DATA"))}
    laptop["OPORTUNA_DATA"] = str(elsewhere)

    for arguments in (["migrate"], ["restore", str(filled / "b.zip")], ["backup", str(elsewhere / "c.zip")]):
        done = oportuna(elsewhere, *arguments, environment=laptop)
        assert (done.returncode, done.stderr) == (0, "")
    restore(elsewhere / "c.zip", replace=True)

    assert members(elsewhere / "c.zip") == members(filled / "b.zip")
    assert everything() == before
    assert (elsewhere / "secret_key").exists()
    assert files_of(elsewhere / "files") == files_of(filled / "files")
    assert "sales_opportunity" in _counted(elsewhere / "oportuna.sqlite3")


def _counted(database: Path) -> set[str]:
    """The tables of which SQLite knows how much they hold, to plan by."""
    with closing(sqlite3.connect(database)) as connected:
        return {name for (name,) in connected.execute("SELECT tbl FROM sqlite_stat1")}


def test_the_commands_say_what_they_did_and_what_they_refuse(filled):
    written = oportuna(filled, "backup", str(filled / "b.zip"))
    refused = oportuna(filled, "restore", str(filled / "b.zip"))
    nowhere = oportuna(filled, "restore", str(filled / "no.zip"))

    assert (written.returncode, refused.returncode, nowhere.returncode) == (0, 1, 1)
    assert "--replace" in refused.stderr
    assert refused.stderr.count("\n") == nowhere.stderr.count("\n") == 1


def test_a_killed_restore_leaves_the_server_open(filled):
    flag = filled / "maintenance"
    host = new_holder().split("/")[0]

    flag.write_text(f"{host}/{2**22 + 1}/0")

    assert maintenance.is_on() is False
