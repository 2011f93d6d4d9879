"""Addresses: sign-in and the frame at the root, everything of a company below its slug."""

from django.urls import include, path

urlpatterns = [
    path("", include("oportuna.ui.urls")),
]
