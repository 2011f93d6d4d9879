"""`oportuna check`: prove that what is kept twice agrees."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from oportuna.accounts.models import Company
from oportuna.errors import Refused
from oportuna.ops.check import Finding, check


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "check",
        help=_("check that totals, versions and records agree"),
        description=_("Computes everything that is kept twice anew and compares. Ends with 1 when something differs."),
    )  # fmt: skip
    parser.add_argument("--company", metavar="SLUG", help=_("one company alone, by its part of addresses"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check each company and print a line for each kind of check."""
    companies = Company.objects.order_by("slug")
    if args.company:
        companies = companies.filter(slug=args.company)
        if not companies:
            raise Refused(_("There is no company %s.") % args.company)
    different = 0
    for company in companies:
        print(f"{company.name} ({company.slug})")
        for finding in check(company):
            different += finding.different
            _print(finding)
    return 1 if different else 0


def _print(finding: Finding) -> None:
    said = _("%d differ") % finding.different if finding.different else _("agrees")
    print(f"  {finding.name}: {said} ({finding.compared})")
    for text in finding.first:
        print(f"    {text}")
    if finding.different > len(finding.first):
        print("    …")
