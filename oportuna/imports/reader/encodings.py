"""Which encoding a Brazilian text file is written in. Detection libraries fail on these files."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from oportuna.imports.reader.kinds import HEAD_BYTES, looks_utf16
from oportuna.imports.reader.limits import MEGABYTE
from oportuna.imports.reader.refusals import Refusal

# Stray cp1252 bytes in a text that is otherwise UTF-8 (files glued together) are read as what they are.
STRAY_BYTES = "oportuna.cp1252_strays"

_ACCENTED = "áéíóúâêôãõàçüÁÉÍÓÚÂÊÔÃÕÀÇÜ"
_ASCII = bytes(range(128))
_SAMPLE = 1_000_000


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(STRAY_BYTES, _as_cp1252)


def detect_encoding(path: Path) -> str:
    """The name of the encoding, for `open()`.

    The ladder: byte order mark; UTF-8 if all of it is (or all but one byte in fifty of the non-ASCII ones); a
    NUL in every other byte is UTF-16; else cp1252 or cp850, whichever shows more Portuguese letters.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := looks_utf16(head):
        return wide
    high = _non_ascii(path)
    strays = _stray_bytes(path) if high else 0
    if strays * 50 <= len(high):
        return "utf-8"
    return max(("cp1252", "cp850"), key=lambda encoding: _portuguese(high, encoding))


def require_encoding(name: str) -> str:
    """A person's choice as Python calls it; raises Refusal for a name that is no text encoding."""
    try:
        found = codecs.lookup(name.strip())
        if not found._is_text_encoding:
            raise LookupError(name)
    except (LookupError, ValueError) as error:
        raise Refusal("encoding_unknown", encoding=name[:40]) from error
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(MEGABYTE):
            yield block


def _non_ascii(path: Path) -> bytes:
    """The first million bytes above 127."""
    found = bytearray()
    for block in _blocks(path):
        found += block.translate(None, _ASCII)
        if len(found) > _SAMPLE:
            break
    return bytes(found)


def _stray_bytes(path: Path) -> int:
    """How many bytes of the same stretch are not UTF-8."""
    strays = 0
    seen = 0

    def count(error: UnicodeError) -> tuple[str, int]:
        nonlocal strays
        if not isinstance(error, UnicodeDecodeError):
            raise error
        strays += error.end - error.start
        return "", error.end

    codecs.register_error("oportuna.count_strays", count)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="oportuna.count_strays")
    for block in _blocks(path):
        seen += len(block) - len(decoder.decode(block).encode("ascii", errors="ignore"))
        if seen > _SAMPLE:
            break
    return strays


def _portuguese(high: bytes, encoding: str) -> float:
    """The share of Portuguese letters among the non-ASCII ones."""
    text = high.decode(encoding, errors="replace")
    return sum(map(text.count, _ACCENTED)) / max(len(text), 1)
