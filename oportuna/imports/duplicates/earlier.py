"""What the rows before have brought, kept on disk while a file is checked: memory is the same however long the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
CREATE TABLE known (person INTEGER PRIMARY KEY, cnpj TEXT, cpf TEXT, name TEXT, city TEXT, asks INTEGER);
CREATE TABLE sign (sign INTEGER, person INTEGER, PRIMARY KEY (sign, person)) WITHOUT ROWID;
CREATE TABLE title (sign INTEGER PRIMARY KEY, row INTEGER);
CREATE TABLE said (person INTEGER, mode TEXT, row TEXT);
CREATE INDEX said_by ON said (person);
BEGIN;
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody as the rows before leave him: a customer of the company by -pk, one that a row brings by its number."""

    person: int
    cnpj: str | None
    cpf: str | None
    name: str
    city: str
    asks: bool

    @property
    def facts(self) -> tuple[str | None, str | None, str, str]:
        """What `Known` takes, in its order: documents, folded name and city."""
        return self.cnpj, self.cpf, self.name, self.city


def sign_of(*said: Any) -> int:
    """What stands for something said, in this process alone: 64 bits, which no two of a file's million share."""
    return hash(said)


class Earlier:
    """A database of this process alone, in a file without a name that goes with it; nothing of it need survive."""

    def __init__(self) -> None:
        # One transaction without end: after each of many SQLite would look through all pages in memory.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)

    def keep(
        self, people: Iterable[Kept], signs: Iterable[tuple[int, int]], titles: Iterable[tuple[int, int]]
    ) -> None:
        """Keep people as they are now, (sign, person) of what tells them, and (sign, row) of their titles."""
        rows = ((one.person, one.cnpj, one.cpf, one.name, one.city, one.asks) for one in people)
        self._database.executemany("REPLACE INTO known VALUES (?, ?, ?, ?, ?, ?)", rows)
        # In order: neighbours lie on one page.
        self._database.executemany("INSERT OR IGNORE INTO sign VALUES (?, ?)", sorted(signs))
        self._database.executemany("INSERT OR IGNORE INTO title VALUES (?, ?)", titles)

    def told_by(self, signs: Iterable[int]) -> list[tuple[int, int]]:
        """(sign, person) of whom these signs tell."""
        return self._ask(
            "SELECT sign, person FROM sign WHERE sign IN (SELECT value FROM json_each(?))", sorted(signs)
        )

    def people(self, them: Iterable[int]) -> list[Kept]:
        """Those of these that were kept."""
        found = self._ask("SELECT * FROM known WHERE person IN (SELECT value FROM json_each(?))", list(them))
        return [
            Kept(person, cnpj, cpf, name, city, bool(asks)) for person, cnpj, cpf, name, city, asks in found
        ]

    def row_titled(self, sign: int) -> int | None:
        """The row that brought this title first, by its sign."""
        found = self._database.execute("SELECT row FROM title WHERE sign = ?", (sign,)).fetchone()
        return found[0] if found else None

    def say(self, person: int, mode: str, row: dict[str, Any]) -> None:
        """Keep what a row says of somebody, behind what the rows before said."""
        text = json.dumps(row, ensure_ascii=False)
        self._database.execute("INSERT INTO said VALUES (?, ?, ?)", (person, mode, text))

    def said_of(self, person: int) -> list[tuple[Any, dict[str, Any]]]:
        """What the rows said of somebody in their order: the mode and the values of each."""
        found = self._database.execute(
            "SELECT mode, row FROM said WHERE person = ? ORDER BY rowid", (person,)
        )
        return [(mode, json.loads(row)) for mode, row in found]

    def _ask(self, question: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
        if not values:
            return []
        return self._database.execute(question, (json.dumps(values),)).fetchall()
