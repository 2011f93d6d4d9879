"""Who signed in, exported, or changed settings and rights: one writer."""

from typing import Any

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import AuditEntry


def write(
    verb: AuditEntry.Verb, *, by: Actor, about: str = "", changes: dict[str, list[Any]] | None = None
) -> AuditEntry:
    """Add an entry to the company's audit, inside the transaction of what it tells."""
    return AuditEntry.objects.create(verb=verb, by=by.membership, about=about[:200], changes=changes or {})
