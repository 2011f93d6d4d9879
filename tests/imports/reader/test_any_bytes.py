"""Whatever bytes a file has, it ends as a table or as a refusal, and no process is left behind."""

import os
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal
from tests.imports.reader.books import write_ods, write_xls, write_xlsb
from tests.imports.reader.packages import parts_of, row, write_package
from tests.imports.reader.processes import children_of

NAMES = ("a.xlsx", "a.xls", "a.csv", "a")
LIMITS = Limits(cpu_seconds=20, wait_seconds=20)
TABLE: list[list[object]] = [
    ["Empresa", "Cidade", "Valor"],
    *([f"Loja {number}", "São Luís", 12.5] for number in range(30)),
]
TEXTS = [[str(value) for value in cells] for cells in TABLE]
ROWS = "".join(row(number, *texts) for number, texts in enumerate(TEXTS, 1))


def write_excel_xml(path: Path) -> Path:
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in texts) + "</Row>"
        for texts in TEXTS
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="Plan1">'
        f"<Table>{rows}</Table></Worksheet></Workbook>"
    )
    return path


def write_page(path: Path) -> Path:
    rows = "".join(f"<tr>{''.join(f'<td colspan=1 rowspan=1>{text}' for text in texts)}" for texts in TEXTS)
    path.write_text(f"<html><table>{rows}</table></html>")
    return path


def write_csv(encoding: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes("\r\n".join(";".join(texts) for texts in TEXTS).encode(encoding))
        return path

    return write


KINDS: dict[str, Callable[[Path], Path]] = {
    "xlsx": lambda path: write_package(path, parts_of(ROWS, texts=["Rio"])),
    "odd xlsx": lambda path: write_package(path, parts_of(ROWS, main="xl/workbook22.xml", texts=["Rio"])),
    "xlsb": lambda path: write_xlsb(path, TABLE),
    "xls": lambda path: write_xls(path, TABLE),
    "ods": lambda path: write_ods(path, TABLE),
    "excel xml": write_excel_xml,
    "page": write_page,
    "cp1252": write_csv("cp1252"),
    "utf-16": write_csv("utf-16"),
}
ZIPPED = ("xlsx", "odd xlsx", "xlsb", "ods")
# Each example starts a process.
few = settings(max_examples=max(settings().max_examples // 8, 3))


@cache
def whole(kind: str) -> bytes:
    """A good file of a kind."""
    with TemporaryDirectory() as folder:
        return KINDS[kind](Path(folder, "whole")).read_bytes()


def end_of(content: bytes, name: str) -> str:
    """How a file with these bytes ends: by its format, or by its refusal's code, which has a sentence."""
    before = children_of(os.getpid())
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            with open_table(path, limits=LIMITS) as table:
                numbers = [row.number for batch in islice(table.batches(), 50) for row in batch]
                assert numbers == sorted(set(numbers))
                end = table.format
        except Refusal as refusal:
            end = refusal.code if refusal.message else ""
    assert children_of(os.getpid()) == before
    return end


def test_the_whole_files_are_read() -> None:
    expected = ["xlsx", "xlsx", "xlsb", "xls", "ods", "xml", "html", "csv", "csv"]

    assert [end_of(whole(kind), "a") for kind in KINDS] == expected


@given(st.binary(max_size=2_000), st.sampled_from(NAMES))
@example(b"\r\nPK\x03\x04" + bytes(100), "a.xlsx")
def test_any_bytes_end_cleanly(content: bytes, name: str) -> None:
    assert end_of(content, name)


@given(st.text(alphabet='Empresa;Cidade"\n\r\t,|<>&/=-! \0é', max_size=400), st.sampled_from(NAMES))
def test_any_text_ends_cleanly(content: str, name: str) -> None:
    assert end_of(content.encode(), name)


class Change(NamedTuple):
    """What is done to a file's bytes; places are taken within its length."""

    how: str
    start: int
    end: int
    others: bytes

    def of(self, content: bytes) -> bytes:
        """The bytes with some of them other ones, taken out, doubled or moved to the end."""
        if self.how == "other":
            found = bytearray(content)
            for count, byte in enumerate(self.others):
                found[(self.start + count * self.end) % len(content)] = byte
            return bytes(found)
        start, end = sorted((self.start % (len(content) + 1), self.end % (len(content) + 1)))
        before, piece, behind = content[:start], content[start:end], content[end:]
        if self.how == "doubled":
            return before + piece * 2 + behind
        return before + behind + (piece if self.how == "moved" else b"")


CHANGES = st.builds(
    Change,
    st.sampled_from(["other", "cut", "doubled", "moved"]),
    st.integers(0, 1 << 20),
    st.integers(0, 1 << 20),
    st.binary(min_size=1, max_size=8),
)


@pytest.mark.parametrize("kind", [*KINDS])
@few
@given(change=CHANGES, name=st.sampled_from(NAMES))
def test_a_changed_file_of_any_kind_ends_cleanly(kind: str, change: Change, name: str) -> None:
    assert end_of(change.of(whole(kind)), name)


@pytest.mark.parametrize("kind", ZIPPED)
@few
@given(change=CHANGES, place=st.integers(0, 20))
def test_a_workbook_with_a_changed_part_ends_cleanly(kind: str, change: Change, place: int) -> None:
    with zipfile.ZipFile(BytesIO(whole(kind))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[place % len(parts)]
    parts[name] = change.of(parts[name])
    again = BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)

    assert end_of(again.getvalue(), "a.xlsx")
