"""What is to happen in an opportunity's life: the acts, drawn each at a working second, before any is played."""

from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from oportuna.ops.demo.worktime import DAY, WorkTime
from oportuna.sales.models import Verb

_MINUTE = 60
_HOUR = 3600
_DONE_KINDS = ("call", "call", "call", "email", "whatsapp", "meeting", "visit")
# Where open ones stand and lost ones were lost, in percent, added up; won ones come from the last two stages.
_STAGES = {"open": (34, 58, 76, 90, 100), "lost": (28, 50, 70, 87, 100), "won": (0, 0, 0, 22, 100)}
_WON_OF_HUNDRED_CLOSED = 42
NEXT = "next"


class Act(NamedTuple):
    """A verb at a working second; `what` is the stage's place, the value's factor, or the activity's kind."""

    second: int
    verb: Verb
    what: Any = None


@dataclass(frozen=True, slots=True)
class Plot:
    """The place of the stage in which it begins, and its acts in order, at least a minute apart."""

    begins: int
    acts: list[Act]


def draw(chance: Random, work: WorkTime, born: int, *, is_open: bool) -> Plot:
    """The plot of an opportunity that is registered at the working second `born` and is open, or not, by now."""
    status = "open" if is_open else ("won" if chance.random() * 100 < _WON_OF_HUNDRED_CLOSED else "lost")
    stage = pick(chance, _STAGES[status])
    age = work.end - born
    if age < 2 * _HOUR:
        return Plot(0, [])
    last = born + _length(chance, age, is_open)
    span = last - born

    def at(low: float = 0.02, high: float = 1.0) -> int:
        return born + int(span * (low + (high - low) * chance.random()))

    begins = 0 if chance.random() < 0.85 else min(1, stage)
    path = [to for to in range(begins + 1, stage + 1) if to == stage or chance.random() < 0.9]
    acts = [
        Act(second, Verb.MOVED, to)
        for to, second in zip(path, sorted(at(0.1, 0.92) for _ in path), strict=True)
    ]
    if path and chance.random() < 0.4:
        acts.append(Act(at(0.3), Verb.EDITED, chance.choice((0.85, 0.9, 0.95, 1.1, 1.2, 1.35))))
    if chance.random() < 0.06:
        acts.append(Act(at(0.1), Verb.ASSIGNED))
    for _ in range(int(chance.random() * 1.9)):
        acts.append(Act(at(), Verb.LOGGED, chance.choice(_DONE_KINDS)))
    if chance.random() < 0.1:
        acts.append(Act(at(), Verb.LOGGED, "note"))
    if chance.random() < 0.2:
        planned = at(0.1, 0.5)
        acts += [
            Act(planned, Verb.PLANNED),
            Act(planned + 1 + int((last - planned) * chance.random()), Verb.COMPLETED),
        ]
    if status != "won" and stage and chance.random() < 0.04:
        acts += [Act(born + span * 94 // 100, Verb.LOST), Act(born + span * 97 // 100, Verb.REOPENED)]
    acts.sort()
    acts += _ending(chance, work, last, status)
    return Plot(begins, _apart(born, acts))


def pick(chance: Random, percents: tuple[int, ...]) -> int:
    """A place, each as probable as its percents, which are added up."""
    drawn = chance.random() * 100
    return next(place for place, up_to in enumerate(percents) if drawn < up_to)


def _length(chance: Random, age: int, is_open: bool) -> int:
    """The working seconds from its registration to its last act: most open ones were worked on these days, some stand still."""
    if is_open:
        idle = int(chance.expovariate(1 / (3 * DAY if chance.random() < 0.82 else 20 * DAY)))
        return max(_HOUR, age - idle)
    return max(_HOUR, int(min(chance.lognormvariate(3.2, 0.7) * DAY, age * chance.uniform(0.4, 0.98))))


def _ending(chance: Random, work: WorkTime, last: int, status: str) -> list[Act]:
    if status == "open":
        acts = [Act(last, Verb.LOGGED, chance.choice(_DONE_KINDS))] if chance.random() < 0.8 else []
        if chance.random() < 0.72:
            acts.append(Act(last, Verb.PLANNED, NEXT))
        return acts
    acts = [Act(last, Verb.WON if status == "won" else Verb.LOST)]
    if chance.random() < 0.005:
        acts.append(Act(max(last, work.end - DAY * chance.randrange(1, 10)), Verb.DELETED))
    return acts


def _apart(born: int, acts: list[Act]) -> list[Act]:
    before, apart = born, []
    for act in acts:
        before = max(act.second, before + _MINUTE)
        apart.append(act._replace(second=before))
    return apart
