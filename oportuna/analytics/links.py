"""From a figure to the opportunities that it counts: addresses of the list with exactly the figure's filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from oportuna.accounts.codes import encode
from oportuna.analytics.forms import NONE
from oportuna.analytics.periods import Period
from oportuna.ui.environment import address


@dataclass(frozen=True, slots=True)
class Links:
    """The list's addresses for a period; `shared` are the filters that every figure of the page has."""

    address: str
    period: Period
    shared: tuple[tuple[str, str], ...]

    def open(self, stage: int | None = None) -> str:
        """Those open now, in a stage or in all."""
        return self._to("open", _in_stage(stage))

    def won(self) -> str:
        """Those won in the period."""
        return self._to("won", self._days())

    def lost(self, stage: int | None = None) -> str:
        """Those lost in the period, in a stage or in all."""
        return self._to("lost", {**_in_stage(stage), **self._days()})

    def lost_for(self, reason: int | None) -> str:
        """Those lost in the period for a reason; None asks for those without one."""
        return self._to("lost", {"reason": NONE if reason is None else encode(reason), **self._days()})

    def closed(self) -> str:
        """Those won or lost in the period."""
        return self._to("all", self._days())

    def _days(self) -> dict[str, str]:
        return {"closed_from": self.period.first.isoformat(), "closed_to": self.period.last.isoformat()}

    def _to(self, status: str, filters: Mapping[str, str]) -> str:
        return f"{self.address}?{urlencode({'status': status, **dict(self.shared), **filters})}"


def links_to_the_list(company_slug: str, period: Period, shared: Mapping[str, str]) -> Links:
    """Links to a company's list of opportunities."""
    return Links(address("sales:opportunities", company_slug), period, tuple(shared.items()))


def _in_stage(stage: int | None) -> dict[str, str]:
    return {} if stage is None else {"stage": encode(stage)}
