"""Finding records by any part of their words, documents and phones; accents and capitals do not matter."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from oportuna.brazil.text import search_terms

M = TypeVar("M", bound=Model)
MOST_TERMS = 8


def matching(rows: QuerySet[M], query: str) -> QuerySet[M]:
    """The rows whose `search_text` holds every term of what was typed; nothing typed narrows nothing."""
    for term in search_terms(query)[:MOST_TERMS]:
        rows = rows.filter(search_text__contains=term)
    return rows
