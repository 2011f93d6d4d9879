"""Filters of the list of opportunities that no pick list shows: of a customer, or what apps above this one bring, as of an import.

An app registers a reader under the parameter's name when it is ready; the list knows none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from oportuna.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class FoundBy:
    """A condition on opportunities, and how people read it: "Import: leads.csv"."""

    label: str
    condition: Q


_Reader = Callable[[Actor, str], FoundBy | None]
_readers: dict[str, _Reader] = {}


def register(parameter: str, read: _Reader) -> None:
    """Let the list be narrowed by `?parameter=…`; `read` gives None for a value that names nothing."""
    _readers[parameter] = read


def read(actor: Actor, asked: Mapping[str, str]) -> dict[str, FoundBy | None]:
    """What an address asks for beyond the list's own filters, by parameter; None where it names nothing."""
    return {name: reader(actor, asked[name]) for name, reader in _readers.items() if asked.get(name)}
