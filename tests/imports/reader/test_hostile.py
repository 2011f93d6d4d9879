"""No file takes the machine's memory: each ends as its table or as a refusal, in a process held small."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import xlwt

from oportuna.imports.reader.limits import MEGABYTE
from tests.imports.reader.books import write_ods, write_xlsb
from tests.imports.reader.packages import cell, parts_of, row, write_package

MOST = 300 * MEGABYTE
TABLE = [["Empresa", "Cidade"], *([f"Loja {number}", "Rio"] for number in range(500))]
# A process of its own: what a child took at most is told of all that were waited for.
READ = """
import json, resource, sys
from pathlib import Path
import django
django.setup()
from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal
ends = []
for path in sys.argv[1:]:
    try:
        with open_table(Path(path)) as table:
            ends.append(str(sum(map(len, table.batches()))))
    except Refusal as refusal:
        ends.append(refusal.cause)
# Its own usage would count what the test's process, of which it was made, had taken.
own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
took = max(int(own.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(json.dumps([ends, took * 1024]))
"""


def read(*paths: Path) -> tuple[list[str], int]:
    """How each file ends, by its rows or its refusal's cause, and the bytes that any process took at most."""
    done = subprocess.run([sys.executable, "-c", READ, *map(str, paths)], capture_output=True, check=True)
    ends, took = json.loads(done.stdout)
    return ends, took


def far_xlsx(path: Path, *places: str) -> Path:
    rows = "".join(row(number, *texts) for number, texts in enumerate(TABLE, 1))
    for place in places:
        rows += f'<row r="{"".join(filter(str.isdigit, place))}">{cell(place, "x")}</row>'
    return write_package(path, parts_of(rows))


def far_xls(path: Path, number: int, column: int) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Plan1")
    for count, texts in enumerate(TABLE):
        for place, text in enumerate(texts):
            sheet.write(count, place, text)
    sheet.write(number - 1, column - 1, "x")
    book.save(str(path))
    return path


def far_ods(path: Path, before: int) -> Path:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    last = f'<table:table-cell table:number-columns-repeated="{before}"/>' + (
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    )
    rows = f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    return write_ods(path, TABLE, after=f"{rows}<table:table-row>{last}</table:table-row>")


def test_stray_cells_far_from_the_table_take_little_memory(tmp_path: Path) -> None:
    ends, took = read(
        far_xlsx(tmp_path / "corner.xlsx", "XFD1048576"),
        far_xlsx(tmp_path / "down.xlsx", "C1048576"),
        far_xlsx(tmp_path / "many.xlsx", *(f"XFD{number}" for number in range(600, 6_000))),
        write_xlsb(tmp_path / "corner.xlsb", TABLE, stray=(1_048_575, 16_383)),
        write_xlsb(tmp_path / "down.xlsb", TABLE, stray=(1_048_575, 2)),
        far_xls(tmp_path / "corner.xls", 65_536, 256),
        far_xls(tmp_path / "down.xls", 65_536, 3),
        far_ods(tmp_path / "corner.ods", 16_383),
        far_ods(tmp_path / "down.ods", 2),
    )

    assert ends == ["501", "501", "far_cell", "memory", "501", "memory", "501", "memory", "memory"]
    assert took < MOST


def test_markup_that_swells_takes_little_memory(tmp_path: Path) -> None:
    head = "<table><tr><th>Empresa<th>Cidade"
    files = {
        "wide": head + '<tr><td colspan="16000">x' * 4_000,
        "covered": head + '<tr><td colspan="16000" rowspan="9999">x' + "<tr><td>y" * 4_000,
        "deep": "<table><tr><td>" * 200_000,
        "comment": head + "<!-- " * 400_000,
        "attributes": head + "<tr><td " + "a='" * 500_000 + ">x",
        "elements": '<?xml version="1.0"?><a xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
        + "<b>" * 1_000_000,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    ends, took = read(*(tmp_path / name for name in files))

    # Attributes without end are too much for one release of Python's parser, and for another no page at all.
    attributes = ends.pop(4)
    assert (ends, attributes in ("memory", "damaged")) == (
        ["4000", "memory", "damaged", "damaged", "damaged"],
        True,
    )
    assert took < MOST


def test_bombs_take_little_memory(tmp_path: Path) -> None:
    plain = parts_of("".join(row(number, *texts) for number, texts in enumerate(TABLE, 1)))
    sheet = "xl/worksheets/sheet1.xml"
    spaces = write_package(tmp_path / "spaces.xlsx", {**plain, sheet: plain[sheet] + " " * 100 * MEGABYTE})
    deep = write_package(
        tmp_path / "deep.xlsx",
        {
            **plain,
            sheet: plain[sheet].replace(
                "<sheetData>", "<x>" * 2_000_000 + "</x>" * 2_000_000 + "<sheetData>"
            ),
        },
    )
    picture = write_package(tmp_path / "picture.xlsx", {**plain, "xl/media/a.png": "\0" * 100 * MEGABYTE})
    nested = tmp_path / "nested.xlsx"
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(spaces, "leads.xlsx")
    lots = write_package(
        tmp_path / "lots.xlsx", {**plain, **{f"xl/{number}.xml": "" for number in range(20_000)}}
    )

    ends, took = read(spaces, deep, picture, nested, lots)

    assert ends == ["bomb", "500", "bomb", "not_a_spreadsheet", "bomb"]
    assert took < MOST
