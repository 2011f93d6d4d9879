"""A customer's history entries as sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oportuna.brazil.address import format_cep
from oportuna.brazil.document import format_document
from oportuna.brazil.phone import format_phone
from oportuna.sales.models import Activity, Contact, Customer, HistoryEntry, Verb

_OF_CUSTOMER: dict[str, Promise] = {
    Verb.CREATED: gettext_lazy("registered the customer"),
    Verb.EDITED: gettext_lazy("changed the customer's data"),
    Verb.DELETED: gettext_lazy("deleted the customer"),
    Verb.RESTORED: gettext_lazy("restored the customer"),
    Verb.UNDONE: gettext_lazy("undid the last change"),
}
_OF_ACTIVITY: dict[str, Promise] = {
    Verb.LOGGED: gettext_lazy("logged: %(kind)s"),
    Verb.PLANNED: gettext_lazy("planned: %(kind)s"),
    Verb.COMPLETED: gettext_lazy("completed: %(kind)s"),
    Verb.EDITED: gettext_lazy("changed the activity: %(kind)s"),
}
_OF_OPPORTUNITY: dict[str, Promise] = {
    Verb.CREATED: gettext_lazy("created the opportunity"),
    Verb.EDITED: gettext_lazy("changed the opportunity"),
    Verb.ASSIGNED: gettext_lazy("gave to somebody else the opportunity"),
    Verb.MOVED: gettext_lazy("moved to %(stage)s the opportunity"),
    Verb.WON: gettext_lazy("won the opportunity"),
    Verb.LOST: gettext_lazy("lost the opportunity"),
    Verb.REOPENED: gettext_lazy("reopened the opportunity"),
    Verb.DELETED: gettext_lazy("deleted the opportunity"),
    Verb.RESTORED: gettext_lazy("restored the opportunity"),
    Verb.UNDONE: gettext_lazy("undid the last change of the opportunity"),
}
_ICONS = {
    Verb.CREATED: "plus",
    Verb.EDITED: "pencil",
    Verb.ASSIGNED: "user",
    Verb.MOVED: "arrow-right",
    Verb.WON: "trophy",
    Verb.LOST: "circle-x",
    Verb.REOPENED: "rotate",
    Verb.UNDONE: "arrow-back-up",
    Verb.DELETED: "trash",
    Verb.RESTORED: "arrow-back-up",
}
_ACTIVITY_ICONS = {
    Activity.Kind.CALL: "phone",
    Activity.Kind.MEETING: "users",
    Activity.Kind.VISIT: "map-pin",
    Activity.Kind.TASK: "checkbox",
    Activity.Kind.EMAIL: "mail",
    Activity.Kind.WHATSAPP: "brand-whatsapp",
    Activity.Kind.NOTE: "note",
}
_CHANNELS: dict[str, Promise] = {"emails": gettext_lazy("E-mails"), "phones": gettext_lazy("Phones")}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field as it was called, and what it said before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as people read it: who did what, to which opportunity if to one, and what was written."""

    icon: str
    who: str
    what: str
    at: datetime
    number: int | None
    title: str
    changes: list[FieldChange]
    text: str


def told(entries: Iterable[HistoryEntry]) -> list[Told]:
    """The entries as sentences, in their order."""
    return [_told(entry) for entry in entries]


def _told(entry: HistoryEntry) -> Told:
    activity, opportunity = entry.activity, entry.opportunity
    if activity is not None and entry.verb in _OF_ACTIVITY:
        what = _OF_ACTIVITY[entry.verb] % {"kind": activity.get_kind_display()}
        icon = _ACTIVITY_ICONS[Activity.Kind(activity.kind)]
    else:
        phrases = _OF_OPPORTUNITY if opportunity else _OF_CUSTOMER
        phrase = phrases.get(entry.verb, Verb(entry.verb).label)
        what = str(phrase) % {"stage": entry.to_stage.name if entry.to_stage else ""}
        icon = _ICONS.get(Verb(entry.verb), "point")
    return Told(
        icon=icon,
        who=entry.by.name if entry.by else _("The system"),
        what=str(what),
        at=entry.at,
        number=opportunity.number if opportunity else None,
        title=opportunity.title if opportunity else "",
        changes=[] if opportunity else list(_changes(entry.changes)),
        text=_text(activity, entry),
    )


def _text(activity: Activity | None, entry: HistoryEntry) -> str:
    if activity is None:
        return ""
    written = activity.text if entry.verb != Verb.PLANNED else ""
    return "\n".join(filter(None, (activity.subject, written)))


def _changes(changes: dict[str, list[Any]]) -> Iterable[FieldChange]:
    """The fields that changed; those of a contact stand behind its name."""
    for name, (before, after) in changes.items():
        model: type[Customer] | type[Contact] = Contact if name.startswith("contact.") else Customer
        bare = name.removeprefix("contact.")
        if bare == "contact":
            yield FieldChange(_("Contact"), "" if before == after else str(before or ""), str(after or ""))
            continue
        label = _CHANNELS.get(bare) or model._meta.get_field(bare).verbose_name  # type: ignore[union-attr]  # no relations here
        text = str(label)
        yield FieldChange(text[:1].upper() + text[1:], _shown(bare, before), _shown(bare, after))


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value or "")
    if name in ("cnpj", "cpf"):
        return format_document(text)
    if name == "cep":
        return format_cep(text)
    if name == "phones":
        return ", ".join(format_phone(one) for one in text.split(", ") if one)
    if name == "kind" and text in Customer.Kind.values:
        return str(Customer.Kind(text).label)
    return text
