"""The words of a row that name something of the company: pipeline, stage, owner, source, campaign, loss reason, tags."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership, Role
from oportuna.accounts.prepared import prepared
from oportuna.brazil.text import fold
from oportuna.imports.options import Options
from oportuna.imports.writing.brought import kept
from oportuna.imports.writing.places import Fault, Place
from oportuna.sales.actions import registers, tags
from oportuna.sales.models import Campaign, LossReason, Pipeline, Source, Stage, Tag

R = TypeVar("R", Stage, Source, Campaign, LossReason, Tag)
NAMES = ("pipeline", "stage", "owner", "source", "campaign", "loss_reason")


class Lookups:
    """Finds what the words name, each combination once. With `creates` it adds what the options allow to be missing.

    What adds wants a write transaction: `knows` says whether `place` would need one. What it put in use is `brought`, as
    `ImportJob` keeps it.
    """

    def __init__(self, options: Options, by: Actor, *, creates: bool = False) -> None:
        self._options, self.by, self._creates = options, by, creates
        self._found: dict[tuple[Any, ...], Place] = {}
        self.brought: list[list[Any]] = []
        self._stand_ins = 0
        self._pipelines = list(Pipeline.active())
        self._stages = list(
            Stage.objects.filter(is_active=True, pipeline__is_active=True)
            .select_related("pipeline")
            .order_by("pipeline__position", "pipeline_id", "position", "id")
        )
        self._sources = {one.name_folded: one for one in Source.active()}
        self._campaigns = {one.name_folded: one for one in Campaign.active().select_related("source")}
        self._tags = {one.name_folded: one for one in Tag.active()}
        self._reasons = {one.name_folded: one for one in LossReason.active()}
        members = Membership.objects.filter(company=by.company, is_active=True).select_related("user")
        self._members = list(members)
        self._called = Counter(one.name_folded for one in self._members)
        self.default_stage = self._by_id(self._stages, options.stage) or self._stages[0]
        self.default_owner = self._by_id(self._members, options.owner) or by.membership
        self._default_source = self._by_id(list(self._sources.values()), options.source)
        self._default_campaign = self._by_id(list(self._campaigns.values()), options.campaign)
        takers = [one for one in self._members if one.role != Role.VIEWER]
        self.turn = [one for pk in options.turn if (one := self._by_id(takers, pk)) is not None]

    def is_current(self, by: Actor) -> bool:
        """Whether it is the same actor, and the stages in use and the people are still those that were found."""
        if by != self.by:
            return False
        return set(_stages_in_use()) == {one.pk for one in self._stages} and set(
            _active_members(self.by.company.pk)
        ) == {one.pk for one in self._members}

    def knows(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Whether the words of all these rows were looked up before."""
        return {_words(values) for values in rows} <= self._found.keys()

    def place(self, values: Mapping[str, Any]) -> Place:
        """Where the row's words lead."""
        key = _words(values)
        if key not in self._found:
            self._found[key] = self._find(dict(zip(NAMES, key, strict=False)), key[-1])
        return self._found[key]

    def _find(self, words: dict[str, str | None], tag_words: tuple[str, ...]) -> Place:
        faults: list[Fault] = []
        pipeline = self._pipeline(words["pipeline"], faults)
        stage, stage_name = self._stage(words["stage"], pipeline, faults)
        owner = self._owner(words["owner"], faults)
        source, source_name = self._source(words["source"], faults)
        if not words["source"] and not words["campaign"] and self._default_campaign is not None:
            source, source_name = self._default_campaign.source, self._default_campaign.source.name
        campaign, campaign_name = self._campaign(words["campaign"], source, faults)
        if source is None and campaign is not None and not words["source"]:
            source, source_name = campaign.source, campaign.source.name
        reason, reason_name = self._loss_reason(words["loss_reason"], faults)
        tagged, tag_names = self._tagged(tag_words, faults)
        names = {
            "pipeline": stage.pipeline.name if stage else (pipeline or self.default_stage.pipeline).name,
            "stage": stage_name,
            "owner": self.word_of(owner),
            "source": source_name,
            "campaign": campaign_name,
            "loss_reason": reason_name,
            "tags": tag_names,
        }
        return Place(stage, owner, source, campaign, reason, tagged, names, tuple(faults))

    def word_of(self, member: Membership) -> str:
        """The word of a row that names this person and nobody else: the name, or the e-mail where two have it."""
        return member.name if self._called[member.name_folded] < 2 else member.user.email

    def _pipeline(self, word: str | None, faults: list[Fault]) -> Pipeline | None:
        if not word:
            return None
        chosen = self._choice("pipeline", word)
        folded = fold(word)
        found = self._by_id(self._pipelines, chosen) or next(
            (one for one in self._pipelines if one.name_folded == folded), None
        )
        if found is None:
            message = _("There is no pipeline of this name in use: write it as in Registers.")
            faults.append(Fault("pipeline", word, "unknown_pipeline", message, rejects=True))
        return found

    def _stage(
        self, word: str | None, pipeline: Pipeline | None, faults: list[Fault]
    ) -> tuple[Stage | None, str | None]:
        """In the pipeline that the row names; else in the default one, else in the only other one that has it."""
        home = pipeline or self.default_stage.pipeline
        if not word:
            in_home = [one for one in self._stages if one.pipeline_id == home.pk]
            first = self.default_stage if self.default_stage in in_home else next(iter(in_home), None)
            if first is None:
                message = _("This pipeline has no stage in use.")
                faults.append(Fault("stage", home.name, "unknown_stage", message, rejects=True))
            return first, first.name if first else None
        folded, chosen = fold(word), self._by_id(self._stages, self._choice("stage", word))
        if chosen is not None:
            return chosen, chosen.name
        named = [one for one in self._stages if one.name_folded == folded]
        here = [one for one in named if one.pipeline_id == home.pk]
        if here or (not pipeline and len(named) == 1):
            found = (here or named)[0]
            return found, found.name
        if self._may_create("stage", word):
            new = Stage(name=word[:60], pipeline=home)
            fields = {"name": new.name}
            stage = self._created(
                new, lambda: registers.put_stage_in_use(home, fields, by=self.by), pipeline=home
            )
            self._stages.append(stage)
            return stage, word
        message = _("There is no stage of this name in use: correct it, or let the import create it.")
        faults.append(Fault("stage", word, "unknown_stage", message, rejects=True))
        return None, word

    def _owner(self, word: str | None, faults: list[Fault]) -> Membership:
        if not word:
            return self.default_owner
        folded, chosen = fold(word), self._by_id(self._members, self._choice("owner", word))
        named = [one for one in self._members if one.user.email == folded or one.name_folded == folded]
        named = [chosen] if chosen is not None else named
        if len(named) != 1:
            code = "owner_unclear" if named else "owner_unknown"
            message = (
                _("Two people have this name: the row goes to %(name)s. Write the e-mail instead.")
                if named
                else _("Nobody of the company has this name or e-mail: the row goes to %(name)s.")
            )
            text = message % {"name": self._who_gets_it}
            faults.append(self._fault("owner", word, code, text))
            return self.default_owner
        if named[0] != self.by.membership and not policies.assign(self.by):
            message = _("You import to yourself alone: the row goes to %(name)s.")
            text = message % {"name": self._who_gets_it}
            faults.append(Fault("owner", word, "owner_not_allowed", text))
            return self.default_owner
        return named[0]

    @property
    def _who_gets_it(self) -> str:
        return _("whoever's turn it is") if self.turn else self.default_owner.name

    def _source(self, word: str | None, faults: list[Fault]) -> tuple[Source | None, str | None]:
        if not word:
            return self._default_source, self._default_source.name if self._default_source else None
        found = self._sources.get(fold(word)) or self._by_id(
            list(self._sources.values()), self._choice("source", word)
        )
        if found is None and self._may_create("source", word):
            fields = {"name": word[:60]}
            found = self._created(Source(**fields), lambda: registers.put_in_use(Source, fields, by=self.by))
            self._sources[found.name_folded] = found
            return found, word
        if found is None:
            message = _("There is no source of this name in use: it was left empty.")
            faults.append(self._fault("source", word, "source_unknown", message))
        return found, found.name if found else None

    def _campaign(
        self, word: str | None, source: Source | None, faults: list[Fault]
    ) -> tuple[Campaign | None, str | None]:
        if not word:
            # A campaign is its source's: a row that names another source is not of it.
            fits = self._default_campaign is not None and self._default_campaign.source == source
            return (self._default_campaign, self._default_campaign.name) if fits else (None, None)
        found = self._campaigns.get(fold(word)) or self._by_id(
            list(self._campaigns.values()), self._choice("campaign", word)
        )
        if found is None and self._may_create("campaign", word) and self._can_have(word, source):
            fields = {"name": word[:60], "source": source}
            found = self._created(
                Campaign(**fields), lambda: registers.put_in_use(Campaign, fields, by=self.by)
            )
            self._campaigns[found.name_folded] = found
            return found, word
        if found is None:
            message = _("There is no campaign of this name in use: it was left empty.")
            faults.append(self._fault("campaign", word, "campaign_unknown", message))
        return found, found.name if found else None

    def _can_have(self, campaign: str, source: Source | None) -> bool:
        """A new campaign wants a source, which the check may not have yet; one that is out of use has its own."""
        if source is not None or not self._creates:
            return True
        return Campaign.objects.filter(name_folded=fold(campaign[:60])).exists()

    def _loss_reason(self, word: str | None, faults: list[Fault]) -> tuple[LossReason | None, str | None]:
        if not word:
            return None, None
        found = self._reasons.get(fold(word)) or self._by_id(
            list(self._reasons.values()), self._choice("loss_reason", word)
        )
        if found is None and self._may_create("loss_reason", word):
            fields = {"name": word[:60]}
            found = self._created(
                LossReason(**fields), lambda: registers.put_in_use(LossReason, fields, by=self.by)
            )
            self._reasons[found.name_folded] = found
            return found, word
        if found is None:
            message = _("There is no loss reason of this name in use: it is in the comment.")
            faults.append(self._fault("loss_reason", word, "loss_reason_unknown", message))
        return found, found.name if found else None

    def _tagged(
        self, words: tuple[str, ...], faults: list[Fault]
    ) -> tuple[tuple[Tag, ...], list[str] | None]:
        """The tags of these words, each once, and their names; a word of no tag is added, or left to the notes.

        So are words beyond those that an opportunity may have.
        """
        found: dict[str, Tag] = {}
        names: dict[str, str] = {}
        for word in words:
            key = fold(word)
            tag = self._tags.get(key)
            if len(found) == tags.MOST and key not in found:
                message = _("An opportunity has %(most)s tags at most: this one is in the notes.")
                faults.append(Fault("tags", word, "tags_too_many", message % {"most": tags.MOST}))
                continue
            if tag is None and "tag" in self._options.create_missing:
                new = Tag(name=word[:60])
                tag = self._tags[key] = self._created(new, partial(tags.put_in_use, new.name, by=self.by))
            elif tag is None:
                message = _("There is no tag of this name: it is in the notes.")
                faults.append(Fault("tags", word, "tag_unknown", message))
                continue
            found[key], names[key] = tag, tag.name
        return tuple(found.values()), list(names.values()) or None

    def _choice(self, register: str, word: str) -> int | str | None:
        """What a person said of this word of a register."""
        return self._options.words.get(register, {}).get(fold(word))

    def _rejects(self, register: str, word: str) -> bool:
        return self._choice(register, word) == "reject"

    def _fault(self, register: str, word: str, code: str, message: str) -> Fault:
        """A word that was not found, unless a person wants such rows rejected."""
        if not self._rejects(register, word):
            return Fault(register, word, code, message)
        message = _("The registers do not have this, and you chose to reject such rows.")
        return Fault(register, word, code, message, rejects=True)

    def _may_create(self, register: str, word: str) -> bool:
        wanted = register in self._options.create_missing or self._choice(register, word) == "create"
        return wanted and not self._rejects(register, word) and policies.manage_registers(self.by)

    def _created(self, new: R, put_in_use: Callable[[], tuple[R, bool]], **within: Any) -> R:
        """What the import adds, or puts back in use; the check gets what is out of use, else a stand-in that nobody saves.

        An update that says it says something new.
        """
        if self._creates:
            row, is_news = put_in_use()
            if is_news:
                self.brought.append(kept(row))
            return row
        folded = fold(new.name)
        there = type(new)._default_manager.filter(name_folded=folded, **within).first()
        if there is not None:
            return there
        self._stand_ins += 1
        new.pk, new.name_folded = -self._stand_ins, folded
        return new

    @staticmethod
    def _by_id(rows: list[Any], pk: int | str | None) -> Any:
        return next((one for one in rows if one.pk == pk), None) if isinstance(pk, int) else None


def _words(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*[values.get(name) for name in NAMES], tuple(values.get("tags") or ()))


@prepared
def _stages_in_use() -> QuerySet[Stage, int]:
    return Stage.objects.filter(is_active=True, pipeline__is_active=True).values_list("pk", flat=True)


@prepared
def _active_members(company_id: int) -> QuerySet[Membership, int]:
    return Membership.objects.filter(company_id=company_id, is_active=True).values_list("pk", flat=True)
