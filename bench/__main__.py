"""`make bench`, or `python -m bench`: measures the real server and the import command, prints a table, keeps a JSON.

make bench BENCH="--sizes 1000,100000 --database sqlite"
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench import imports, load
from bench.databases import PROJECT, prepared
from bench.server import serving

CLIENTS = (1, 8)


def main() -> int:
    """Measure each database at each size; ends with 1 when an answer was an error."""
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    results = []
    print(f"{'':<34}{'clients':>8}{'median ms':>11}{'p95 ms':>9}{'per s':>9}{'errors':>8}")
    for kind in options.database:
        for size in options.sizes:
            results.append(_measure(kind, size, options))
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    path = options.folder / "results.json"
    path.write_text(json.dumps({"machine": machine, "results": results}, indent=2))
    print(f"\n{path}")
    failed = sum(one["errors"] for result in results for one in result["requests"])
    return 1 if failed or not all(result["import"]["is_done"] for result in results) else 0


def _measure(kind: str, size: int, options: argparse.Namespace) -> dict[str, Any]:
    log: Path = options.folder / f"{kind}-{size}.log"
    where = f"{kind} {size:,}".replace(",", ".")
    print(f"{where}: preparing …", file=sys.stderr)
    requests = []
    with prepared(kind, size, options.folder) as environ:
        loops = [_loop_ms()]
        with serving(environ, log) as (port, memory):
            for clients in CLIENTS:
                for one in load.measure(port, _facts(environ), clients, options.requests):
                    requests.append(one.to_json())
                    _print_requests(where, one)
            with ThreadPoolExecutor(1) as pool:
                beside = pool.submit(imports.measure, environ, options.rows, log)
                for one in load.measure_beside(port, _facts(environ), beside.done):
                    requests.append(one.to_json())
                    _print_requests(where, one)
        imported = imports.measure(environ, options.rows, log, "xlsx" if options.xlsx else "csv")
        undone = imports.measure_undo(environ, log)
        loops.append(_loop_ms())
    print(f"{where:<22}a loop of a million turns, before and after: {loops[0]} ms, {loops[1]} ms")
    megabytes = memory.peak_bytes >> 20
    print(f"{where:<22}server, peak of all processes: {megabytes} MB")
    print(
        f"{where:<22}import of {imported.rows} rows: {imported.seconds} s, {imported.per_second} rows/s,"
        f" peak {imported.peak_bytes >> 20} MB{'' if imported.is_done else ', FAILED'}"
    )
    print(f"{where:<22}undo of {imported.rows} rows: {undone} s")
    return {
        "database": kind,
        "size": size,
        "loop_ms": loops,
        "requests": requests,
        "server_peak_bytes": memory.peak_bytes,
        "import": imported.to_json(),
        "undo_seconds": undone,
    }


def _print_requests(where: str, one: load.Measured) -> None:
    print(
        f"{where:<22}{one.what:<18}{one.clients:>4}{one.median_ms:>11}{one.p95_ms:>9}{one.per_second:>9}{one.errors:>8}",
        flush=True,
    )


def _loop_ms() -> float:
    """How fast this machine is at this moment: figures of two runs compare only where this one is alike.

    The median of nine times what Python takes for a million turns of a loop, in milliseconds.
    """
    times = []
    for _ in range(9):
        began, total = time.perf_counter(), 0
        for number in range(1_000_000):
            total += number
        times.append(time.perf_counter() - began)
    return round(statistics.median(times) * 1000, 1)


def _facts(environ: dict[str, str]) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, "-m", "bench.facts"], env=environ, cwd=PROJECT, check=True, capture_output=True
    )
    facts: dict[str, Any] = json.loads(answer.stdout)
    return facts


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description="Measures the real server and the import command."
    )
    parser.add_argument("--sizes", type=_sizes, default=[1_000, 100_000], help="opportunities: 1000,100000,…")
    parser.add_argument(
        "--database", type=_databases, default=["sqlite", "postgresql"], help="sqlite, postgresql, or both"
    )
    parser.add_argument("--requests", type=int, default=200, help="requests of each kind (%(default)s)")
    parser.add_argument("--rows", type=int, default=10_000, help="rows of the import (%(default)s)")
    parser.add_argument("--xlsx", action="store_true", help="import a workbook instead of a csv")
    parser.add_argument(
        "--folder", type=Path, default=PROJECT / "var" / "bench", help="where the databases are kept"
    )
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _databases(text: str) -> list[str]:
    kinds = text.split(",")
    if unknown := set(kinds) - {"sqlite", "postgresql"}:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return kinds


if __name__ == "__main__":
    sys.exit(main())
