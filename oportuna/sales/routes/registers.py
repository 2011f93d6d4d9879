"""Addresses of registers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
