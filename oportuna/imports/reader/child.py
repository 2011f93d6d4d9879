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
from typing import Any, Protocol

import python_calamine as calamine

from oportuna.imports.reader import frames
from oportuna.imports.reader.archive import check_workbook
from oportuna.imports.reader.cells import has_content
from oportuna.imports.reader.kinds import OLE
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.markup import read_markup
from oportuna.imports.reader.refusals import Refusal

HEAD_ROWS = 60
_BATCH_CELLS = 20_000
_CELL_LIMIT = "Cell limit exceeded"  # what the parser says of a hundred million repeated cells in an ods


def main() -> int:
    path, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    _limit_itself(limits)
    try:
        kind, book = _opened(path, limits)
        _serve(book, kind, limits)
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


def _opened(path: Path, limits: Limits) -> "tuple[str, _Book]":
    """The format of a workbook, or of what passes for one, and its sheets."""
    with path.open("rb") as file:
        opening = file.read(2)
    if opening not in (b"PK", OLE[:2]):
        kind, tables = read_markup(path, limits)
        return kind, _Tables(tables)
    kind = check_workbook(path, limits) if opening == b"PK" else "xls"
    with _named(path, kind) as link:
        return kind, _Workbook(calamine.load_workbook(str(link)))


class _Book(Protocol):
    def sheets(self) -> list[tuple[str, bool]]:
        """The names of the sheets, and whether each is hidden."""

    def rows(self, name: str) -> Iterator[list[Any]]:
        """Rows from row 1 and column A on, without the empty cells at their ends."""


def _serve(book: _Book, kind: str, limits: Limits) -> None:
    _send({"format": kind, "sheets": [_described(book, name, hidden) for name, hidden in book.sheets()]})
    for line in sys.stdin:
        rows = book.rows(json.loads(line))
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


def _described(book: _Book, name: str, hidden: bool) -> dict[str, Any]:
    head: list[list[Any]] = []
    filled = 0
    for row in book.rows(name):
        if len(head) < HEAD_ROWS:
            head.append(row)
        filled += any(map(has_content, row))
    return {"name": name, "rows": filled, "hidden": hidden, "head": head}


class _Tables:
    """The tables of a page, or of Excel's XML."""

    def __init__(self, tables: dict[str, list[list[Any]]]) -> None:
        self._tables = tables

    def sheets(self) -> list[tuple[str, bool]]:
        return [(name, False) for name in self._tables]

    def rows(self, name: str) -> Iterator[list[Any]]:
        return iter(self._tables[name])


class _Workbook:
    """The last sheet that was parsed is kept: with one sheet, the usual case, nothing is parsed twice."""

    def __init__(self, workbook: calamine.CalamineWorkbook) -> None:
        self.workbook = workbook
        self.kept: tuple[str, calamine.CalamineSheet] | None = None

    def sheets(self) -> list[tuple[str, bool]]:
        visible = calamine.SheetVisibleEnum.Visible
        return [
            (meta.name, meta.visible != visible) for meta in self.workbook.sheets_metadata if _is_table(meta)
        ]

    def rows(self, name: str) -> Iterator[list[Any]]:
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


def _is_table(meta: calamine.SheetMetadata) -> bool:
    return meta.typ == calamine.SheetTypeEnum.WorkSheet


def _send(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(frames.packed(message))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
