"""An import of a spreadsheet by command: rows a second, from the start of the command to its end."""

import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import leads
from bench.databases import OPORTUNA, PROJECT
from bench.server import Memory


@dataclass(frozen=True, slots=True)
class Imported:
    """One import; `is_done` says whether the command ended well."""

    rows: int
    seconds: float
    per_second: float
    peak_bytes: int
    is_done: bool

    def to_json(self) -> dict[str, Any]:
        """As written into the results."""
        return asdict(self)


def measure(environ: dict[str, str], rows: int, log: Path) -> Imported:
    """Import as many new leads; each call's differ from the calls' before."""
    with tempfile.TemporaryDirectory() as folder, log.open("ab") as output:
        file = Path(folder, "leads.csv")
        leads.write_csv(file, leads.rows(rows, seed=time.time_ns()))
        command = [
            *OPORTUNA, "import", str(file), "--company", "demo", "--as", "admin@demo.example",
            "--create-missing", "source",
        ]  # fmt: skip
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environ, cwd=PROJECT, stdout=output, stderr=output)
        memory = Memory(process.pid)
        status = process.wait()
        seconds = time.perf_counter() - began
        memory.stop()
    return Imported(rows, round(seconds, 2), round(rows / seconds), memory.peak_bytes, status == 0)
