"""How notices about sales are told: to readers who may see what they are about."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership
from oportuna.accounts.one_of import OneOf
from oportuna.sales.queries.visible import visible_opportunities
from oportuna.work.models import Notice
from oportuna.work.notices import Telling, told

ASSIGNED = "opportunity.assigned"
MENTIONED = "opportunity.mentioned"
HANDED_OVER = "people.handed_over"

_OF_OPPORTUNITY: dict[str, tuple[str, Any]] = {
    ASSIGNED: ("user-share", gettext_lazy("<b>{who}</b> gave you <b>{title}</b>, of {customer}")),
    MENTIONED: ("at", gettext_lazy("<b>{who}</b> mentioned you in <b>{title}</b>, of {customer}")),
}


@told("opportunity")
def of_opportunities(reader: Actor, about: Sequence[Notice]) -> dict[int, Telling]:
    """Those about opportunities that the reader may see and that are not in the trash."""
    seen = visible_opportunities(reader).filter(OneOf("pk", {notice.row for notice in about}))
    found = {one.pk: one for one in seen.select_related("customer")}
    tellings = {}
    for notice in about:
        one = found.get(notice.row)
        if one is not None and notice.kind in _OF_OPPORTUNITY:
            icon, text = _OF_OPPORTUNITY[notice.kind]
            names = {"who": _who(notice), "title": one.title, "customer": one.customer.shown_name}
            url = reverse("sales:opportunity", args=[reader.company.slug, one.number])
            tellings[notice.pk] = Telling(format_html(str(text), **names), icon, url)
    return tellings


@told("people")
def of_people(reader: Actor, about: Sequence[Notice]) -> dict[int, Telling]:
    """What somebody who left handed over to the reader."""
    left = Membership.objects.filter(OneOf("pk", {notice.row for notice in about}), company=reader.company)
    names = {member.pk: member.name for member in left}
    mine = reverse("sales:opportunities", args=[reader.company.slug])
    url = f"{mine}?owner={encode(reader.membership.pk)}"
    day = reverse("sales:my_day", args=[reader.company.slug])
    return {
        notice.pk: Telling(_handed_over(notice, names[notice.row]), "users", url if notice.count else day)
        for notice in about
        if notice.row in names
    }


def _handed_over(notice: Notice, left: str) -> SafeString:
    if not notice.count:
        text = _("<b>{who}</b> gave you what {left}, who left, still had to do")
        return format_html(text, who=_who(notice), left=left)
    text = ngettext(
        "<b>{who}</b> gave you {count} opportunity of {left}, who left",
        "<b>{who}</b> gave you {count} opportunities of {left}, who left",
        notice.count,
    )
    return format_html(text, who=_who(notice), left=left, count=notice.count)


def _who(notice: Notice) -> str:
    return notice.by.name if notice.by else _("The system")
