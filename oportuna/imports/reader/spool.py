"""Rows put aside on the disk: what is parsed slowly is parsed once, and kept nowhere in memory."""

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from oportuna.imports.reader import frames
from oportuna.imports.reader.cells import has_content

HEAD_ROWS = 60

Numbered = tuple[int, list[Any]]


class Head:
    """What is told of a sheet before its rows: the first ones, how many hold anything, and the number of the last."""

    def __init__(self) -> None:
        self.rows: list[Numbered] = []
        self.filled = 0
        self.last = 0

    def add(self, number: int, row: list[Any]) -> None:
        if number <= HEAD_ROWS:
            self.rows.append((number, row))
        # From behind: a row ends with a cell that is not empty, however many are before it.
        if any(map(has_content, reversed(row))):
            self.filled += 1
            self.last = number


class Spool:
    """The rows of all sheets, read to their end; the file has no name and goes with the process."""

    def __init__(self, rows: Iterator[tuple[int, int, list[Any]]]) -> None:
        self.heads: dict[int, Head] = {}
        self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as this
        for sheet, number, row in rows:
            self.heads.setdefault(sheet, Head()).add(number, row)
            self._file.write(frames.text_of([sheet, number, row]).encode() + b"\n")

    def rows(self, sheet: int) -> Iterator[Numbered]:
        """The rows of one sheet, dates as frames carry them."""
        self._file.seek(0)
        mine = b"[%d," % sheet
        for line in self._file:
            if line.startswith(mine):
                _, number, row = json.loads(line)
                yield number, row
