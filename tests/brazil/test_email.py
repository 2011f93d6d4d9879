from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oportuna.brazil.email import parse_email, parse_emails
from oportuna.brazil.errors import Unreadable


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("ana@padaria.com.br", ["ana@padaria.com.br"]),
        (" Ana.Silva@PADARIA.com.BR ", ["Ana.Silva@padaria.com.br"]),
        ("ana@x.com; beto@x.com", ["ana@x.com", "beto@x.com"]),
        (
            "ana@x.com,beto@x.com / caio@x.com\ndora@x.com | eva@x.com",
            ["ana@x.com", "beto@x.com", "caio@x.com", "dora@x.com", "eva@x.com"],
        ),
        ("ana@x.com beto@x.com", ["ana@x.com", "beto@x.com"]),
        ("Ana Silva <ana@x.com>", ["ana@x.com"]),
        ('"Silva, Ana" <ana@x.com>; Beto (beto@x.com)', ["ana@x.com", "beto@x.com"]),
        ("mailto:ana@x.com", ["ana@x.com"]),
        ("E-mail: ana@x.com.", ["ana@x.com"]),
        ("ana@x.com\u200b", ["ana@x.com"]),
        ("ana@x.com; ANA@X.COM", ["ana@x.com"]),
        ("", []),
        ("-", []),
        ("não tem", []),
        ("sem e-mail", []),
    ],
)
def test_the_emails_of_a_cell_are_parted_and_cleaned(text: str, emails: list[str]) -> None:
    assert parse_emails(text) == emails


@pytest.mark.parametrize(
    "text",
    [
        "ana",
        "ana@",
        "@x.com",
        "ana@x",
        "ana@localhost",
        "joão@x.com",
        "ana@x..com",
        "ana@@x.com",
        "ana@x.com; beto@",
        "ana arroba x.com",
    ],
)
def test_a_wrong_email_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_emails(text)
    assert caught.value.code == "email_invalid"


@pytest.mark.parametrize("text", ["", "ana@x.com; beto@x.com"])
def test_a_field_for_one_email_takes_exactly_one(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_email(text)
    assert caught.value.code == "email_invalid"


def test_one_email_is_read() -> None:
    assert parse_email("Ana <ana@X.com>") == "ana@x.com"


@given(st.text("ab@.;-_ \n<>ç"))
def test_any_text_gives_emails_or_is_refused(text: str) -> None:
    try:
        emails = parse_emails(text)
    except Unreadable:
        return
    assert [parse_email(email) for email in emails] == emails
