"""The app of customers, opportunities, stages and activities: one subject."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """WHAT is sold to WHOM."""

    name = "oportuna.sales"

    def ready(self) -> None:
        from oportuna.sales.queries import narrowings
        from oportuna.sales.queries.siblings import found_by_customer

        narrowings.register("customer", found_by_customer)
