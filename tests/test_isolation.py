"""One company never sees another's data: every address is walked by strangers, and figures are compared.

A new route below a company's slug fails here until `isolation_samples.py` says which row stands in its place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from oportuna.accounts import codes
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company, Team
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities, opportunities
from oportuna.sales.models import Activity, Customer, Pipeline
from tests import isolation_samples
from tests.factories import admin_of, make_actor, make_company, make_customer, make_opportunity


@dataclass(frozen=True)
class Route:
    """An address below a company's slug: its full name and the converters of its arguments."""

    name: str
    path: str
    arguments: tuple[tuple[str, str], ...]

    @property
    def names_a_row(self) -> bool:
        """Whether some argument is a row's number or code."""
        return any(converter in ("IntConverter", "CodeConverter") for _argument, converter in self.arguments)


def company_routes() -> Iterator[Route]:
    """Every route that begins with the company's slug, whatever app it belongs to."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and "company_slug" in resolver.pattern.converters:
            yield from _below(resolver, "", [])


def _below(resolver: URLResolver, path: str, arguments: list[tuple[str, str]]) -> Iterator[Route]:
    path += str(resolver.pattern)
    for pattern in resolver.url_patterns:
        found = [(name, type(converter).__name__) for name, converter in pattern.pattern.converters.items()]
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"a route without a name: {pattern}"
            name = f"{resolver.namespace}:{pattern.name}"
            yield Route(name, path + str(pattern.pattern), (*arguments, *found))
        else:
            yield from _below(pattern, path, [*arguments, *found])


ROUTES = sorted(company_routes(), key=lambda route: route.name)


def address(route: Route, company: Company, seed: isolation_samples.Seed) -> str:
    """The route's address for the seeded rows of a company, in the scope of `company`."""
    arguments = [company.slug]
    for argument, _converter in route.arguments:
        arguments.append(isolation_samples.sample(route.path, argument, seed))
    with company_scope(company):
        return reverse(route.name, args=arguments)


@pytest.fixture
def acme(db) -> isolation_samples.Seed:
    """A company with one row of everything that an address can name."""
    return isolation_samples.seed()


def test_there_are_routes_to_walk():
    assert "sales:board" in {route.name for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_stranger_finds_nothing_at_any_address(route, acme, client):
    stranger = make_actor("admin")
    client.force_login(stranger.membership.user)
    url = address(route, acme.company, acme)

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 404


@pytest.mark.parametrize("route", [r for r in ROUTES if r.names_a_row], ids=lambda route: route.name)
def test_under_ones_own_slug_another_companys_rows_are_not_found(route, acme, client):
    stranger = make_actor("admin")
    client.force_login(stranger.membership.user)
    with company_scope(stranger.company):
        url = address(route, stranger.company, acme)

    answers = {client.get(url).status_code, client.post(url).status_code}
    assert 404 in answers
    assert answers <= {404, 405}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_visitor_is_sent_to_sign_in(route, acme, client):
    answer = client.get(address(route, acme.company, acme))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_address_holds_a_database_id(route, acme):
    names = [argument for argument, converter in route.arguments if converter == "IntConverter"]

    assert set(names) <= {"number"}
    assert {converter for _name, converter in route.arguments} <= {
        "IntConverter",
        "CodeConverter",
        "StringConverter",
        "SlugConverter",
    }


def pages(actor: Actor, client: Client) -> dict[str, str]:
    """What every address without arguments shows an actor, without what changes from one request to the next."""
    client.force_login(actor.membership.user)
    found = {}
    for route in ROUTES:
        if route.arguments:
            continue
        answer = client.get(reverse(route.name, args=[actor.company.slug]))
        if answer.status_code == 200 and not answer.streaming and "html" in answer.headers["Content-Type"]:
            found[route.name] = re.sub(
                r'(name="csrfmiddlewaretoken" value="|name="key" value="|"X-CSRFToken": ?")[^"]+|nonce="[^"]+"',
                "",
                answer.text,
            )
    return found


@pytest.mark.parametrize("role", ["admin", "manager", "seller", "operator", "viewer"])
def test_no_page_changes_when_another_companys_data_changes(acme, client, role):
    someone = make_actor(role, acme.company, name="Zé")
    other = admin_of(make_company("Outra"))
    before = pages(someone, client)

    make_opportunity(other, value=Decimal(123456), title="Segredo")
    with company_scope(other.company):
        Pipeline.objects.create(name="Segredo", position=9)
        Team.objects.create(name="Segredo")

    assert pages(someone, client) == before
    assert len(before) > 3


def test_no_figure_changes_when_an_invisible_colleagues_data_changes(acme, client):
    Company.objects.filter(pk=acme.company.pk).update(visibility=Company.Visibility.OWN)
    company = Company.objects.get(pk=acme.company.pk)
    seller, colleague = make_actor("seller", company, name="Zé"), make_actor("seller", company, name="Rui")
    customer = make_customer(colleague, "Cliente de todos")
    before = figures(seller, client)

    opportunity = make_opportunity(colleague, customer=customer, value=Decimal(777), title="Segredo do Rui")
    with company_scope(company):
        activities.plan(opportunity, Activity.Kind.CALL, due_on=seller.today(), by=colleague)
        opportunities.win(make_opportunity(colleague, customer=customer, title="Segredo ganho"), by=colleague)
        # The win made the customer one; that is the customer's own state, which everybody may see.
        Customer.objects.filter(pk=customer.pk).update(status=Customer.Status.PROSPECT)

    assert figures(seller, client) == before


def figures(actor: Actor, client: Client) -> dict[str, str]:
    """`pages` without the board's change number: that something happened it tells everybody, never what or how much."""
    number = re.compile(r'(?<=id="board-number" value=")\w+')
    return {name: number.sub("", page) for name, page in pages(actor, client).items()}


def test_a_code_of_one_company_means_nothing_in_another(db):
    acme, other = make_company(), make_company()
    with company_scope(acme):
        code = codes.encode(7)
        assert codes.decode(code) == 7

    with company_scope(other):
        assert codes.encode(7) != code
        try:
            assert codes.decode(code) != 7
        except ValueError:
            pass


def test_an_unknown_slug_and_a_left_company_are_not_found(acme, client):
    someone = make_actor("seller", acme.company, name="Zé")
    client.force_login(someone.membership.user)
    assert client.get(reverse("sales:board", args=["nenhuma"])).status_code == 404
    type(someone.membership).objects.filter(pk=someone.membership.pk).update(is_active=False)

    assert client.get(reverse("sales:board", args=[acme.company.slug])).status_code == 404
