"""What `serve` prints when it answers: where it is, and how to get in."""

from django.conf import settings
from django.utils.translation import gettext as _

from oportuna.accounts.actions import invite_founder
from oportuna.accounts.links import founder_url
from oportuna.accounts.models import Company
from oportuna.ops.demo import SIGN_INS


def lines() -> list[str]:
    """The lines to print. Until somebody has opened a company of his own, each call makes a new one-time address.

    Of an address only a hash is stored, so an earlier one cannot be printed again; it ends.
    """
    said = ["", _("Oportuna is ready: %s") % settings.OPORTUNA_URL]
    if Company.objects.filter(is_demo=True).exists():
        said += ["", _("The demo company has these people:")]
        width = max(len(email) for email, _password, _role in SIGN_INS)
        said += [f"  {email:<{width}}  {password}  ({role.label})" for email, password, role in SIGN_INS]
    if not Company.objects.filter(is_demo=False).exists():
        _invitation, token = invite_founder()
        said += ["", _("Open your own company, once, at:"), f"  {founder_url(token)}"]
    return [*said, "", _("Stop with Ctrl+C.")]
