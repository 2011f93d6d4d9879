"""The administrator's registers: pipelines, stages, loss reasons, sources, campaigns, products.

What is in use is deactivated, never deleted; its past keeps its name.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import audit, policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.changes import fill
from oportuna.accounts.models import AuditEntry, Company
from oportuna.brazil.text import fold
from oportuna.errors import Refused
from oportuna.sales.changes import note
from oportuna.sales.models import (
    Campaign,
    LossReason,
    Opportunity,
    Pipeline,
    Product,
    Source,
    Stage,
    StageProbability,
    Tag,
)

EDITABLE = frozenset(
    "name colour probability stale_after_days asks_competitor asks_comment source starts_on ends_on code unit_price".split()
)

R = TypeVar("R", Pipeline, LossReason, Source, Campaign, Tag, Product)
T = TypeVar("T", bound=Model)


@transaction.atomic
def add(register: type[R], fields: Mapping[str, Any], *, by: Actor) -> R:
    """Add a row at the end of a register. Raises Refused when one of that name is there, in use or not."""
    by.require(policies.manage_registers)
    row = register(**fields)
    _require_free_name(register.objects.all(), row)
    row.position = _last(register.objects.all()) + 1
    row.save(force_insert=True)
    _audit(row, {"name": [None, row.name]}, by)
    return row


@transaction.atomic
def edit(row: R, fields: Mapping[str, Any], *, seen: int | None = None, by: Actor) -> R:
    """Change a row of a register; its name changes in the past too, since it is the same thing."""
    by.require(policies.manage_registers)
    register = type(row)
    fresh = register.objects.select_for_update(no_key=True).get(pk=row.pk)
    fresh.require_revision(seen)
    changes = fill(fresh, fields, EDITABLE)
    if changes:
        _require_free_name(register.objects.all(), fresh)
        fresh.revision += 1
        fresh.save()
        _audit(fresh, changes, by)
    return fresh


@transaction.atomic
def put_in_use(register: type[R], fields: Mapping[str, Any], *, by: Actor) -> tuple[R, bool]:
    """The row of this name: the one that is there, back in use if it was out of it, or a new one; and whether that is news."""
    by.require(policies.manage_registers)
    named = register.objects.filter(name_folded=fold(fields["name"]))
    return back_in_use(named, lambda: add(register, fields, by=by), by)


@transaction.atomic
def set_active(row: R, active: bool, *, by: Actor) -> R:
    """Take a row out of use, or back. The last pipeline stays."""
    by.require(policies.manage_registers)
    fresh = _locked_for_use(type(row).objects.all(), row, by)
    if fresh.is_active == active:
        return fresh
    if isinstance(fresh, Pipeline) and not active:
        _require_dispensable_pipeline(fresh)
    _switch(fresh, active, by)
    return fresh


@transaction.atomic
def take_back(row: Source | Campaign | Stage | LossReason | Tag, *, seen: int, by: Actor) -> None:
    """Take out of use what an import had put in use, for whoever takes that import back.

    What somebody changed after the revision `seen` stays, and so does a stage that cannot be dispensed with.
    """
    by.require(policies.import_rows)
    register: Any = type(row)
    fresh = _locked_for_use(register.objects.all(), row, by)
    if fresh.revision != seen or not fresh.is_active:
        return
    if isinstance(fresh, Stage):
        try:
            _require_dispensable_stage(fresh)
        except Refused:
            return
    _switch(fresh, False, by)


@transaction.atomic
def arrange(register: type[R], ids: Sequence[int], *, by: Actor) -> None:
    """Put the rows of a register in this order; rows not named follow in their former order."""
    by.require(policies.manage_registers)
    _arrange(register.objects.select_for_update(no_key=True), ids)
    _audit_order(str(register._meta.verbose_name), by)


@transaction.atomic
def add_stage(pipeline: Pipeline, fields: Mapping[str, Any], *, by: Actor) -> Stage:
    """Add a stage at the end of a pipeline, with the first row of its probability."""
    by.require(policies.manage_registers)
    stage = Stage(pipeline=pipeline, **fields)
    stages = Stage.objects.filter(pipeline=pipeline)
    _require_free_name(stages, stage)
    stage.position = _last(stages) + 1
    stage.save(force_insert=True)
    StageProbability.objects.create(stage=stage, probability=stage.probability, valid_from=timezone.now())
    _audit(stage, {"name": [None, stage.name]}, by)
    return stage


@transaction.atomic
def put_stage_in_use(pipeline: Pipeline, fields: Mapping[str, Any], *, by: Actor) -> tuple[Stage, bool]:
    """As `put_in_use`, of the stages of a pipeline."""
    by.require(policies.manage_registers)
    named = Stage.objects.filter(pipeline=pipeline, name_folded=fold(fields["name"]))
    return back_in_use(named, lambda: add_stage(pipeline, fields, by=by), by)


@transaction.atomic
def edit_stage(stage: Stage, fields: Mapping[str, Any], *, seen: int | None = None, by: Actor) -> Stage:
    """Change a stage; a new probability holds from now on, and past days keep the old one."""
    by.require(policies.manage_registers)
    fresh = Stage.objects.select_for_update(no_key=True).get(pk=stage.pk)
    fresh.require_revision(seen)
    changes = fill(fresh, fields, EDITABLE)
    if changes:
        _require_free_name(Stage.objects.filter(pipeline_id=fresh.pipeline_id), fresh)
        fresh.revision += 1
        fresh.save()
        if "probability" in changes:
            StageProbability.objects.create(
                stage=fresh, probability=fresh.probability, valid_from=timezone.now()
            )
        _audit(fresh, changes, by)
    return fresh


@transaction.atomic
def set_stage_active(stage: Stage, active: bool, *, by: Actor) -> Stage:
    """Take a stage out of use, or back. One with open opportunities stays in use, and so does a pipeline's last."""
    by.require(policies.manage_registers)
    fresh = _locked_for_use(Stage.objects.all(), stage, by)
    if fresh.is_active == active:
        return fresh
    if not active:
        _require_dispensable_stage(fresh)
    _switch(fresh, active, by)
    return fresh


