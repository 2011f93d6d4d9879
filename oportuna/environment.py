"""What the machine tells us: data folder, databases, address and secret key, read once from environment variables."""

import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PROJECT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """The one folder that holds all data: OPORTUNA_DATA, else `var` beside the program; made when missing."""
    folder = Path(os.environ.get("OPORTUNA_DATA") or PROJECT / "var").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def secret_key(folder: Path) -> str:
    """The installation's secret key, made at the first start and readable by its owner alone (mode 600).

    Written to a file of its own and linked into place, so that two processes that start at once agree on one key.
    """
    path = folder / "secret_key"
    if not path.exists():
        mine = folder / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        mine.unlink()
    return path.read_text().strip()


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's description of a database: SQLite in the data folder for an empty `url`, else PostgreSQL.

    `pooler=transaction` in the URL's query keeps no plan in a session. Raises ValueError for a URL of any other
    kind.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "oportuna.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # A write transaction takes its lock at BEGIN: waiting there is safe, upgrading a read lock is not.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Work touches the same pages of indexes in each transaction: a checkpoint every 32 MB instead of every
                # 4 MB writes them into the database once for many. Bulk work makes its own (`work/checkpoints.py`).
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                    "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=8000;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with postgresql:// (leave it empty for SQLite)")
    query = dict(parse_qsl(parts.query))
    pooler = query.pop("pooler", "")
    if pooler not in ("", "transaction"):
        raise ValueError("DATABASE_URL: pooler= takes transaction alone (leave it out without a pooler)")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A pooler in transaction mode hands each transaction another session: no server-side cursors.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "POOLER": pooler,
        "OPTIONS": query,
    }
