"""The board as its user finds it: its address, its columns, its figures."""

import re
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from oportuna.accounts.actor import Actor


def board_of(actor: Actor, **filters: str) -> str:
    """The address of the board of the actor's company."""
    return reverse("sales:board", args=[actor.company.slug]) + (f"?{urlencode(filters)}" if filters else "")


def signed_in(actor: Actor, **options: Any) -> Client:
    """A client with that person signed in."""
    client = Client(**options)
    client.force_login(actor.membership.user)
    return client


def columns(page: str) -> dict[str, list[str]]:
    """The titles of the cards shown, by stage name, from top to bottom."""
    found = {}
    for section in re.findall(r'<section class="op-col".*?</section>', page, re.DOTALL):
        name = re.findall(r"<h2[^>]*>(.*?)</h2>", section)[0]
        found[name] = re.findall(r'class="op-card__t"[^>]*>(.*?)</a>', section)
    return found


def summary(page: str) -> str:
    """The header's figures as one reads them."""
    text = re.sub(r"<[^>]+>", "", re.findall(r'id="board-sum".*', page)[0])
    return " ".join(text.split(">", 1)[1].replace("\xa0", " ").split())
