"""Who is to take part in an opportunity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.sales.forms.fields import TextField
from oportuna.sales.models import Opportunity
from oportuna.sales.queries.participants import choosable_participants

LONGEST_PART = 40


class ParticipantForm(forms.Form):
    """A member who may see the opportunity, and what he does there."""

    member = forms.ModelChoiceField(
        Membership.objects.none(),
        label=_("Who"),
        empty_label="—",
        error_messages={
            "required": _("Choose somebody."),
            "invalid_choice": _("Choose somebody of the list."),
        },
    )
    part = TextField(
        label=_("Part"),
        max_length=LONGEST_PART,
        required=False,
        help_text=_("Technician, decides the price… It can stay empty."),
    )

    def __init__(self, data: Any = None, *, opportunity: Opportunity, actor: Actor) -> None:
        super().__init__(data)
        member: Any = self.fields["member"]
        member.queryset = choosable_participants(actor.company, opportunity)


class PartForm(forms.Form):
    """The address that lets somebody take part again: what he did there."""

    part = TextField(max_length=LONGEST_PART, required=False)
