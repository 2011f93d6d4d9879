"""The app of background work."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """What runs in the background."""

    name = "oportuna.work"
