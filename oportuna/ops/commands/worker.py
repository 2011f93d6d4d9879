"""`oportuna worker`: background work, in two processes."""

import argparse
import sys
from typing import Any

from django.utils.translation import gettext as _

from oportuna.ops.database import require_bound, require_up_to_date
from oportuna.work import steps
from oportuna.work.supervisor import Supervisor
from oportuna.work.worker import Worker


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "worker",
        help=_("run background work: imports, totals, the clock"),
        description=_(
            "Runs two processes: one for all background work and the clock, one for short tasks only. "
            "`oportuna serve` starts them too; start more of them where the work is more."
        ),
    )
    parser.add_argument(
        "--only", choices=["all", "short"], help=_("run one process: for all work, or for short tasks only")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM."""
    require_bound()
    require_up_to_date()
    if args.only == "short":
        Worker((steps.SHORT,), with_clock=False).run()
        return 0
    if args.only == "all":
        Worker().run()
        return 0
    return Supervisor(worker_commands()).run()


def worker_commands() -> dict[str, list[str]]:
    """The command line of each process of a worker."""
    program = [sys.executable, "-m", "oportuna.cli", "worker", "--only"]
    return {"worker": [*program, "all"], "short worker": [*program, "short"]}
