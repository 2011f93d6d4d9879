"""Reading a page as its user does: the names listed, the fields and what is wrong with them."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope

HTMX = {"HX-Request": "true"}


def address(actor: Actor, name: str, *args: Any) -> str:
    """The address of a route of selling in the actor's company."""
    with company_scope(actor.company):
        return reverse(f"sales:{name}", args=[actor.company.slug, *args])


def signed_in(client: Client, actor: Actor) -> Client:
    """The client, with that person signed in."""
    client.force_login(actor.membership.user)
    return client


def asked(client: Client, url: str) -> int:
    """How many times a page asks the database; a scope's own statements on PostgreSQL do not count."""
    client.get(url)  # the key of the company's addresses is asked for once in a process
    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    # Not Django's captured queries: what a session of PostgreSQL has planned before stands there without its text.
    with connection.execute_wrapper(note):
        assert client.get(url).status_code == 200
    return sum(sql.startswith("SELECT") and "current_setting" not in sql for sql in statements)


def text_of(answer: Any) -> str:
    """The page, with its entities as characters."""
    return unescape(answer.content.decode())


def names_listed(answer: Any) -> list[str]:
    """The names in a table's first link of each row."""
    return re.findall(r'<a class="op-main[^"]*"[^>]*>(.*?)</a>', text_of(answer))


def wrong_fields(answer: Any) -> list[str]:
    """The fields that have an error beside them, in their order."""
    return re.findall(r'id="id_(\w+)_error"', text_of(answer))


def said_above(answer: Any) -> str:
    """What is said above the fields of a form."""
    found = re.search(r'role="alert">.*?</svg><div>(.*?)</div></div>', text_of(answer), re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


def linked(answer: Any, rel: str) -> str:
    """The address of the page before ("prev") or behind ("next"), or nothing."""
    found = re.search(rf'href="([^"]+)" rel="{rel}"', text_of(answer))
    return found[1] if found else ""


def fields_of(answer: Any) -> dict[str, str]:
    """What the fields of the page would send as they stand."""
    reader = _Fields()
    reader.feed(answer.content.decode())
    return reader.values


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "input" and (found.get("type") not in ("checkbox", "radio") or "checked" in found):
            self.values[name] = found.get("value") or ("on" if found.get("type") == "checkbox" else "")
        elif tag in ("textarea", "select"):
            self._open = name
            self.values[name] = ""
        elif tag == "option" and "selected" in found:
            self.values[self._open] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open and self.lasttag == "textarea":
            self.values[self._open] += data.removeprefix("\n")
