"""The app's start: its checks, and the guards on every database connection."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


def _guard(connection: Any, **_kwargs: Any) -> None:
    from oportuna.accounts.plans import leave_stale_plans
    from oportuna.accounts.scope import guard_statement

    if connection.vendor == "postgresql" and guard_statement not in connection.execute_wrappers:
        connection.execute_wrappers.extend((guard_statement, leave_stale_plans))


class AccountsConfig(AppConfig):
    """WHO."""

    name = "oportuna.accounts"

    def ready(self) -> None:
        from oportuna.accounts import checks  # noqa: F401  # registers them

        connection_created.connect(_guard, dispatch_uid="oportuna-scope-guard")
