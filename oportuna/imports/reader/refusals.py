"""Why a file is not read: one cause, one sentence with what to do, one code of the import's report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oportuna.imports.reader.cells import SheetInfo

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class _Cause:
    code: str
    message: StrPromise


_CAUSES = {
    "empty": _Cause("empty", _("The file is empty: export the spreadsheet again and send the new file.")),
    "no_rows": _Cause("empty", _("Below the header there is no row: send the spreadsheet with its rows.")),
    "file_size": _Cause(
        "too_large",
        _("The file has more than {megabytes} MB: split it into smaller files and send one at a time."),
    ),
    "inflated_size": _Cause(
        "too_large",
        _("Opened, this spreadsheet takes more than {megabytes} MB: split it into smaller files."),
    ),
    "bomb": _Cause(
        "too_large",
        _(
            "The content of this file is packed in an abnormal way: open it in Excel and save it as a new "
            ".xlsx."
        ),
    ),
    "far_cell": _Cause(
        "too_large",
        _(
            "There is something in the cell {cell}, far from the table: delete the rows and columns beyond "
            "the table, save and send the file again."
        ),
    ),
    "memory": _Cause(
        "too_large",
        _(
            "Reading this spreadsheet takes too much memory: delete what lies far from the table, or split "
            "it into smaller files."
        ),
    ),
    "time": _Cause("too_large", _("Reading this spreadsheet takes too long: split it into smaller files.")),
    "rows": _Cause(
        "too_many_rows", _("The spreadsheet has more than {rows} rows: split it into smaller files.")
    ),
    "password": _Cause(
        "password_protected",
        _(
            "The file is protected by a password: open it in Excel, remove the password, save and send it "
            "again."
        ),
    ),
    "damaged": _Cause(
        "corrupt",
        _("The file is damaged or incomplete: open it in Excel, save it as a new .xlsx and send that one."),
    ),
    "quotes": _Cause(
        "corrupt",
        _(
            "Quotation marks are opened and never closed all over this file: export it again, or save it as "
            ".xlsx."
        ),
    ),
    "endless_line": _Cause(
        "corrupt", _("This text has no line breaks where rows should end: export the spreadsheet again.")
    ),
    "doctype": _Cause(
        "dangerous_xml",
        _(
            "The file holds XML declarations that spreadsheets never need and attacks do: save it again in "
            "Excel."
        ),
    ),
    "html": _Cause(
        "not_a_spreadsheet",
        _("This is a web page (HTML) without a table: export the spreadsheet again and send the new file."),
    ),
    "xml": _Cause(
        "not_a_spreadsheet",
        _("This is an XML file: if it is a spreadsheet, open it in Excel and save it as .xlsx."),
    ),
    "not_a_spreadsheet": _Cause(
        "not_a_spreadsheet", _("This is not a spreadsheet, but {what}: send an .xlsx or .csv file.")
    ),
    "no_sheet": _Cause("empty", _("The workbook has no sheet with cells: send one that has a table.")),
    "sheet_unknown": _Cause(
        "several_sheets", _("There is no sheet named “{sheet}”. The file has: {names}. Choose one of them.")
    ),
    "several_sheets": _Cause(
        "several_sheets", _("More than one sheet holds a table: {names}. Choose which one to import.")
    ),
    "sheet_differs": _Cause(
        "several_sheets",
        _(
            "The columns of the sheet “{sheet}” are not those of “{first}”, or stand in another order: import "
            "it by itself."
        ),
    ),
    "no_header": _Cause(
        "no_header",
        _(
            "No header was found: no row near the top has names such as “Empresa”, “CNPJ” or “Telefone”. "
            "Say which row is the header, or 0 when there is none."
        ),
    ),
    "header_beyond": _Cause(
        "no_header", _("Row {row} has nothing in it: say which row holds the names of the columns.")
    ),
    "two_headers": _Cause(
        "header_unclear", _("Rows {first} and {second} both look like the header: say which one it is.")
    ),
    "encoding_unknown": _Cause(
        "encoding_unknown", _("The encoding “{encoding}” is not known: use utf-8, cp1252, cp850 or utf-16.")
    ),
    "column_unknown": _Cause(
        "column_unknown", _("There is no column “{column}”: use the text of its header or its letter.")
    ),
    "field_unknown": _Cause("field_unknown", _("There is no field “{field}” to put a column in.")),
    "reading_unknown": _Cause(
        "reading_unknown", _("“{choice}” is no way to read a column: use dmy, mdy, comma or dot.")
    ),
    "delimiter_unknown": _Cause(
        "delimiter_unknown", _("“{delimiter}” cannot separate columns: use ; , | or a tab.")
    ),
}

_WHATS = {
    "image": _("an image"),
    "pdf": _("a PDF"),
    "word": _("a Word document"),
    "slides": _("a presentation"),
    "numbers": _("an Apple Numbers file"),
    "archive": _("a compressed folder"),
    "program": _("a program"),
    "media": _("an audio or video file"),
    "database": _("a database"),
    "office": _("a document of an old Office program"),
    "binary": _("a file of another kind"),
}

_CHOICES = ("several_sheets", "header_unclear")
_QUESTIONS = (*_CHOICES, "no_header")


class Refusal(Exception):
    """The file as a whole is not read: `code` as in the import's report, `message` lazy, for the user.

    `cause` names the exact reason (a code may have several) and `params` what the sentence mentions: texts
    and numbers only, so that a refusal can cross from the child process. `needs_choice` is true when the
    person only has to say which sheet or row is meant; `sheets` are those to choose from, where they are known,
    and `same_shape` those that may be read together.
    """

    sheets: Sequence[SheetInfo] = ()
    same_shape: Sequence[Sequence[str]] = ()

    def __init__(self, cause: str, **params: str | int) -> None:
        super().__init__(cause)
        self.cause = cause
        self.params = params
        self.code = _CAUSES[cause].code

    @property
    def message(self) -> StrPromise:
        """One lazy sentence: the true cause and what to do."""
        shown: dict[str, object] = {**self.params}
        if "what" in shown:
            shown["what"] = _WHATS[str(shown["what"])]
        return format_lazy(_CAUSES[self.cause].message, **shown)

    @property
    def needs_choice(self) -> bool:
        return self.code in _CHOICES

    @property
    def is_question(self) -> bool:
        """Whether a person who sees the file can say how to read it."""
        return self.code in _QUESTIONS

    def __str__(self) -> str:
        return str(self.message)
