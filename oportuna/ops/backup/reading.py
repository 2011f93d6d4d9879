"""Restoring a backup, into SQLite or PostgreSQL whichever it came from."""

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath
from time import sleep
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.management.color import no_style
from django.db import IntegrityError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from oportuna.accounts import rls
from oportuna.accounts.models import Company, User
from oportuna.errors import Refused
from oportuna.ops.backup import tables
from oportuna.ops.backup.manifest import FORMAT, NAME, Manifest, migrations_of, table_member
from oportuna.ops.database import keys_checked_at_the_end, require_owner, require_up_to_date, tell_planner
from oportuna.records import search_index
from oportuna.records.models import Searchable
from oportuna.work import maintenance

_BLOCK = 1 << 20
_BATCH = 2_000
# A request or a step that began before the pause ends within it.
GRACE = 3.0


def restore(
    source: Path,
    *,
    replace: bool = False,
    grace: float = GRACE,
    told: Callable[[str, int], None] = lambda _name, _rows: None,
) -> Manifest:
    """Put everything from the zip `source` in place of what is there, in one transaction.

    Everything in the zip is checked first. Web and worker pause meanwhile, and sessions end. Raises Refused for a file
    that is no whole backup of this version, and for a database that holds data unless `replace` is true; then nothing
    has changed.
    """
    require_owner()
    require_up_to_date()
    try:
        with ZipFile(source) as archive:
            manifest = _verified(archive)
            holds_data = Company.objects.exists() or User.objects.exists()
            if holds_data and not replace:
                raise Refused(_("The database holds data. To put the backup in its place, add --replace."))
            with maintenance.pause():
                if holds_data:
                    sleep(grace)
                _restore(archive, manifest, told)
    except (BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise Refused(
            _("%(file)s is no whole backup (%(error)s).") % {"file": source, "error": error}
        ) from error
    maintenance.forget()
    return manifest


def _verified(archive: ZipFile) -> Manifest:
    """The manifest of a backup that is whole, of this version, and safe to unpack."""
    try:
        manifest = Manifest.from_json(archive.read(NAME))
    except (KeyError, ValueError) as error:
        raise BadZipFile(_("it has no manifest")) from error
    if manifest.format != FORMAT or manifest.migrations != migrations_of(rls.owner_connection()):
        raise Refused(_("The backup was made by another version of Oportuna; restore it with that one."))
    expected = {table_member(model._meta.label) for model in tables.kept()}
    if not expected <= set(manifest.checksums) or set(archive.namelist()) != {NAME, *manifest.checksums}:
        raise BadZipFile(_("its members are not those of the manifest"))
    for name, checksum in manifest.checksums.items():
        if name not in expected:
            _place_of(name)
        digest = hashlib.sha256()
        with archive.open(name) as member:
            while block := member.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() != checksum:
            raise BadZipFile(_("%s is damaged") % name)
    return manifest


def _place_of(name: str) -> Path:
    """Where a file of the zip belongs; raises BadZipFile for a name that leads out of the folder."""
    path = PurePosixPath(name)
    if (
        path.parts[:1] != ("files",)
        or len(path.parts) < 2
        or ".." in path.parts
        or "\\" in name
        or "\0" in name
    ):
        raise BadZipFile(_("%s does not belong there") % name)
    return Path(settings.MEDIA_ROOT).joinpath(*path.parts[1:])


def _restore(archive: ZipFile, manifest: Manifest, told: Callable[[str, int], None]) -> None:
    owner = rls.owner_connection()
    with _unchecked(owner), transaction.atomic(using=owner.alias):
        _fill_all(archive, manifest, owner, told)
        _reset_sequences(owner)
        for model in tables.kept():
            if issubclass(model, Searchable):
                search_index.rebuild(owner, model)
        # Names are random and files never change: the new ones lie beside the old ones until all is committed.
        places = {_place_of(name): name for name in manifest.checksums if name.startswith("files/")}
        for place, name in places.items():
            _unpack(archive, name, place)
    _remove_others(set(places))
    if owner.vendor == "postgresql":
        connections["default"].close()
    tell_planner()


def _fill_all(
    archive: ZipFile, manifest: Manifest, owner: BaseDatabaseWrapper, told: Callable[[str, int], None]
) -> None:
    """Put the rows of the backup in place of all others. Raises Refused where one refers to another that is not there."""
    try:
        with keys_checked_at_the_end(owner):
            _empty(owner)
            for model in tables.kept():
                label = model._meta.label
                if (written := _fill(archive, model, owner)) != manifest.rows.get(label):
                    raise BadZipFile(_("%s is damaged") % label)
                told(label, written)
        owner.check_constraints()
    except IntegrityError as error:
        raise Refused(_("The rows of the backup do not belong together: %s") % error) from error


@contextmanager
def _unchecked(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """SQLite looks at keys at each row, unless told to before the transaction; they are checked at its end."""
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            connection.enable_constraint_checking()


def _empty(connection: BaseDatabaseWrapper) -> None:
    quote = connection.ops.quote_name
    names = [quote(model._meta.db_table) for model in (*tables.kept(), *tables.passing())]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)}")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {name}")
        cursor.execute("DELETE FROM sqlite_sequence")


def _fill(archive: ZipFile, model: type[models.Model], connection: BaseDatabaseWrapper) -> int:
    """Insert a table's rows, a batch in memory at a time; returns how many."""
    with archive.open(table_member(model._meta.label)) as member, connection.cursor() as cursor:
        try:
            decoder = tables.Decoder(model, json.loads(member.readline()), connection)
            rows = map(decoder.row, member)
            return _insert(cursor, model._meta.db_table, decoder.columns, rows, connection)
        except ValueError as error:
            raise BadZipFile(f"{model._meta.label}: {error}") from error


def _insert(
    cursor: Any, table: str, columns: list[str], rows: Iterator[list[Any]], connection: BaseDatabaseWrapper
) -> int:
    quote = connection.ops.quote_name
    target = f"{quote(table)} ({', '.join(quote(column) for column in columns)})"
    count = 0
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        return count
    statement = f"INSERT INTO {target} VALUES ({', '.join(['%s'] * len(columns))})"
    while batch := list(islice(rows, _BATCH)):
        cursor.executemany(statement, batch)
        count += len(batch)
    return count


def _reset_sequences(connection: BaseDatabaseWrapper) -> None:
    """The next id follows the highest; SQLite's own counters do so by themselves."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables.kept()):
            cursor.execute(statement)


def _unpack(archive: ZipFile, name: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    with archive.open(name) as member, part.open("wb") as file:
        while block := member.read(_BLOCK):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)


def _remove_others(places: set[Path]) -> None:
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file() and path not in places:
            path.unlink(missing_ok=True)
