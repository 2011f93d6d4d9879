"""`{% remember %}`: the same values are drawn once, others anew."""

import pytest
from jinja2 import DictLoader, TemplateSyntaxError
from markupsafe import Markup

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
    source = (
        '{% for one in ["a", "b", "a"] %}{% remember one %}{{ one }}{{ shown }}{% endremember %}{% endfor %}'
    )

    assert _draw(source, shown=shown) == "a&lt;b&gt;b&lt;b&gt;a&lt;b&gt;"
    assert shown.drawn == 2


def test_another_value_in_any_place_is_drawn_anew():
    source = "{% remember card, here %}{{ card }} {{ here }}{% endremember %}"

    assert _draw(source, card=(1, "x"), here="pt") == "(1, &#39;x&#39;) pt"
    assert _draw(source, card=(1, "y"), here="pt") == "(1, &#39;y&#39;) pt"
    assert _draw(source, card=(1, "y"), here="en") == "(1, &#39;y&#39;) en"


def test_two_blocks_of_the_same_values_are_two():
    source = "{% remember 1 %}one{% endremember %}\n{% remember 1 %}other{% endremember %}"

    assert _draw(source) == "oneother"  # a newline behind a tag is trimmed


def test_two_blocks_on_a_line_are_two():
    assert _draw("{% remember 7 %}one{% endremember %}{% remember 7 %}two{% endremember %}") == "onetwo"


def test_a_template_that_changed_is_drawn_as_it_is_now():
    sources = {"page.html": "{% remember 1 %}old{% endremember %}"}
    made = environment(loader=DictLoader(sources), auto_reload=True)
    assert made.get_template("page.html").render() == "old"

    sources["page.html"] = "{% remember 1 %}new{% endremember %}"

    assert made.get_template("page.html").render() == "new"


def test_markup_is_no_value_since_it_equals_its_text():
    with pytest.raises(TypeError):
        _draw("{% remember text %}{{ text }}{% endremember %}", text=Markup("<b>"))


def test_what_is_not_closed_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError):
        _draw("{% remember 1 %}one")
