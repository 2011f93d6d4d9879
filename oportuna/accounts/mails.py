"""The one e-mail of ours; those about passwords are allauth's, with our texts."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from oportuna.accounts.links import invitation_url
from oportuna.accounts.models import Company, Invitation

log = logging.getLogger("oportuna.mails")


def send_invitation(invitation: Invitation, company: Company, token: str) -> bool:
    """Mail the one-time address to whoever is invited; False when none is set up, or it did not take the message."""
    context = {
        "company": company,
        "invitation": invitation,
        "url": invitation_url(token),
        "days": Invitation.VALID_FOR.days,
    }
    subject = render_to_string("accounts/email/invitation_subject.txt", context).strip()
    try:
        send_mail(
            " ".join(subject.split()),
            render_to_string("accounts/email/invitation_message.txt", context),
            None,
            [invitation.email],
        )
    except (SMTPException, OSError):
        log.exception("The invitation was not mailed.")
        return False
    return are_sent()


def are_sent() -> bool:
    """Whether mails leave this machine; without a mail server they are printed where the program runs."""
    return not settings.EMAIL_BACKEND.endswith(".console.EmailBackend")
