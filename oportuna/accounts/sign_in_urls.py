"""Addresses at the root that have no namespace: the start, and those pages of allauth that Oportuna offers.

What it does not offer (several e-mails a person, confirmation by e-mail, sign-in by a mailed code) has no address.
"""

from allauth.account import views as account
from django.urls import include, path, re_path

from oportuna.accounts.home import home

urlpatterns = [
    path("", home, name="home"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mfa/", include("allauth.mfa.urls")),
]
