"""Addresses of accounts below a company's slug."""

from django.urls import URLPattern

app_name = "company"
urlpatterns: list[URLPattern] = []
