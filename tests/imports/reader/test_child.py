"""The process behind a workbook ends with whoever asked for it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from oportuna.imports.reader.opening import open_table
from tests.imports.reader.books import write_xls
from tests.imports.reader.processes import children_of, is_running
from tests.work.process import PATIENCE

HOLD = """
import sys, time
from pathlib import Path
from oportuna.imports.reader.opening import open_table
table = open_table(Path(sys.argv[1]))
print("open", flush=True)
time.sleep(600)
"""


def test_a_killed_reader_takes_its_parser_along_even_one_that_does_nothing(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "leads.xls", [["Empresa", "Cidade"], ["Sol", "Rio"]])
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        (parser,) = children_of(reader.pid)
        os.kill(parser, signal.SIGSTOP)  # as one that computes and neither reads nor writes
        reader.kill()

    deadline = time.monotonic() + PATIENCE
    try:
        while is_running(parser):
            assert time.monotonic() < deadline, "the parser lives on"
            time.sleep(0.01)
    finally:
        if is_running(parser):
            os.kill(parser, signal.SIGKILL)


def test_no_process_is_left_behind_by_a_table_that_is_closed(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "leads.xls", [["Empresa", "Cidade"], ["Sol", "Rio"]])
    before = children_of(os.getpid())

    with open_table(path) as table:
        next(table.batches())
        rows = [*table.rows()]

    assert len(rows) == 1
    assert children_of(os.getpid()) == before
