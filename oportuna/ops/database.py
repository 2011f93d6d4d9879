"""What commands ask the database before they begin, and what they do to all of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from oportuna.accounts import rls
from oportuna.accounts.scope import OWNER
from oportuna.errors import Refused


def require_owner() -> None:
    """Raise Refused where the owner's address is missing: the bound role sees no company's rows and alters no table."""
    if connection.vendor == "postgresql" and OWNER not in settings.DATABASES:
        raise Refused(_("Set OPORTUNA_OWNER_URL: this command works as the owner of the tables."))


def require_bound() -> None:
    """Raise Refused where row-level security would not bind the role that the application signs in as."""
    if why := rls.why_unbound():
        raise Refused(f"{why} " + _("Row-level security would not hold; use a role that owns nothing."))


def is_up_to_date() -> bool:
    """Whether every migration has run."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def require_up_to_date() -> None:
    """Raise Refused where a migration has not run."""
    if not is_up_to_date():
        raise Refused(_("The database is not up to date; run: oportuna migrate"))


@contextmanager
def keys_checked_at_the_end(owner: BaseDatabaseWrapper) -> Iterator[None]:
    """In a transaction of PostgreSQL's owner: keys are looked at for all rows at once, not for each one.

    Millions of rows are written in a third of the time; until the transaction ends everyone else waits. It waits for others
    a minute at most for each table, then raises OperationalError. Raises IntegrityError at the end of the block for a row
    that refers to one that is not there. On SQLite it does nothing.
    """
    if owner.vendor == "sqlite":
        yield
        return
    with owner.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        # No table is altered while a key is still to be looked at.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY oid"
        )
        keys = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with owner.cursor() as cursor:
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def tell_planner() -> None:
    """Tell the database how much there is now. PostgreSQL lets the owner alone do it, and does it itself in time."""
    if connection.vendor == "postgresql" and OWNER not in settings.DATABASES:
        return
    if connection.in_atomic_block:
        return  # the owner's connection would see nothing of it yet
    with rls.owner_connection().cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")  # 10 ms, whatever there is
            cursor.execute("ANALYZE")
        else:
            # It answers from an index alone once it knows that all rows of a page are there for everyone.
            cursor.execute("VACUUM (ANALYZE)")
