"""What every test stands on: a database of its own for each worker, on SQLite or as PostgreSQL's bound role."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from oportuna.accounts import rls
from oportuna.accounts.scope import OWNER

hypothesis_settings.register_profile("quick", max_examples=25, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--examples", type=int, default=25, help="how many examples Hypothesis tries for each property"
    )


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.register_profile(
        "chosen", max_examples=config.getoption("--examples"), deadline=None, print_blob=True
    )
    hypothesis_settings.load_profile("chosen")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Make the worker's database: on PostgreSQL the owner creates it, and tests work as the application's role."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        if OWNER in settings.DATABASES:
            _create_on_postgresql(f"oportuna_test_{worker}")
        else:
            connections["default"].settings_dict["NAME"] = str(
                tmp_path_factory.mktemp("database") / "test.sqlite3"
            )
        rls.migrate()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def _create_on_postgresql(name: str) -> None:
    owner = connections[OWNER]
    with owner.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    connections.close_all()
    for alias in ("default", OWNER):
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which transactions really commit; the owner empties it afterwards."""
    with django_db_blocker.unblock():
        yield
        owner = rls.owner_connection()
        tables = owner.introspection.django_table_names(only_existing=True, include_views=False)
        statements = owner.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)
        connections["default"].close()
        owner.ops.execute_sql_flush(statements)


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Tests render pages without collecting and hashing the static files first."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
