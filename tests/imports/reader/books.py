"""Workbooks of other kinds than xlsx; where no writer is at hand, put together part by part."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlwt

_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{type}"'
    ' Target="{target}"/></Relationships>'
)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def write_xls(path: Path, *tables: Sequence[Sequence[object]]) -> Path:
    """An old workbook (Excel 97) with a sheet for each table."""
    book = xlwt.Workbook(encoding="utf-8")
    for place, table in enumerate(tables, 1):
        sheet = book.add_sheet(f"Plan{place}")
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
    book.save(str(path))
    return path


def write_ods(
    path: Path, table: Sequence[Sequence[object]], *, kind: str = _ODS_TYPE, before: str = "", after: str = ""
) -> Path:
    """A LibreOffice workbook of one sheet; `before` and `after` are markup around its rows."""
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in table)
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Plan1">{before}{rows}{after}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    text = f"<text:p>{escape(str(value))}</text:p>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def write_xlsb(
    path: Path,
    table: Sequence[Sequence[object]],
    *,
    stray: tuple[int, int] | None = None,
    from_1904: bool = False,
) -> Path:
    """A binary workbook of one sheet, of the few records that hold a table ([MS-XLSB] 2.1.4); `stray` a cell far from it."""
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text("Plan1")
    properties = _record(153, struct.pack("<II", int(from_1904), 0) + _text(""))
    book = _record(131) + properties + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    rows = b"".join(_xlsb_row(number, row) for number, row in enumerate(table))
    last_row, last_column = len(table) - 1, max(map(len, table)) - 1
    if stray:
        last_row, last_column = stray
        rows += _xlsb_row(last_row, [*[None] * last_column, "x"])
    extent = struct.pack("<IIII", 0, last_row, 0, last_column)
    sheet = _record(129) + _record(148, extent) + _record(145) + rows + _record(146) + _record(130)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels", _RELS.format(id="rId1", type="officeDocument", target="xl/workbook.bin")
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            _RELS.format(id="rId1", type="worksheet", target="worksheets/sheet1.bin"),
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def _xlsb_row(number: int, row: Sequence[object]) -> bytes:
    cells = b""
    for column, value in enumerate(row):
        if value is None:
            continue
        place = struct.pack("<II", column, 0)
        if isinstance(value, int | float):
            cells += _record(5, place + struct.pack("<d", value))
        else:
            cells += _record(6, place + _text(str(value)))
    return _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)) + cells


def _record(kind: int, body: bytes = b"") -> bytes:
    """A record: its kind and length in seven bits a byte, the lower ones first."""
    head = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 127 else bytes([kind])
    length, size = b"", len(body)
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
