"""Changing an opportunity: one field in place, or all of them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.sales.forms.fields import DateField, MoneyField, PercentField, RevisionField, TextField
from oportuna.sales.models import Campaign, Contact, Opportunity, Source
from oportuna.sales.queries.activities import choosable_members
from oportuna.sales.queries.items import items_of
from oportuna.sales.queries.tags import tags_of

_LARGEST = (1 << 63) - 1
_LONGEST_TAG = 60


class EditForm(forms.Form):
    """The fields of an opportunity, or `only` one of them.

    Each is sent beside what it showed, so that `changes` holds what this person changed: whoever changed another
    field meanwhile is not in the way.
    """

    title = TextField(label=_("Title"), max_length=120, show_hidden_initial=True)
    value = MoneyField(label=_("Value"), required=False, show_hidden_initial=True)
    probability = PercentField(label=_("Probability (%)"), required=False, show_hidden_initial=True)
    expected_close_on = DateField(label=_("Expected close"), required=False, show_hidden_initial=True)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Contact"), required=False, empty_label="—", show_hidden_initial=True
    )
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Source"), required=False, empty_label="—", show_hidden_initial=True
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Campaign"),
        required=False,
        empty_label="—",
        show_hidden_initial=True,
    )
    notes = TextField(
        label=_("Notes"), max_length=10_000, required=False, multiline=True, rows=4, show_hidden_initial=True
    )
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)

    def __init__(self, data: Any = None, *, opportunity: Opportunity, only: str = "") -> None:
        self.opportunity = opportunity
        now = {name: getattr(opportunity, name) for name in self.base_fields}
        super().__init__(data, initial=now)
        self.only = only if only in self.fields and only != "revision" else ""
        if self.only:
            for name in set(self.fields) - {self.only, "revision"}:
                del self.fields[name]
        self._offer("contact", Contact.objects.filter(customer_id=opportunity.customer_id))
        self._offer("source", Source.objects.filter(Q(is_active=True) | Q(pk=opportunity.source_id)))
        self._offer("campaign", Campaign.objects.filter(Q(is_active=True) | Q(pk=opportunity.campaign_id)))
        # Not shown; what comes from a page that is older than the items is refused by the verb, at its field.
        if data is None and "value" in self.fields and items_of(opportunity.pk):
            del self.fields["value"]
        if "probability" in self.fields:
            self.fields["probability"].help_text = _("Empty: the stage's.")

    def _offer(self, name: str, rows: Any) -> None:
        if name in self.fields:
            field: Any = self.fields[name]
            field.queryset = rows

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that differ from what the form showed, or did not say what it showed, with what they are to be."""
        names = [name for name in self.fields if name != "revision" and self.add_prefix(name) in self.data]
        unsaid = {name for name in names if self.add_initial_prefix(name) not in self.data}
        return {
            name: self.cleaned_data[name] for name in names if name in self.changed_data or name in unsaid
        }

    @property
    def overtaken(self) -> dict[str, Any]:
        """Those of `changes` that somebody else changed after the form was shown, with what they are now."""
        return {name: self.initial[name] for name in self.changes if self._shown(name) != self.initial[name]}

    @property
    def seen(self) -> int | None:
        """The revision to insist on: the form's where somebody else changed the same, else the one read just now."""
        asked: int | None = self.cleaned_data["revision"]
        return asked if self.overtaken else self.opportunity.revision

    def _shown(self, name: str) -> Any:
        field = self.fields[name]
        raw = self.data.get(self.add_initial_prefix(name))
        try:
            return field.to_python(raw)
        except ValidationError:
            return object()


class TagsForm(forms.Form):
    """The tags of an opportunity in one line, apart by commas."""

    tags = TextField(label=_("Tags"), max_length=1_000, required=False, help_text=_("Apart by commas."))
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)
    only = "tags"

    def __init__(self, data: Any = None, *, opportunity: Opportunity) -> None:
        names = [tag.name for tag in tags_of(opportunity.pk)]
        super().__init__(data, initial={"tags": ", ".join(names), "revision": opportunity.revision})

    def clean_tags(self) -> list[str]:
        """The names, each once and not too long."""
        names = [name for part in re.split("[,;|]", self.cleaned_data["tags"]) if (name := part.strip())]
        if any(len(name) > _LONGEST_TAG for name in names):
            raise ValidationError(_("A tag has %(most)s characters at most.") % {"most": _LONGEST_TAG})
        return list(dict.fromkeys(names))


class AssignForm(forms.Form):
    """Who is responsible: managers name anyone or nobody, others only themselves."""

    owner = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Owner"), required=False, empty_label=_("Nobody")
    )
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)

    def __init__(self, data: Any = None, *, opportunity: Opportunity, actor: Actor) -> None:
        super().__init__(data, initial={"owner": opportunity.owner, "revision": opportunity.revision})
        owner: Any = self.fields["owner"]
        if policies.assign(actor):
            owner.queryset = choosable_members(actor)
        else:
            owner.queryset = Membership.objects.filter(company=actor.company, pk=actor.membership.pk)
            owner.required, owner.empty_label = True, None
