"""Who may be mentioned, whom a text mentions, and what of it is marked."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import QuerySet

from oportuna.accounts import policies, queries
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.brazil.text import fold
from oportuna.sales.models import Activity, Mention, Opportunity

# Not the one in an e-mail.
_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"[\w’']+")
_MOST_WORDS = 8
_LONGEST = 120


def mentionable(actor: Actor, opportunity: Opportunity) -> list[Membership]:
    """The active members who may see the opportunity, by name."""
    return [one.membership for one in queries.colleagues(actor) if policies.see(one, opportunity)]


def names_of(members: Iterable[Membership]) -> dict[str, set[int]]:
    """What may stand behind an "@", folded, and the members by their ids whom it means: a whole name, or a first name that one has."""
    whole, first = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for member in members:
        words = [word.end() for word in _WORD.finditer(member.name)]
        if words:
            whole[fold(member.name[: words[-1]])].add(member.pk)
            first[fold(member.name[: words[0]])].add(member.pk)
    return {**{name: ids for name, ids in first.items() if len(ids) == 1}, **whole}


def mentioned(text: str, names: Mapping[str, set[int]]) -> set[tuple[int, str]]:
    """The members whom a text mentions, each with the name as it is written there; of two names the longer one."""
    found = set()
    for at in _AT.finditer(text):
        for written in _beginnings(text[at.end() : at.end() + _LONGEST].split("\n")[0]):
            if ids := names.get(fold(written)):
                found |= {(pk, written) for pk in ids}
                break
    return found


def _beginnings(text: str) -> Iterator[str]:
    """What a text begins with by whole words, the longest first."""
    ends = [word.end() for word in _WORD.finditer(text)][:_MOST_WORDS]
    for end in reversed(ends):
        yield text[:end]


def marked_names(activities: Iterable[Activity | None]) -> dict[int, list[str]]:
    """The names that are marked in the texts of activities, by the activity's id; asks only where there is an "@"."""
    ids = tuple({one.pk for one in activities if one is not None and "@" in one.text})
    names = defaultdict[int, list[str]](list)
    for activity_id, name in _written(ids) if ids else ():
        names[activity_id].append(name)
    return names


@prepared
def _written(activities: tuple[int, ...]) -> QuerySet[Mention, tuple[int, str]]:
    mentions = Mention.objects.filter(OneOf("activity_id", activities))
    return mentions.order_by().values_list("activity_id", "name")
