"""`oportuna add-member`: invite someone into a company."""

import argparse
from typing import Any

from django.core.validators import validate_email
from django.utils.translation import gettext as _

from oportuna.accounts.actions import invite_from_command
from oportuna.accounts.links import invitation_url
from oportuna.accounts.models import Company, Role
from oportuna.errors import Refused


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "add-member",
        help=_("invite someone into a company"),
        description=_("Prints the one-time address at which the person joins the company."),
    )
    parser.add_argument("--company", required=True, metavar="SLUG", help=_("the company's part of addresses"))
    parser.add_argument("--email", required=True, metavar="E-MAIL", help=_("the person's e-mail"))
    parser.add_argument("--name", required=True, help=_("the person's name"))
    parser.add_argument(
        "--role", choices=Role.values, default=Role.SELLER.value, help=_("what the person may do")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Invite the person and print the address."""
    validate_email(args.email)
    company = Company.objects.filter(slug=args.company).first()
    if company is None:
        raise Refused(_("There is no company %s.") % args.company)
    invitation, token = invite_from_command(company, email=args.email, name=args.name, role=Role(args.role))
    print(
        _("%(email)s joins it, once, at: %(url)s") % {"email": invitation.email, "url": invitation_url(token)}
    )
    return 0
