"""Addresses below a company's slug that belong to selling."""

from oportuna.sales.routes import activities, customers, opportunities, people, registers

app_name = "sales"
urlpatterns = [
    *opportunities.urlpatterns,
    *activities.urlpatterns,
    *customers.urlpatterns,
    *registers.urlpatterns,
    *people.urlpatterns,
]
