"""Trigram indexes over the texts by which customers and opportunities are found (ADR 14)."""

from typing import Any

from django.db import migrations

from oportuna.records import search_index

_OWNED = {"sales_customer": False, "sales_opportunity": True}


def install(_apps: Any, schema_editor: Any) -> None:
    for table, owned in _OWNED.items():
        search_index.install(schema_editor.connection, table, owned=owned)


def uninstall(_apps: Any, schema_editor: Any) -> None:
    for table in _OWNED:
        search_index.uninstall(schema_editor.connection, table)


class Migration(migrations.Migration):

    dependencies = [("sales", "0008_history_of_opportunities_alone")]

    operations = [migrations.RunPython(install, uninstall)]
