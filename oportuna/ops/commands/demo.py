"""`oportuna demo`: make the demo company, of any size."""

import argparse
import sys
import time
from typing import Any

from django.utils.translation import gettext as _

from oportuna.errors import Refused
from oportuna.ops import demo


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "demo",
        help=_("make the demo company"),
        description=_("Makes a company with two years of invented sales, to look around in or to measure."),
    )
    parser.add_argument(
        "--opportunities",
        type=_how_many,
        default=demo.DEFAULT,
        metavar="N",
        help=_("how many opportunities (%(default)s), up to a million"),
    )
    parser.add_argument(
        "--replace", action="store_true", help=_("take the demo company that is there away first")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make it, and print who may sign in."""
    company = demo.find()
    if company is not None and not args.replace:
        raise Refused(_("The demo company is there already. To make it anew: oportuna demo --replace"))
    if company is not None:
        demo.erase(company)
    began = time.monotonic()
    shown = sys.stderr.isatty()

    def told(written: int) -> None:
        if shown:
            print(f"\r{written:,}".replace(",", "."), end="", file=sys.stderr, flush=True)

    company = demo.build(args.opportunities, told=told)
    if shown:
        print(file=sys.stderr)
    print(
        _("%(name)s: %(count)d opportunities in %(seconds)d s.")
        % {"name": company.name, "count": args.opportunities, "seconds": time.monotonic() - began}
    )
    for email, password, role in demo.SIGN_INS:
        print(f"  {email:<28} {password}  ({role.label})")
    return 0


def _how_many(text: str) -> int:
    number = int(text)
    if not 1 <= number <= demo.MOST:
        raise argparse.ArgumentTypeError(_("from 1 to 1,000,000"))
    return number
