"""Rows that name nobody go to chosen people in turn: the same number to each, whatever happens in between.

How many were given stands with the import and is written in the transaction of the rows they were given to. So a
worker killed between two batches goes on where the turn was, and rows that are rejected, repeated or left out
at the check take nobody's turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from oportuna.accounts.models import Membership


class Turn:
    """Whose turn it is among `people`, after `given` rows."""

    def __init__(self, people: Sequence[Membership], given: int) -> None:
        self._people, self._given = people, given

    def __bool__(self) -> bool:
        return bool(self._people)

    def next(self) -> Membership:
        """Who gets the next row."""
        member = self._people[self._given % len(self._people)]
        self._given += 1
        return member
