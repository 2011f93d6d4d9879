"""What a person chose for one import; alike in the command and on the screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

OnDuplicate = Literal["create", "fill", "overwrite", "join", "skip", "reject"]
Mode = OnDuplicate | Literal["hear"]
"""What is done with a row whose customer was met: what was chosen, or "hear": nothing but its opt-out is written."""
ON_DUPLICATE: tuple[OnDuplicate, ...] = ("create", "fill", "overwrite", "join", "skip", "reject")
CREATABLE = ("stage", "source", "campaign", "loss_reason", "tag")
LEGAL_BASES = ("legitimate_interest", "consent", "contract", "made_public")
UNDECIDED = "undecided"
"""Nobody has decided on the legal basis yet, and says so."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is read and its rows are treated.

    `mapping` (header or letter -> field) and `readings` (header or letter -> dmy, mdy, comma, dot) correct what was
    found; `create_missing` names the registers that may grow; `words` says for single words of a register (folded) which
    row of it is meant, by its id, or "create" or "reject". `stage`, `owner`, `source` and `campaign` are ids of what
    rows get that say nothing: else the first stage, whoever imports, and none. The people of `turn` (their ids) get such
    rows in turn, in the place of the `owner`. `calm_names` writes names in capitals alone as people do.

    `on_duplicate` is for rows whose customer the company knows, `on_repeated` for those whose customer an earlier row
    brings (None: the same), `on_perhaps` for those that share no more than a name and a city.

    `supplier` is who supplied the list, `legal_basis` on what the use of its people's data rests: one of `LEGAL_BASES`,
    `UNDECIDED`, or "" where nobody was asked.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    create_missing: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, int | str]] = field(default_factory=dict)
    drop_bad_document: bool = False
    calm_names: bool = False
    on_duplicate: OnDuplicate = "join"
    on_repeated: OnDuplicate | None = None
    on_perhaps: OnDuplicate = "create"
    stage: int | None = None
    owner: int | None = None
    source: int | None = None
    campaign: int | None = None
    turn: tuple[int, ...] = ()
    supplier: str = ""
    legal_basis: str = ""

    @property
    def updates(self) -> bool:
        """Whether any of the choices changes what is there."""
        return bool({"fill", "overwrite"} & {self.on_duplicate, self.on_repeated, self.on_perhaps})

    def with_choices(self, **choices: OnDuplicate) -> Options:
        """The same with other choices for rows whose customer was met: `on_duplicate`, `on_repeated`, `on_perhaps`."""
        return Options.of_json({**self.to_json(), **choices})

    def with_readings(self, readings: Mapping[str, str]) -> Options:
        """The same with other answers for columns that can be read in two ways."""
        return replace(self, readings=readings)

    def with_words(self, words: Mapping[str, Mapping[str, int | str]]) -> Options:
        """The same with other answers for words that no register has."""
        return replace(self, words=words)

    def to_json(self) -> dict[str, Any]:
        """As kept with the import."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Options:
        """What `to_json` made; an import without any has the defaults."""
        known = {name: kept[name] for name in cls.__slots__ if name in kept}
        for name in ("create_missing", "turn"):
            if name in known:
                known[name] = tuple(known[name])
        return cls(**known)
