"""Imported files as they lie in the data folder: under random names, outside anything that is served."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from oportuna.imports.models import import_folder
from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was taken in: its random name, its size in bytes, the SHA-256 of its content."""

    name: str
    size: int
    digest: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return import_folder() / self.name

    def remove(self) -> None:
        """Throw it away."""
        self.path.unlink(missing_ok=True)


def store(blocks: Iterable[bytes]) -> Stored:
    """Take a file in, block by block. Raises Refusal when it is larger than the limit; nothing is left then."""
    limit = Limits().file_bytes
    folder = import_folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(20)
    size, digest = 0, hashlib.sha256()
    try:
        with (folder / name).open("wb") as file:
            for block in blocks:
                size += len(block)
                if size > limit:
                    raise Refusal("file_size", megabytes=limit // MEGABYTE)
                digest.update(block)
                file.write(block)
    except BaseException:
        (folder / name).unlink(missing_ok=True)
        raise
    return Stored(name, size, digest.hexdigest())


def blocks_of(path: Path) -> Iterable[bytes]:
    """A file on disk, a megabyte at a time."""
    with path.open("rb") as file:
        while block := file.read(MEGABYTE):
            yield block


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's content, by which the very same file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
