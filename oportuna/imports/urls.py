"""Addresses of imports."""

from django.urls import URLPattern, path

from oportuna.imports import views

app_name = "imports"
urlpatterns: list[URLPattern] = [
    path("", views.jobs, name="jobs"),
    path("<code:pk>/", views.job, name="job"),
    path("<code:pk>/table/", views.choose_table, name="choose_table"),
    path("<code:pk>/columns/", views.columns, name="columns"),
    path("<code:pk>/check/", views.check, name="check"),
    path("<code:pk>/run/", views.run, name="run"),
    path("<code:pk>/progress/", views.progress, name="progress"),
    path("<code:pk>/cancel/", views.cancel, name="cancel"),
    path("<code:pk>/rejected/", views.rejected, name="rejected"),
    path("<code:pk>/file/", views.file, name="file"),
]
