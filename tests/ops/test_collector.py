"""Web processes and commands do not look for garbage among what was loaded, and seldom among what they make."""

import subprocess
import sys

import pytest

_SAYS = "import gc; print(gc.get_threshold()[0] > 10_000, gc.get_freeze_count() > 0, gc.isenabled())"


@pytest.mark.parametrize(
    "start",
    [
        "import oportuna.wsgi",
        "from oportuna import cli; cli.main(['check'])",
    ],
)
def test_what_was_loaded_is_never_walked_through_again(start, tmp_path, monkeypatch):
    monkeypatch.setenv("OPORTUNA_DATA", str(tmp_path))
    program = f"{start}; {_SAYS}"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "True True True"
