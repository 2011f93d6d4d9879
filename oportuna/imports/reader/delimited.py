"""csv, tsv and txt: streamed, so that memory stays flat whatever the size."""

import csv
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from oportuna.imports.reader.cells import Row, SheetInfo
from oportuna.imports.reader.encodings import STRAY_BYTES, detect_encoding, require_encoding
from oportuna.imports.reader.headers import count_known
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal

DELIMITERS = (";", "\t", ",", "|")
HEAD_ROWS = 60
_HEAD_LINES = 2_000
_BATCH_ROWS = 2_000
_LINE_LIMIT = 2_000_000
_RECORD_LINES = 300
_UNCLOSED_LIMIT = 1_000

# The module's own limit, 131,072, is for the whole process; lines are already capped below it here.
csv.field_size_limit(_LINE_LIMIT * 2)


class DelimitedSource:
    """A text file with its encoding and delimiter, given or found out."""

    from_1904 = False

    def __init__(self, path: Path, limits: Limits, encoding: str | None, delimiter: str | None) -> None:
        self.sheets: list[SheetInfo] = []
        self._path = path
        self._limits = limits
        self.encoding = require_encoding(encoding) if encoding else detect_encoding(path)
        with self._open() as file:
            lines = [*_physical(file, _HEAD_LINES)]
        opening = lines[0].rstrip("\r\n") if lines else ""
        self._starts_with_sep = opening.lower().startswith("sep=") and len(opening) == 5
        chosen = _require_delimiter(delimiter) if delimiter else None
        if self._starts_with_sep:
            chosen = chosen or opening[4]
            del lines[0]
        self.delimiter = chosen if chosen else _best_delimiter(lines)
        self._head = [*_records(iter(lines), self.delimiter, 0, HEAD_ROWS)]

    @property
    def format(self) -> str:
        return "tsv" if self.delimiter == "\t" else "csv"

    def head(self, sheet: str | None) -> list[Row]:
        return self._head

    def batches(self, sheet: str | None, width: int) -> Iterator[list[Row]]:
        """All records from the first; `width` is the header's, by which a quote never closed is noticed."""
        with self._open() as file:
            if self._starts_with_sep:
                file.readline()
            batch: list[Row] = []
            for row in _records(_physical(file), self.delimiter, width):
                if row.number > self._limits.text_rows:
                    raise Refusal("rows", rows=self._limits.text_rows)
                batch.append(row)
                if len(batch) == _BATCH_ROWS:
                    yield batch
                    batch = []
            yield batch

    def last_row(self, sheet: str | None) -> int:
        """Not known before all are read; nothing asks, as there are no sheets."""
        return 0

    def close(self) -> None:
        """Nothing stays open between readings."""

    def _open(self) -> TextIO:
        errors = STRAY_BYTES if self.encoding.startswith("utf-8") else "replace"
        return self._path.open(encoding=self.encoding, errors=errors, newline="")


def _require_delimiter(text: str) -> str:
    delimiter = {"\\t": "\t", "tab": "\t"}.get(text.lower(), text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        raise Refusal("delimiter_unknown", delimiter=text[:20])
    return delimiter


def _physical(file: TextIO, most: int | None = None) -> Iterator[str]:
    """Lines as they stand in the file, without NULs and DOS's end-of-file mark."""
    count = 0
    while count != most and (line := file.readline(_LINE_LIMIT)):
        if len(line) == _LINE_LIMIT and not line.endswith(("\n", "\r")):
            raise Refusal("endless_line")
        count += 1
        if "\0" in line or "\x1a" in line:
            line = line.replace("\0", "").replace("\x1a", "")
            if not line:
                continue
        yield line


def _best_delimiter(lines: list[str]) -> str:
    """The delimiter whose header line splits into most known names and whose rows are equally wide."""

    def score(delimiter: str) -> tuple[int, float, int]:
        rows = [row.cells for row in _records(iter(lines), delimiter, 0, HEAD_ROWS)]
        widths = Counter(len(cells) for cells in rows if len(cells) > 1)
        width, agreeing = widths.most_common(1)[0] if widths else (1, 0)
        known = max((count_known(cells) for cells in rows[:30]), default=0)
        return (known if width > 1 else 0, agreeing / max(len(rows), 1), width)

    return max(DELIMITERS, key=score)


def _records(lines: Iterator[str], delimiter: str, width: int, most: int | None = None) -> Iterator[Row]:
    """Records numbered from 1, blank ones too; a line whose quote is never closed comes with its code.

    Such a quote would swallow the rows after it. It is noticed when it runs to the end of the file or over
    more lines than a cell has, when something follows the quote that closed it, or when the record has
    another width than the header while its first line alone has it.
    """
    feed = _Feed(lines)
    number = unclosed = 0
    while not feed.is_over:
        for cells in csv.reader(feed, delimiter=delimiter):
            number += 1
            if (len(feed.taken) > 1 or feed.ran_out) and _swallows(feed, cells, delimiter, width):
                unclosed += 1
                if unclosed > _UNCLOSED_LIMIT:
                    raise Refusal("quotes")
                yield Row(number, _split_plainly(feed.taken[0], delimiter), "unclosed_quote")
                feed.give_back()
                break
            feed.taken.clear()
            yield Row(number, cells)
            if number == most:
                return


class _Feed:
    """Lines for csv.reader that remembers those of the record under way, to give them back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._pending: deque[str] = deque()
        self._exhausted = False
        self.taken: list[str] = []
        self.ran_out = False

    @property
    def is_over(self) -> bool:
        return self._exhausted and not self._pending

    def __iter__(self) -> Iterator[str]:
        self.ran_out = False
        while True:
            if len(self.taken) >= _RECORD_LINES:
                self.ran_out = True
                return
            if self._pending:
                line = self._pending.popleft()
            else:
                try:
                    line = next(self._lines)
                except StopIteration:
                    self._exhausted = self.ran_out = True
                    return
            self.taken.append(line)
            yield line

    def give_back(self) -> None:
        """All lines of the record but its first will be read anew."""
        self._pending.extendleft(reversed(self.taken[1:]))
        self.taken.clear()


def _split_plainly(line: str, delimiter: str) -> list[str]:
    return line.rstrip("\r\n").split(delimiter)


def _swallows(feed: _Feed, cells: list[str], delimiter: str, width: int) -> bool:
    if feed.ran_out and (len(feed.taken) >= _RECORD_LINES or sum(line.count('"') for line in feed.taken) % 2):
        return True
    if len(feed.taken) < 2:
        return False
    if width and len(cells) != width and len(_split_plainly(feed.taken[0], delimiter)) == width:
        return True
    try:
        next(csv.reader(feed.taken, delimiter=delimiter, strict=True))
    except csv.Error:  # the quote that closed it was the next row's opening one
        return True
    return False
