"""How long what was deleted can come back."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.errors import Refused

KEPT_IN_TRASH = timedelta(days=30)


def require_kept(deleted_at: datetime) -> None:
    """Raise Refused for what was deleted more than 30 days ago: it is gone."""
    if deleted_at + KEPT_IN_TRASH < timezone.now():
        raise Refused(_("It was in the trash for more than 30 days and is gone."))
