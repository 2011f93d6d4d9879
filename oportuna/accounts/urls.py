"""Addresses of accounts outside any company: choosing a company, and joining one by invitation."""

from django.urls import path

from oportuna.accounts.views import companies, joining

app_name = "accounts"
urlpatterns = [
    path("companies/", companies.companies, name="companies"),
    path("invitations/<str:token>/", joining.join, name="join"),
]
