"""What is asked at the check, sent in one piece: how columns are read, what known customers mean, what words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oportuna.accounts.actor import Actor
from oportuna.errors import Refused
from oportuna.imports.forms.choices import ChoicesForm
from oportuna.imports.forms.readings import ReadingsForm
from oportuna.imports.forms.words import WordsForm
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.sales.forms.refusals import refuse


class Answers:
    """The three forms of the check as one; `unsent` is what is chosen on a page that asks for a part of itself anew."""

    def __init__(
        self, data: Any = None, *, job: ImportJob, actor: Actor, unsent: Mapping[str, Any] | None = None
    ) -> None:
        self._job = job
        self.readings = ReadingsForm(data, job=job, unsent=unsent)
        self.choices = ChoicesForm(data, job=job, unsent=unsent)
        self.words = WordsForm(data, job=job, actor=actor, unsent=unsent)
        self._forms = (self.readings, self.choices, self.words)

    def is_valid(self) -> bool:
        """Whether all of them are right; each looks, so that each says what is wrong."""
        return not [form for form in self._forms if not form.is_valid()]

    @property
    def are_asked(self) -> bool:
        """Whether there is anything to answer."""
        return bool(self.readings.questions or self.choices.kinds or self.words.words)

    @property
    def are_new(self) -> bool:
        """Whether what was sent is not what the rows were checked with."""
        return any(set(form.changed_data) - {"revision"} for form in self._forms)

    @property
    def options(self) -> Options:
        """The options of the import, with all the answers."""
        options = Options.of_json(self._job.options)
        for form in self._forms:
            options = form.put_on(options)
        return options

    @property
    def revision(self) -> int | None:
        """The revision of the page that they were sent from."""
        revision: int | None = self.choices.cleaned_data["revision"]
        return revision

    def refuse(self, refused: Refused) -> None:
        """Say above the questions why the answers are refused."""
        refuse(self.choices, refused, revision=self._job.revision)
