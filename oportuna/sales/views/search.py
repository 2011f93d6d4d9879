"""Searching from anywhere."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from oportuna.accounts.http import CompanyRequest
from oportuna.sales.queries.search import find


@require_GET
@vary_on_headers("HX-Request")
def search(request: CompanyRequest) -> HttpResponse:
    """What is found, for the palette; without htmx on a page of its own."""
    text = request.GET.get("q", "").replace("\0", "")
    context = {"text": text, "found": find(request.actor, text), "alone": not request.htmx}
    return render(request, "sales/_found.html" if request.htmx else "sales/search.html", context)
