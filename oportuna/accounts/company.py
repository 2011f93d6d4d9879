"""Lock 2: the base of every tenant model, and references that cannot leave the company."""

from typing import Any, ClassVar

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import Col
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.scope import CompanyManager, SameCompanyJoin, current_company_id


def _company(*, db_constraint: bool) -> Any:
    return models.ForeignKey(
        "accounts.Company",
        models.PROTECT,
        verbose_name=_("company"),
        related_name="+",
        default=current_company_id,
        editable=False,
        db_index=False,  # every index and key of a tenant table begins with the company already
        db_constraint=db_constraint,
    )


class CompanyModel(models.Model):
    """A row of one company. `company` is never passed: it is the scope's, and outside a scope creating raises."""

    company = _company(db_constraint=True)

    objects = CompanyManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="%(class)s_company_id"),
        ]


class CompanyPart(CompanyModel):
    """A row that always belongs to another one of its company's, and to which none refers; many are written at once.

    The row that it belongs to vouches for the company, and nobody needs a unique (company, id) to refer to it by: both are
    left out, for PostgreSQL spends two thirds of a bulk write on keys (ADR 11).
    """

    company = _company(db_constraint=False)

    class Meta(CompanyModel.Meta):
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = []


class CompanyForeignKey(models.ForeignKey):  # type: ignore[type-arg]  # the mypy plugin types it by its target
    """A reference to a row of the same company; every join over it, either way, carries the company of both sides.

    The database's own key is `SameCompany` in the model's constraints.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        # Indexes begin with the company and are named in Meta.indexes, where a query needs one.
        kwargs["db_constraint"] = kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_constraint"], kwargs["db_index"]
        return name, path, list(args), kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        # Django asks with alias None where it turns exclude() over a relation into a subquery: write ~Exists() there.
        if alias is None or related_alias is None:
            return None
        target: Any = self.related_model
        mine: Any = self.model._meta.get_field("company")
        return SameCompanyJoin(Col(alias, target._meta.get_field("company")), Col(related_alias, mine))


class SameCompany(models.BaseConstraint):
    """The composite key (company, reference) -> (company, id): a row that points into another company is refused.

    Deferred to the commit, so that rows that point at each other may be written in any order.
    """

    def __init__(self, field: str, *, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _args, kwargs = super().deconstruct()
        return path, (self.field,), kwargs

    def _clause(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        quote = schema_editor.quote_name
        field: Any = model._meta.get_field(self.field)
        target: Any = field.related_model
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote('company_id')}, {quote(field.column)}) "
            f"REFERENCES {quote(target._meta.db_table)} ({quote('company_id')}, {quote('id')}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        return self._clause(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        return f"ALTER TABLE {schema_editor.quote_name(model._meta.db_table)} ADD {self._clause(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """The database answers at commit; asking it here would be a second query a row."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameCompany) and (self.name, self.field) == (other.name, other.field)

    def __hash__(self) -> int:
        return hash((self.name, self.field))
