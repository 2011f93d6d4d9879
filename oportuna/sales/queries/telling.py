"""An opportunity's history entries as sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oportuna.accounts.actor import Via
from oportuna.brazil.dates import format_date
from oportuna.brazil.money import format_money
from oportuna.sales.models import Activity, HistoryEntry, Opportunity, Stage, Verb
from oportuna.ui.badges import stage_pie
from oportuna.ui.formats import datetime_br, percent
from oportuna.ui.marking import with_names

_LONG = 60

ICONS: dict[str, tuple[str, str]] = {
    Activity.Kind.CALL: ("phone", "verde"),
    Activity.Kind.MEETING: ("users", "anil"),
    Activity.Kind.VISIT: ("map-pin", "oliva"),
    Activity.Kind.TASK: ("checkbox", "petroleo"),
    Activity.Kind.EMAIL: ("mail", "azul"),
    Activity.Kind.WHATSAPP: ("brand-whatsapp", "verde"),
    Activity.Kind.NOTE: ("note", "ipe"),
}
"""The icon and colour of each kind of activity."""

_VERB_ICONS = {
    Verb.CREATED: "plus",
    Verb.EDITED: "pencil",
    Verb.ASSIGNED: "user-share",
    Verb.MOVED: "arrow-right",
    Verb.WON: "trophy",
    Verb.LOST: "circle-x",
    Verb.REOPENED: "refresh",
    Verb.UNDONE: "arrow-back-up",
    Verb.DELETED: "trash",
    Verb.RESTORED: "arrow-back-up",
    Verb.PLANNED: "calendar-plus",
}
_DID = {
    Activity.Kind.CALL: gettext_lazy("<b>{who}</b> called"),
    Activity.Kind.MEETING: gettext_lazy("<b>{who}</b> held a meeting"),
    Activity.Kind.VISIT: gettext_lazy("<b>{who}</b> made a visit"),
    Activity.Kind.TASK: gettext_lazy("<b>{who}</b> did a task"),
    Activity.Kind.EMAIL: gettext_lazy("<b>{who}</b> wrote an e-mail"),
    Activity.Kind.WHATSAPP: gettext_lazy("<b>{who}</b> talked on WhatsApp"),
    Activity.Kind.NOTE: gettext_lazy("<b>{who}</b> noted"),
}
_DID_WITH = {
    Activity.Kind.CALL: gettext_lazy("<b>{who}</b> called <b>{contact}</b>"),
    Activity.Kind.MEETING: gettext_lazy("<b>{who}</b> met <b>{contact}</b>"),
    Activity.Kind.VISIT: gettext_lazy("<b>{who}</b> visited <b>{contact}</b>"),
    Activity.Kind.TASK: gettext_lazy("<b>{who}</b> did a task with <b>{contact}</b>"),
    Activity.Kind.EMAIL: gettext_lazy("<b>{who}</b> wrote an e-mail to <b>{contact}</b>"),
    Activity.Kind.WHATSAPP: gettext_lazy("<b>{who}</b> talked to <b>{contact}</b> on WhatsApp"),
    Activity.Kind.NOTE: gettext_lazy("<b>{who}</b> noted about <b>{contact}</b>"),
}
_FIELDS = {
    "title": pgettext_lazy("history", "the title"),
    "value": pgettext_lazy("history", "the value"),
    "probability": pgettext_lazy("history", "the probability"),
    "expected_close_on": pgettext_lazy("history", "the expected close"),
    "source": pgettext_lazy("history", "the source"),
    "campaign": pgettext_lazy("history", "the campaign"),
    "tags": pgettext_lazy("history", "the tags"),
    "contact": pgettext_lazy("history", "the contact"),
    "owner": pgettext_lazy("history", "the owner"),
    "notes": pgettext_lazy("history", "the notes"),
    "kind": pgettext_lazy("history", "the kind"),
    "subject": pgettext_lazy("history", "the subject"),
    "text": pgettext_lazy("history", "what was said"),
    "due_on": pgettext_lazy("history", "the due date"),
    "due_at": pgettext_lazy("history", "the hour"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One act. `sentence` is safe HTML; what was written stands in `subject` and `text`; `details` are further lines."""

    at: datetime
    icon: str
    colour: str
    sentence: SafeString
    subject: str = ""
    text: str = ""
    details: Sequence[str] = ()

    @property
    def minor(self) -> bool:
        """One line, without a body."""
        return not (self.subject or self.text or self.details)


