"""What is said and planned: activities of an opportunity."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.sales.actions.activities import NextStep
from oportuna.sales.forms.fields import DateField, KeyField, RevisionField, TextField
from oportuna.sales.models import Activity, Contact, Opportunity
from oportuna.sales.queries.activities import choosable_members, members_on_offer
from oportuna.sales.queries.customer_page import contacts_of

_LARGEST = (1 << 63) - 1
_TO_LOG = ("call", "whatsapp", "email", "meeting", "visit", "note")
_TO_PLAN = ("call", "meeting", "visit", "task", "email", "whatsapp")
_LABELS = dict(Activity.Kind.choices)
LONGEST_TEXT = 20_000
LONGEST_SUBJECT = 120


def _kinds(names: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(name, _LABELS[name]) for name in names]


class HourField(forms.TimeField):
    """An hour, typed 14:30, 14h30 or 14h: a time, or None."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh", "%H"],
            error_messages={"invalid": _("This hour is not clear. Type it as 14:30.")},
            **kwargs,
        )


class _StepFields(forms.Form):
    """The people that a form of activities offers, and the checks of a day to come.

    `contacts` are the customer's, where they were read already.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        opportunity: Opportunity,
        contacts: Sequence[Contact] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.actor = actor
        self._offer_contacts(opportunity.customer_id, contacts)
        for name in {"owner", "next_owner"} & set(self.fields):
            self._offer_members(name)
            self.initial.setdefault(name, actor.membership.pk)

    def _offer_contacts(self, customer_id: int, contacts: Sequence[Contact] | None) -> None:
        """The customer's people; without any there is nobody to ask for, unless somebody gone meanwhile was chosen."""
        if "contact" not in self.fields:
            return
        theirs = contacts_of(customer_id) if contacts is None else contacts
        people = [(contact.pk, contact.name) for contact in theirs]
        if not people and not self.data.get(self.add_prefix("contact")):
            del self.fields["contact"]
            return
        field: Any = self.fields["contact"]
        field.queryset = Contact.objects.filter(customer_id=customer_id)
        field.choices = [("", field.empty_label), *people]

    def _choosable(self) -> QuerySet[Membership]:
        """To whom the work may be given."""
        return choosable_members(self.actor)

    def _on_offer(self) -> list[Membership]:
        """All of them."""
        return members_on_offer(self.actor)

    def _offer_members(self, name: str) -> None:
        """Read once: a pick list asks its queryset each time it is looked at."""
        field: Any = self.fields[name]
        field.queryset = self._choosable().select_related("company")
        field.choices = [(member.pk, member.name) for member in self._on_offer()]

    def _require_to_come(self, name: str) -> None:
        due_on = self.cleaned_data.get(name)
        if due_on and due_on < self.actor.today():
            self.add_error(name, _("This day is over. Choose today or a day to come."))

    def _moment(self, prefix: str = "") -> datetime | None:
        """The due instant in the owner's zone, when an hour was given."""
        due_on, hour = self.cleaned_data.get(f"{prefix}due_on"), self.cleaned_data.get(f"{prefix}hour")
        owner = self.cleaned_data.get(f"{prefix}owner") or self.actor.membership
        return None if due_on is None or hour is None else datetime.combine(due_on, hour, tzinfo=owner.zone)


class _NextStepForm(_StepFields):
    """A form that may plan what comes next, too: a day is enough."""

    next_kind = forms.ChoiceField(label=_("What"), choices=_kinds(_TO_PLAN), required=False)
    next_due_on = DateField(label=_("When"), required=False)
    next_hour = HourField(label=_("Hour"), required=False)
    next_subject = TextField(label=_("About what"), max_length=LONGEST_SUBJECT, required=False)
    next_owner = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Who"), required=False, empty_label=None
    )

    def clean(self) -> dict[str, Any]:
        """A next step needs a day, today or to come."""
        cleaned = self.cleaned_data
        begun = cleaned.get("next_hour") or cleaned.get("next_subject")
        if begun and not cleaned.get("next_due_on") and "next_due_on" not in self.errors:
            self.add_error("next_due_on", _("Say on which day."))
        self._require_to_come("next_due_on")
        return cleaned

    @property
    def then(self) -> NextStep | None:
        """What comes next, if a day was given."""
        cleaned = self.cleaned_data
        if not cleaned["next_due_on"]:
            return None
        return NextStep(
            kind=Activity.Kind(cleaned["next_kind"] or "call"),
            due_on=cleaned["next_due_on"],
            due_at=self._moment("next_"),
            subject=cleaned["next_subject"],
            owner=cleaned["next_owner"],
            contact=cleaned.get("contact"),
        )

    @property
    def has_next(self) -> bool:
        """Whether the part of the next step stands open: something was typed in it."""
        return any(
            self[name].value() or self[name].errors for name in ("next_due_on", "next_hour", "next_subject")
        )


