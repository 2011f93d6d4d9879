"""What each column of a file holds, and how its rows are treated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership, Role
from oportuna.accounts.queries import active_members
from oportuna.imports.check.reading import matches_of
from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.fields.labels import GROUPS
from oportuna.imports.fields.registry import SEVERAL
from oportuna.imports.models import ImportJob
from oportuna.imports.options import UNDECIDED, Options
from oportuna.imports.writing.origins import PERSONAL
from oportuna.sales.forms.fields import RevisionField
from oportuna.sales.models import Campaign, LegalBasis, Source, Stage
from oportuna.sales.models.data_origin import LONGEST_SUPPLIER
from oportuna.sales.queries.registers import stages_in_use


class ColumnsForm(forms.Form):
    """A field for each column, and how rows are treated; `options` is what the action wants."""

    revision = RevisionField()
    stage = forms.ModelChoiceField(
        Stage.objects.none(),
        label=_("Stage, when the row names none"),
        required=False,
        empty_label=_("The first one"),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=_("Source, when the row names none"),
        required=False,
        empty_label=pgettext_lazy("source", "None"),
    )
    owner = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Who gets them"), required=False, empty_label=_("Me")
    )
    # Not a ModelMultipleChoiceField, which asks the database for numbers that no column holds.
    turn = forms.TypedMultipleChoiceField(
        coerce=int,
        label=_("Or in turn, to each of these as many"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Campaign, when the row names none"),
        required=False,
        empty_label=pgettext_lazy("campaign", "None"),
    )
    drop_bad_document = forms.BooleanField(
        label=_("Import rows with a wrong CNPJ or CPF, without it"), required=False
    )
    calm_names = forms.BooleanField(
        label=_("Write NAMES IN CAPITALS as people do"),
        required=False,
        help_text=_("PADARIA SÃO JOÃO LTDA becomes Padaria São João Ltda. Other names stay as they are."),
    )
    create_missing = forms.MultipleChoiceField(
        label=_("Create what is not registered yet"),
        choices=[
            ("stage", _("Stages")),
            ("source", _("Sources")),
            ("campaign", _("Campaigns")),
            ("loss_reason", _("Loss reasons")),
            ("tag", _("Tags")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    supplier = forms.CharField(
        label=_("Who supplied the list"),
        help_text=_("As on the contract or the invoice; empty when it is your own."),
        max_length=LONGEST_SUPPLIER,
        required=False,
    )
    legal_basis = forms.ChoiceField(
        label=_("Legal basis (LGPD)"),
        help_text=_("On what contacting these people rests. It is kept with each of them."),
        choices=[("", _("Choose…")), *LegalBasis.choices, (UNDECIDED, _("Not decided yet"))],
        required=False,
    )

    def __init__(self, data: Any = None, *, job: ImportJob, actor: Actor) -> None:
        options = Options.of_json(job.options)
        super().__init__(data, initial={**options.to_json(), "revision": job.revision})
        self.matches = matches_of(job)
        self._options = options
        stage, source, owner = (self.fields[name] for name in ("stage", "source", "owner"))
        _fill(stage, stages_in_use())
        _fill(source, Source.active())
        _fill(owner, active_members(actor))
        _fill(self.fields["campaign"], Campaign.active())
        turn: Any = self.fields["turn"]
        members = active_members(actor).exclude(role=Role.VIEWER)
        turn.choices = [(one.pk, one.name) for one in members]
        if not policies.assign(actor):
            del self.fields["owner"], self.fields["turn"]
        if not policies.manage_registers(actor):
            create: Any = self.fields["create_missing"]
            create.choices = [("tag", _("Tags"))]
        for match in self.matches:
            self.fields[field_of(match)] = forms.ChoiceField(
                label=match.header or match.column, choices=_choices(match), initial=match.field
            )

    def clean(self) -> dict[str, Any]:
        """A field of one value takes one column."""
        cleaned = super().clean() or {}
        chosen = {match: cleaned.get(field_of(match)) for match in self.matches}
        counts = Counter(field for field in chosen.values() if field and field not in SEVERAL)
        for match, field in chosen.items():
            if field and counts[field] > 1:
                self.add_error(field_of(match), _("Two columns have this field: choose one of them."))
        campaign, source = cleaned.get("campaign"), cleaned.get("source")
        if campaign and source and campaign.source != source:
            message = _("This campaign is of the source %(name)s: choose that one, or none.")
            self.add_error("campaign", message % {"name": campaign.source.name})
        if cleaned.get("owner") and cleaned.get("turn"):
            self.add_error("turn", _("Choose one person or a turn, not both."))
        if not {"name", "trade_name", "contact"} & set(chosen.values()):
            self.add_error(None, _("Say which column holds the customer's name."))
        if PERSONAL & set(chosen.values()) and "legal_basis" in cleaned and not cleaned["legal_basis"]:
            text = _(
                "The file has people's data: say on what their use rests, or that it is not decided yet."
            )
            self.add_error("legal_basis", text)
        return cleaned

    @property
    def options(self) -> Options:
        """The choices, with the columns that a person corrected."""
        cleaned = self.cleaned_data
        chosen = {
            name: cleaned[name].pk if cleaned.get(name) else None
            for name in ("stage", "source", "owner", "campaign")
        }
        return replace(
            self._options,
            mapping={
                match.column: cleaned[field_of(match)]
                for match in self.matches
                if cleaned[field_of(match)] != match.field
            },
            create_missing=tuple(cleaned.get("create_missing") or ()),
            drop_bad_document=cleaned["drop_bad_document"],
            calm_names=cleaned["calm_names"],
            supplier=cleaned["supplier"],
            legal_basis=cleaned["legal_basis"],
            stage=chosen["stage"],
            source=chosen["source"],
            owner=chosen["owner"],
            campaign=chosen["campaign"],
            turn=tuple(cleaned.get("turn") or ()),
        )


def field_of(match: ColumnMatch) -> str:
    """The name of a form's field for a column, the same in every form."""
    return f"column_{match.index}"


def _fill(field: Any, rows: Any) -> None:
    field.queryset = rows


def _choices(match: ColumnMatch) -> list[Any]:
    groups: list[Any] = [
        (group, [(name, label) for name, label in fields.items()]) for group, fields in GROUPS
    ]
    if match.field.startswith("custom."):
        groups.append((match.field, match.field.removeprefix("custom.")))
    return [("ignore", _("Do not import")), *groups]
