"""Lock 1: which company the running code works for, and a manager that asks it of every query.

On SQLite a scope is a context variable alone. On PostgreSQL it is also a transaction that begins with SET LOCAL, which
row-level security reads (`rls.py`); nothing of it lingers on a pooled connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col, Expression
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from oportuna.accounts.models import Company

SETTING = "oportuna.company"
OWNER = "owner"
COMPANY_STAND_IN = -2_000_000_011
"""No company's id: a statement run with it finds nothing."""


class Everyone(Enum):
    """The scope of code that works on the rows of all companies."""

    ALL = "all"


_scope: ContextVar["int | Everyone | None"] = ContextVar("oportuna_company", default=None)
T_co = TypeVar("T_co", bound=models.Model, covariant=True)


class NoScope(RuntimeError):
    """Tenant data was asked for outside any company's scope: a mistake of the programmer, never of the user."""


def current_company_id() -> int:
    """The id of the company in whose scope this code runs; raises NoScope outside one company's scope."""
    scope = _scope.get()
    if not isinstance(scope, int):
        raise NoScope("This needs the scope of one company: with company_scope(company): …")
    return scope


def in_company() -> bool:
    """Whether this code runs in the scope of one company."""
    return isinstance(_scope.get(), int)


@contextmanager
def company_scope(company: "Company | int") -> Iterator[None]:
    """Work for one company: what the block reads and writes is that company's alone. Leaving puts the former scope back."""
    company_id = company if isinstance(company, int) else company.pk
    if connection.vendor != "postgresql":
        with _entered(company_id):
            yield
        return
    inside = connection.in_atomic_block
    with transaction.atomic(), _setting(company_id, inside=inside), _entered(company_id):
        yield


@contextmanager
def all_companies() -> Iterator[None]:
    """Work on every company's rows: for migrations, backup and restore alone.

    On PostgreSQL only a connection of the owner sees them; the application's role still sees nothing.
    """
    with _entered(Everyone.ALL):
        yield


@contextmanager
def preparing() -> Iterator[None]:
    """Build and compile statements that are run later, in any company's scope: COMPANY_STAND_IN stands in its place."""
    with _entered(COMPANY_STAND_IN):
        yield


@contextmanager
def no_scope() -> Iterator[None]:
    """Leave any scope for the block: background work begins with none around it."""
    with _entered(None):
        yield


@contextmanager
def _entered(scope: "int | Everyone | None") -> Iterator[None]:
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def _setting(company_id: int, *, inside: bool) -> Iterator[None]:
    """Tell row-level security which company, until the transaction ends; inside another one, until the block ends."""
    former = _set_local(company_id, asks=inside)
    yield
    # A transaction of the scope's own takes the setting with it, and an error rolls it back with the savepoint.
    if inside and not connection.needs_rollback:
        _set_local(former or "")


def _set_local(company_id: int | str, *, asks: bool = False) -> str | None:
    with connection.cursor() as cursor:
        former = None
        if asks:
            cursor.execute(f"SELECT current_setting('{SETTING}', true)")
            (former,) = cursor.fetchone() or (None,)
        # Not set_config(): a sharded database passes on the statement SET LOCAL alone.
        cursor.execute(f"SET LOCAL {SETTING} = '{company_id}'")
    return former


def guard_statement(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuse a statement in a company's scope but outside a transaction: SET LOCAL would not reach it."""
    used: BaseDatabaseWrapper = context["connection"]
    if isinstance(_scope.get(), int) and not used.in_atomic_block and used.alias != OWNER:
        raise NoScope("A statement in a company's scope needs the scope's own transaction.")
    return execute(sql, params, many, context)


class InScope(Expression):
    """The condition `company_id = <scope>`, decided when SQL is compiled; outside a scope compiling it raises NoScope."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: Any = "company_id") -> None:
        super().__init__()
        self.column: Any = models.F(column) if isinstance(column, str) else column

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        if _scope.get() is Everyone.ALL:
            return "1 = 1", ()
        sql, params = compiler.compile(self.column)
        return f"{sql} = %s", (*params, current_company_id())


class CompanyManager(models.Manager[T_co]):
    """Every query through it carries the company of the scope; outside a scope it raises."""

    def get_queryset(self) -> models.QuerySet[T_co]:
        return super().get_queryset().filter(InScope())


class SameCompanyJoin(Expression):
    """The condition that two joined tables hold rows of the same company."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, left: Col, right: Col) -> None:
        super().__init__()
        self.left, self.right = left, right

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        left, _ = compiler.compile(self.left)
        right, _ = compiler.compile(self.right)
        return f"{left} = {right}", ()

    def relabeled_clone(self, relabels: Any) -> "SameCompanyJoin":
        return SameCompanyJoin(self.left.relabeled_clone(relabels), self.right.relabeled_clone(relabels))
