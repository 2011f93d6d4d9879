"""Exported files as they lie in the data folder: under random names, outside anything that is served.

While a file is being written it grows in a folder of its own, `NAME.RANDOM`, new at each attempt; finished, it is renamed
to NAME. So what a kill leaves behind is never taken for a file, and is known by its name.
"""

import secrets
import shutil
from pathlib import Path

from django.conf import settings


def export_folder() -> Path:
    """Where exported files are kept."""
    return Path(settings.MEDIA_ROOT) / "exports"


def new_name() -> str:
    """A name that nobody guesses."""
    return secrets.token_hex(20)


class Workshop:
    """The folder in which one attempt writes the file of a name; what earlier attempts left behind goes."""

    def __init__(self, name: str) -> None:
        remove_attempts(name)
        self._finished = export_folder() / name
        self.folder = export_folder() / f"{name}.{secrets.token_hex(8)}"
        self.folder.mkdir(parents=True)
        self.file = self.folder / "file"

    def keep(self) -> None:
        """Put the finished file in its place, from one instant to the next."""
        self.file.replace(self._finished)

    def remove(self) -> None:
        """Clear away what is left."""
        shutil.rmtree(self.folder, ignore_errors=True)


def remove_attempts(name: str) -> None:
    """Remove what attempts at a file have left unfinished."""
    for folder in export_folder().glob(f"{name}.*"):
        shutil.rmtree(folder, ignore_errors=True)


def remove(name: str) -> None:
    """Remove a file and whatever attempts left of it; one that is gone is no error."""
    remove_attempts(name)
    (export_folder() / name).unlink(missing_ok=True)
