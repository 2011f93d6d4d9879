"""Addresses of the frame; included at the root, outside any company."""

from django.urls import path

from oportuna.ui import views

app_name = "ui"
urlpatterns = [
    path("ui/theme/", views.theme, name="theme"),
    path("ui/density/", views.density, name="density"),
]