@transaction.atomic
def arrange_stages(pipeline: Pipeline, ids: Sequence[int], *, by: Actor) -> None:
    """Put the stages of a pipeline in this order."""
    by.require(policies.manage_registers)
    _arrange(Stage.objects.filter(pipeline=pipeline).select_for_update(no_key=True), ids)
    _audit_order(pipeline.name, by)


def back_in_use(named: QuerySet[T], new: Callable[[], T], by: Actor) -> tuple[T, bool]:
    """Of these rows the first, which is put back in use if it is out of it, else a `new` one; and whether that is news.

    The caller has asked whether the actor may.
    """
    _stand_alone(by)
    there: Any = named.select_for_update(no_key=True).first()
    if there is None:
        return new(), True
    is_news = not there.is_active
    if is_news:
        _switch(there, True, by)
    return there, is_news


def _stand_alone(by: Actor) -> None:
    """Until the transaction ends nobody else of the company takes a row of a register out of use, or back."""
    Company.objects.select_for_update(no_key=True).get(pk=by.company.pk)


def _locked_for_use(rows: QuerySet[T], row: T, by: Actor) -> T:
    """The fresh row, locked against whoever holds it to put something there (`held`).

    Two who take rows out of use come one after the other, so that one stays in use: they meet at the company, since
    whoever locked the rows themselves, one by one, would wait for a seller who at the commit waits for him.
    """
    _stand_alone(by)
    return rows.select_for_update().get(pk=row.pk)


def _require_dispensable_pipeline(pipeline: Pipeline) -> None:
    if not Pipeline.active().exclude(pk=pipeline.pk).exists():
        raise Refused(_("A company needs one pipeline in use."))
    if Opportunity.objects.filter(stage__pipeline=pipeline, status="open", deleted_at__isnull=True).exists():
        raise Refused(_("This pipeline has open opportunities. Move or close them first."))


def _require_dispensable_stage(stage: Stage) -> None:
    others = Stage.objects.filter(pipeline_id=stage.pipeline_id, is_active=True).exclude(pk=stage.pk)
    if not others.exists():
        raise Refused(_("A pipeline needs one stage in use."))
    if Opportunity.objects.filter(stage=stage, status="open", deleted_at__isnull=True).exists():
        raise Refused(_("This stage has open opportunities. Move them to another stage first."))


def _require_free_name(rows: Any, row: Any) -> None:
    other = rows.filter(name_folded=fold(row.name)).exclude(pk=row.pk).first()
    if other is None:
        return
    if other.is_active:
        raise Refused(_("%(name)s is there already.") % {"name": other.name}, field="name")
    raise Refused(
        _("%(name)s is there already, out of use. Put it back in use instead.") % {"name": other.name},
        field="name",
    )


def _last(rows: Any) -> int:
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def _switch(row: Any, active: bool, by: Actor) -> None:
    row.is_active = active
    row.revision += 1
    row.save(update_fields=["is_active", "revision"])
    _audit(row, {"is_active": [not active, active]}, by)


def _arrange(rows: Any, ids: Sequence[int]) -> None:
    order = {pk: place for place, pk in enumerate(ids)}
    found = sorted(rows, key=lambda row: (order.get(row.pk, len(order)), row.position, row.pk))
    for place, row in enumerate(found, 1):
        if row.position != place:
            type(row).objects.filter(pk=row.pk).update(position=place)


def _audit(row: Any, changes: dict[str, list[Any]], by: Actor) -> None:
    note()
    audit.write(
        AuditEntry.Verb.REGISTER_CHANGED, by=by, about=f"{row._meta.verbose_name}: {row}", changes=changes
    )


def _audit_order(about: str, by: Actor) -> None:
    note()
    audit.write(AuditEntry.Verb.REGISTER_CHANGED, by=by, about=about, changes={"order": [None, None]})
