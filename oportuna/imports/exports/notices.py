"""How notices about exports are told."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.imports.exports.queries import visible_exports
from oportuna.work.models import Notice
from oportuna.work.notices import Telling, told

EXPORTED, NOT_EXPORTED = "export.done", "export.failed"
_TEXTS: dict[str, tuple[str, Any]] = {
    EXPORTED: ("download", gettext_lazy("Your export is ready: <b>{name}</b>")),
    NOT_EXPORTED: ("alert-circle", gettext_lazy("Your export stopped by an error: <b>{name}</b>")),
}


@told("export")
def of_exports(reader: Actor, about: Sequence[Notice]) -> dict[int, Telling]:
    """Those about exports that the reader may see."""
    found = visible_exports(reader).filter(OneOf("pk", {notice.row for notice in about}))
    jobs = {job.pk: job for job in found}
    tellings = {}
    for notice in about:
        job = jobs.get(notice.row)
        if job is not None and notice.kind in _TEXTS:
            icon, text = _TEXTS[notice.kind]
            name = _("%(list)s, .%(kind)s") % {"list": job.get_what_display(), "kind": job.kind}
            url = reverse("exports:export", args=[reader.company.slug, job.pk])
            tellings[notice.pk] = Telling(format_html(str(text), name=name), icon, url)
    return tellings
