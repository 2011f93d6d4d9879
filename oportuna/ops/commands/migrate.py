"""`oportuna migrate`: bring the database up to date."""

import argparse
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from oportuna.accounts import rls
from oportuna.ops.database import require_owner, tell_planner


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "migrate",
        help=_("bring the database up to date"),
        description=_("Makes or alters the tables, and on PostgreSQL renews the rights of the application."),
    )
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Migrate over the owner's connection."""
    require_owner()
    rls.migrate()
    if connection.vendor == "sqlite":
        # What was known of a table goes with every migration that makes it anew, and SQLite never counts by itself.
        tell_planner()
    print(_("The database is up to date."))
    return 0
