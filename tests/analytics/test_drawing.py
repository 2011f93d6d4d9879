"""The funnel's geometry."""

from oportuna.analytics.drawing import Bar, bars


def test_the_largest_takes_the_whole_width_and_the_others_their_share():
    assert bars([40, 20, 0]) == [Bar(1000, 500, True), Bar(500, 0, True), Bar(0, None, False)]


def test_a_narrow_bar_leaves_its_figure_beside_it():
    assert [bar.holds_its_figure for bar in bars([10_000, 900, 200])] == [True, False, False]


def test_a_bar_stands_in_the_middle_and_slopes_to_the_next():
    bar = bars([4, 2])[0]

    assert (bar.left, bar.right) == (0, 100)
    assert bar.slope == "0,0 100,0 75,100 25,100"


def test_nothing_to_draw_is_drawn_as_nothing():
    assert bars([]) == []
    assert bars([0, 0]) == [Bar(0, 0, False), Bar(0, None, False)]
