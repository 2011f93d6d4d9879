"""`oportuna restore FILE`: put a backup in place, while the server runs."""

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from oportuna.ops.backup.reading import restore


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "restore",
        help=_("put a backup in place"),
        description=_("Puts everything from a backup in place of what is there. Web and worker pause meanwhile, "
                      "and everybody signs in again."),
    )  # fmt: skip
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("the backup"))
    parser.add_argument("--replace", action="store_true", help=_("even where the database holds data"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Restore the backup and say what came back."""
    manifest = restore(args.file, replace=args.replace)
    print(_("Restored: %s rows. Everybody signs in again.") % sum(manifest.rows.values()))
    return 0