def tell(entry: HistoryEntry, names: Iterable[str] = ()) -> Told:
    """One entry as a sentence; `names` are those mentioned in its activity's text, which are marked."""
    who = entry.by.name if entry.by else _("The system")
    activity = entry.activity
    if activity is not None:
        return _of_activity(entry, activity, who, names)
    icon = _VERB_ICONS.get(Verb(entry.verb), "point")
    colour = {Verb.WON: "verde", Verb.LOST: "magenta"}.get(Verb(entry.verb), "")
    return Told(
        entry.at, icon, colour, _sentence(entry, who), text=_comment(entry), details=list(_details(entry))
    )


def _sentence(entry: HistoryEntry, who: str) -> SafeString:
    if entry.verb == Verb.MOVED:
        text = _("<b>{who}</b> moved from {left} to <b>{entered}</b>")
        return format_html(text, who=who, left=_stage(entry.from_stage), entered=_stage(entry.to_stage))
    if entry.verb == Verb.EDITED:
        return _edited(entry, who)
    if entry.verb == Verb.ASSIGNED:
        before, after = entry.changes.get("owner", [None, None])
        if after is None:
            return format_html(
                _("<b>{who}</b> left it without an owner (it was {before}’s)"), who=who, before=before
            )
        return format_html(_("<b>{who}</b> gave it to <b>{after}</b>"), who=who, after=after)
    if entry.verb == Verb.LOST:
        reason = entry.changes.get("loss_reason", [None, None])[1]
        if reason:
            text = _("<b>{who}</b> marked it as <b>lost</b> in {stage}: {reason}")
            return format_html(text, who=who, stage=_stage(entry.from_stage), reason=reason)
        text = _("<b>{who}</b> marked it as <b>lost</b> in {stage}, without a reason")
        return format_html(text, who=who, stage=_stage(entry.from_stage))
    if entry.verb == Verb.CREATED and entry.via == Via.IMPORT:
        return format_html(_("<b>{who}</b> imported it into {stage}"), who=who, stage=_stage(entry.to_stage))
    stage = entry.to_stage or entry.from_stage
    return format_html(str(_PLAIN[entry.verb]), who=who, stage=_stage(stage))


_PLAIN: dict[str, Any] = {
    Verb.CREATED: gettext_lazy("<b>{who}</b> created it in {stage}"),
    Verb.WON: gettext_lazy("<b>{who}</b> marked it as <b>won</b> in {stage}"),
    Verb.REOPENED: gettext_lazy("<b>{who}</b> reopened it in {stage}"),
    Verb.UNDONE: gettext_lazy("<b>{who}</b> undid the last change"),
    Verb.DELETED: gettext_lazy("<b>{who}</b> deleted it"),
    Verb.RESTORED: gettext_lazy("<b>{who}</b> restored it"),
    Verb.LOGGED: gettext_lazy("<b>{who}</b> noted"),
    Verb.PLANNED: gettext_lazy("<b>{who}</b> planned an activity"),
    Verb.COMPLETED: gettext_lazy("<b>{who}</b> completed an activity"),
}


def _stage(stage: Stage | None) -> SafeString:
    if stage is None:
        return format_html("{}", "—")
    return format_html("{} {}", stage_pie(stage.probability or 0, stage.colour), stage.name)


def _edited(entry: HistoryEntry, who: str) -> SafeString:
    if "items" in entry.changes:
        return _itemised(entry.changes["items"], who)
    if "participants" in entry.changes:
        return _taking_part(entry.changes["participants"], who)
    changes = list(entry.changes.items())
    if len(changes) != 1:
        return format_html(_("<b>{who}</b> edited the opportunity"), who=who)
    return _changed(who, *changes[0])


def _itemised(pair: Sequence[Any], who: str) -> SafeString:
    before, after = pair
    if before is None:
        return format_html(_("<b>{who}</b> added the item <b>{after}</b>"), who=who, after=after)
    if after is None:
        return format_html(_("<b>{who}</b> removed the item {before}"), who=who, before=before)
    text = _("<b>{who}</b> changed the item {before} to <b>{after}</b>")
    return format_html(text, who=who, before=before, after=after)


def _taking_part(pair: Sequence[Any], who: str) -> SafeString:
    before, after = pair
    if after is None:
        return format_html(_("<b>{who}</b> took {before} off the participants"), who=who, before=before)
    return format_html(_("<b>{who}</b> put <b>{after}</b> among the participants"), who=who, after=after)


