"""A file is what its content is, and one that is no spreadsheet is told so by its kind."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def refusal(path: Path, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        open_table(path, **options)
    return caught.value


@pytest.mark.parametrize(
    ("content", "code", "cause", "what"),
    [
        (b"", "empty", "empty", None),
        (b"\xef\xbb\xbf\r\n  \r\n", "empty", "empty", None),
        (b";;;\n;;;\n", "empty", "empty", None),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_spreadsheet", "not_a_spreadsheet", "image"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "not_a_spreadsheet", "not_a_spreadsheet", "image"),
        (b"%PDF-1.7\n...", "not_a_spreadsheet", "not_a_spreadsheet", "pdf"),
        (b"\x1f\x8b\x08" + bytes(30), "not_a_spreadsheet", "not_a_spreadsheet", "archive"),
        (bytes(range(256)) * 4 + bytes(500), "not_a_spreadsheet", "not_a_spreadsheet", "binary"),
        (OLE + "Workbook".encode("utf-16-le") + bytes(9), "corrupt", "damaged", None),
        (OLE + "EncryptedPackage".encode("utf-16-le") + bytes(9), "password_protected", "password", None),
        (
            OLE + "WordDocument".encode("utf-16-le") + bytes(9),
            "not_a_spreadsheet",
            "not_a_spreadsheet",
            "word",
        ),
        (b"\n<html><body><p>Empresa</p>", "not_a_spreadsheet", "html", None),
        (b'<?xml version="1.0"?><Workbook/>', "not_a_spreadsheet", "xml", None),
        (b"PK\x03\x04" + bytes(400), "corrupt", "damaged", None),
    ],
)
def test_a_file_under_a_spreadsheets_name_is_refused_for_what_it_is(
    tmp_path: Path, content: bytes, code: str, cause: str, what: str | None
) -> None:
    path = tmp_path / "leads.xlsx"
    path.write_bytes(content)

    refused = refusal(path)

    assert (refused.code, refused.cause, refused.params.get("what")) == (code, cause, what)


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        (["word/document.xml", "[Content_Types].xml"], "word"),
        (["ppt/presentation.xml"], "slides"),
        (["mimetype", "content.xml"], "archive"),
        (["foto.jpg"], "archive"),
    ],
)
def test_a_zip_that_is_no_workbook_is_refused_for_what_it_is(
    tmp_path: Path, parts: list[str], what: str
) -> None:
    path = tmp_path / "leads.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")

    refused = refusal(path)

    assert (refused.code, refused.cause, refused.params.get("what")) == (
        "not_a_spreadsheet",
        "not_a_spreadsheet",
        what,
    )


def test_a_csv_named_xlsx_is_read_as_the_csv_it_is(write_text: Callable[..., Path]) -> None:
    with open_table(write_text("Empresa;Cidade\nA;B\n", name="leads.xlsx")) as table:
        assert table.format == "csv"


def test_a_file_larger_than_allowed_is_refused_unread(write_text: Callable[..., Path]) -> None:
    refused = refusal(
        write_text("Empresa;Cidade\n" + "A;B\n" * 500_000), limits=Limits(file_bytes=1024 * 1024)
    )

    assert (refused.code, refused.params) == ("too_large", {"megabytes": 1})


def test_a_text_without_line_breaks_is_refused(write_text: Callable[..., Path]) -> None:
    assert refusal(write_text("x" * 3_000_000)).code == "corrupt"
