"""What somebody sets for himself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oportuna.accounts import actions
from oportuna.accounts.answers import saved
from oportuna.accounts.forms import ProfileForm
from oportuna.accounts.http import CompanyRequest


@require_http_methods(["GET", "POST"])
def profile(request: CompanyRequest) -> HttpResponse:
    """One's own name, time zone and keys; the way to the password and the second factor."""
    if request.method == "GET":
        form = ProfileForm.showing(request.actor.membership)
        return render(request, "accounts/profile.html", {"form": form})
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form}, status=422)
    actions.change_profile(**form.cleaned_data, by=request.actor)
    url = reverse("company:profile", args=[request.actor.company.slug])
    return saved(request, url, _("Profile saved."))
