"""The patient reader of xlsx: slower than the native parser, but it lays nothing out and takes what that one does not.

It reads sheets whose cells lie far apart, parts in other encodings than UTF-8, and packages whose main part has a name of
its own; all in a stream, in the memory that the shared texts take. The format is ECMA-376: packages in part 2, sheets in
part 1 (18.3), their strict forms in the same elements under other namespaces.
"""

import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from oportuna.imports.reader.archive import inflated, part_name
from oportuna.imports.reader.cells import Cell, column_letter
from oportuna.imports.reader.events import local, parsed
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.number_formats import Shown, from_serial, shown_by
from oportuna.imports.reader.refusals import Refusal

# A row of a few bytes may reach to the last column: no more of them are laid out at once than a piece holds.
_PIECE = 32_768
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Xlsx:
    """A workbook: its sheets that are tables, and their rows in a stream."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        with zipfile.ZipFile(path) as archive:
            self._parts = {part_name(part): part for part in archive.infolist()}
        main = next((target for _, kind, target in self._related("") if kind == "officeDocument"), "")
        related = [*self._related(main)]
        self._targets = {key: target for key, kind, target in related if kind == "worksheet"}
        self._book = _BookHandler()
        [*parsed(self._blocks(main), self._book)]
        by_kind = {kind: target for _, kind, target in related}
        self._shown = self._all(_StylesHandler(), by_kind.get("styles"))
        self._texts = self._all(_TextsHandler(), by_kind.get("sharedStrings"))

    @property
    def counts_from_1904(self) -> bool:
        """Whether its numbers count days from 1904."""
        return self._book.counts_from_1904

    def sheets(self) -> list[tuple[str, bool]]:
        return [(name, hidden) for name, hidden, key in self._book.sheets if key in self._targets]

    def rows(self) -> Iterator[tuple[int, int, list[Any]]]:
        """The rows with cells: the sheet's place among them all from 0, the row's number, its cells."""
        keys = [key for _, _, key in self._book.sheets if key in self._targets]
        for sheet, key in enumerate(keys):
            handler = _SheetHandler(
                self._texts, self._shown, self._limits, counts_from_1904=self._book.counts_from_1904
            )
            for number, row in parsed(self._blocks(self._targets[key]), handler):
                yield sheet, number, row

    def _all(self, handler: Any, part: str | None) -> list[Any]:
        return [*parsed(self._blocks(part), handler)] if part in self._parts else []

    def _related(self, part: str) -> Iterator[tuple[str, str, str]]:
        """The key, the kind and the name of each part that this one, or the package (""), refers to."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        for key, kind, target in parsed(self._blocks(relations), _RelationsHandler()):
            yield key, kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()

    def _blocks(self, name: str | None) -> Iterator[bytes]:
        part = self._parts.get(name or "")
        if part is None:
            raise Refusal("damaged")
        with self._path.open("rb") as file:
            for block, _packed in inflated(file, part):
                for start in range(0, len(block), _PIECE):
                    yield block[start : start + _PIECE]


