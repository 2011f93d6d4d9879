"""The life of one opportunity, played: each act leaves what its verb in `sales.actions` leaves.

A history entry always, a version where the state differs, and the opportunity as it stands afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from oportuna.accounts.actor import Via
from oportuna.fields import reais
from oportuna.ops.demo import words
from oportuna.ops.demo.cast import LIST_SOURCE, PHONE_SOURCE, Cast
from oportuna.ops.demo.plot import NEXT, Act, Plot, pick
from oportuna.ops.demo.worktime import WorkTime
from oportuna.sales.history import seconds_between
from oportuna.sales.ledger import OPEN, State
from oportuna.sales.models import Verb

_SOURCES = ("Site", PHONE_SOURCE, "Evento", LIST_SOURCE, "Indicação", "Redes sociais", "Outros")
_SOURCE_PERCENTS = (24, 40, 52, 60, 85, 97, 100)
_SELLER_PERCENTS = (32, 58, 81, 100)
_TO_DO_KINDS = ("call", "call", "meeting", "visit", "task", "email", "whatsapp")
_SAID = {"call": words.CALLS, "email": words.MESSAGES, "whatsapp": words.MESSAGES, "meeting": words.VISITS,
         "visit": words.VISITS, "task": words.MESSAGES, "note": words.NOTES}  # fmt: skip
MOST_DEEDS = 5  # as many as a plot draws at most
_SELLERS_FROM = 2  # the place of the stage from which telemarketing has handed over
_LATE, _TODAY = 0.17, 0.3  # of the planned ones; the others are to come


@dataclass(slots=True)
class Entry:
    """A history entry; `deed` is a place in the story's activities."""

    verb: Verb
    at: datetime
    by: int
    via: Via = Via.SCREEN
    from_stage: int | None = None
    to_stage: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    deed: int | None = None


@dataclass(slots=True)
class Deed:
    """An activity, to be done while it has no `done_at`."""

    kind: str
    subject: str
    text: str
    owner: int
    created_at: datetime
    created_by: int
    due_on: date | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    done_by: int | None = None
    revision: int = 1


@dataclass(slots=True)
class Story:
    """An opportunity as it stands after its last act; `entered` is the working second that put its card on top."""

    created_at: datetime
    created_by: int
    state: State
    campaign: int | None
    entered: int
    stage_since: datetime
    moved_at: datetime
    loss: tuple[int | None, str, str] = (None, "", "")
    closed_at: datetime | None = None
    closed_on: date | None = None
    deleted_at: datetime | None = None
    revision: int = 1
    versions: list[tuple[datetime, date, State]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)

    @property
    def seconds_open(self) -> int | None:
        """From registering to closing."""
        return seconds_between(self.created_at, self.closed_at) if self.closed_at else None

    def next_deed(self) -> Deed | None:
        """The first activity still to be done."""
        to_do = [deed for deed in self.deeds if deed.done_at is None and deed.due_on is not None]
        return min(to_do, key=lambda deed: deed.due_on or date.max, default=None)


