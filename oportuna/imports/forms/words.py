"""What people say of words that no register has: which row of it is meant, to create it, or to reject such rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.queries import active_members
from oportuna.brazil.text import fold
from oportuna.imports.fields.labels import label_of
from oportuna.imports.models import ImportJob
from oportuna.imports.options import CREATABLE, Options
from oportuna.sales.models import Campaign, LossReason, Pipeline, Source
from oportuna.sales.queries.registers import stages_in_use

_SHOWN = 50
_UNTOUCHED = {"stage": _("Reject these rows"), "pipeline": _("Reject these rows")}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a register with how many rows say it, and the name of its field."""

    register: str
    word: str
    rows: int
    name: str

    @property
    def label(self) -> Any:
        """What the register's words are."""
        return label_of(self.register)


class WordsForm(forms.Form):
    """A choice for each word: as it is, a row of the register, "create" or "reject"; the most frequent words first."""

    def __init__(
        self, data: Any = None, *, job: ImportJob, actor: Actor, unsent: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(unsent or {}))
        self._options = Options.of_json(job.options)
        self._rows = _register_rows(actor)
        self._creates = policies.manage_registers(actor)
        self.words = list(self._asked(job))[:_SHOWN]
        for word in self.words:
            chosen = self._options.words.get(word.register, {}).get(fold(word.word), "")
            self.fields[word.name] = forms.ChoiceField(
                label=word.word, choices=self._choices(word), required=False, initial=str(chosen)
            )

    def _asked(self, job: ImportJob) -> Iterator[Word]:
        counts = {
            (register, fold(word)): (word, rows)
            for register, words in job.unknown.items()
            for word, rows in words.items()
            if register in self._rows
        }
        for register, chosen in self._options.words.items():
            for word in chosen:
                counts.setdefault((register, word), (word, 0))
        ordered = sorted(counts.items(), key=lambda one: (-one[1][1], one[0]))
        for (register, folded), (word, rows) in ordered:
            yield Word(register, word, rows, _name_of(register, folded))

    def _choices(self, word: Word) -> list[Any]:
        first = _UNTOUCHED.get(word.register, _("Leave it empty, with a warning"))
        choices: list[Any] = [("", first)]
        if word.register not in _UNTOUCHED:
            choices.append(("reject", _("Reject these rows")))
        if self._creates and word.register in CREATABLE:
            choices.append(("create", _("Create it")))
        choices.append((_("It means"), [(str(pk), name) for pk, name in self._rows[word.register]]))
        return choices

    def put_on(self, options: Options) -> Options:
        """These options with the words."""
        words: dict[str, dict[str, int | str]] = {
            register: dict(chosen) for register, chosen in options.words.items()
        }
        for word in self.words:
            answer, mine = self.cleaned_data[word.name], words.setdefault(word.register, {})
            mine.pop(fold(word.word), None)
            if answer:
                mine[fold(word.word)] = int(answer) if answer.isdecimal() else answer
        return options.with_words({register: chosen for register, chosen in words.items() if chosen})


def _name_of(register: str, folded: str) -> str:
    """The field of a word, the same whatever other words there are: an older page cannot mean another one."""
    return f"word_{sha256(f'{register}:{folded}'.encode()).hexdigest()[:12]}"


def _register_rows(actor: Actor) -> dict[str, list[tuple[int, str]]]:
    """What each register has in use, by id and name."""
    stages = stages_in_use().select_related("pipeline")
    rows = {
        "stage": [(one.pk, f"{one.name} ({one.pipeline.name})") for one in stages],
        "pipeline": [(one.pk, one.name) for one in Pipeline.active()],
        "source": [(one.pk, one.name) for one in Source.active()],
        "campaign": [(one.pk, one.name) for one in Campaign.active()],
        "loss_reason": [(one.pk, one.name) for one in LossReason.active()],
    }
    if policies.assign(actor):
        rows["owner"] = [(one.pk, one.name) for one in active_members(actor)]
    return rows