class _Quiet:
    """A handler that hears nothing yet and keeps what it finishes."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def start(self, name: str, attrs: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...

    def taken(self) -> list[Any]:
        done, self.done = self.done, []
        return done


class _RelationsHandler(_Quiet):
    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            kind = attrs.get("Type", "").rpartition("/")[2]
            self.done.append((attrs.get("Id", ""), kind, attrs.get("Target", "").replace("\\", "/")))


class _BookHandler(_Quiet):
    def __init__(self) -> None:
        super().__init__()
        self.counts_from_1904 = False
        self.sheets: list[tuple[str, bool, str]] = []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "workbookPr":
            self.counts_from_1904 = attrs.get("date1904") in ("1", "true")
        elif name == "sheet":
            key = next((value for kept, value in attrs.items() if ":" in kept and local(kept) == "id"), "")
            self.sheets.append((attrs.get("name", ""), attrs.get("state", "visible") != "visible", key))


class _StylesHandler(_Quiet):
    """As what each style shows a number, in the order in which cells name them."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[int, str] = {}
        self._in_cells = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[_whole(attrs.get("numFmtId"))] = attrs.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            number = _whole(attrs.get("numFmtId"))
            self.done.append(shown_by(number, self._codes.get(number)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


class _TextsHandler(_Quiet):
    """The shared texts; how a name is read aloud (rPh) is none of its text."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._hears = self._is_reading = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "t":
            self._hears = not self._is_reading
        elif name == "rPh":
            self._is_reading = True
        elif name == "si":
            self._pieces = []

    def text(self, text: str) -> None:
        if self._hears:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        if name == "t":
            self._hears = False
        elif name == "rPh":
            self._is_reading = False
        elif name == "si":
            self.done.append(_unescaped("".join(self._pieces)))


class _SheetHandler(_Quiet):
    """The rows of a sheet. A row or cell without a place of its own stands behind the one before."""

    def __init__(
        self, texts: list[str], shown: list[Shown], limits: Limits, *, counts_from_1904: bool
    ) -> None:
        super().__init__()
        self._texts = texts
        self._shown = shown
        self._counts_from_1904 = counts_from_1904
        self._empty_left = limits.empty_cells
        self._number = 0
        self._row: list[Cell] = []
        self._column = -1
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._hears = self._is_reading = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attrs)
        elif name == "v" or (name == "t" and not self._is_reading):
            self._hears = True
        elif name == "row":
            number = _whole(attrs.get("r")) or self._number + 1
            if not self._number < number <= _MOST_ROWS:
                raise Refusal("damaged")
            self._number, self._row, self._column = number, [], -1
        elif name == "rPh":
            self._is_reading = True

    def _begin_cell(self, attrs: dict[str, str]) -> None:
        self._column += 1
        if place := attrs.get("r"):
            match = _PLACE.fullmatch(place)
            if match is None:
                raise Refusal("damaged")
            letters = match[1].upper()
            self._column = sum(
                (ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))
            )
            self._column -= 1
        if self._column >= _MOST_COLUMNS:
            raise Refusal("damaged")
        self._kind, self._style, self._pieces = attrs.get("t", "n"), attrs.get("s", ""), []

    def text(self, text: str) -> None:
        if self._hears:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        if name == "c":
            if self._pieces:
                self._put(self._value("".join(self._pieces)))
        elif name in ("v", "t"):
            self._hears = False
        elif name == "row":
            if self._row:
                self.done.append((self._number, self._row))
        elif name == "rPh":
            self._is_reading = False

    def _put(self, value: Cell) -> None:
        if value is None:
            return
        row, column = self._row, self._column
        if column >= len(row):
            self._empty_left -= column - len(row)
            if self._empty_left < 0:
                raise Refusal("far_cell", cell=f"{column_letter(column)}{self._number}")
            row += [None] * (column - len(row))
            row.append(value)
        else:
            row[column] = value

    def _value(self, text: str) -> Cell:
        kind = self._kind
        if kind == "s":
            index = _whole(text)
            if index >= len(self._texts):
                raise Refusal("damaged")
            return self._texts[index] or None
        if kind in ("str", "inlineStr"):
            return _unescaped(text) or None
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return None
        if kind == "d":
            return _from_iso(text.strip())
        try:
            number = float(text)
        except ValueError:
            return text
        if not math.isfinite(number):
            return text
        style = _whole(self._style)
        shown = self._shown[style] if style < len(self._shown) else Shown.NUMBER
        return from_serial(number, shown, counts_from_1904=self._counts_from_1904)


def _whole(text: str | None) -> int:
    """A number as it is written, 0 for none."""
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _unescaped(text: str) -> str:
    """Characters that XML has no place for are written _x000D_ (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    # Half a pair (D800 to DFFF) is no character.
    units = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _from_iso(text: str) -> Cell:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        if "T" not in text:
            return time.fromisoformat(text).isoformat("minutes")
        at = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return at if at.time() != at.time().min else at.date()
