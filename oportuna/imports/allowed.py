"""Whether somebody may import with these choices, and whether they fit together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.errors import Refused
from oportuna.imports.options import LEGAL_BASES, ON_DUPLICATE, UNDECIDED, Options
from oportuna.sales.models import Campaign
from oportuna.sales.models.data_origin import LONGEST_SUPPLIER


def require_allowed(options: Options, by: Actor) -> None:
    """Refuse choices that contradict each other or are not the actor's to make: raises Refused with the field that is meant."""
    of_registers = set(options.create_missing) - {"tag"}  # whoever works on opportunities adds tags
    creates = any("create" in chosen.values() for chosen in options.words.values())
    if (of_registers or creates) and not policies.manage_registers(by):
        raise Refused(
            _("Only an administrator creates stages, sources, campaigns and loss reasons."),
            field="create_missing",
        )
    if (options.turn or options.owner not in (None, by.membership.pk)) and not policies.assign(by):
        raise Refused(_("You import to yourself alone."), field="owner")
    if not {options.on_duplicate, options.on_repeated or "join", options.on_perhaps} <= set(ON_DUPLICATE):
        raise Refused(_("Choose what to do with those who are known already."), field="on_duplicate")
    if options.legal_basis not in ("", UNDECIDED, *LEGAL_BASES):
        raise Refused(_("Choose the legal basis among those offered."), field="legal_basis")
    if len(options.supplier) > LONGEST_SUPPLIER:
        text = _("The supplier's name is too long: up to %(limit)s characters.")
        raise Refused(text % {"limit": LONGEST_SUPPLIER}, field="supplier")
    _require_campaign_of_source(options)


def _require_campaign_of_source(options: Options) -> None:
    if options.source is None or options.campaign is None:
        return
    campaign = Campaign.objects.filter(pk=options.campaign).select_related("source").first()
    if campaign is not None and campaign.source_id != options.source:
        text = _("The campaign %(campaign)s is of the source %(source)s: choose that one, or none.")
        names = {"campaign": campaign.name, "source": campaign.source.name}
        raise Refused(text % names, field="campaign")
