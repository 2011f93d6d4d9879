"""Packages of Office Open XML put together part by part, as libraries other than Excel write them."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_USUAL = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
_STRICT = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def cell(place: str, text: str) -> str:
    """A cell with its text in it; without a place when that is ""."""
    where = f' r="{place}"' if place else ""
    return f'<c{where} t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def row(number: int, *texts: str) -> str:
    """A row with its number and its cells' places, from column A on."""
    cells = (cell(f"{chr(65 + column)}{number}", text) for column, text in enumerate(texts))
    return f'<row r="{number}">{"".join(cells)}</row>'


def parts_of(
    rows: str,
    *,
    strict: bool = False,
    prefix: str = "",
    main: str = "xl/workbook.xml",
    texts: Sequence[str] = (),
) -> dict[str, str]:
    """The parts of a workbook of one sheet, by their names; style 1 is a date, `texts` are the shared ones."""
    space, relations = _STRICT if strict else _USUAL
    folder, _, name = main.rpartition("/")
    home = f"{folder}/" if folder else ""
    mark = f"{prefix}:" if prefix else ""
    named = f'xmlns{":" + prefix if prefix else ""}="{space}"'

    def document(root: str, content: str, attrs: str = "") -> str:
        marked = content.replace("</", "\0/").replace("<", f"<{mark}").replace("\0/", f"</{mark}")
        return f"{DECLARATION}<{mark}{root} {named}{attrs}>{marked}</{mark}{root}>"

    def related(*targets: tuple[str, str, str]) -> str:
        links = "".join(
            f'<Relationship Id="{key}" Type="{relations}/{kind}" Target="{target}"/>'
            for key, kind, target in targets
        )
        return f'{DECLARATION}<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'

    shared = [("rId3", "sharedStrings", "sharedStrings.xml")] if texts else []
    parts = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{main}" ContentType="{_MAIN_TYPE}"/></Types>',
        "_rels/.rels": related(("rId1", "officeDocument", main)),
        main: document(
            "workbook",
            '<sheets><sheet name="Plan1" sheetId="1" r:id="rId1"/></sheets>',
            f' xmlns:r="{relations}"',
        ),
        f"{home}_rels/{name}.rels": related(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml"), *shared
        ),
        f"{home}styles.xml": document(
            "styleSheet", '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        ),
        f"{home}worksheets/sheet1.xml": document("worksheet", f"<sheetData>{rows}</sheetData>"),
    }
    if texts:
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        parts[f"{home}sharedStrings.xml"] = document("sst", items)
    return parts


def write_package(
    path: Path, parts: dict[str, str], *, encoding: str = "utf-8", renamed: Callable[[str], str] = str
) -> Path:
    """A zip of the parts, every part's bytes in the encoding that it then declares."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(renamed(name), text.replace("UTF-8", encoding).encode(encoding))
    return path


class OneWay:
    """A file that a zip is written to without going back: sizes then follow each part (data descriptors)."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()
