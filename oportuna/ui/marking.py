"""Parts of a text, marked: what was searched, who is mentioned."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from oportuna.brazil.text import fold


def marked(text: str, terms: Iterable[str]) -> SafeString:
    """The text as HTML with the first place of each folded term in <mark>; what stands there with other marks is not found."""
    folded, origin = "", list[int]()
    for place, letter in enumerate(text):
        plain = " " if letter.isspace() else fold(letter)
        folded += plain
        origin += [place] * len(plain)
    places = ((folded.find(term), len(term)) for term in terms if term)
    # A letter that folds to two is marked as one.
    spans = [(origin[begin], origin[begin + length - 1] + 1) for begin, length in places if begin >= 0]
    pieces: list[SafeString] = []
    done = 0
    for begin, end in sorted(spans, key=lambda span: (span[0], -span[1])):  # the longer of two in one place
        if begin >= done:
            pieces.append(format_html("{}<mark>{}</mark>", text[done:begin], text[begin:end]))
            done = end
    return format_html("{}{}", format_html_join("", "{}", ((piece,) for piece in pieces)), text[done:])


def with_names(text: str, names: Iterable[str]) -> SafeString:
    """The text as HTML with each "@" and one of the names marked, of two the longer one."""
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    if not longest:
        return format_html("{}", text)
    # Every other piece is what the parentheses took.
    pieces = re.split(rf"(@(?:{'|'.join(longest)})(?!\w))", text)
    drawn = (
        format_html('<span class="op-mention">{}</span>' if place % 2 else "{}", piece)
        for place, piece in enumerate(pieces)
    )
    return format_html_join("", "{}", ((piece,) for piece in drawn))
