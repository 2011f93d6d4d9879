"""What our code does nowhere, whatever the types and the layers allow."""

import re
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "oportuna"
LOOKS_UP = re.compile(r"\.objects\b|_or_404\([A-Z]|\b[A-Z]\w+\.active\(")


def lines_that_look_up(folder: Path) -> list[str]:
    """Where a view asks the database by itself: `app/views.py:7: …`."""
    files = sorted({*folder.glob("*/views*.py"), *folder.glob("*/views*/**/*.py")})
    return [
        f"{file.relative_to(folder)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if LOOKS_UP.search(line)
    ]


def test_views_look_rows_up_through_queries_alone():
    assert lines_that_look_up(PACKAGE) == []


def test_a_view_that_looks_up_by_itself_is_named_with_its_line(tmp_path):
    (tmp_path / "app" / "views").mkdir(parents=True)
    (tmp_path / "app" / "views.py").write_text("x = 1\nstage = Stage.objects.get(pk=1)\n")
    (tmp_path / "app" / "views" / "board.py").write_text("stage = get_object_or_404(Stage, pk=1)\n")
    (tmp_path / "app" / "queries.py").write_text("rows = Stage.objects.all()\n")

    assert lines_that_look_up(tmp_path) == [
        "app/views/board.py:1: stage = get_object_or_404(Stage, pk=1)",
        "app/views.py:2: stage = Stage.objects.get(pk=1)",
    ]
