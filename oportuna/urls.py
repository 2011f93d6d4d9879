"""Addresses: sign-in and the frame at the root, everything of a company below its slug."""

from django.urls import include, path

from oportuna.accounts import codes  # noqa: F401  # registers the converter that routes below use
from oportuna.sales.views import companies

urlpatterns = [
    path("", include("oportuna.ui.urls")),
    path("", include("oportuna.accounts.urls")),
    path("", include("oportuna.accounts.sign_in_urls")),
    path("new-company/<str:token>/", companies.found, name="found"),
    path("<slug:company_slug>/", include("oportuna.sales.urls")),
    path("<slug:company_slug>/", include("oportuna.accounts.company_urls")),
    path("<slug:company_slug>/notices/", include("oportuna.work.urls")),
    path("<slug:company_slug>/imports/", include("oportuna.imports.urls")),
    path("<slug:company_slug>/exports/", include("oportuna.imports.exports.urls")),
    path("<slug:company_slug>/analytics/", include("oportuna.analytics.urls")),
]
