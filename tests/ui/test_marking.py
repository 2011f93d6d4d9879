"""The parts of a text that were searched for stand out."""

import pytest

from oportuna.ui.marking import marked


@pytest.mark.parametrize(
    ("text", "terms", "shown"),
    [
        ("Padaria São João", ["sao"], "Padaria <mark>São</mark> João"),
        ("AÇÚCAR", ["ucar"], "AÇ<mark>ÚCAR</mark>"),
        ("Irmãos Teixeira", ["tei", "irm"], "<mark>Irm</mark>ãos <mark>Tei</mark>xeira"),
        ("Straße 7", ["strasse"], "<mark>Straße</mark> 7"),
        ("Straße", ["s"], "<mark>S</mark>traße"),
        ("Weiß", ["s"], "Wei<mark>ß</mark>"),
        ("Padaria", ["pa", "padaria"], "<mark>Padaria</mark>"),
        ("Sol & <Lua>", ["lua"], "Sol &amp; &lt;<mark>Lua</mark>&gt;"),
        ("Padaria", ["x", ""], "Padaria"),
        ("", ["a"], ""),
    ],
)
def test_each_term_is_marked_where_it_stands_first_whatever_accents_and_capitals(text, terms, shown):
    assert marked(text, terms) == shown
