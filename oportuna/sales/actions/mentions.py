"""Mentioning somebody in what one writes."""

from oportuna.accounts.actor import Actor
from oportuna.brazil.text import fold
from oportuna.sales.models import Activity, Mention, Opportunity
from oportuna.sales.notices import MENTIONED
from oportuna.sales.queries.mentions import mentionable, mentioned, names_of
from oportuna.work import notices


def keep_mentions(activity: Activity, opportunity: Opportunity, *, by: Actor) -> None:
    """Keep whom an activity's text mentions, in the transaction that wrote it; who was not mentioned before hears of it.

    Those of whom it spoke already stay mentioned as they are written, though they were renamed or see it no more.
    """
    before = {(one.member_id, one.name) for one in Mention.objects.filter(activity=activity)}
    if not before and "@" not in activity.text:
        return
    names = names_of(mentionable(by, opportunity))
    for pk, name in before:
        names[fold(name)] = {pk}
    now = mentioned(activity.text, names)
    for pk, name in before - now:
        Mention.objects.filter(activity=activity, member=pk, name=name).delete()
    Mention.objects.bulk_create(
        [Mention(activity=activity, member_id=pk, name=name) for pk, name in sorted(now - before)]
    )
    told = {pk for pk, _name in now} - {pk for pk, _name in before}
    notices.tell(sorted(told), MENTIONED, opportunity.pk, by=by.membership)
