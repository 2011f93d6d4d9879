"""`oportuna create-company`: open a company whose administrator joins by a one-time address."""

import argparse
from typing import Any

from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from oportuna.accounts.actions import invite_from_command
from oportuna.accounts.links import invitation_url
from oportuna.accounts.models import Role
from oportuna.sales.actions.companies import open_company_without_people


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "create-company",
        help=_("open a company"),
        description=_("Opens a company with its first stages, reasons and sources, and prints the one-time "
                      "address at which its administrator joins."),
    )  # fmt: skip
    parser.add_argument("--name", required=True, help=_("the company's name"))
    parser.add_argument("--slug", required=True, help=_("the company's part of addresses, like acme"))
    parser.add_argument("--admin", required=True, metavar="E-MAIL", help=_("the administrator's e-mail"))
    parser.set_defaults(run=run)


@transaction.atomic
def run(args: argparse.Namespace) -> int:
    """Open the company and print the administrator's address."""
    validate_email(args.admin)
    company = open_company_without_people(name=args.name, slug=args.slug)
    invitation, token = invite_from_command(company, email=args.admin, name="", role=Role.ADMIN)
    print(_("The company %(name)s is open.") % {"name": company.name})
    print(
        _("%(email)s joins it, once, at: %(url)s") % {"email": invitation.email, "url": invitation_url(token)}
    )
    return 0