def _changed(who: str, name: str, pair: Sequence[Any]) -> SafeString:
    """One change as a sentence; long texts are not repeated in it."""
    before, after = (_value(name, value) for value in pair)
    field = _FIELDS.get(name, name)
    if max(len(before), len(after)) > _LONG:
        return format_html(_("<b>{who}</b> changed {field}"), who=who, field=field)
    if not before:
        return format_html(
            _("<b>{who}</b> filled in {field}: <b>{after}</b>"), who=who, field=field, after=after
        )
    if not after:
        return format_html(
            _("<b>{who}</b> cleared {field} (it was {before})"), who=who, field=field, before=before
        )
    text = _("<b>{who}</b> changed {field} from {before} to <b>{after}</b>")
    return format_html(text, who=who, field=field, before=before, after=after)


def _details(entry: HistoryEntry) -> Iterable[str]:
    """What one sentence has no room for: each of several changes, the competitor, who took it."""
    for name, (before, after) in entry.changes.items():
        if name in ("items", "participants"):
            continue
        if entry.verb == Verb.UNDONE or (entry.verb == Verb.EDITED and len(entry.changes) > 1):
            yield f"{_label(name)}: {_value(name, before) or '—'} → {_value(name, after) or '—'}"
        elif name == "competitor" and after:
            yield _("Competitor: %(name)s") % {"name": after}
        elif name == "owner" and entry.verb not in (Verb.EDITED, Verb.ASSIGNED):
            yield _("Owner: %(name)s") % {"name": after}


def _comment(entry: HistoryEntry) -> str:
    said = entry.changes.get("loss_comment") or entry.changes.get("notes") or [None, None]
    after = str(said[1] or "")
    long_notes = entry.verb == Verb.EDITED and len(entry.changes) == 1 and len(after) > _LONG
    return after if entry.verb == Verb.LOST or long_notes else ""


def _label(name: str) -> str:
    model: Any = Opportunity if name in {field.name for field in Opportunity._meta.get_fields()} else Activity
    try:
        text = str(model._meta.get_field(name).verbose_name)
    except LookupError:
        text = name
    return text[:1].upper() + text[1:]


def _of_activity(entry: HistoryEntry, activity: Activity, who: str, names: Iterable[str]) -> Told:
    icon, colour = ICONS[activity.kind]
    kind = activity.get_kind_display()
    if entry.verb in (Verb.LOGGED, Verb.COMPLETED):
        phrases = _DID_WITH if activity.contact else _DID
        contact = activity.contact.name if activity.contact else ""
        sentence = format_html(str(phrases[Activity.Kind(activity.kind)]), who=who, contact=contact)
        return Told(
            entry.at, icon, colour, sentence, subject=activity.subject, text=with_names(activity.text, names)
        )
    if entry.verb == Verb.PLANNED:
        due = entry.changes.get("due_on", [None, None])[1]
        text = _("<b>{who}</b> planned: {what} for <b>{when}</b>")
        if activity.owner and activity.owner_id != entry.by_id:
            text = _("<b>{who}</b> planned: {what} for <b>{when}</b>, by {owner}")
        owner = activity.owner.name if activity.owner else ""
        what = activity.subject or kind
        sentence = format_html(text, who=who, what=what, when=_value("due_on", due), owner=owner)
        return Told(entry.at, _VERB_ICONS[Verb.PLANNED], "", sentence)
    if entry.verb == Verb.UNDONE:
        text = _("<b>{who}</b> put back among what is to be done: {what}")
        return Told(entry.at, "arrow-back-up", "", format_html(text, who=who, what=activity.subject or kind))
    text = _("<b>{who}</b> changed the activity {what}")
    details = [
        f"{_label(name)}: {_value(name, before) or '—'} → {_value(name, after) or '—'}"
        for name, (before, after) in entry.changes.items()
    ]
    what = f"“{activity.subject}”" if activity.subject else kind
    return Told(entry.at, "pencil", "", format_html(text, who=who, what=what), details=details)


def _value(name: str, value: Any) -> str:
    """A value of history as people read it; what cannot be read that way stays as it was written."""
    if value is None or value == "":
        return ""
    try:
        if name == "value":
            return format_money(Decimal(str(value)))
        if name == "probability":
            return percent(int(value))
        if name == "kind":
            return str(Activity.Kind(value).label)
        if name in ("expected_close_on", "due_on", "due_at"):
            return _day_or_moment(str(value))
    except (ValueError, InvalidOperation):
        pass
    return str(value)


def _day_or_moment(text: str) -> str:
    if "T" in text or " " in text:
        return datetime_br(timezone.localtime(datetime.fromisoformat(text)))
    return format_date(date.fromisoformat(text))
