"""Writing a backup while everything runs."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from oportuna.accounts import rls
from oportuna.accounts.scope import all_companies
from oportuna.ops.backup import tables
from oportuna.ops.backup.manifest import NAME, Manifest, migrations_of, table_member
from oportuna.ops.database import require_owner, require_up_to_date

_BLOCK = 1 << 20


def write(target: Path, *, told: Callable[[str, int], None] = lambda _name, _rows: None) -> Manifest:
    """Write everything to the zip `target`, readable by its owner alone; an earlier one is replaced at the end.

    `told` hears each table's label and rows. Memory is a chunk of rows. Raises Refused where the database is not up
    to date or the owner's address is missing, OSError where the file cannot be written.
    """
    require_owner()
    require_up_to_date()
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            manifest = _write_all(archive, told)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write_all(archive: ZipFile, told: Callable[[str, int], None]) -> Manifest:
    owner = rls.owner_connection()
    with _snapshot(owner), all_companies():
        manifest = Manifest(timezone.now().isoformat(), owner.vendor, migrations_of(owner))
        for model in tables.kept():
            label = model._meta.label
            manifest.rows[label], manifest.checksums[table_member(label)] = _write_table(
                archive, model, owner
            )
            told(label, manifest.rows[label])
    # After the snapshot: a row's file is there before the row is.
    folder = Path(settings.MEDIA_ROOT)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = f"files/{path.relative_to(folder).as_posix()}"
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue  # deleted meanwhile
        with source:
            manifest.checksums[name] = _write_file(archive, name, source)
    archive.writestr(NAME, manifest.to_json())
    return manifest


@contextmanager
def _snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let every statement of the block see the same instant; nobody waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Not atomic(): its BEGIN IMMEDIATE would keep every writer waiting.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_table(
    archive: ZipFile, model: type[models.Model], connection: BaseDatabaseWrapper
) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    with _member(archive, table_member(model._meta.label)) as member:
        for line in _lines(model, connection.alias):
            digest.update(line)
            member.write(line)
            count += 1
    return count - 1, digest.hexdigest()


def _lines(model: type[models.Model], using: str) -> Iterator[bytes]:
    yield tables.encode(tuple(tables.columns(model)))
    for row in tables.rows(model, using):
        yield tables.encode(row)


def _write_file(archive: ZipFile, name: str, source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    with _member(archive, name) as member:
        while block := source.read(_BLOCK):
            digest.update(block)
            member.write(block)
    return digest.hexdigest()


def _member(archive: ZipFile, name: str) -> IO[bytes]:
    info = ZipInfo(name, timezone.localtime().timetuple()[:6])
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    return archive.open(info, "w", force_zip64=True)
