"""A session that ended: one signs in and is back on the page, not at a fragment's address."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import make_actor

PAGE = "/acme/opportunities/?status=won"


def back_of(location):
    """Where somebody goes after signing in."""
    return parse_qs(urlsplit(location).query).get("next", [""])[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "search/?q=sol"), ("get", "opportunities/1/lose/"), ("post", "opportunities/1/win/")],
)
def test_whoever_asked_by_script_comes_back_to_the_page(db, client, method, path):
    make_actor()
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}

    answer = getattr(client, method)(f"/acme/{path}", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/login/")
    assert back_of(answer.headers["HX-Redirect"]) == PAGE


def test_a_page_elsewhere_is_not_gone_back_to(db, client):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/acme/"}

    answer = client.get("/acme/search/", headers=headers)

    assert "evil" not in answer.headers["HX-Redirect"]
    sent = client.post("/acme/opportunities/1/win/", headers={"Referer": "https://evil.example/acme/"})
    assert "evil" not in sent.headers["Location"]


def test_a_form_that_was_sent_leads_back_to_its_page(db, client):
    answer = client.post("/acme/opportunities/1/win/", headers={"Referer": f"http://testserver{PAGE}"})

    assert back_of(answer.headers["Location"]) == PAGE


def test_a_page_that_was_asked_for_is_the_one_that_comes(db, client):
    answer = client.get(PAGE, headers={"Referer": "http://testserver/acme/my-day/"})

    assert back_of(answer.headers["Location"]) == PAGE
