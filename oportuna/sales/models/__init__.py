"""What is sold to whom, how it got there, and what its totals are made of."""

from oportuna.sales.models.activity import Activity
from oportuna.sales.models.change import Change
from oportuna.sales.models.contact import Channel, Contact
from oportuna.sales.models.customer import Customer
from oportuna.sales.models.data_origin import DataOrigin, LegalBasis
from oportuna.sales.models.history import HistoryEntry, Verb
from oportuna.sales.models.item import OpportunityItem, Product
from oportuna.sales.models.ledger import LedgerDay, LedgerKind, LedgerLine, LedgerTotal
from oportuna.sales.models.mention import Mention
from oportuna.sales.models.opportunity import NumberSeries, Opportunity
from oportuna.sales.models.participant import OpportunityParticipant
from oportuna.sales.models.pipeline import Pipeline, Stage, StageProbability
from oportuna.sales.models.registers import Campaign, LossReason, Source
from oportuna.sales.models.tag import OpportunityTag, Tag
from oportuna.sales.models.version import OpportunityVersion

__all__ = [
    "Activity",
    "Campaign",
    "Change",
    "Channel",
    "Contact",
    "Customer",
    "DataOrigin",
    "HistoryEntry",
    "LedgerDay",
    "LedgerKind",
    "LedgerLine",
    "LedgerTotal",
    "LegalBasis",
    "LossReason",
    "Mention",
    "NumberSeries",
    "Opportunity",
    "OpportunityItem",
    "OpportunityParticipant",
    "OpportunityTag",
    "OpportunityVersion",
    "Pipeline",
    "Product",
    "Source",
    "Stage",
    "StageProbability",
    "Tag",
    "Verb",
]
