"""Exports whose worker is killed: nothing half-written is ever handed out, and the next worker finishes the file."""

import os
import signal
import time
from collections.abc import Callable

from oportuna.accounts.models import AuditEntry
from oportuna.accounts.scope import company_scope
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.storage import export_folder
from tests.factories import make_actor
from tests.imports.exports.lists import again, begun, got, long_list, rows_in
from tests.work.process import PATIENCE, WORKER, started

ROWS = int(os.environ.get("OPORTUNA_KILLED_ROWS", "6000"))


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again until it is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def attempts(job: ExportJob) -> set[str]:
    """The folders in which the file was begun."""
    return {path.name for path in export_folder().glob(f"{job.stored}.*")}


def begins_to_write(job: ExportJob, but: set[str]) -> bool:
    """Whether a new attempt has put something on the disk."""
    new = attempts(job) - but
    return any(part.stat().st_size for name in new for part in (export_folder() / name).glob("*"))


def test_a_worker_killed_in_the_middle_of_an_export_leaves_it_to_the_next(committed, tmp_path):
    ana = make_actor()
    long_list(ana, ROWS)
    job = begun(ana, kind="csv")

    seen: set[str] = set()
    for _kill in range(2):
        with started(WORKER, tmp_path) as worker:
            wait_until(lambda: begins_to_write(job, seen))  # noqa: B023  asked at once
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        seen |= attempts(job)
        assert not again(job, ana).has_file
        assert not job.path.exists()
        assert got(ana, "file", job).status_code == 409
    with started(WORKER, tmp_path):
        wait_until(lambda: not again(job, ana).is_at_work)

    done = again(job, ana)
    assert (done.state, done.rows, done.done) == ("done", ROWS, ROWS)
    rows = rows_in(done.path.read_bytes())
    assert [row["Título"] for row in rows] == [f"Venda {place}" for place in reversed(range(ROWS))]
    assert [path.name for path in export_folder().iterdir()] == [done.stored]
    with company_scope(ana.company):
        assert AuditEntry.objects.filter(verb="exported").count() == 1
