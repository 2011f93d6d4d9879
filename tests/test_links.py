"""No button leads nowhere: whatever a page offers to open or to send exists."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from oportuna.accounts.scope import company_scope
from tests import isolation_samples
from tests.factories import admin_of
from tests.test_isolation import ROUTES, address

_OUTSIDE = ("tel:", "mailto:", "https://wa.me/", "#")
_FILES = ("/static/", "data:")


class _Addresses(HTMLParser):
    """What the page's tags open (`read`) and send to (`sent`)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.read: set[str] = set()
        self.sent: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        is_post = given.get("method", "get").lower() == "post"
        for name, kept in (
            ("href", self.read),
            ("hx-get", self.read),
            ("action", self.sent if is_post else self.read),
            ("formaction", self.sent),
            ("hx-post", self.sent),
        ):
            if name in given:
                kept.add(given[name])


@pytest.fixture
def acme(db) -> isolation_samples.Seed:
    """A company with one row of everything that an address can name."""
    return isolation_samples.seed()


def test_every_address_on_every_page_leads_somewhere(acme: isolation_samples.Seed, client: Client):
    client.force_login(admin_of(acme.company).membership.user)
    pages = [address(route, acme.company, acme) for route in ROUTES]
    pages += [f"{reverse('analytics:funnel', args=[acme.company.slug])}?period=month"]
    pages += [
        f"{reverse('sales:opportunities', args=[acme.company.slug])}?status={it}" for it in ("lost", "all")
    ]
    read: dict[str, str] = {}
    wrong: list[str] = []
    looked_at = 0
    for page in pages:
        answer = client.get(page)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        looked_at += 1
        found = _Addresses(answer.content.decode())
        for target in found.read | found.sent:
            if target.startswith(_OUTSIDE + _FILES):
                continue
            parts = urlsplit(urljoin(page, target))
            try:
                resolve(parts.path)
            except Resolver404:
                wrong.append(f"{page}: {target}")
            if not target.startswith(("/", "?", "http")):
                wrong.append(f"{page}: {target} depends on where it stands")
            if target in found.read:
                read.setdefault(parts._replace(scheme="", netloc="", fragment="").geturl(), page)
    wrong += [
        f"{page}: {target}" for target, page in sorted(read.items()) if client.get(target).status_code >= 400
    ]
    assert wrong == []
    assert looked_at > len(pages) / 2  # the others take a form only, or answer a fragment's request


@pytest.mark.parametrize("route", ["company:profile", "company:settings", "company:teams", "sales:people"])
def test_the_menu_of_settings_says_where_one_is(route: str, acme: isolation_samples.Seed, client: Client):
    client.force_login(admin_of(acme.company).membership.user)
    with company_scope(acme.company):
        url = reverse(route, args=[acme.company.slug])

    shown = client.get(url).content.decode()

    assert shown.count(f'href="{url}" aria-current="page"') == 2  # the menu, and a phone's
