"""The questions that commands ask the database before they begin."""

from django.conf import settings
from django.db import connection
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


def tell_planner(statement: str = "ANALYZE") -> None:
    """Tell the database how much there is now; PostgreSQL lets the owner alone, and does it itself in time."""
    if connection.vendor == "postgresql" and OWNER not in settings.DATABASES:
        return
    if connection.in_atomic_block:
        return  # the owner's connection would see nothing of it yet
    with rls.owner_connection().cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")  # 10 ms, whatever there is
        cursor.execute(statement)
