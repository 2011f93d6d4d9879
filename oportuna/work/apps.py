"""The app of background work."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkConfig(AppConfig):
    """What runs in the background: each app's module `steps` registers its step functions, `jobs` its minute jobs, and
    `notices` how its notices are told.
    """

    name = "oportuna.work"

    def ready(self) -> None:
        autodiscover_modules("steps", "jobs", "notices")
