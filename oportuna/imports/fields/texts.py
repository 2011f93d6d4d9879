"""Fields of words: names, notes, tags, yes and no, cities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oportuna.brazil.address import parse_city_uf, parse_uf
from oportuna.brazil.text import fold
from oportuna.imports.fields.base import Column, Context, Doubt, Values

_YES = frozenset(("sim", "s", "x", "1", "verdadeiro", "true", "v", "yes", "y"))
_NO = frozenset(("nao", "n", "0", "falso", "false", "f", "no"))


# Few texts, many rows.
_parse_uf = lru_cache(maxsize=1024)(parse_uf)
_parse_city_uf = lru_cache(maxsize=8192)(parse_city_uf)


class OneLineColumn(Column):
    """A text whose line breaks and runs of spaces are single spaces."""

    def read(self, text: str, context: Context) -> Any:
        return super().read(" ".join(text.split()), context)


class SiteColumn(OneLineColumn):
    """An address of the web; people write it without its https://."""

    def read(self, text: str, context: Context) -> Any:
        if " " in text or "." not in text:
            raise Doubt("site_invalid", _("This is no address of a site: the field was left empty."))
        known = text.lower().startswith(("http://", "https://"))
        return super().read(text if known else f"https://{text}", context)


class JoinedColumn(OneLineColumn):
    """Street, number and complement of one address."""

    def put(self, values: Values, value: Any, header: str) -> None:
        values[self.field] = f"{values[self.field]}, {value}" if values[self.field] else value


class SurnameColumn(OneLineColumn):
    """The rest of the contact's name, in a column of its own; it is read behind the others."""

    def put(self, values: Values, value: Any, header: str) -> None:
        values["contact"] = f"{values['contact']} {value}" if values["contact"] else value


class NotesColumn(Column):
    """A text that joins the notes that other columns gave."""

    def put(self, values: Values, value: Any, header: str) -> None:
        values["notes"] = f"{values['notes']}\n{value}" if values["notes"] else value


class NoteColumn(NotesColumn):
    """A column that has no field: kept in the notes under its own name."""

    def put(self, values: Values, value: Any, header: str) -> None:
        super().put(values, f"{header}: {value}" if header else value, header)


class TagsColumn(Column):
    """Tags with commas, semicolons, bars or line breaks between them, each once."""

    def read(self, text: str, context: Context) -> Any:
        tags = [" ".join(tag.split()) for tag in re.split(r"[;,|\n]", text)]
        kept = [*dict.fromkeys(tag[: self.limit].rstrip() for tag in tags if tag)]
        if any(len(tag) > self.limit for tag in tags):
            message = format_lazy(
                _("A tag is too long: only its first {limit} characters were kept."), limit=self.limit
            )
            raise Doubt("tags_too_long", message, kept)
        return kept

    def put(self, values: Values, value: Any, header: str) -> None:
        values["tags"] = [*dict.fromkeys([*values["tags"], *value])]


class CityColumn(OneLineColumn):
    """A city, with its state if the cell says so; the state's own column goes first."""

    def read(self, text: str, context: Context) -> Any:
        city, uf = _parse_city_uf(text)
        try:
            return super().read(city, context), uf
        except Doubt as doubt:
            raise Doubt(doubt.code, doubt.message, (doubt.kept, uf)) from doubt

    def put(self, values: Values, value: Any, header: str) -> None:
        city, uf = value
        values["city"] = values["city"] or city or None
        values["uf"] = values["uf"] or uf


class UfColumn(Column):
    """A state, by its two letters or its name."""

    def read(self, text: str, context: Context) -> Any:
        return _parse_uf(text)

    def put(self, values: Values, value: Any, header: str) -> None:
        values["uf"] = value


class YesNoColumn(Column):
    """Yes or no; turned round where the column says consent."""

    def read(self, text: str, context: Context) -> Any:
        folded = fold(text)
        if folded not in _YES and folded not in _NO:
            raise Doubt(f"{self.field}_unclear", _("This is neither yes nor no: write Sim or Não."))
        return (folded in _YES) != context.decision.is_consent


@dataclass(frozen=True)
class WordColumn(Column):
    """One of a few words; `words` tells which value each folded word means."""

    words: Mapping[str, str] | None = None

    def read(self, text: str, context: Context) -> Any:
        value = (self.words or {}).get(fold(text))
        if value is None:
            raise Doubt(f"{self.field}_unknown", _("This word is not known here: the field was left empty."))
        return value


@dataclass(frozen=True)
class CustomColumn(OneLineColumn):
    """A field of the company's own, as text; its kind is checked by those who know it."""

    def put(self, values: Values, value: Any, header: str) -> None:
        values["custom"][self.field.removeprefix("custom.")] = value
