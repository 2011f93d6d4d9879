"""Icons on the page."""

import pytest

from oportuna.ui.icons import UnknownIconError, icon


def test_an_icon_is_an_svg_that_screen_readers_skip() -> None:
    drawn = icon("x")

    assert drawn == (
        '<svg class="ic" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true"><path d="M18 6l-12 12" /><path d="M6 6l12 12" /></svg>'
    )


def test_a_filled_icon_is_painted_and_not_drawn() -> None:
    assert 'fill="currentColor" aria-hidden' in icon("alert-circle", filled=True)


@pytest.mark.parametrize("name", ["no-such-icon", "../outline/x", ""])
def test_an_unknown_icon_is_an_error(name: str) -> None:
    with pytest.raises(UnknownIconError):
        icon(name)
