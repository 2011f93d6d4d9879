"""A zipped workbook is weighed before any parser opens it."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal

_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_FAR_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{3})(\d{1,7})"[^<>]*(?<!/)>')
_ODS_ROW, _ODS_ROW_ENDS = b"<table:table-row", b"</table:table-row>"
_ODS_ROWS = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_ODS_COLUMNS = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_LAST_CELL = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,7})"')
_OVERLAP = 128
_BLOCK = MEGABYTE
_PARTS_LIMIT = 10_000
_FOREIGN = (
    ("word/", "word"),
    ("ppt/", "slides"),
    ("index/", "numbers"),
)
_MAIN = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb"}
_ODF = b"application/vnd.oasis.opendocument."
_OF_ODF = {b"text": "word", b"presentation": "slides"}


def check_workbook(path: Path, limits: Limits) -> str:
    """The format of a zipped workbook: xlsx (whose macros, if any, nobody runs), xlsb or ods.

    Refuses a zip that is none, is locked, inflates beyond the limits or declares a DOCTYPE in any part.

    Sizes in the directory are added up first; they may lie, so parts of XML are then inflated, in blocks that
    are thrown away, and counted again.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            odf = _odf_of(archive)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        struct.error,
        ValueError,
        EOFError,
    ) as error:
        raise Refusal("damaged") from error
    if len(parts) > _PARTS_LIMIT:
        raise Refusal("bomb")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refusal("password")
    kind = odf or _format_of([part.filename.replace("\\", "/").lower() for part in parts])
    _Weight(limits).add(sum(part.file_size for part in parts), sum(part.compress_size for part in parts))
    weight = _Weight(limits)
    with path.open("rb") as file:
        for part in parts:
            if not part.is_dir():
                _inspect(file, part, weight)
    return kind


class _Weight:
    """Bytes inflated so far, against the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.inflated = 0
        self.packed = 0

    def add(self, inflated: int, packed: int) -> None:
        self.inflated += inflated
        self.packed += packed
        if self.inflated > self.limits.inflated_bytes:
            raise Refusal("inflated_size", megabytes=self.limits.inflated_bytes // MEGABYTE)
        if (
            self.inflated > self.limits.ratio_from_bytes
            and self.inflated > self.packed * self.limits.inflated_ratio
        ):
            raise Refusal("bomb")


def _odf_of(archive: zipfile.ZipFile) -> str:
    """ "ods" for a spreadsheet of the Open Document formats, "" for what is none of them. Raises Refusal for another kind."""
    try:
        with archive.open("mimetype") as part:
            said = part.read(len(_ODF) + 40)
    except KeyError:
        return ""
    except RuntimeError as error:  # an encrypted part
        raise Refusal("password") from error
    if not said.startswith(_ODF):
        return ""
    kind = said.removeprefix(_ODF)
    if kind.startswith(b"spreadsheet"):
        return "ods"
    what = next((what for start, what in _OF_ODF.items() if kind.startswith(start)), "archive")
    raise Refusal("not_a_spreadsheet", what=what)


def _format_of(names: list[str]) -> str:
    for main, kind in _MAIN.items():
        if main in names:
            return kind
    for start, what in _FOREIGN:
        if any(name.startswith(start) for name in names):
            raise Refusal("not_a_spreadsheet", what=what)
    # A strict workbook may keep its main part elsewhere; the content types name every part.
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        raise Refusal("damaged")
    raise Refusal("not_a_spreadsheet", what="archive")


def _inspect(file: BinaryIO, part: zipfile.ZipInfo, weight: _Weight) -> None:
    name = part.filename.lower()
    markup = name.endswith((".xml", ".rels", ".vml"))
    extent = _extent_of(name, weight.limits)
    tail = b""
    for block, packed in _inflate(file, part):
        weight.add(len(block), packed)
        if not markup:
            continue
        window = tail + block
        if any(doctype in window for doctype in _DOCTYPES):
            raise Refusal("doctype")
        if extent:
            extent.add(window, block)
        tail = block[-_OVERLAP:]


def _extent_of(name: str, limits: Limits) -> "_Extent | _Repeats | None":
    if "worksheets/" in name and name.endswith(".xml"):
        return _Extent(limits)
    return _Repeats(limits) if name == "content.xml" else None


class _Extent:
    """How far a sheet reaches: one stray cell makes the parser lay out a whole rectangle and abort.

    Only columns from AAA on are looked for, which costs next to nothing; a nearer sheet fits in memory, or
    the limits of the child process say no.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.last_row = 1
        self.last_column = 0
        self.far_cell = ""

    def add(self, window: bytes, _block: bytes) -> None:
        for match in _FAR_CELL.finditer(window):
            column = sum((letter - 64) * 26**place for place, letter in enumerate(reversed(match[1])))
            if column > self.last_column:
                self.last_column, self.far_cell = column, (match[1] + match[2]).decode()
            self.last_row = max(self.last_row, int(match[2]))
        if last := _LAST_CELL.match(window, max(window.rfind(b'<c r="'), 0)):
            self.last_row = max(self.last_row, int(last[1]))
        if self.last_column * self.last_row > self.limits.workbook_cells:
            raise Refusal("far_cell", cell=self.far_cell)


class _Repeats:
    """How many cells the rows of an ods come to: a few bytes may repeat one without end, which the parser would write out.

    A row without content repeats for nothing: every sheet ends with such.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = 0
        self.rest = b""

    def add(self, _window: bytes, block: bytes) -> None:
        _, *rows, last = _ODS_ROW.join((b"", self.rest + block)).split(_ODS_ROW)
        self.rest = last[: 2 * _BLOCK]
        if _ODS_ROW_ENDS in last:
            rows.append(last)
            self.rest = last[-len(_ODS_ROW) :]  # the next one may have begun
        for row in rows:
            head, _, cells = row.partition(_ODS_ROW_ENDS)[0].partition(b">")
            times = _ODS_ROWS.search(head)
            if times and b"office:" in cells:
                # Up to the last one with content: the parser leaves the empty ones behind it out, as every row has them.
                filled = cells[: cells.find(b">", cells.rfind(b"office:"))]
                columns = 1 + sum(int(repeated) for repeated in _ODS_COLUMNS.findall(filled))
                self.cells += int(times[1]) * columns
                if self.cells > self.limits.workbook_cells:
                    raise Refusal("memory")


def _inflate(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Blocks of a part and the packed bytes each took, to the stream's real end and not the declared one."""
    file.seek(part.header_offset)
    local = file.read(30)
    if len(local) < 30 or local[:4] != b"PK\x03\x04":
        raise Refusal("damaged")
    name_length, extra_length = struct.unpack("<HH", local[26:30])
    file.seek(name_length + extra_length, 1)
    left = part.compress_size
    if part.compress_type == zipfile.ZIP_STORED:
        while left and (block := file.read(min(left, _BLOCK))):
            left -= len(block)
            yield block, len(block)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            while left and not stream.eof and (packed := file.read(min(left, 65_536))):
                left -= len(packed)
                taken = len(packed)
                while not stream.eof:
                    block = stream.decompress(packed, _BLOCK)
                    yield block, taken
                    packed, taken = stream.unconsumed_tail, 0
                    if not packed and len(block) < _BLOCK:
                        break
        except zlib.error as error:
            raise Refusal("damaged") from error
        if not stream.eof:
            raise Refusal("damaged")
    else:
        raise Refusal("damaged")
    if left and part.compress_type == zipfile.ZIP_STORED:
        raise Refusal("damaged")
