"""Addresses of notices, below a company's slug."""

from django.urls import path

from oportuna.work import views

app_name = "work"
urlpatterns = [
    path("", views.show_notices, name="notices"),
    path("read/", views.read_notices, name="read_notices"),
    path("<code:pk>/open/", views.open_notice, name="open_notice"),
]
