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
from oportuna.sales.forms.fields import DateField, MoneyField, PercentField, TextField
from oportuna.sales.forms.merging import ClashingForm, MergingForm
from oportuna.sales.models import Campaign, Contact, Opportunity, Source
from oportuna.sales.queries.activities import choosable_members
from oportuna.sales.queries.items import items_of
from oportuna.sales.queries.tags import tags_of

_LONGEST_TAG = 60


class EditForm(MergingForm):
    """The fields of an opportunity, or `only` one of them."""

    title = TextField(label=_("Title"), max_length=120)
    value = MoneyField(label=_("Value"), required=False)
    probability = PercentField(label=_("Probability (%)"), required=False)
    expected_close_on = DateField(label=_("Expected close"), required=False)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Contact"), required=False, empty_label="—"
    )
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), required=False, empty_label="—")
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Campaign"),
        required=False,
        empty_label="—",
    )
    notes = TextField(label=_("Notes"), max_length=10_000, required=False, multiline=True, rows=4)

    def __init__(self, data: Any = None, *, opportunity: Opportunity, only: str = "") -> None:
        now = {name: getattr(opportunity, name) for name in self.base_fields if name != "revision"}
        super().__init__(data, now=now, row_revision=opportunity.revision)
        self.only = only if only in now else ""
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


class TagsForm(ClashingForm):
    """The tags of an opportunity in one line, apart by commas."""

    tags = TextField(label=_("Tags"), max_length=1_000, required=False, help_text=_("Apart by commas."))
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


class AssignForm(ClashingForm):
    """Who is responsible: managers name anyone or nobody, others only themselves."""

    owner = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Owner"), required=False, empty_label=_("Nobody")
    )

    def __init__(self, data: Any = None, *, opportunity: Opportunity, actor: Actor) -> None:
        super().__init__(data, initial={"owner": opportunity.owner, "revision": opportunity.revision})
        owner: Any = self.fields["owner"]
        if policies.assign(actor):
            owner.queryset = choosable_members(actor)
        else:
            owner.queryset = Membership.objects.filter(company=actor.company, pk=actor.membership.pk)
            owner.required, owner.empty_label = True, None
