"""An import of a spreadsheet by command, from the start of the command to its end, and the same import taken back."""

import subprocess
import sys
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


def measure(environ: dict[str, str], rows: int, log: Path, ending: str = "csv") -> Imported:
    """Import as many new leads from a file of that kind; each call's differ from the calls' before."""
    with tempfile.TemporaryDirectory() as folder, log.open("ab") as output:
        file = Path(folder, f"leads.{ending}")
        write = leads.write_xlsx if ending == "xlsx" else leads.write_csv
        write(file, leads.rows(rows, seed=time.time_ns()))
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


def measure_undo(environ: dict[str, str], log: Path) -> float:
    """The seconds that taking back the newest import takes."""
    with log.open("ab") as output:
        command = [sys.executable, "-m", "bench.undone"]
        answer = subprocess.run(
            command, env=environ, cwd=PROJECT, check=True, stdout=subprocess.PIPE, stderr=output
        )
    return round(float(answer.stdout), 2)
