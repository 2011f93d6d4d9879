"""What people write when they put somebody on the suppression list is told apart by itself."""

import pytest

from oportuna.imports.suppression.entries import Unclear, domains_of, parse_entry, pieces


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Lia@Padaria.com", "email", "lia@padaria.com"),
        ("Lia Souza <lia@padaria.com>", "email", "lia@padaria.com"),
        ("@Padaria.com.br", "domain", "padaria.com.br"),
        ("padaria.com.br", "domain", "padaria.com.br"),
        ("https://www.padaria.com.br/contato", "domain", "padaria.com.br"),
        ("(11) 98765-4321", "phone", "+5511987654321"),
        ("11987654321", "phone", "+5511987654321"),
        ("+55 11 3333-4444", "phone", "+551133334444"),
        ("11.222.333/0001-81", "document", "11222333000181"),
        ("12.ABC.345/01DE-35", "document", "12ABC34501DE35"),
        ("529.982.247-25", "document", "52998224725"),
        ("52998224725", "document", "52998224725"),
    ],
)
def test_each_text_says_by_itself_what_it_is(text, kind, value):
    entry = parse_entry(text)

    assert (entry.kind, entry.value) == (kind, value)


BOTH = "11987654374"  # a CPF by its check digits, and a mobile of São Paulo


def test_eleven_digits_that_fit_both_are_asked_about_and_marks_decide():
    with pytest.raises(Unclear, match="CPF"):
        parse_entry(BOTH)

    assert parse_entry("(11) 98765-4374").kind == "phone"
    assert parse_entry("119.876.543-74").kind == "document"


@pytest.mark.parametrize(
    "text",
    ["fulano", "12345", "98765-4321", "a@b", "11.222.333/0001-00", "padaria", "@", "gmail.com", "@hotmail.com.br", "com.br"],
)  # fmt: skip
def test_what_is_no_entry_or_would_shut_out_strangers_is_refused(text):
    with pytest.raises(Unclear):
        parse_entry(text)


def test_several_stand_one_a_line_or_apart_by_semicolon_comma_or_tab():
    text = "lia@padaria.com\r\n\r\n 11.222.333/0001-81 ; padaria.com.br,\t(11) 98765-4321\n"

    assert list(pieces(text)) == [
        "lia@padaria.com",
        "11.222.333/0001-81",
        "padaria.com.br",
        "(11) 98765-4321",
    ]


def test_a_domain_speaks_for_those_below_it():
    assert domains_of("lia@sp.padaria.com.br") == ("sp.padaria.com.br", "padaria.com.br", "com.br")
