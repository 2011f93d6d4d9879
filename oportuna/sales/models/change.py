"""That something on a board changed: what open pages ask for every few seconds."""

from django.db import models
from django.utils import timezone

from oportuna.accounts.company import CompanyModel


class Change(CompanyModel):
    """One transaction that altered what a board shows. It says when, never what: the clock lets old ones go."""

    at = models.DateTimeField(default=timezone.now, editable=False)
