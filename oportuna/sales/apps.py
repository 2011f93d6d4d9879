"""The app of customers, opportunities, stages and activities: one subject."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """WHAT is sold to WHOM."""

    name = "oportuna.sales"
