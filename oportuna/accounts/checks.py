"""The checks behind the locks: a model that forgets one stops the program at its start."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, CompanyPart, SameCompany

GLOBAL_MODELS = frozenset(
    {
        "accounts.Company",
        "accounts.User",
        "accounts.Membership",
        "accounts.Invitation",
        "accounts.ApiKey",
        "work.Work",
    }
    | {"work.Tick"}
)
_OURS = "oportuna."


@register()
def tenancy(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Every model of ours is a company's or listed as global, and every reference stays inside the company."""
    found: list[CheckMessage] = []
    for config in apps.get_app_configs():
        if config.name.startswith(_OURS):
            for model in config.get_models(include_auto_created=True):
                found += [Error(text, obj=model) for text in faults(model)]
    return found


def faults(model: type[models.Model]) -> Iterator[str]:
    """What is wrong with a model's locks, a sentence each."""
    tenant = issubclass(model, CompanyModel)
    if not tenant and model._meta.label not in GLOBAL_MODELS:
        yield "is neither a CompanyModel nor listed as global"
        return
    keyed = {c.field for c in model._meta.constraints if isinstance(c, SameCompany)}
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and _has_company(field.related_model) and _has_company(model):
            if not isinstance(field, CompanyForeignKey):
                yield f"{field.name} must be a CompanyForeignKey"
            if field.name not in keyed:
                yield f"{field.name} lacks its SameCompany constraint"
            if issubclass(field.related_model, CompanyPart):
                yield f"{field.name} refers to a CompanyPart, which has no key to be referred to by"
    for many in model._meta.local_many_to_many:
        through: Any = many.remote_field.through
        if through._meta.auto_created:
            yield f"{many.name} needs an explicit tenant model between"
    if issubclass(model, CompanyPart) and not _always_refers(model):
        yield "may refer to nothing of its company: only a CompanyModel has a key to the company itself"
    if tenant and not _is_found_by_company(model):
        yield "has no index that begins with company"
    if tenant:
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and not _begins_with_company(constraint):
                yield f"the unique constraint {constraint.name} must begin with company"
        if any(getattr(f, "unique", False) and not f.primary_key for f in model._meta.local_fields):
            yield "a unique field would be unique over all companies"


def _has_company(model: Any) -> bool:
    return any(f.name == "company" for f in model._meta.local_fields)


def _always_refers(part: type[models.Model]) -> bool:
    """Whether a row of it refers to one of its company: by a key that it must have, or by one of those that a check names."""
    keys = [field for field in part._meta.local_fields if isinstance(field, CompanyForeignKey)]
    has_one = [(f"{key.name}__isnull", False) for key in keys]
    for constraint in part._meta.constraints:
        condition = getattr(constraint, "condition", None)
        if isinstance(constraint, models.CheckConstraint) and isinstance(condition, models.Q):
            is_either = condition.connector == models.Q.OR and not condition.negated
            if is_either and all(child in has_one for child in condition.children):
                return True
    return not all(key.null for key in keys)


def _is_found_by_company(model: type[models.Model]) -> bool:
    return any(
        index.fields[:1] == ["company"] and not index.condition for index in model._meta.indexes
    ) or any(
        isinstance(constraint, models.UniqueConstraint)
        and _begins_with_company(constraint)
        and not constraint.condition
        for constraint in model._meta.constraints
    )


def _begins_with_company(constraint: models.UniqueConstraint) -> bool:
    first = constraint.fields[0] if constraint.fields else constraint.expressions[0]
    return first == "company" or getattr(first, "name", None) == "company"
