"""The file of an export while it is being written: batch by batch, in constant memory, without a transaction."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from oportuna.errors import Refused
from oportuna.imports.exports.cells import MOST_XLSX_ROWS, XLSX, Column, CsvWriter, Values, Writer
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.lists import LISTS
from oportuna.imports.exports.storage import Workshop
from oportuna.imports.exports.workbook import XlsxWriter

BATCH = 1_000
"""Rows read at once."""
_ASKED_EVERY = 5.0


class Writing:
    """An attempt at a job's file. What it wrote is thrown away at the end of the block, unless it was kept.

    Headings and words are those of the installation's language, whoever asks: imports read them.
    """

    def __init__(self, job: ExportJob) -> None:
        self.rows = self.size = 0
        self._workshop = Workshop(job.stored)
        try:
            with translation.override(settings.LANGUAGE_CODE):
                self._columns = LISTS[job.what].columns()
                self._file = self._workshop.file.open("wb")
                self._writer = writer_of(job.kind, self._file, self._columns, self._workshop.folder)
        except BaseException:
            self._workshop.remove()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._workshop.remove()

    def add(self, rows: Sequence[Values]) -> None:
        """Write some rows."""
        with translation.override(settings.LANGUAGE_CODE):
            self._writer.add([column.cell(row) for column in self._columns] for row in rows)
        self.rows += len(rows)

    def finish(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Bring the file to its end and to the disk; `meanwhile` is called every few seconds, for a workbook takes long."""
        with ThreadPoolExecutor(1) as pool:
            ending = pool.submit(self._close)
            while not _has_ended(ending):
                meanwhile()
            ending.result()

    def keep(self) -> None:
        """Put the finished file where it can be downloaded, in the transaction that says so."""
        self._workshop.keep()

    def _close(self) -> None:
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self.size = self._file.tell()
        self._file.close()


def writer_of(kind: str, file: IO[bytes], columns: Sequence[Column], folder: Path) -> Writer:
    """The writer of a kind, CSV or XLSX, which has written its header; `folder` takes what it needs beside the file."""
    return XlsxWriter(file, columns, folder) if kind == XLSX else CsvWriter(file, columns)


def _has_ended(ending: Future[None]) -> bool:
    try:
        ending.exception(timeout=_ASKED_EVERY)
    except NotYet:
        return False
    return True


def require_room(kind: str, rows: int) -> None:
    """Raise Refused for more rows than a sheet holds."""
    if kind == XLSX and rows > MOST_XLSX_ROWS:
        raise Refused(_("A sheet does not hold that many rows. Export as CSV, or filter the list first."))
