"""A zipped workbook is weighed before any parser opens it."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reader.repeats import Repeats

_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_OVERLAP = 128
_BLOCK = MEGABYTE
_PARTS_LIMIT = 10_000
_FOREIGN = (
    ("word/", "word"),
    ("ppt/", "slides"),
    ("index/", "numbers"),
)
_MAIN = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb"}
_MAIN_TYPE = re.compile(
    rb"(spreadsheetml\.(sheet|template)|ms-excel\.(sheet|template)\.macroenabled)\.main\+xml"
)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([^"']{1,40})""")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_MOST_TYPES = 4 * MEGABYTE
_ODF = b"application/vnd.oasis.opendocument."
_OF_ODF = {b"text": "word", b"presentation": "slides"}


@dataclass(frozen=True)
class Archive:
    """A zipped workbook that was weighed: its format, and what its parts come to in bytes.

    `is_usual` means that the native parser, which knows parts by their usual names and in UTF-8 alone, reads all of it.
    """

    kind: str
    inflated: int
    is_usual: bool = True


def check_workbook(path: Path, limits: Limits) -> Archive:
    """What a zipped workbook is: xlsx (whose macros, if any, nobody runs), xlsb or ods.

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
    _Weight(limits).add(sum(part.file_size for part in parts), sum(part.compress_size for part in parts))
    weight = _Weight(limits)
    is_usual = True
    with path.open("rb") as file:
        kind = odf or _format_of(file, {part_name(part): part for part in parts})
        for part in parts:
            if not part.is_dir():
                is_usual &= _inspect(file, part, weight)
    if kind == "xlsx":
        is_usual &= any(part.filename.replace("\\", "/").lower() in _MAIN for part in parts)
    return Archive(kind, weight.inflated, is_usual)


def part_name(part: zipfile.ZipInfo) -> str:
    """A part's name as others refer to it: some writers use backslashes or begin at a root; capitals mean nothing."""
    return part.filename.replace("\\", "/").lstrip("/").lower()


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
        _require_readable(archive)
        return "ods"
    what = next((what for start, what in _OF_ODF.items() if kind.startswith(start)), "archive")
    raise Refusal("not_a_spreadsheet", what=what)


def _require_readable(archive: zipfile.ZipFile) -> None:
    """The parts of an ods are encrypted each by itself, as its list of parts says, in a zip that is not."""
    try:
        with archive.open("META-INF/manifest.xml") as part:
            said = part.read(_MOST_TYPES)
    except (KeyError, zlib.error):
        return
    if b"encryption-data" in said:
        raise Refusal("password")


def _format_of(file: BinaryIO, parts: dict[str, zipfile.ZipInfo]) -> str:
    for main, kind in _MAIN.items():
        if main in parts:
            return kind
    for start, what in _FOREIGN:
        if any(name.startswith(start) for name in parts):
            raise Refusal("not_a_spreadsheet", what=what)
    # The main part may have a name of its own; the content types say what it is.
    if types := parts.get("[content_types].xml"):
        said = b""
        for block, _packed in inflated(file, types):
            said += block.lower().replace(b"\0", b"")  # whatever its encoding
            if len(said) > _MOST_TYPES:
                raise Refusal("bomb")
        if _MAIN_TYPE.search(said):
            return "xlsx"
        if any(name.startswith("xl/") for name in parts):
            raise Refusal("damaged")
    raise Refusal("not_a_spreadsheet", what="archive")


def _inspect(file: BinaryIO, part: zipfile.ZipInfo, weight: _Weight) -> bool:
    """Weigh a part and look through its markup; whether that is in UTF-8, as is usual."""
    markup = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    repeats = Repeats(weight.limits) if part_name(part) == "content.xml" else None
    is_usual = True
    tail = b""
    for block, packed in inflated(file, part):
        weight.add(len(block), packed)
        if not markup:
            continue
        window = tail + block
        if any(doctype in window for doctype in _DOCTYPES):
            raise Refusal("doctype")
        if not tail:
            is_usual = _is_utf8(block)
        if repeats:
            repeats.add(block)
        tail = block[-_OVERLAP:]
    return is_usual


def _is_utf8(opening: bytes) -> bool:
    if opening.startswith(_UTF_16):
        return False
    said = _ENCODING.match(opening.removeprefix(b"\xef\xbb\xbf"))
    return said is None or said[1].lower() in (b"utf-8", b"utf8", b"us-ascii")


def inflated(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
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
