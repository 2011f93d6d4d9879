"""Addresses of people."""

from django.urls import path

from oportuna.sales.views import people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<code:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("people/<code:pk>/", people.member, name="member"),
    path("people/<code:pk>/deactivate/", people.deactivate, name="deactivate_member"),
    path("people/<code:pk>/reactivate/", people.reactivate, name="reactivate_member"),
]
