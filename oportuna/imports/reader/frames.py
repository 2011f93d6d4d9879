"""How the child process talks: frames of JSON (what was read is not trusted), each after its length."""

import json
import re
import struct
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from oportuna.imports.reader.cells import Cell, Row

_ESCAPE = re.compile(r"\\(?:u[0-9a-f]{4}|.)")
HEADER = struct.Struct(">I")


def text_of(message: object) -> str:
    """JSON in one line, without the NULs that no database keeps in a text."""
    text = json.dumps(message, separators=(",", ":"), default=_plain)
    if "\\u0000" in text:
        text = _ESCAPE.sub(lambda match: "" if match[0] == "\\u0000" else match[0], text)
    return text


def packed(message: dict[str, Any]) -> bytes:
    body = text_of(message).encode()
    return HEADER.pack(len(body)) + body


def unpacked(body: bytes) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(body)
    return message


def rows_from(numbered: Iterable[tuple[int, list[Any]]]) -> list[Row]:
    """Rows by their numbers; a list in the place of a cell is a date or an instant."""
    return [
        Row(number, [_dated(cell) if type(cell) is list else cell for cell in cells])
        for number, cells in numbered
    ]


def _plain(cell: object) -> list[str] | str:
    if isinstance(cell, datetime | date):
        return [cell.isoformat()]
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, timedelta):
        return str(cell)
    raise TypeError(type(cell).__name__)


def _dated(cell: list[str]) -> Cell:
    text = cell[0]
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
