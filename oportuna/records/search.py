"""Finding records by any part of their words, documents and phones; accents and capitals do not matter."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from oportuna.accounts.one_of import OneOf
from oportuna.brazil.text import search_terms
from oportuna.records import search_index

M = TypeVar("M", bound=Model)
MOST_TERMS = 8
_FEW = 2_000
"""Rows that a list takes from the index; where more match it meets them soon enough in its own order."""


def terms_of(query: str) -> list[str]:
    """What is looked for of what was typed."""
    return search_terms(query)[:MOST_TERMS]


def holding(rows: QuerySet[M], terms: Sequence[str]) -> QuerySet[M]:
    """The rows whose `search_text` holds every term: what `matching` does, without the index, for the few in the trash."""
    for term in terms:
        rows = rows.filter(search_text__contains=term)
    return rows


def matching(rows: QuerySet[M], query: str) -> QuerySet[M]:
    """The rows outside the trash whose `search_text` holds every term of what was typed; nothing typed narrows nothing."""
    terms = terms_of(query)
    rows = holding(rows, terms)
    if any(len(term) >= search_index.FEWEST for term in terms):
        ids = search_index.newest(rows.model, terms, None, _FEW + 1)
        if len(ids) <= _FEW:
            return rows.filter(OneOf("pk", ids))
    return rows
