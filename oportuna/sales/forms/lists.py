"""What the list of opportunities is asked for: its address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import CodedChoiceField
from oportuna.accounts.models import Membership
from oportuna.sales.forms.board import IdFilterField
from oportuna.sales.forms.fields import DateField
from oportuna.sales.models import LossReason, Pipeline, Source, Stage
from oportuna.sales.queries import narrowings
from oportuna.sales.queries.figures import Narrowing
from oportuna.sales.queries.lists import NEWEST, Days, Only, Sort, Wanted

LONGEST_SEARCH = 200
_LARGEST = (1 << 63) - 1
_UNKNOWN = _("Part of this address is not understood; it filters nothing.")

STATUSES = {
    "open": pgettext_lazy("several", "Open"),
    "won": pgettext_lazy("several", "Won"),
    "lost": pgettext_lazy("several", "Lost"),
    "all": pgettext_lazy("several", "All"),
}


class ListForm(forms.Form):
    """The list's filters, order and page. What cannot be read filters nothing, and is said in `not_understood`.

    `reason`, `owner` and `source` also take "none"; `sort` is a name of `Sort`, with a minus for the largest first.
    """

    q = forms.CharField(max_length=LONGEST_SEARCH, required=False, label=_("Search"))
    status = forms.ChoiceField(choices=STATUSES.items(), required=False, label=_("Status"))
    only = forms.ChoiceField(choices=Only, required=False, label=_("View"))
    pipeline = CodedChoiceField(Pipeline.objects.all(), required=False, label=_("Pipeline"))
    stage = CodedChoiceField(Stage.objects.all(), required=False, label=_("Stage"))
    owner = IdFilterField(Membership.objects.none(), required=False, label=_("Owner"))
    source = IdFilterField(Source.objects.all(), required=False, label=_("Source"))
    reason = IdFilterField(LossReason.objects.all(), required=False, label=_("Loss reason"))
    closed_from = DateField(required=False, label=_("Closed from"))
    closed_to = DateField(required=False, label=_("Closed until"))
    created_from = DateField(required=False, label=_("Created from"))
    created_to = DateField(required=False, label=_("Created until"))
    sort = forms.ChoiceField(
        choices=[(sign + name, label) for name, label in Sort.choices for sign in ("", "-")], required=False
    )
    after = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False)
    before = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False)
    count = forms.ChoiceField(choices=[("all", "all")], required=False)

    def __init__(self, asked: Mapping[str, str], *, actor: Actor, owners: Any) -> None:
        super().__init__(asked)
        owner: Any = self.fields["owner"]
        owner.queryset = owners
        self.is_valid()
        self.others = narrowings.read(actor, asked)
        self.actor = actor

    @property
    def wanted(self) -> Wanted:
        """What the list is narrowed to. A filter that names nothing here finds nothing; a wrong word filters nothing."""
        get = self.cleaned_data.get
        pipeline, stage = get("pipeline"), get("stage")
        found_by = {name: found for name, found in self.others.items() if found is not None}
        return Wanted(
            text=get("q") or "",
            status=get("status") or "open",
            narrowing=Narrowing(pipeline.pk if pipeline else None, get("owner"), get("source")),
            stage_id=stage.pk if stage else None,
            reason_id=get("reason"),
            only=get("only") or "",
            closed=Days(get("closed_from"), get("closed_to")),
            created=Days(get("created_from"), get("created_to")),
            found_by=found_by,
            nothing=self.names_nothing,
        )

    @property
    def names_nothing(self) -> bool:
        """Whether a filter names a row that is not there for this person: then nothing matches, rather than everything."""
        rows = ("pipeline", "stage", "owner", "source", "reason")
        return any(name in self.errors for name in rows) or None in self.others.values()

    @property
    def not_understood(self) -> str:
        """What to say when part of the address could not be read."""
        return (
            str(_UNKNOWN)
            if set(self.errors) & {"closed_from", "closed_to", "created_from", "created_to", "q"}
            else ""
        )

    @property
    def order(self) -> str:
        """The order asked for, else the newest first: of what was won or lost, those closed last."""
        closed = self.cleaned_data.get("status") in ("won", "lost")
        return self.cleaned_data.get("sort") or (f"-{Sort.CLOSE}" if closed else NEWEST)

    @property
    def filters(self) -> dict[str, str]:
        """The filters and order as the address says them, without the page."""
        own = [name for name in self.fields if name not in ("after", "before", "count")]
        names = [*own, *self.others]
        return {name: str(self.data[name]) for name in names if self.data.get(name)}

    def name_of(self, name: str) -> str:
        """The name of the row that a filter asks for; nothing when it names none."""
        chosen, field = self.cleaned_data.get(name), self.fields[name]
        if isinstance(chosen, int) and isinstance(field, IdFilterField):
            chosen = field.queryset.filter(pk=chosen).first() if field.queryset is not None else None
        return str(chosen or _("(no longer there)"))
