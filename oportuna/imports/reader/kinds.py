"""What a file is by its first bytes, whatever its name says."""

import re
from pathlib import Path
from typing import BinaryIO, Literal

from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal

HEAD_BYTES = 65_536
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "word"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"MZ\x90", "program"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3", "database"),
    (b"ID3", "media"),
    (b"OggS", "media"),
)
_BINARY_SHARE = 0.2


def kind_of(path: Path, limits: Limits) -> Literal["workbook", "text"]:
    """Whether a file is to be read as a workbook or as delimited text.

    Raises Refusal, naming what the file is, for anything else, and for a file that is empty or too large.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise Refusal("file_size", megabytes=limits.file_bytes // MEGABYTE)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return "workbook"
        if head.startswith(OLE):
            file.seek(0)
            return _of_compound(file)
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise Refusal("not_a_spreadsheet", what=what)
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        raise Refusal("not_a_spreadsheet", what="image" if head[8:12] == b"WEBP" else "media")
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00\x1a \t\r\n") and size <= HEAD_BYTES:
        raise Refusal("empty")
    if looks_utf16(head) is None and head.count(0) > len(head) * _BINARY_SHARE:
        raise Refusal("not_a_spreadsheet", what="binary")
    return "workbook" if _is_markup(head) else "text"


def looks_utf16(head: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """The UTF-16 kind that a head with or without a byte order mark is written in, or None.

    Western text in UTF-16 has a NUL in every other byte and next to none in the others.
    """
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def markup_of(path: Path) -> Literal["excel_xml", "xml", "page"]:
    """Which of the three a file of markup is: Excel's XML of 2003, another XML, or a page."""
    with path.open("rb") as file:
        text = _folded(file.read(MEGABYTE))
    if "<html" in text:
        return "page"
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "excel_xml"
    return "xml" if text.startswith("<?xml") else "page"


def _is_markup(head: bytes) -> bool:
    """Whether it begins as a page or as XML does: Excel opens both, and many a program calls them .xls."""
    return re.match(r"<(!doctype html|!--|\?xml|[a-z]+[^<>]*>)", _folded(head)) is not None


def _folded(head: bytes) -> str:
    encoding = looks_utf16(head[:HEAD_BYTES]) or "latin-1"
    return head.decode(encoding, errors="replace").lstrip("\ufeff\xef\xbb\xbf \t\r\n").casefold()


def _of_compound(file: BinaryIO) -> Literal["workbook"]:
    """An old compound file: the names in its directory say which program wrote it. Raises Refusal unless it was Excel."""
    names: dict[str, Refusal | None] = {
        "EncryptedPackage": Refusal("password"),
        "WordDocument": Refusal("not_a_spreadsheet", what="word"),
        "PowerPoint Document": Refusal("not_a_spreadsheet", what="slides"),
        "Workbook": None,
        "Book": None,
    }
    found: set[str] = set()
    overlap = b""
    while block := file.read(MEGABYTE):
        window = overlap + block
        found.update(name for name in names if name.encode("utf-16-le") + b"\x00\x00" in window)
        overlap = block[-64:]
    office = Refusal("not_a_spreadsheet", what="office")
    refusal = next((refusal for name, refusal in names.items() if name in found), office)
    if refusal is not None:
        raise refusal
    return "workbook"
