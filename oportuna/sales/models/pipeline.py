"""Pipelines and their stages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, CompanyPart, SameCompany
from oportuna.fields import FoldedField, PermilleField
from oportuna.sales.models.registers import Colour, Register, Revised


class Pipeline(Register):
    """A way of selling: an ordered list of stages."""

    class Meta(Register.Meta):
        verbose_name = _("pipeline")


class Stage(CompanyModel, Revised):
    """Where an open sale stands. Won and lost are not stages."""

    pipeline = CompanyForeignKey(
        Pipeline, models.PROTECT, related_name="stages", editable=False, verbose_name=_("pipeline")
    )
    name = models.CharField(_("name"), max_length=60)
    name_folded = FoldedField(source="name")
    position = models.PositiveIntegerField(_("order"), default=0, editable=False)
    colour = models.CharField(_("colour"), max_length=10, choices=Colour, default=Colour.GREY)
    probability = PermilleField(
        _("probability"), default=0, help_text=_("How many of every hundred that arrive here are won.")
    )
    stale_after_days = models.PositiveSmallIntegerField(
        _("days until stalled"),
        default=15,
        help_text=_("Without movement or a done activity for longer, the card is marked as stalled."),
    )
    is_active = models.BooleanField(_("active"), default=True, editable=False)

    class Meta(CompanyModel.Meta):
        verbose_name = _("stage")
        ordering = ["position", "id"]
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("pipeline", name="stage_pipeline_same_company"),
            models.UniqueConstraint(
                fields=["company", "pipeline", "name_folded"], name="stage_pipeline_name"
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=1000), name="stage_probability_to_1000"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StageProbability(CompanyPart):
    """A stage's probability from an instant on: changing it writes a row here, and the past keeps the old one."""

    stage = CompanyForeignKey(Stage, models.CASCADE, related_name="probabilities")
    probability = PermilleField()
    valid_from = models.DateTimeField()

    class Meta(CompanyPart.Meta):
        constraints = [
            SameCompany("stage", name="probability_stage_same_company"),
            models.UniqueConstraint(fields=["company", "stage", "valid_from"], name="probability_from"),
        ]
