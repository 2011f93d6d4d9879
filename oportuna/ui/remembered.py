"""`{% remember VALUES %}…{% endremember %}`: what is drawn from the same values again and again is drawn once.

A board draws two hundred cards, most of them as they were a minute ago.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from itertools import count
from typing import Any

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

_MOST = 8192  # cards have 1 KB, a panel of the funnel up to 10: some 10 MB, and 80 at the very most


_numbers = count()


class Remember(Extension):
    """The block's text depends on the values alone, which are hashable; whatever else differs, the language too, is one of them.

    Values that are equal are the same: 1 and True, Decimal("1.0") and Decimal("1.00"), Markup and its text (which is refused).
    """

    tags = {"remember"}

    def parse(self, parser: Parser) -> nodes.Node:
        """A call of `_drawn` with the block's own number and the values, the block as its caller."""
        line = next(parser.stream).lineno
        values: list[nodes.Expr] = [nodes.Const(next(_numbers)), parser.parse_expression()]
        while parser.stream.skip_if("comma"):
            values.append(parser.parse_expression())
        body = parser.parse_statements(("name:endremember",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_drawn", values), [], [], body).set_lineno(line)

    def _drawn(self, *values: Hashable, caller: Callable[[], Markup]) -> Markup:
        if any(isinstance(value, Markup) for value in values):
            raise TypeError("Markup equals the text that it is made of: it is no value to remember by.")
        return _draw(_Drawing(values, caller))


class _Drawing:
    """Equal to any other of the same values; forgets how to draw once it is drawn, and with it the page's variables."""

    __slots__ = ("_draw", "values")

    def __init__(self, values: tuple[Hashable, ...], draw: Callable[[], Markup]) -> None:
        self.values = values
        self._draw: Callable[[], Markup] | None = draw

    def drawn(self) -> Markup:
        """The text; asked for once."""
        draw, self._draw = self._draw, None
        return draw() if draw else Markup()

    def __hash__(self) -> int:
        return hash(self.values)

    def __eq__(self, other: Any) -> bool:
        return bool(self.values == other.values)


@lru_cache(maxsize=_MOST)
def _draw(drawing: _Drawing) -> Markup:
    return drawing.drawn()


def forget() -> None:
    """Drop all that was drawn: a restore may have put other rows, and other codes for them, behind equal values."""
    _draw.cache_clear()
