"""What the board is asked for: which pipeline, whose cards, and where one of them goes."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import CodedChoiceField
from oportuna.accounts.models import Membership
from oportuna.sales.forms.fields import RevisionField
from oportuna.sales.models import Opportunity, Pipeline, Source, Stage
from oportuna.sales.queries.board import MOST_SHOWN, Selection
from oportuna.sales.queries.card_order import CardOrder
from oportuna.sales.queries.card_pages import Place
from oportuna.sales.queries.figures import NOBODY, Narrowing
from oportuna.sales.queries.visible import visible_opportunities

NONE = "none"
"""How an address says «without an owner», «without a source»."""

_LARGEST = (1 << 63) - 1


class IdFilterField(CodedChoiceField):
    """A filter by a row, or by having none: an id, NOBODY, or None for no filter."""

    def to_python(self, value: Any) -> int | None:
        """The id behind a code."""
        if value == NONE:
            return NOBODY
        row = super().to_python(value)
        return None if row is None else int(row.pk)

    def validate(self, value: Any) -> None:
        """What `to_python` found is there."""


class BoardFilter(forms.Form):
    """The address of the board. What names nothing of this company filters nothing."""

    pipeline = CodedChoiceField(Pipeline.objects.filter(is_active=True), required=False)
    owner = IdFilterField(Membership.objects.none(), required=False)
    source = IdFilterField(Source.objects.all(), required=False)
    order = forms.ChoiceField(choices=CardOrder.choices, required=False)

    def __init__(self, data: Any, *, owners: Any) -> None:
        super().__init__(data)
        owner: Any = self.fields["owner"]
        owner.queryset = owners

    def selection(self, pipelines: list[Pipeline]) -> Selection:
        """What the address asks for, of the first pipeline when it names none."""
        self.is_valid()
        get = self.cleaned_data.get
        chosen = get("pipeline") or next(iter(pipelines), None)
        narrowing = Narrowing(chosen.pk if chosen else NOBODY, get("owner"), get("source"))
        return Selection(narrowing, CardOrder(get("order") or CardOrder.HAND))


class MoreForm(forms.Form):
    """The next cards of a column: below which place, and how many there are still."""

    after = forms.CharField(max_length=40)
    left = forms.IntegerField(min_value=0, max_value=_LARGEST, required=False)

    def clean_after(self) -> Place:
        """The place."""
        try:
            return Place.read(self.cleaned_data["after"])
        except ValueError as error:
            raise forms.ValidationError(
                _("This page of the column is no longer there. Reload it.")
            ) from error


@dataclass(frozen=True, slots=True)
class Seen:
    """A column as a page shows it: what it looked like, and how many cards of it are loaded."""

    mark: str
    cards: int


class ChangesForm(forms.Form):
    """What an open board shows: its change number and its columns, `STAGE:MARK:CARDS` each, in their order."""

    number = forms.CharField(max_length=64)
    columns = forms.CharField(max_length=10_000, required=False)

    def clean_columns(self) -> dict[int, Seen]:
        """The columns by their stages' ids."""
        try:
            said = [part.split(":") for part in self.cleaned_data["columns"].split()]
            return {int(stage): Seen(mark, min(int(cards), MOST_SHOWN)) for stage, mark, cards in said}
        except ValueError as error:
            raise forms.ValidationError(_("Reload the board.")) from error


class StageSelect(forms.RadioSelect):
    """Stages as buttons, the first nine with their number as key; the focus begins on the chosen one."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One button."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if (place := int(option["index"]) + 1) <= 9:
            option["attrs"]["data-key"] = str(place)
        if option["selected"]:
            option["attrs"]["autofocus"] = True
        return option


class _PlaceForm(forms.Form):
    """Beside which cards one goes, by number: it stands above `before`, or below `after`."""

    before = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False, widget=forms.HiddenInput)
    after = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False, widget=forms.HiddenInput)

    def neighbours(self, actor: Actor) -> dict[str, Opportunity | None]:
        """The cards beside which it goes; one that is gone, or not the actor's to see, is none."""
        numbers = {name: self.cleaned_data[name] for name in ("before", "after")}
        cards = {
            card.number: card
            for card in visible_opportunities(actor).filter(number__in=[n for n in numbers.values() if n])
        }
        return {name: cards.get(number) for name, number in numbers.items()}


class MoveForm(_PlaceForm):
    """Where a card goes: the stage, and its place there."""

    stage = forms.ModelChoiceField(
        Stage.objects.select_related("pipeline"),
        label=_("Stage"),
        widget=StageSelect,
        empty_label=None,
        error_messages={"invalid_choice": _("This stage is no longer there. Reload the board.")},
    )
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)


class MoveBackForm(_PlaceForm):
    """The address that undoes a move: its path names the stage, and the revision is never left out."""

    revision = RevisionField(min_value=0, max_value=_LARGEST)
