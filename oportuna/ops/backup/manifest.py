"""What a backup says of itself."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

NAME = "manifest.json"
FORMAT = 1


@dataclass(slots=True)
class Manifest:
    """Versions, the rows of each table, and the SHA-256 of each member of the zip, by its name."""

    made_at: str
    database: str
    migrations: list[str]
    format: int = FORMAT
    rows: dict[str, int] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The manifest as it stands in the zip."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Read a manifest; raises ValueError for anything else."""
        found: Any = json.loads(text)
        try:
            return cls(**found)
        except TypeError as error:
            raise ValueError("no manifest of ours") from error


def table_member(label: str) -> str:
    """The name in the zip of a model's rows."""
    return f"tables/{label}.jsonl"


def migrations_of(connection: BaseDatabaseWrapper) -> list[str]:
    """The migrations of our own apps that the database has seen, by name."""
    seen = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in seen)
