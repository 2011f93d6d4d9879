"""What an administrator types into a register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oportuna.sales.forms.fields import DateField, MoneyField, PercentField, RevisionField, TextField
from oportuna.sales.models import Campaign, Source
from oportuna.sales.models.registers import Colour


class RegisterForm(forms.Form):
    """A row of a register; `revision` is there when it is changed."""

    name = TextField(label=_("Name"), max_length=60)
    revision = RevisionField(required=False)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        self.row = row
        if row is not None:
            kwargs["initial"] = {**self.shown(), "revision": row.revision}
        super().__init__(*args, **kwargs)
        if row is None:
            del self.fields["revision"]
        else:
            self.fields["revision"].required = True

    def shown(self) -> dict[str, Any]:
        """What the row says now, by field."""
        return {name: getattr(self.row, name) for name in self.base_fields if name != "revision"}

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs call fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class PipelineForm(RegisterForm):
    """A pipeline."""


class SourceForm(RegisterForm):
    """A source."""


class LossReasonForm(RegisterForm):
    """A loss reason and what it asks for."""

    asks_competitor = forms.BooleanField(
        label=_("Asks for the competitor"), required=False, help_text=_("Whoever loses says to whom.")
    )
    asks_comment = forms.BooleanField(
        label=_("Asks for a comment"), required=False, help_text=_("Whoever loses says what happened.")
    )


class TagForm(RegisterForm):
    """A tag and its colour; several of them are written in one field, apart by commas."""

    colour = forms.ChoiceField(label=_("Colour"), choices=Colour.choices, initial=Colour.GREY)

    def clean_name(self) -> str:
        """A name without what keeps names apart."""
        name: str = self.cleaned_data["name"]
        if any(mark in name for mark in ",;|"):
            raise ValidationError(_("A tag has no comma, semicolon or bar: they keep tags apart."))
        return name


class CampaignForm(RegisterForm):
    """A campaign of a source, with its days."""

    source = forms.ModelChoiceField(
        label=_("Source"),
        queryset=Source.active(),
        empty_label="—",
        error_messages={"required": _("Choose a source.")},
    )
    starts_on = DateField(label=_("Begins on"), required=False)
    ends_on = DateField(label=_("Ends on"), required=False)

    def __init__(self, *args: Any, row: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        if row is not None:
            kept = Source.objects.filter(pk=row.source_id)
            self.fields["source"].queryset = Source.active() | kept  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """A campaign ends on the day it begins or later."""
        data = self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", ValidationError(_("It cannot end before it begins.")))
        return data


class ProductForm(RegisterForm):
    """A product, with its code and what one of it costs."""

    name = TextField(label=_("Name"), max_length=120)
    code = TextField(label=_("Code"), max_length=30, required=False)
    unit_price = MoneyField(
        label=_("Unit price"),
        required=False,
        help_text=_("An item begins with it and may cost something else."),
    )


class StageForm(RegisterForm):
    """A stage: colour, probability, and days until its cards are stalled."""

    colour = forms.ChoiceField(
        label=_("Colour"), choices=Colour, initial=Colour.BLUE, widget=forms.RadioSelect
    )
    probability = PercentField(
        label=_("Probability (%)"), help_text=_("How many of every hundred that arrive here are won.")
    )
    stale_after_days = forms.IntegerField(
        label=_("Stalled after (days)"),
        min_value=1,
        max_value=999,
        initial=14,
        help_text=_("Days without movement or a done activity."),
    )


class OrderForm(forms.Form):
    """A new order of rows: their ids, and perhaps the one that goes a place up or down."""

    up = forms.IntegerField(required=False)
    down = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        """Ids that are no numbers are refused."""
        sent: Any = self.data
        try:
            order = [int(pk) for pk in sent.getlist("order")]
        except ValueError as error:
            raise ValidationError(_("This order cannot be read. Reload the page.")) from error
        return {**self.cleaned_data, "order": order}
