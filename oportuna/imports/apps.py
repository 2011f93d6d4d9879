"""The app of spreadsheets in and out."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Spreadsheets in and out."""

    name = "oportuna.imports"

    def ready(self) -> None:
        from oportuna.imports.queries import found_by_import
        from oportuna.sales.queries import narrowings

        narrowings.register("import", found_by_import)
