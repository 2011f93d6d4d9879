"""SQLite's checkpoints: made beside the work that fills the log, and over before the process does anything else."""

import shutil
import sqlite3
import threading
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper

from oportuna.accounts.models import Company
from oportuna.work import checkpoints, steps
from oportuna.work.checkpoints import Checkpoints
from oportuna.work.steps import Lease, step
from tests.factories import make_company

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a process for its log")


@pytest.fixture
def at_once(monkeypatch):
    """The half second is over."""
    monkeypatch.setattr(checkpoints, "_EVERY", -1.0)


@pytest.fixture
def empty_log(committed):
    """All that was written before is in the file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def names_in_the_file(tmp_path) -> set[str]:
    """The companies that the database's file holds without its log."""
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(connection.settings_dict["NAME"], copy)
    with sqlite3.connect(copy) as database:
        return {name for (name,) in database.execute("SELECT name FROM accounts_company")}


@on_sqlite
def test_what_was_committed_is_soon_in_the_file_itself(empty_log, at_once, tmp_path):
    make_company("Padaria Sol")
    assert "Padaria Sol" not in names_in_the_file(tmp_path)

    made = Checkpoints()
    made.committed()
    made.end()

    assert "Padaria Sol" in names_in_the_file(tmp_path)


@on_sqlite
def test_within_half_a_second_nothing_is_copied(empty_log, tmp_path):
    make_company("Padaria Lua")

    made = Checkpoints()
    made.committed()
    made.end()

    assert "Padaria Lua" not in names_in_the_file(tmp_path)


@pytest.fixture
def begun(monkeypatch):
    """The checkpoints' threads that were begun, in order; each takes its time."""
    monkeypatch.setattr(checkpoints, "_checkpoint", lambda: threading.Event().wait(0.2))
    threads: list[threading.Thread] = []
    begin = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        threads.append(thread)
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    return threads


@step("tests.many_rows")
def many_rows(lease: Lease) -> None:
    """Two transactions of many rows, and the end."""
    for name in ("Padaria Lua", "Padaria Mar"):
        with lease.transaction(1_000):
            Company.objects.filter(pk=lease.row).update(name=name)
    with lease.transaction():
        lease.finish()


def test_a_step_leaves_no_thread_behind(committed, at_once, begun):
    company = make_company()

    steps.run_in_process(company, "tests.many_rows", company.pk)

    assert Company.objects.get().name == "Padaria Mar"
    assert [one.is_alive() for one in begun] == ([False, False] if connection.vendor == "sqlite" else [])


def test_a_step_that_fails_leaves_no_thread_behind(committed, at_once, begun, monkeypatch):
    company = make_company()

    def fail(lease: Lease) -> None:
        many_rows(lease)
        raise ZeroDivisionError

    monkeypatch.setitem(steps._kinds, "tests.many_rows", steps.Kind("tests.many_rows", fail, steps.DEFAULT))
    with pytest.raises(ZeroDivisionError):
        steps.run_in_process(company, "tests.many_rows", company.pk)

    assert [one.is_alive() for one in begun] == ([False, False] if connection.vendor == "sqlite" else [])


def test_work_goes_on_where_the_system_has_no_more_threads(committed, at_once, monkeypatch):
    company = make_company()

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    steps.run_in_process(company, "tests.many_rows", company.pk)

    assert Company.objects.get().name == "Padaria Mar"


@on_sqlite
def test_one_checkpoint_is_over_before_the_next_begins(committed, at_once, begun):
    made = Checkpoints()
    made.committed()

    made.committed()

    assert not begun[0].is_alive()
    made.end()


@on_sqlite
def test_a_database_that_does_not_answer_is_a_line_in_the_log(committed, at_once, caplog):
    made = Checkpoints()
    refused = OperationalError("disk I/O error")
    with mock.patch.object(CursorWrapper, "execute", side_effect=refused):
        made.committed()
        made.end()

    assert [record.getMessage() for record in caplog.records] == ["No checkpoint was made: disk I/O error"]


@on_sqlite
def test_checkpoints_leave_no_connection_open(committed, at_once, monkeypatch):
    opened: list[BaseDatabaseWrapper] = []
    connection_created.connect(keep := lambda connection, **_named: opened.append(connection))
    made = Checkpoints()
    made.committed()
    made.end()
    connection_created.disconnect(keep)

    assert [one.connection for one in opened] == [None]
