"""Addresses of analytics."""

from django.urls import path

from oportuna.analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.funnel, name="funnel"),
]
