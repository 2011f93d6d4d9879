"""The process that runs the native parser: `python -m oportuna.imports.reader.child FILE LIMITS`.

It limits itself first, writes one frame that describes the workbook, then, for each sheet name read from its
input (a line of JSON), the sheet's rows in batches. A hostile file can end this process and nothing else.
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import python_calamine as calamine

from oportuna.imports.reader import frames
from oportuna.imports.reader.archive import check_workbook
from oportuna.imports.reader.cells import has_content
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal

HEAD_ROWS = 60
_BATCH_CELLS = 20_000
_CELL_LIMIT = "Cell limit exceeded"  # what the parser says of a hundred million repeated cells in an ods


def main() -> int:
    path, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    _limit_itself(limits)
    try:
        kind = check_workbook(path, limits) if _is_zip(path) else "xls"
        with _named(path, kind) as link:
            workbook = calamine.load_workbook(str(link))
        with workbook:
            _serve(workbook, kind, limits)
    except Refusal as refusal:
        _send({"refusal": refusal.cause, "params": refusal.params})
    except MemoryError:
        _send({"refusal": "memory", "params": {}})
    except calamine.PasswordError:
        _send({"refusal": "password", "params": {}})
    except calamine.CalamineError as error:
        _send({"refusal": "memory" if _CELL_LIMIT in str(error) else "damaged", "params": {}})
    except BrokenPipeError:
        return 1  # the parent has gone
    except BaseException:  # noqa: BLE001 - a panic of the native parser is no Exception
        _send({"refusal": "damaged", "params": {}})
    return 0


def _limit_itself(limits: Limits) -> None:
    for kind, amount in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard == resource.RLIM_INFINITY or amount <= hard:
            resource.setrlimit(kind, (amount, amount))


@contextmanager
def _named(path: Path, kind: str) -> Iterator[Path]:
    """The file under a name that tells the parser its kind: under another it tries them all, and keeps to itself why it failed."""
    with TemporaryDirectory(prefix="oportuna-") as folder:
        link = Path(folder, f"book.{kind}")
        link.symlink_to(path.resolve())
        yield link


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _serve(workbook: calamine.CalamineWorkbook, kind: str, limits: Limits) -> None:
    sheets = _Sheets(workbook)
    tables = [sheets.described(meta) for meta in workbook.sheets_metadata if _is_table(meta)]
    _send({"format": kind, "sheets": tables})
    for line in sys.stdin:
        rows = sheets.rows(json.loads(line))
        batch: list[list[Any]] = []
        size = 0
        for count, row in enumerate(rows, 1):
            if count > limits.workbook_rows:
                raise Refusal("rows", rows=limits.workbook_rows)
            batch.append(row)
            size += len(row) + 1
            if size > _BATCH_CELLS:
                _send({"rows": batch})
                batch, size = [], 0
        _send({"rows": batch, "end": True})


class _Sheets:
    """The last sheet that was parsed is kept: with one sheet, the usual case, nothing is parsed twice."""

    def __init__(self, workbook: calamine.CalamineWorkbook) -> None:
        self.workbook = workbook
        self.kept: tuple[str, calamine.CalamineSheet] | None = None

    def rows(self, name: str) -> Iterator[list[Any]]:
        """Rows from row 1 and column A on, without the empty cells at their ends."""
        if self.kept is None or self.kept[0] != name:
            self.kept = None
            self.kept = name, self.workbook.get_sheet_by_name(name)
        sheet = self.kept[1]
        before = [None] * sheet.start[1] if sheet.start else []
        for cells in sheet.iter_rows():
            row: list[Any] = [None if cell == "" else cell for cell in cells]
            while row and row[-1] is None:
                row.pop()
            yield before + row if row else row

    def described(self, meta: calamine.SheetMetadata) -> dict[str, Any]:
        head: list[list[Any]] = []
        filled = 0
        for row in self.rows(meta.name):
            if len(head) < HEAD_ROWS:
                head.append(row)
            filled += any(map(has_content, row))
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        return {"name": meta.name, "rows": filled, "hidden": hidden, "head": head}


def _is_table(meta: calamine.SheetMetadata) -> bool:
    return meta.typ == calamine.SheetTypeEnum.WorkSheet


def _send(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(frames.packed(message))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
