"""What the tests of an import's screens open, send and read."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ImportJob


def address(route: str, by: Actor, job: ImportJob | None = None, **query: str) -> str:
    """The address of a screen of imports, or of one of them."""
    with company_scope(by.company):
        args = [by.company.slug, *([job.pk] if job else [])]
        return reverse(f"imports:{route}", args=args, query=query or None)


def signed_in(client: Client, by: Actor) -> Client:
    """A browser in which somebody has signed in."""
    client.force_login(by.membership.user)
    return client


def send(client: Client, by: Actor, content: bytes, name: str = "leads.csv", **fields: Any) -> HttpResponse:
    """Send a file by the form of the first step."""
    file = SimpleUploadedFile(name, content)
    return client.post(address("jobs", by), {"file": file, **fields})  # type: ignore[return-value]


def job_of(by: Actor) -> ImportJob:
    """The only import of the company."""
    with company_scope(by.company):
        return ImportJob.objects.get()


def form_of(page: str) -> dict[str, str]:
    """What the columns' form would send as it stands."""
    fields = dict(re.findall(r'<input type="hidden" name="(revision)" value="(\d+)"', page))
    for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    return {**fields, "on_duplicate": "join", "legal_basis": fields.get("legal_basis") or "consent"}


def code_of(by: Actor, job: ImportJob) -> str:
    """The code of an import in addresses of other apps."""
    with company_scope(by.company):
        return encode(job.pk)


def row_address(by: Actor, job: ImportJob, number: int, route: str = "row") -> str:
    """The address of a row of the file."""
    with company_scope(by.company):
        return reverse(f"imports:{route}", args=[by.company.slug, job.pk, number])
