"""How notices about imports are told, and who is told when one ends."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.imports.exports import notices as exports  # noqa: F401  # registers how those of exports are told
from oportuna.imports.models import ImportJob
from oportuna.imports.queries import visible_jobs
from oportuna.work.models import Notice
from oportuna.work.notices import Telling, tell, told

IMPORTED, FAILED, UNDONE, NOT_UNDONE = "import.done", "import.failed", "import.undone", "import.not_undone"
_TEXTS: dict[str, tuple[str, Any]] = {
    IMPORTED: ("file-check", gettext_lazy("The import of <b>{name}</b> is finished")),
    FAILED: ("alert-circle", gettext_lazy("The import of <b>{name}</b> stopped by an error")),
    UNDONE: ("arrow-back-up", gettext_lazy("The import of <b>{name}</b> was undone")),
    NOT_UNDONE: ("alert-circle", gettext_lazy("The import of <b>{name}</b> could not be undone")),
}


def tell_of_end(job: ImportJob, kind: str) -> None:
    """Tell whoever brought an import that it ended, and of taking it back whoever asked for that, in the ending transaction."""
    asked = job.undone_by_id if kind in (UNDONE, NOT_UNDONE) else None
    tell([pk for pk in (job.created_by_id, asked) if pk is not None], kind, job.pk)


@told("import")
def of_imports(reader: Actor, about: Sequence[Notice]) -> dict[int, Telling]:
    """Those about imports that the reader may see."""
    found = visible_jobs(reader).filter(OneOf("pk", {notice.row for notice in about}))
    names = dict(found.values_list("pk", "name"))
    tellings = {}
    for notice in about:
        if notice.row in names and notice.kind in _TEXTS:
            icon, text = _TEXTS[notice.kind]
            url = reverse("imports:job", args=[reader.company.slug, notice.row])
            tellings[notice.pk] = Telling(format_html(str(text), name=names[notice.row]), icon, url)
    return tellings
