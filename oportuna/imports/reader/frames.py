"""How the child process talks: frames of JSON (what was read is not trusted), each after its length."""

import json
import struct
from datetime import date, datetime, time, timedelta
from typing import Any

from oportuna.imports.reader.cells import Cell, Row

HEADER = struct.Struct(">I")


def packed(message: dict[str, Any]) -> bytes:
    body = json.dumps(message, separators=(",", ":"), default=_plain).encode()
    return HEADER.pack(len(body)) + body


def unpacked(body: bytes) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(body)
    return message


def rows_from(message: list[list[Any]], first: int) -> list[Row]:
    """Rows numbered from `first`; a list in the place of a cell is a date or an instant."""
    return [
        Row(number, [_dated(cell) if type(cell) is list else cell for cell in cells])
        for number, cells in enumerate(message, first)
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
