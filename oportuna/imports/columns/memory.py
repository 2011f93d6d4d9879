"""Which field each column of a header was confirmed to feed, for the next file that has the same header."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyModel
from oportuna.brazil.text import fold
from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.fields.registry import column_for

MOST_HEADERS = 200


class ColumnMemory(CompanyModel):
    """The fields that a person confirmed for a header, in the order of its columns; of one header the newest alone.

    `digest` stands for the folded names of all columns, in their order.
    """

    digest = models.CharField(max_length=64)
    fields = models.JSONField()
    confirmed_at = models.DateTimeField()

    class Meta(CompanyModel.Meta):
        verbose_name = _("remembered header")
        constraints = [
            *CompanyModel.Meta.constraints,
            models.UniqueConstraint(fields=["company", "digest"], name="column_memory_once"),
        ]
        indexes = [models.Index(fields=["company", "-confirmed_at", "-id"], name="column_memory_newest")]

    def __str__(self) -> str:
        return self.digest


def keep(matches: Sequence[ColumnMatch]) -> None:
    """Remember these columns for their header, in the transaction that confirmed them.

    A table without names is not remembered; of more than MOST_HEADERS headers of a company the oldest go.
    """
    digest = _digest_of(matches)
    if not digest:
        return
    fields = [match.field for match in matches]
    now = timezone.now()
    ColumnMemory.objects.update_or_create(digest=digest, defaults={"fields": fields, "confirmed_at": now})
    newest = ColumnMemory.objects.order_by("-confirmed_at", "-id").values_list("pk", flat=True)
    if old := list(newest[MOST_HEADERS:]):
        ColumnMemory.objects.filter(pk__in=old).delete()


def recall(matches: Sequence[ColumnMatch]) -> tuple[list[ColumnMatch], datetime | None]:
    """The columns as they were confirmed for their header, and when; else as they are, and None."""
    known = ColumnMemory.objects.filter(digest=_digest_of(matches)).first()
    if known is None or not all(map(_exists, known.fields)):
        return list(matches), None
    recalled = [
        match if match.field == field else replace(match, field=field, certainty=1.0)
        for match, field in zip(matches, known.fields, strict=True)
    ]
    return recalled, known.confirmed_at


def _digest_of(matches: Sequence[ColumnMatch]) -> str:
    names = [fold(match.header) for match in matches]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest() if any(names) else ""


def _exists(field: str) -> bool:
    try:
        column_for(field)
    except KeyError:
        return False
    return True
