"""The frames around pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory

from oportuna.ui.frontend import FRONTEND_FILES, NODE_MODULES
from oportuna.ui.shell import NavItem, Person, Shell
from oportuna.ui.toasts import toast
from oportuna.ui.views import density, theme

STATIC = Path(__file__).parents[2] / "oportuna/ui/static/ui"


def page(**context: Any) -> str:
    source = (
        '{% extends "ui/page.html" %}{% block title %}Funil{% endblock %}{% block main %}oi{% endblock %}'
    )
    return str(engines["jinja2"].from_string(source).render(context))


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "500", "503"])
def test_an_error_page_needs_nothing_to_be_shown(name: str) -> None:
    shown = get_template(f"{name}.html").render()

    assert '<html lang="pt-BR">' in shown
    assert len(re.findall(r"<h1>[^<]+</h1>", shown)) == 1


def test_a_page_shows_the_menu_and_who_is_looking() -> None:
    nav = (NavItem("Funil", "/a/", "layout-kanban", current=True, count=1234, key="i f", mobile=True),)
    frame = Shell(nav=nav, person=Person("Ana <Lima>", "Vetor"), sign_out_url="/sair/")

    shown = page(**frame.context())

    assert shown.count('href="/a/" aria-current="page"') == 3  # the menu, the bar of a phone, its "more"
    assert "1.234" in shown
    assert "Ana &lt;Lima&gt;" in shown
    assert 'action="/sair/"' in shown


def test_a_page_without_a_menu_still_has_its_regions() -> None:
    shown = page()

    for region in ('id="dialog"', 'id="toasts"', 'id="announce"', 'id="main"'):
        assert shown.count(region) == 1


def test_the_theme_comes_from_the_cookie_and_only_a_known_one() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = "dark"
    odd = RequestFactory().get("/")
    odd.COOKIES["theme"] = '"><script>'

    assert '<html lang="pt-BR" data-bs-theme="dark">' in page(request=request)
    assert '<html lang="pt-BR">' in page(request=odd)


def test_no_page_carries_an_inline_style_or_script() -> None:
    shown = page()

    assert "style=" not in shown
    assert re.findall(r"<script(?![^>]* src=)[^>]*>", shown) == []
    assert re.findall(r"\son\w+=", shown) == []


def test_a_toast_answers_an_htmx_request_without_touching_the_page() -> None:
    request = RequestFactory().post("/")

    answer = toast(request, "Reabra <antes>.", kind="error", status=409)

    assert answer.status_code == 409
    assert answer["HX-Reswap"] == "none"
    assert "Reabra &lt;antes&gt;." in answer.content.decode()
    assert 'hx-swap-oob="beforeend:#toasts"' in answer.content.decode()


def test_the_chosen_theme_is_remembered() -> None:
    back = "http://testserver/funil/"
    request = RequestFactory().post("/ui/theme/", {"theme": "dark"}, headers={"referer": back})

    answer = theme(request)

    assert (answer.status_code, answer["Location"]) == (302, back)
    assert answer.cookies["theme"].value == "dark"


def test_a_theme_that_does_not_exist_follows_the_system_again() -> None:
    elsewhere = {"referer": "https://elsewhere.example/"}

    answer = theme(RequestFactory().post("/ui/theme/", {"theme": "pink"}, headers=elsewhere))

    assert answer["Location"] == "/"
    assert answer.cookies["theme"].value == ""


def test_htmx_gets_no_page_for_a_theme_it_shows_already() -> None:
    request = RequestFactory().post("/ui/theme/", {"theme": "light"}, headers={"HX-Request": "true"})

    assert theme(request).status_code == 204


@pytest.mark.parametrize("path", FRONTEND_FILES)
def test_every_listed_file_of_a_package_is_there_and_is_served(path: str) -> None:
    assert (NODE_MODULES / path).is_file()
    assert finders.find(f"vendor/{path}") == str(NODE_MODULES / path)


def test_a_file_that_is_not_listed_is_not_served() -> None:
    assert finders.find("vendor/echarts/package.json") is None


def test_every_vendor_file_that_the_code_asks_for_is_listed() -> None:
    sources = [*STATIC.rglob("*.js"), *STATIC.rglob("*.css")]
    asked = {found for file in sources for found in re.findall(r'/vendor/([^"]+)"', file.read_text())}

    assert asked - set(FRONTEND_FILES) == set()


def test_an_element_is_small_and_neither_fetches_nor_writes_html() -> None:
    for file in (STATIC / "js").rglob("*.js"):
        source = file.read_text()
        assert source.count("\n") < 150, file.name
        assert "innerHTML" not in source, file.name
        assert ("fetch(" in source) == (file.name == "customer-picker.js"), file.name


def test_the_density_is_remembered_and_only_a_known_one_is_drawn() -> None:
    odd, close = RequestFactory().get("/"), RequestFactory().get("/")
    odd.COOKIES["density"], close.COOKIES["density"] = '"><script>', "compact"

    answer = density(RequestFactory().post("/ui/density/", {"density": "compact"}))
    back = density(RequestFactory().post("/ui/density/", {"density": "comfortable"}))

    assert (answer.cookies["density"].value, back.cookies["density"].value) == ("compact", "")
    assert '<html lang="pt-BR" data-density="compact">' in page(request=close)
    assert "data-density" not in page(request=odd)
