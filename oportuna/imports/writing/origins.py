"""Where the people of an import come from: what it says of its list, and the source of each row."""

from __future__ import annotations

from oportuna.imports.models import ImportJob
from oportuna.imports.options import UNDECIDED, Options
from oportuna.imports.writing.places import Place
from oportuna.sales.models import DataOrigin

PERSONAL = frozenset({"contact", "contact_cpf", "cpf", "tax_id", "email", "phone", "mobile"})
"""The fields of columns that hold personal data (LGPD, art. 5, I; brazil.md 6)."""


class Origins:
    """Gives rows of one source the same origin."""

    def __init__(self, job: ImportJob) -> None:
        options = Options.of_json(job.options)
        basis = "" if options.legal_basis == UNDECIDED else options.legal_basis
        self._of_list = (job.name, options.supplier, basis)
        self._of_source: dict[str, DataOrigin] = {}

    def of(self, place: Place) -> DataOrigin:
        """Where the data of a row came from that leads to this place."""
        source = place.source.name if place.source else ""
        if source not in self._of_source:
            self._of_source[source] = DataOrigin(source, *self._of_list)
        return self._of_source[source]
