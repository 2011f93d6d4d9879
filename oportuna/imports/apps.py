"""The app of spreadsheets in and out."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Spreadsheets in and out."""

    name = "oportuna.imports"
