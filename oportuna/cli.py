"""The `oportuna` command: finds the commands in `oportuna.ops.commands` and runs one."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import OperationalError, ProgrammingError, connections
from django.utils.translation import gettext as _

from oportuna.errors import NotAllowed, Refused
from oportuna.ops import collector, commands
from oportuna.ops.address import set_address


def main(argv: Sequence[str] | None = None) -> int:
    """Set the program up and run the command that the arguments name; returns the exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oportuna.settings")
    set_address(argv, os.environ)
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError, OSError) as error:
        return complain(str(error))
    try:
        return execute(argv)
    finally:
        connections.close_all()


def execute(argv: Sequence[str]) -> int:
    """Run a command; the exit status is 0, 1 for a refusal, 2 for wrong usage.

    Whatever goes wrong that the administrator can mend is one line, never a traceback.
    """
    args = build_parser(only=argv[0] if argv else "").parse_args(argv)
    collector.settle()
    try:
        status: int = args.run(args)
    except KeyboardInterrupt:
        return 130
    except (Refused, NotAllowed) as error:
        return complain(str(error))
    except ValidationError as error:
        return complain(" ".join(error.messages))
    except (ProgrammingError, OperationalError) as error:
        return complain(_say(error))
    except OSError as error:
        return complain(f"{error.strerror}: {error.filename}" if error.filename else str(error))
    return status


def build_parser(only: str = "") -> argparse.ArgumentParser:
    """The parser of all commands, or of the one named `only`: the others need not be loaded then.

    Django must be set up, because the help texts are translated.
    """
    parser = argparse.ArgumentParser(
        prog="oportuna", description=_("Runs and looks after an installation of Oportuna.")
    )
    subparsers = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    wanted = only.replace("-", "_")
    chosen = [name for name in names if name.removesuffix("_") == wanted] or names
    for name in chosen:
        importlib.import_module(f"{commands.__name__}.{name}").register(subparsers)
    return parser


def _say(error: Exception) -> str:
    """What a database's error means for the administrator, with its first line."""
    said = str(error).strip().split("\n")[0]
    is_old = isinstance(error, ProgrammingError) or "no such table" in said or "no such column" in said
    if is_old:
        return _("The database is not up to date; run: oportuna migrate. (%s)") % said
    return _("The database does not answer: %s") % said


def complain(text: str) -> int:
    """Say on standard error what is wrong; returns the exit status of a refusal."""
    print(f"oportuna: {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
