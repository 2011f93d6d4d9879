"""Addresses of exports."""

from django.urls import URLPattern, path

from oportuna.imports.exports import views

app_name = "exports"
urlpatterns: list[URLPattern] = [
    path("", views.exports, name="exports"),
    path("<code:pk>/", views.export, name="export"),
    path("<code:pk>/progress/", views.progress, name="progress"),
    path("<code:pk>/cancel/", views.cancel, name="cancel"),
    path("<code:pk>/file/", views.file, name="file"),
]