class LogForm(_NextStepForm):
    """What was just said or noted, and perhaps what comes next."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=_kinds(_TO_LOG), widget=forms.RadioSelect, initial="call"
    )
    text = TextField(
        label=_("What was said"),
        max_length=LONGEST_TEXT,
        multiline=True,
        error_messages={"required": _("Write what was said.")},
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("With whom"), required=False, empty_label=_("With whom")
    )
    key = KeyField()

    field_order = ("kind", "text", "contact")


class CompleteForm(_NextStepForm):
    """What came of a planned activity, and what comes next."""

    text = TextField(label=_("What came of it"), max_length=LONGEST_TEXT, required=False, multiline=True)
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)

    field_order = ("text",)


class PlanForm(_StepFields):
    """An activity to be done."""

    kind = forms.ChoiceField(
        label=_("What"), choices=_kinds(_TO_PLAN), widget=forms.RadioSelect, initial="call"
    )
    subject = TextField(label=_("About what"), max_length=LONGEST_SUBJECT, required=False)
    due_on = DateField(label=_("When"))
    hour = HourField(label=_("Hour"), required=False)
    owner = forms.ModelChoiceField(Membership.objects.none(), label=_("Who"), empty_label=None)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("With whom"), required=False, empty_label="—"
    )
    key = KeyField()

    def clean(self) -> dict[str, Any]:
        """The day is today or to come."""
        self._require_to_come("due_on")
        return self.cleaned_data

    @property
    def step(self) -> dict[str, Any]:
        """What the verb is told."""
        names = ("subject", "due_on", "owner", "contact")
        given = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return {**given, "due_at": self._moment()}


class EditActivityForm(PlanForm):
    """A planned activity to be changed: another day, hour, kind or person."""

    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)

    def __init__(
        self, data: Any = None, *, activity: Activity, actor: Actor, opportunity: Opportunity
    ) -> None:
        self.activity = activity
        owner = activity.owner or actor.membership
        hour: time | None = activity.due_at.astimezone(owner.zone).time() if activity.due_at else None
        now = {
            name: getattr(activity, name)
            for name in ("kind", "subject", "due_on", "owner", "contact", "revision")
        }
        super().__init__(data, actor=actor, opportunity=opportunity, initial={**now, "hour": hour})
        del self.fields["key"]

    def _choosable(self) -> QuerySet[Membership]:
        """And whoever has it now, though he may have left."""
        now = Membership.objects.filter(company=self.actor.company, pk=self.activity.owner_id or 0)
        return super()._choosable() | now

    def _on_offer(self) -> list[Membership]:
        return list(self._choosable())

    def clean(self) -> dict[str, Any]:
        """A day that is over may stay, but not be chosen."""
        if self.cleaned_data.get("due_on") == self.activity.due_on:
            return self.cleaned_data
        return super().clean()

    @property
    def changes(self) -> dict[str, Any]:
        """What the verb is told."""
        return {"kind": self.cleaned_data["kind"], **self.step}


class EditDoneForm(forms.Form):
    """What a done activity says."""

    subject = TextField(label=_("About what"), max_length=LONGEST_SUBJECT, required=False)
    text = TextField(
        label=_("What was said"), max_length=LONGEST_TEXT, required=False, multiline=True, rows=5
    )
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)

    def __init__(self, data: Any = None, *, activity: Activity) -> None:
        names = ("subject", "text", "revision")
        super().__init__(data, initial={name: getattr(activity, name) for name in names})

    @property
    def changes(self) -> dict[str, Any]:
        """What the verb is told."""
        return {name: self.cleaned_data[name] for name in ("subject", "text")}
