"""Addresses: sign-in and the frame at the root, everything of a company below its slug."""

from django.urls import include, path

from oportuna.accounts import codes  # noqa: F401  # registers the converter that routes below use

urlpatterns = [
    path("", include("oportuna.ui.urls")),
    path("", include("oportuna.accounts.urls")),
    path("", include("allauth.account.urls")),
    path("mfa/", include("allauth.mfa.urls")),
    path("<slug:company_slug>/", include("oportuna.sales.urls")),
    path("<slug:company_slug>/", include("oportuna.accounts.company_urls")),
    path("<slug:company_slug>/imports/", include("oportuna.imports.urls")),
    path("<slug:company_slug>/analytics/", include("oportuna.analytics.urls")),
]
