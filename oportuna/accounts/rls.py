"""Lock 3: row-level security on PostgreSQL, for a role that owns nothing.

ENABLEd, not FORCEd: migrations, backup and restore run as the owner and must see all rows. `oportuna migrate` remakes
policies and grants each time, so a new table is never without them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from oportuna.accounts.company import CompanyModel
from oportuna.accounts.scope import OWNER, SETTING

POLICY = "one_company"


def tenant_models() -> Iterator[type[Model]]:
    """Every model whose rows belong to one company, automatic many-to-many tables included."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, CompanyModel) and model._meta.managed and not model._meta.proxy:
            yield model


def owner_connection() -> BaseDatabaseWrapper:
    """The connection that owns the tables; the only one there is on SQLite."""
    return connections[OWNER if OWNER in settings.DATABASES else "default"]


@contextmanager
def as_owner() -> Iterator[None]:
    """Run the block over the owner's connection, whatever alias its code names: migrate, backup and restore.

    Packages' own migrations ask "default" for their rows, and would wait for ever on what the owner has locked.
    """
    bound = connections["default"]
    connections["default"] = owner_connection()
    try:
        yield
    finally:
        connections["default"] = bound


def migrate() -> None:
    """Bring the database up to date: migrations, the cache's table, policies and grants."""
    with as_owner():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    install()


def install() -> None:
    """Remake the policy of every tenant table and the application role's rights; nothing to do on SQLite."""
    owner = owner_connection()
    if owner.vendor != "postgresql":
        return
    quote = owner.ops.quote_name
    role = quote(connection.settings_dict["USER"])
    inside = f"company_id = NULLIF(current_setting('{SETTING}', true), '')::bigint"
    with owner.cursor() as cursor:
        for model in tenant_models():
            table = quote(model._meta.db_table)
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
            cursor.execute(f"CREATE POLICY {POLICY} ON {table} USING ({inside}) WITH CHECK ({inside})")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}")


def why_unbound() -> str | None:
    """Why row-level security would not bind the role that the application signs in as; None when it does."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT 1 FROM pg_auth_members WHERE member = r.oid),"
            " EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        powerful, member, owner = cursor.fetchone() or (True, True, True)
    if powerful:
        return "DATABASE_URL signs in as a superuser or a role with BYPASSRLS."
    if owner:
        return "DATABASE_URL signs in as the owner of the tables."
    if member:
        return "DATABASE_URL signs in as a role that is a member of another role."
    return None