class Teller:
    """Plays plots with the people and registers of the demo company."""

    def __init__(self, chance: Random, cast: Cast, work: WorkTime) -> None:
        self.chance, self.cast, self.work = chance, cast, work
        self._plays: dict[Verb, Callable[[Story, Act, Entry], None]] = {
            Verb.MOVED: self._move,
            Verb.EDITED: self._edit,
            Verb.ASSIGNED: self._assign,
            Verb.LOGGED: self._log,
            Verb.PLANNED: self._plan,
            Verb.COMPLETED: self._complete,
            Verb.WON: self._win,
            Verb.LOST: self._lose,
            Verb.REOPENED: self._reopen,
            Verb.DELETED: self._delete,
        }

    def tell(self, plot: Plot, born: int, cents: int) -> Story:
        """The story of an opportunity worth `cents`, registered at the working second `born`."""
        story = self._register(born, cents, self.cast.stages[plot.begins])
        self.seller = self.cast.sellers[pick(self.chance, _SELLER_PERCENTS)]
        if story.state.owner_id in self.cast.sellers:
            self.seller = story.state.owner_id
        for act in plot.acts:
            self._play(story, act)
        return story

    def _register(self, born: int, cents: int, stage: int) -> Story:
        chance, cast, work = self.chance, self.cast, self.work
        at, day = work.at(born), work.day(born)
        source = _SOURCES[pick(chance, _SOURCE_PERCENTS)]
        owner: int | None = cast.sellers[pick(chance, _SELLER_PERCENTS)]
        by, via = cast.manager if chance.random() < 0.15 else owner or 0, Via.SCREEN
        if source == PHONE_SOURCE:
            by = owner = cast.operator
        elif source == LIST_SOURCE:
            by, owner, via = cast.manager, None, Via.IMPORT
        source_id = cast.sources[source]
        running = [pk for pk, first, last in cast.campaigns.get(source_id, ()) if first <= at <= last]
        closes = work.workday(day + timedelta(days=chance.randrange(25, 120)))
        state = State(stage, OPEN, cents, owner, source_id, None, closes if chance.random() < 0.85 else None)
        story = Story(at, by, state, running[0] if running else None, born, at, at)
        story.versions.append((at, day, state))
        story.entries.append(Entry(Verb.CREATED, at, by, via, to_stage=stage))
        return story

    def _play(self, story: Story, act: Act) -> None:
        at, before = self.work.at(act.second), story.state
        if before.owner_id == self.cast.operator and (
            act.verb == Verb.WON or (act.verb == Verb.MOVED and act.what >= _SELLERS_FROM)
        ):
            self._play(story, Act(act.second - 30, Verb.ASSIGNED))
            before = story.state
        entry = Entry(act.verb, at, before.owner_id or self.seller)
        self._plays[act.verb](story, act, entry)
        story.revision += 1
        if story.state != before:
            story.versions.append((at, self.work.day(act.second), story.state))
        story.entries.append(entry)

    def _take(self, story: Story, entry: Entry) -> None:
        """Whoever works on an unassigned opportunity takes it."""
        if story.state.owner_id is None:
            story.state = story.state._replace(owner_id=entry.by)
            entry.changes["owner"] = [None, self.cast.names[entry.by]]

    def _move(self, story: Story, act: Act, entry: Entry) -> None:
        entry.from_stage, entry.to_stage = story.state.stage_id, self.cast.stages[act.what]
        story.state = story.state._replace(stage_id=entry.to_stage)
        story.stage_since = story.moved_at = entry.at
        story.entered = act.second
        self._take(story, entry)

    def _edit(self, story: Story, act: Act, entry: Entry) -> None:
        before = story.state.cents or 0
        after = round(before * act.what / 10_000) * 10_000
        entry.changes["value"] = [str(reais(before)), str(reais(after))]
        probability = self.chance.choice((250, 500, 700, 900)) if self.chance.random() < 0.15 else None
        if probability:
            entry.changes["probability"] = [story.state.probability, probability]
        story.state = story.state._replace(cents=after, probability=probability or story.state.probability)
        self._take(story, entry)

    def _assign(self, story: Story, act: Act, entry: Entry) -> None:
        left = story.state.owner_id
        others = [seller for seller in self.cast.sellers if seller != left]
        self.seller = self.chance.choice(others)
        entry.by = self.cast.manager
        names = self.cast.names
        entry.changes["owner"] = [None if left is None else names[left], names[self.seller]]
        story.state = story.state._replace(owner_id=self.seller)

    def _log(self, story: Story, act: Act, entry: Entry) -> None:
        said = self.chance.choice(_SAID[act.what])
        self._add(story, entry, Deed(act.what, "", said, entry.by, entry.at, entry.by))
        self._done(story, story.deeds[-1], entry)

    def _plan(self, story: Story, act: Act, entry: Entry) -> None:
        kind = self.chance.choice(_TO_DO_KINDS)
        subject = self.chance.choice(words.PLANS[kind])
        planned_on = self.work.day(act.second)
        due_on = self._due_on(planned_on) if act.what == NEXT else planned_on + timedelta(days=2)
        deed = Deed(kind, subject, "", entry.by, entry.at, entry.by, due_on)
        if self.chance.random() < 0.5:
            deed.due_at = self.work.hour(due_on, self.chance.randrange(9, 18))
        entry.changes["due_on"] = [None, (deed.due_at or due_on).isoformat()]
        self._add(story, entry, deed)

    def _due_on(self, planned_on: date) -> date:
        """Late, today or to come, never before the day on which it was planned."""
        drawn, today = self.chance.random(), self.work.today
        if drawn < _LATE:
            return max(planned_on, today - timedelta(days=self.chance.randrange(1, 9)))
        if drawn < _TODAY:
            return today
        return self.work.workday(today + timedelta(days=1 + int(self.chance.expovariate(0.15))))

    def _complete(self, story: Story, act: Act, entry: Entry) -> None:
        place = next(place for place, deed in enumerate(story.deeds) if deed.done_at is None)
        deed = story.deeds[place]
        deed.text = self.chance.choice(_SAID[deed.kind])
        deed.revision += 1
        entry.deed = place
        self._done(story, deed, entry)
        self._take(story, entry)

    def _add(self, story: Story, entry: Entry, deed: Deed) -> None:
        entry.deed = len(story.deeds)
        story.deeds.append(deed)
        self._take(story, entry)

    def _done(self, story: Story, deed: Deed, entry: Entry) -> None:
        deed.done_at, deed.done_by = entry.at, entry.by
        if deed.kind != "note":
            story.moved_at = entry.at

    def _win(self, story: Story, act: Act, entry: Entry) -> None:
        self._close(story, act, entry, "won")

    def _lose(self, story: Story, act: Act, entry: Entry) -> None:
        reason = self.chance.choice(self.cast.reasons)
        competitor = self.chance.choice(words.COMPETITORS) if reason.asks_competitor else ""
        comment = self.chance.choice(words.LOSS_COMMENTS) if self.chance.random() < 0.2 else ""
        story.loss = (reason.pk, competitor, comment)
        entry.changes["loss_reason"] = [None, reason.name]
        if competitor:
            entry.changes["competitor"] = [None, competitor]
        if comment:
            entry.changes["loss_comment"] = [None, comment]
        self._close(story, act, entry, "lost")

    def _close(self, story: Story, act: Act, entry: Entry, status: str) -> None:
        entry.from_stage = story.state.stage_id
        story.state = story.state._replace(status=status)
        story.closed_at = story.moved_at = entry.at
        story.closed_on = self.work.day(act.second)
        self._take(story, entry)

    def _reopen(self, story: Story, act: Act, entry: Entry) -> None:
        if entry.by == self.cast.operator:
            entry.by = self.cast.manager
        reason = next(reason.name for reason in self.cast.reasons if reason.pk == story.loss[0])
        entry.to_stage = story.state.stage_id
        entry.changes |= {"status": [story.state.status, OPEN], "loss_reason": [reason, None]}
        story.state = story.state._replace(status=OPEN)
        if story.closed_at is not None:
            story.stage_since += entry.at - story.closed_at
        story.loss, story.closed_at, story.closed_on = (None, "", ""), None, None
        story.moved_at = entry.at
        story.entered = act.second

    def _delete(self, story: Story, act: Act, entry: Entry) -> None:
        entry.by = self.cast.manager
        story.deleted_at = entry.at
