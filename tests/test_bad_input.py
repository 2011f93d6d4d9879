"""Whatever somebody sends to any address of a company, the answer is a message, never a 500."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from oportuna.accounts.actor import Actor
from tests import isolation_samples
from tests.factories import admin_of, make_actor
from tests.test_isolation import ROUTES, address

JUNK = {
    "text": 'a\x00b👩‍💻\u202e<script>alert(1)</script>%\' OR "1"=1 --',
    "long": "x" * 10_000,
    "endless": "9" * 5_000,
    "overflow": "9223372036854775808",
    "code": "aaaaaaaaaaaaa",
    "no_such_day": "31/02/2026",
}
IN_ONE_FIELD = ("text", "overflow")
# What addresses and forms are asked for beside the fields of any form.
OTHERS = {
    "next",
    "page",
    "show",
    "kind",
    "tick",
    "marked",
    "but",
    "table",
    "import",
    "customer",
    "order",
    "slug",
    "company",
}


class _Undo(Exception):
    """Ends an attempt, and with it whatever it wrote."""


@dataclass
class Attacker:
    """Somebody signed in who tries things, and what of it ended in an error of ours."""

    client: Client
    failures: list[str] = field(default_factory=list)

    def send(self, method: str, url: str, data: dict[str, Any], **headers: str) -> str:
        """The page that answers a request; nothing of the request stays in the database."""
        errors: list[str] = []

        def note(**_said: Any) -> None:
            errors.append(repr(sys.exc_info()[1])[:300])

        got_request_exception.connect(note)
        try:
            with transaction.atomic():
                answer = getattr(self.client, method)(url, data, headers=headers)
                page = "" if answer.streaming else answer.content.decode(errors="replace")
                raise _Undo
        except _Undo:
            pass
        finally:
            got_request_exception.disconnect(note)
        if answer.status_code >= 500 or errors:
            said = {name: str(value)[:20] for name, value in list(data.items())[-2:]}
            self.failures.append(f"{method} {url} {said}: {answer.status_code} {errors}")
        return page


@pytest.fixture
def acme(db) -> isolation_samples.Seed:
    return isolation_samples.seed()


def attacker(client: Client, actor: Actor) -> Attacker:
    client.force_login(actor.membership.user)
    client.raise_request_exception = False
    return Attacker(client)


def below(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for one in form.__subclasses__():
        yield one
        yield from below(one)


def names() -> set[str]:
    """Every name that some form of ours reads."""
    found = set(OTHERS)
    for form in below(forms.BaseForm):
        if form.__module__.startswith("oportuna."):
            found |= set(getattr(form, "base_fields", {}))
    return found | {f"log-{name}" for name in found} | {f"initial-{name}" for name in found}


@pytest.mark.parametrize(("role", "junk"), [*(("admin", junk) for junk in JUNK), ("seller", "text")])
def test_junk_everywhere_is_answered_at_every_address(role, junk, acme, client):
    actor = admin_of(acme.company) if role == "admin" else make_actor(role, acme.company, name="Zé")
    tries = attacker(client, actor)
    data = dict.fromkeys(names(), JUNK[junk])

    for number, route in enumerate(ROUTES):
        url = address(route, acme.company, acme)
        headers = {"HX-Request": "true"} if number % 2 else {}
        tries.send("get", url, data, **headers)
        tries.send("post", url, data, **headers)

    assert tries.failures == []


class _Forms(HTMLParser):
    """The forms of a page: their addresses and what they would send as they stand."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._select = self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "form" and (has.get("method") or "").lower() == "post":
            self.found.append((has.get("action") or "", {}))
        if not self.found:
            return
        data = self.found[-1][1]
        if tag == "select":
            self._select = name
            data.setdefault(name, "")
        elif tag == "option" and self._select and ("selected" in has or not data[self._select]):
            data[self._select] = value
        elif tag == "textarea" and name:
            self._text = name
            data[name] = ""
        elif tag == "input" and name:
            picked = has.get("type") not in ("radio", "checkbox") or "checked" in has
            if picked or name not in data:
                data[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.found[-1][1][self._text] += data


def forms_of(page: str) -> list[tuple[str, dict[str, str]]]:
    """The address (empty: the page's own) and the fields, as they stand, of each form that is sent by POST."""
    return _Forms(page).found


def test_junk_in_any_one_field_of_a_form_is_answered(acme, client):
    tries = attacker(client, admin_of(acme.company))
    seen: set[tuple[str, frozenset[str]]] = set()

    for route in ROUTES:
        url = address(route, acme.company, acme)
        for action, fields in forms_of(tries.send("get", url, {})):
            where, kind = action or url, (action or url, frozenset(fields))
            if kind in seen or not where.startswith(f"/{acme.company.slug}/"):
                continue
            seen.add(kind)
            full = {name: value or "1" for name, value in fields.items()}
            for name in fields.keys() - {"csrfmiddlewaretoken"}:
                for junk in IN_ONE_FIELD:
                    tries.send("post", where, {**full, name: JUNK[junk]})
                tries.send("post", where, {other: value for other, value in full.items() if other != name})

    assert tries.failures == []
    assert len(seen) > 10
