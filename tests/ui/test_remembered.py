"""`{% remember %}`: the same values are drawn once, others anew."""

import pytest
from jinja2 import TemplateSyntaxError

from oportuna.ui.environment import environment


class _Counted:
    """A value that counts how often it is drawn."""

    def __init__(self) -> None:
        self.drawn = 0

    def __str__(self) -> str:
        self.drawn += 1
        return "<b>"


def _draw(source: str, **values: object) -> str:
    return environment().from_string(source).render(**values)


def test_the_same_values_are_drawn_once_and_escaped():
    shown = _Counted()
    source = '{% for one in ["a", "b", "a"] %}{% remember one, "drawn once" %}{{ one }}{{ shown }}{% endremember %}{% endfor %}'

    assert _draw(source, shown=shown) == "a&lt;b&gt;b&lt;b&gt;a&lt;b&gt;"
    assert shown.drawn == 2


def test_another_value_in_any_place_is_drawn_anew():
    source = '{% remember card, here, "anew" %}{{ card }} {{ here }}{% endremember %}'

    assert _draw(source, card=(1, "x"), here="pt") == "(1, &#39;x&#39;) pt"
    assert _draw(source, card=(1, "y"), here="pt") == "(1, &#39;y&#39;) pt"
    assert _draw(source, card=(1, "y"), here="en") == "(1, &#39;y&#39;) en"


def test_two_blocks_of_the_same_values_are_two():
    source = "{% remember 1, 'two' %}one{% endremember %}\n{% remember 1, 'two' %}other{% endremember %}"

    assert _draw(source) == "oneother"  # a newline behind a tag is trimmed


def test_what_is_not_closed_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError):
        _draw("{% remember 1 %}one")
