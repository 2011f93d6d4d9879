"""`oportuna serve`, as a real process."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from oportuna.accounts.models import Company, Invitation
from tests.factories import make_company
from tests.work.process import PATIENCE, PROGRAM, environ, oportuna, started


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """What the process prints, up to a line that contains the text."""
    assert process.stdout is not None
    said = ""
    while text not in said:
        line = process.stdout.readline()
        assert line, f"it ended: {said}"
        said += line
    return said


def wait_until_gone(pids: list[int]) -> None:
    """Look until none of the processes runs."""
    deadline = time.monotonic() + PATIENCE
    while any(runs(pid) for pid in pids):
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder in which the static files are collected once for all tests."""
    return tmp_path_factory.mktemp("data")


def test_it_answers_greets_and_stops_with_all_its_processes(committed, folder):
    port = free_port()

    with started([*PROGRAM, "serve", "--port", str(port)], folder, stdout=subprocess.PIPE) as server:
        said = read_until(server, "Ctrl+C")
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=10)
        children = children_of(server.pid)
        server.send_signal(signal.SIGTERM)
        status = server.wait(10)

    assert (answer.status, status, len(children)) == (200, 0, 3)
    assert f"http://127.0.0.1:{port}" in said
    assert f"http://127.0.0.1:{port}/new-company/" in said
    wait_until_gone(children)


def test_the_founders_address_is_printed_until_somebody_has_a_company(committed, folder):
    make_company()

    with started([*PROGRAM, "serve", "--port", str(free_port())], folder, stdout=subprocess.PIPE) as server:
        said = read_until(server, "Ctrl+C")
        server.send_signal(signal.SIGINT)
        server.wait(10)

    assert ("/new-company/" in said, Invitation.objects.count()) == (False, 0)


@pytest.mark.parametrize("which", [0, 1])
def test_when_one_process_dies_all_end(committed, folder, which):
    command = [*PROGRAM, "serve", "--port", str(free_port())]

    with started(command, folder, stdout=subprocess.PIPE) as server:
        read_until(server, "Ctrl+C")
        children = children_of(server.pid)
        grandchildren = [pid for child in children for pid in children_of(child)]
        os.kill(children[which], signal.SIGKILL)
        status = server.wait(20)

    assert status == 1
    wait_until_gone([*children, *grandchildren])


def test_when_the_supervisor_is_killed_nothing_stays_behind(committed, folder):
    with started([*PROGRAM, "serve", "--port", str(free_port())], folder, stdout=subprocess.PIPE) as server:
        read_until(server, "Ctrl+C")
        children = children_of(server.pid)
        grandchildren = [pid for child in children for pid in children_of(child)]
        server.kill()

    wait_until_gone([*children, *grandchildren])


def test_the_demo_company_is_not_served_beyond_this_machine(committed, folder):
    Company.objects.filter(pk=make_company().pk).update(is_demo=True)

    refused = oportuna(folder, "serve", "--host", "0.0.0.0", "--port", str(free_port()))

    assert (refused.returncode, "--allow-demo" in refused.stderr) == (1, True)


def test_a_port_in_use_is_said_in_one_line(committed, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        refused = oportuna(folder, "serve", "--port", port)

    assert (refused.returncode, refused.stderr.count("\n"), port in refused.stderr) == (1, 1, True)


def test_during_a_restore_every_page_says_to_come_back(committed, folder, client, settings):
    settings.DATA = folder
    (folder / "maintenance").write_text("restoring\n")

    paused = client.get("/login/")
    (folder / "maintenance").write_text("")
    open_again = client.get("/login/")

    assert (paused.status_code, paused.headers["Retry-After"], open_again.status_code) == (503, "5", 200)


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="SQLite has no roles")
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_role_that_owns_the_tables_is_refused(committed, folder, command):
    bound = environ(folder)
    as_owner = {**bound, "DATABASE_URL": bound["OPORTUNA_OWNER_URL"]}

    refused = oportuna(folder, command, environment=as_owner)

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="SQLite has no roles")
@pytest.mark.parametrize("arguments", [["migrate"], ["backup", "b.zip"], ["restore", "b.zip"]])
def test_without_the_owners_address_nothing_is_saved_in_part(committed, folder, arguments):
    bound = environ(folder)
    del bound["OPORTUNA_OWNER_URL"]

    refused = oportuna(folder, *arguments, environment=bound)

    assert (refused.returncode, "OPORTUNA_OWNER_URL" in refused.stderr) == (1, True)


def test_a_backup_is_restored_while_the_server_runs(committed, folder):
    before = make_company().name
    port = free_port()

    with started([*PROGRAM, "serve", "--port", str(port)], folder, stdout=subprocess.PIPE) as server:
        read_until(server, "Ctrl+C")
        written = oportuna(folder, "backup", str(folder / "b.zip"))
        Company.objects.update(name="Something else")
        restored = oportuna(folder, "restore", str(folder / "b.zip"), "--replace")
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=10)
        is_running = server.poll() is None

    assert (written.returncode, restored.returncode, restored.stderr) == (0, 0, "")
    assert (answer.status, is_running, Company.objects.get().name) == (200, True, before)
