"""Choosing among one's companies."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from oportuna.accounts import home, queries
from oportuna.accounts.http import SignedInRequest


@require_http_methods(["GET", "POST"])
def companies(request: SignedInRequest) -> HttpResponse:
    """One's companies; choosing one goes to its board and begins there the next time."""
    memberships = queries.memberships_of(request.user)
    if request.method == "POST":
        chosen = next((one for one in memberships if one.company.slug == request.POST.get("company")), None)
        if chosen is None:
            return render(request, "404.html", status=404)
        home.remember(request, chosen.company)
        return redirect(home.board_url(chosen.company))
    return render(
        request,
        "accounts/companies.html",
        {"memberships": memberships, "last": home.remembered(request)},
    )
