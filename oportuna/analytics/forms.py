"""What an analysis is asked for, by its address."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import decode
from oportuna.analytics.periods import Period, Preset, named
from oportuna.analytics.queries import choices
from oportuna.sales.forms.fields import DateField
from oportuna.sales.queries.figures import NOBODY, Narrowing

NONE = "none"
"""How an address says «without an owner», «without a source»."""


class RowFilter(forms.TypedChoiceField):
    """One of the rows on offer, by its code: an id, NOBODY, or None for no filter."""

    def __init__(self, *, everything: Any, without: Any = None, label: Any) -> None:
        self.first = [("", everything)] + ([(NONE, without)] if without else [])
        unknown = _("This choice is not understood: it is not on the list. Choose again.")
        super().__init__(
            label=label,
            required=False,
            coerce=lambda code: NOBODY if code == NONE else decode(code),
            empty_value=None,
            error_messages={"invalid_choice": unknown},
        )

    def offer(self, rows: choices.Choices) -> None:
        """Put rows on offer."""
        self.choices = [*self.first, *rows]


class FunnelForm(forms.Form):
    """The funnel's filters. `period` is the period asked for once the form is valid."""

    period = forms.ChoiceField(
        label=_("Period"),
        choices=Preset.choices,
        error_messages={"invalid_choice": _("This period is not understood. Choose one of the list.")},
    )
    first = DateField(label=_("First day"), required=False)
    last = DateField(label=_("Last day"), required=False)
    owner = RowFilter(label=_("Owner"), everything=_("All owners"), without=_("Without an owner"))
    source = RowFilter(label=_("Source"), everything=_("All sources"), without=_("Without a source"))
    pipeline = RowFilter(label=_("Pipeline"), everything=_("All pipelines"))

    def __init__(self, asked: Any, *, actor: Actor, today: date) -> None:
        self.today = today
        given = {name: asked[name] for name in asked if asked[name]}
        super().__init__({"period": Preset.LAST_12_MONTHS.value, **given})
        offered = {"owner": choices.owners(actor), "source": choices.sources()}
        offered["pipeline"] = choices.pipelines()
        for name, rows in offered.items():
            field: Any = self.fields[name]
            field.offer(rows)
        self.has_pipelines = len(offered["pipeline"]) > 1

    def clean_period(self) -> Preset:
        """The period by its name."""
        return Preset(self.cleaned_data["period"])

    def clean(self) -> dict[str, Any]:
        """Both days of a period of one's own, in their order; without any, it begins as the usual period."""
        cleaned = self.cleaned_data
        if cleaned.get("period") is not Preset.CUSTOM or "first" in self.errors or "last" in self.errors:
            return cleaned
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is None and last is None:
            return cleaned
        for name, day in (("first", first), ("last", last)):
            if day is None:
                self.add_error(name, _("Fill in both days of the period."))
        if first and last and first > last:
            self.add_error("last", _("The last day comes before the first. Swap them."))
        return cleaned

    @property
    def days(self) -> Period:
        """The period asked for."""
        preset: Preset = self.cleaned_data["period"]
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if preset is Preset.CUSTOM and first and last:
            return Period(first, last)
        return named(preset, self.today)

    @property
    def narrowing(self) -> Narrowing:
        """What the figures are narrowed to, besides the period."""
        cleaned = self.cleaned_data
        return Narrowing(cleaned["pipeline"], cleaned["owner"], cleaned["source"])

    @property
    def asked(self) -> dict[str, str]:
        """The filters as an address says them, without those that are not understood."""
        return {
            name: self.data[name] for name in self.fields if self.data.get(name) and name not in self.errors
        }

    @property
    def shared(self) -> dict[str, str]:
        """The filters besides the period, as an address says them."""
        return {name: code for name, code in self.asked.items() if isinstance(self.fields[name], RowFilter)}

    @property
    def is_narrowed(self) -> bool:
        """The address asks for something else than everything of the usual period."""
        return self.asked != {"period": Preset.LAST_12_MONTHS}
