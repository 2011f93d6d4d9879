"""The funnel's geometry: where its bars stand, in tenths of a percent of the drawing's width."""

from collections.abc import Sequence
from dataclasses import dataclass

from oportuna.ui.formats import thousands


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in the middle of its row, and the width of the next one below it (None for the last)."""

    width: int
    below: int | None
    holds_its_figure: bool
    """The bar is wide enough for its figure; else the figure stands beside it."""

    @property
    def left(self) -> float:
        """Where the bar begins, in percent."""
        return (1000 - self.width) / 20

    @property
    def right(self) -> float:
        """Where the bar ends, in percent."""
        return 100 - self.left

    @property
    def slope(self) -> str:
        """The corners of the shape between this bar and the next, in a box of 100 by 100."""
        left = (1000 - (self.below or 0)) / 20
        return f"{self.left:g},0 {self.right:g},0 {100 - left:g},100 {left:g},100"


def bars(counts: Sequence[int]) -> list[Bar]:
    """A bar for each count; the largest takes the whole width, any other its share of it."""
    most = max(counts, default=0)
    widths = [round(1000 * count / most) if most else 0 for count in counts]
    return [
        Bar(width, below, width >= 70 * len(thousands(count)) + 40)
        for count, width, below in zip(counts, widths, [*widths[1:], None][: len(counts)], strict=True)
    ]
