"""The process that reads a workbook: `python -m oportuna.imports.reader.child FILE LIMITS FAILURE`.

It limits itself first, writes one frame that describes the workbook, then, for each sheet name read from its
input (a line of JSON), the sheet's rows in batches. A hostile file can end this process and nothing else.

The native parser lays a sheet out whole, from its first cell to its last. It gets memory by what the file holds, so that
a stray cell far from the table ends it at once. The parent then starts this process anew and says that failure, "memory"
or "damaged", in the place of "": xlsx has a patient reader for it, the other formats are refused for that cause.
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
from oportuna.imports.reader.archive import Archive, check_workbook
from oportuna.imports.reader.cells import has_content
from oportuna.imports.reader.kinds import OLE
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.markup import read_markup
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reader.xlsx import Xlsx

HEAD_ROWS = 60
_BATCH_CELLS = 20_000
_SHORT_GAP = 100
_CELL_LIMIT = "Cell limit exceeded"  # what the parser says of a hundred million repeated cells in an ods


def main() -> int:
    path, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    _limit_itself(limits)
    try:
        kind, book = _opened(path, limits, failure=sys.argv[3])
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


def _limit_memory(amount: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(
        resource.RLIMIT_AS, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard)
    )


@contextmanager
def _named(path: Path, kind: str) -> Iterator[Path]:
    """The file under a name that tells the parser its kind: under another it tries them all, and keeps to itself why it failed."""
    with TemporaryDirectory(prefix="oportuna-") as folder:
        link = Path(folder, f"book.{kind}")
        link.symlink_to(path.resolve())
        yield link


def _opened(path: Path, limits: Limits, *, failure: str) -> "tuple[str, _Book]":
    """The format of a workbook, or of what passes for one, and its sheets."""
    with path.open("rb") as file:
        opening = file.read(2)
    if opening not in (b"PK", OLE[:2]):
        if failure:
            raise Refusal(failure)
        kind, tables = read_markup(path, limits)
        return kind, _Tables(tables)
    archive = check_workbook(path, limits) if opening == b"PK" else Archive("xls", path.stat().st_size)
    _limit_memory(limits.memory_for(archive.kind, archive.inflated))
    if archive.kind == "xlsx" and (failure or not archive.is_usual):
        return archive.kind, Xlsx(path, limits)
    if failure:
        raise Refusal(failure)
    with _named(path, archive.kind) as link:
        return archive.kind, _Workbook(calamine.load_workbook(str(link)))


class _Book(Protocol):
    def sheets(self) -> list[tuple[str, bool]]:
        """The names of the sheets, and whether each is hidden."""

    def rows(self, name: str) -> Iterator[tuple[int, list[Any]]]:
        """Rows by their numbers, which rise, from column A on and without the empty cells at their ends; empty rows may lack."""


def _serve(book: _Book, kind: str, limits: Limits) -> None:
    _send({"format": kind, "sheets": [_described(book, name, hidden) for name, hidden in book.sheets()]})
    for line in sys.stdin:
        _send_rows(book.rows(json.loads(line)), limits)


def _send_rows(rows: Iterator[tuple[int, list[Any]]], limits: Limits) -> None:
    batch: list[list[Any]] = []
    first, size = 1, 0
    for number, row in rows:
        if number > limits.workbook_rows:
            raise Refusal("rows", rows=limits.workbook_rows)
        gap = number - first - len(batch)
        if size > _BATCH_CELLS or gap > _SHORT_GAP:
            _send({"first": first, "rows": batch})
            batch, first, size, gap = [], number, 0, 0
        batch += [[] for _ in range(gap)]
        batch.append(row)
        size += len(row) + 1
    _send({"first": first, "rows": batch, "end": True})


def _described(book: _Book, name: str, hidden: bool) -> dict[str, Any]:
    head: list[tuple[int, list[Any]]] = []
    filled = 0
    for number, row in book.rows(name):
        if number <= HEAD_ROWS:
            head.append((number, row))
        filled += any(map(has_content, reversed(row)))
    return {"name": name, "rows": filled, "hidden": hidden, "head": head}


class _Tables:
    """The tables of a page, or of Excel's XML."""

    def __init__(self, tables: dict[str, list[list[Any]]]) -> None:
        self._tables = tables

    def sheets(self) -> list[tuple[str, bool]]:
        return [(name, False) for name in self._tables]

    def rows(self, name: str) -> Iterator[tuple[int, list[Any]]]:
        return enumerate(self._tables[name], 1)


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

    def rows(self, name: str) -> Iterator[tuple[int, list[Any]]]:
        if self.kept is None or self.kept[0] != name:
            self.kept = None
            self.kept = name, self.workbook.get_sheet_by_name(name)
        sheet = self.kept[1]
        before = [None] * sheet.start[1] if sheet.start else []
        for number, cells in enumerate(sheet.iter_rows(), 1):
            # A sheet that reaches far down is a million empty rows, which are told at a glance: only 0 and no are false besides.
            if not any(cells) and cells.count("") == len(cells):
                continue
            row: list[Any] = [None if cell == "" else cell for cell in cells]
            while row[-1] is None:
                row.pop()
            yield number, before + row


def _is_table(meta: calamine.SheetMetadata) -> bool:
    return meta.typ == calamine.SheetTypeEnum.WorkSheet


def _send(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(frames.packed(message))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
