"""`oportuna backup FILE`: everything in one zip, while the server runs."""

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from oportuna.ops.backup.writing import write


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "backup",
        help=_("write everything to one file, while the server runs"),
        description=_("Writes every table and the uploaded files to one zip, without the secret key. It holds "
                      "personal data and password hashes: keep it safe."),
    )  # fmt: skip
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("the zip to write"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the backup and say what is in it."""
    manifest = write(args.file)
    files = sum(name.startswith("files/") for name in manifest.checksums)
    print(
        _("%(file)s: %(rows)s rows, %(files)s files.")
        % {"file": args.file, "rows": sum(manifest.rows.values()), "files": files}
    )
    return 0
