"""Real files, made where the test needs them."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

WriteText = Callable[..., Path]
WriteBook = Callable[..., Path]
WriteZip = Callable[..., Path]


@pytest.fixture
def write_text(tmp_path: Path) -> WriteText:
    """Writes a text in an encoding, byte for byte as given."""

    def write(text: str, encoding: str = "utf-8", name: str = "leads.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def write_book(tmp_path: Path) -> WriteBook:
    """Writes an xlsx of sheets, each a list of rows; sheets whose name begins with "." are hidden."""

    def write(sheets: dict[str, Sequence[Sequence[object]]], name: str = "leads.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title.lstrip("."))
                if title.startswith("."):
                    sheet.hide()
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return path

    return write


@pytest.fixture
def change_part(tmp_path: Path) -> WriteZip:
    """Writes a copy of a zip in which one part's bytes are other ones."""

    def write(source: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
        path = tmp_path / f"changed-{source.name}"
        with (
            zipfile.ZipFile(source) as old,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for info in old.infolist():
                content = old.read(info)
                new.writestr(info.filename, change(content) if info.filename == part else content)
        return path

    return write
