"""The process that reads a workbook: `python -m oportuna.imports.reader.child FILE LIMITS FAILURE PARENT`.

It limits itself first, writes one frame that describes the workbook, then, for each sheet's place read from
its input (a line of JSON), the sheet's rows in batches. A hostile file can end this process and nothing else.

The native parser lays a sheet out whole, from its first cell to its last. It gets memory by what the file holds, so that
a stray cell far from the table ends it at once. The parent then starts this process anew and says that failure, "memory"
or "damaged", in the place of "": xlsx has a patient reader for it, the other formats are refused for that cause.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import python_calamine as calamine

from oportuna.imports.reader import frames
from oportuna.imports.reader.archive import Archive, check_workbook
from oportuna.imports.reader.epoch import counts_from_1904
from oportuna.imports.reader.excel_xml import ExcelXml
from oportuna.imports.reader.kinds import OLE, markup_of
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.page import page_rows
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reader.spool import Head, Numbered, Spool
from oportuna.imports.reader.xlsx import Xlsx

_BATCH_CELLS = 20_000
_SHORT_GAP = 100
_PR_SET_PDEATHSIG = 1
_CELL_LIMIT = "Cell limit exceeded"  # what the parser says of a hundred million repeated cells in an ods


def main() -> int:
    path, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    _end_with(int(sys.argv[4]))
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


def _end_with(parent: int) -> None:
    """Have the kernel end this process when the thread that started it ends, at whatever the native parser is then.

    Elsewhere than on Linux it ends at its next write, which nobody reads any more.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we asked
        sys.exit(1)


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
        return _markup(path, limits)
    archive = check_workbook(path, limits) if opening == b"PK" else Archive("xls", path.stat().st_size)
    _limit_memory(limits.memory_for(archive.kind, archive.inflated))
    if archive.kind == "xlsx" and (failure or not archive.is_usual):
        book = Xlsx(path, limits)
        spooled = _Spooled(Spool(book.rows()), book.sheets())
        spooled.from_1904 = book.counts_from_1904
        return archive.kind, spooled
    if failure:
        raise Refusal(failure)
    with _named(path, archive.kind) as link:
        workbook = _Workbook(calamine.load_workbook(str(link)))
    workbook.from_1904 = counts_from_1904(path, archive.kind)
    return archive.kind, workbook


def _markup(path: Path, limits: Limits) -> "tuple[str, _Book]":
    _limit_memory(limits.least_memory_bytes)
    kind = markup_of(path)
    if kind == "excel_xml":
        workbook = ExcelXml(path, limits)
        spool = Spool(workbook.rows())
        return "xml", _Spooled(spool, workbook.sheets)
    spool = Spool(page_rows(path, limits))
    tables = sorted(place for place, head in spool.heads.items() if head.filled)
    if not tables:
        raise Refusal("xml" if kind == "xml" else "html")
    return "html", _Spooled(spool, [("", False)] * len(tables), tables)


class _Book(Protocol):
    from_1904: bool

    def described(self) -> Iterator[tuple[str, bool, Head]]:
        """Each sheet's name, "" if it has none, whether it is hidden, and its head."""

    def rows(self, sheet: int) -> Iterator[Numbered]:
        """The rows of a sheet, by its place, from column A on and without the empty cells at their ends.

        Their numbers rise; empty ones may lack.
        """


def _serve(book: _Book, kind: str, limits: Limits) -> None:
    sheets = [
        {"name": name, "hidden": hidden, "rows": head.filled, "last": head.last, "head": head.rows}
        for name, hidden, head in book.described()
    ]
    _send({"format": kind, "from_1904": book.from_1904, "sheets": sheets})
    for line in sys.stdin:
        _send_rows(book.rows(json.loads(line)), limits)


def _send_rows(rows: Iterator[Numbered], limits: Limits) -> None:
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


class _Spooled:
    """Sheets whose rows were put aside; `places` says where each stands in the file, if not one after the other."""

    from_1904 = False

    def __init__(self, spool: Spool, names: list[tuple[str, bool]], places: Sequence[int] = ()) -> None:
        self._spool = spool
        self._names = names
        self._places = places or range(len(names))

    def described(self) -> Iterator[tuple[str, bool, Head]]:
        for (name, hidden), place in zip(self._names, self._places, strict=True):
            yield name, hidden, self._spool.heads.get(place, Head())

    def rows(self, sheet: int) -> Iterator[Numbered]:
        return self._spool.rows(self._places[sheet])


class _Workbook:
    """The last sheet that was parsed is kept: with one sheet, the usual case, nothing is parsed twice."""

    from_1904 = False

    def __init__(self, workbook: calamine.CalamineWorkbook) -> None:
        self._workbook = workbook
        self._sheets = [
            (index, meta) for index, meta in enumerate(workbook.sheets_metadata) if _is_table(meta)
        ]
        self._kept: tuple[int, calamine.CalamineSheet] | None = None

    def described(self) -> Iterator[tuple[str, bool, Head]]:
        for sheet, (_, meta) in enumerate(self._sheets):
            head = Head()
            for number, row in self.rows(sheet):
                head.add(number, row)
            yield meta.name, meta.visible != calamine.SheetVisibleEnum.Visible, head

    def rows(self, sheet: int) -> Iterator[Numbered]:
        if self._kept is None or self._kept[0] != sheet:
            self._kept = None
            self._kept = sheet, self._workbook.get_sheet_by_index(self._sheets[sheet][0])
        parsed = self._kept[1]
        before = [None] * parsed.start[1] if parsed.start else []
        for number, cells in enumerate(parsed.iter_rows(), 1):
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
