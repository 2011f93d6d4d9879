"""Whether a workbook counts its days from 1904, as Excel for Mac once did: a number without a date's form then means another day."""

import re
import zipfile
from pathlib import Path

_MOST = 4_000_000
_XLSX = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
# [MS-XLS] 2.1.7.20.3: Date1904 stands before CalcPrecision, each with two bytes of content.
_XLS = re.compile(rb"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00[\x00\x01]\x00", re.DOTALL)
_PROPERTIES_OF_XLSB = 153  # BrtWbProp, [MS-XLSB] 2.4.822; the first of its flags is f1904


def counts_from_1904(path: Path, kind: str) -> bool:
    """Whether a workbook of this kind (xlsx, xlsb, xls; others keep dates as dates) does. Its archive was weighed before."""
    if kind == "xls":
        with path.open("rb") as file:
            return _XLS.search(file.read(_MOST)) is not None
    if kind == "xlsx":
        return _XLSX.search(_part(path, "xl/workbook.xml")) is not None
    return kind == "xlsb" and _says_so(_part(path, "xl/workbook.bin"))


def _part(path: Path, wanted: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.replace("\\", "/").lower() == wanted:
                with archive.open(name) as part:
                    return part.read(_MOST)
    return b""


def _says_so(book: bytes) -> bool:
    at = 0
    try:
        while at < len(book):
            kind, at = _seven_bits(book, at, 2)
            size, at = _seven_bits(book, at, 4)
            if kind == _PROPERTIES_OF_XLSB:
                return bool(book[at] & 1)
            at += size
    except IndexError:
        pass
    return False


def _seven_bits(book: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in seven bits a byte, the lower ones first, and where it ends."""
    number = 0
    for place in range(most):
        number |= (book[at] & 0x7F) << 7 * place
        at += 1
        if book[at - 1] < 0x80:
            break
    return number, at
