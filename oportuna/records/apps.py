"""The app of abilities shared by kinds of records."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """What any record can do."""

    name = "oportuna.records"
