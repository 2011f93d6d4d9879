"""Addresses of accounts below a company's slug."""

from django.urls import path

from oportuna.accounts.views import company, profile, teams

app_name = "company"
urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("settings/", company.settings, name="settings"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new_team, name="new_team"),
    path("teams/<code:pk>/", teams.team, name="team"),
    path("teams/<code:pk>/delete/", teams.delete_team, name="delete_team"),
    path("teams/<code:pk>/members/", teams.add_member, name="add_to_team"),
    path("teams/<code:pk>/members/remove/", teams.remove_member, name="remove_from_team"),
]
