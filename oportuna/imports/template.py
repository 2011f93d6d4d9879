"""An empty spreadsheet to fill in: a column for each field, the company's own words to choose from, and a page that explains.

It has no example row: one that nobody deletes would be an opportunity. Examples stand on the second sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from xlsxwriter.utility import xl_col_to_name

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Role
from oportuna.accounts.queries import active_members
from oportuna.brazil.address import UFS
from oportuna.sales.models import Campaign, Customer, LossReason, Opportunity, Pipeline, Source
from oportuna.sales.queries.registers import stages_in_use

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_ROWS = 10_000
"""So many rows have their lists and formats."""
_TEXT, _MONEY, _DAY = "@", "#,##0.00", "dd/mm/yyyy"


@dataclass(frozen=True)
class TemplateColumn:
    """A field of an import: its heading, what to write there and an example; `words` names the list it is chosen from."""

    field: str
    title: StrPromise
    hint: StrPromise
    example: str = ""
    format: str = ""
    words: str = ""
    width: int = 20


COLUMNS = (
    TemplateColumn(
        "name",
        _("Registered name / name"),
        _("Required: the company, or the person."),
        "Padaria Sol Ltda",
        width=36,
    ),
    TemplateColumn("trade_name", _("Trade name"), _("How the company is known."), "Padaria Sol", width=28),
    TemplateColumn(
        "cnpj", _("CNPJ"), _("With or without its marks; letters too."), "11.222.333/0001-81", _TEXT
    ),
    TemplateColumn("cpf", _("CPF"), _("Of a person who is the customer."), "529.982.247-25", _TEXT),
    TemplateColumn("kind", _("Company or person"), _("Empty: by the document."), words="kind"),
    TemplateColumn("ie", _("State registration"), _("As it is written."), "", _TEXT),
    TemplateColumn("contact", _("Contact"), _("Whom one speaks with."), "Ana Souza", width=24),
    TemplateColumn("job_title", _("Job title"), _("What the contact does there."), "Compradora"),
    TemplateColumn("contact_cpf", _("Contact's CPF"), _("Only if you need it."), "", _TEXT),
    TemplateColumn(
        "email",
        _("E-mails"),
        _("Several with a semicolon between them."),
        "ana@padaria.com.br; sol@padaria.com.br",
        width=32,
    ),
    TemplateColumn(
        "phone",
        _("Phones"),
        _("With the area code; several with a semicolon."),
        "(11) 98765-4321; (11) 3333-4444",
        _TEXT,
        width=32,
    ),
    TemplateColumn("segment", _("Segment"), _("What the company does."), "Alimentação"),
    TemplateColumn("site", _("Site"), _("Its address on the web."), "padariasol.com.br", width=28),
    TemplateColumn(
        "address", _("Address"), _("Street, number and complement."), "Rua Sete, 120, sala 3", width=36
    ),
    TemplateColumn("district", _("District"), _("As it is written."), "Centro"),
    TemplateColumn("city", _("City"), _("As it is written."), "Campinas"),
    TemplateColumn("uf", _("State (UF)"), _("Choose from the list."), "SP", words="uf", width=10),
    TemplateColumn("cep", _("CEP"), _("Eight digits."), "13010-000", _TEXT, width=12),
    TemplateColumn(
        "do_not_contact",
        _("Do not contact"),
        _("Yes for whom asked not to be called."),
        words="yes",
        width=12,
    ),
    TemplateColumn(
        "title", _("Title"), _("Of the opportunity; empty: the customer's name."), "Forno novo", width=36
    ),
    TemplateColumn("value", _("Value"), _("In reais."), "1.234,56", _MONEY),
    TemplateColumn("pipeline", _("Pipeline"), _("Empty: the default one."), words="pipeline"),
    TemplateColumn("stage", _("Stage"), _("Empty: the first one."), words="stage"),
    TemplateColumn("owner", _("Seller"), _("Empty: as chosen when you import."), words="owner", width=24),
    TemplateColumn("source", _("Source"), _("Where the lead came from."), words="source"),
    TemplateColumn("campaign", _("Campaign"), _("Of that source."), words="campaign"),
    TemplateColumn("probability", _("Probability"), _("Only if it differs from the stage's."), "25%"),
    TemplateColumn("expected_close_on", _("Expected close"), _("A day."), "31/12/2026", _DAY),
    TemplateColumn("next_contact_on", _("Next contact"), _("A day: a call is planned."), "05/12/2026", _DAY),
    TemplateColumn("status", _("Opportunity's status"), _("Empty: it is open."), words="status"),
    TemplateColumn("created_on", _("Created on"), _("Empty: today."), "01/10/2026", _DAY),
    TemplateColumn("closed_on", _("Closed on"), _("Of what was won or lost."), "", _DAY),
    TemplateColumn("loss_reason", _("Loss reason"), _("Of what was lost."), words="loss_reason", width=28),
    TemplateColumn("competitor", _("Competitor"), _("Who won it."), ""),
    TemplateColumn("loss_comment", _("Comment on the loss"), _("In your words."), "", width=40),
    TemplateColumn("number", _("Opportunity's number"), _("Only if you bring numbers along."), "", width=10),
    TemplateColumn("tags", _("Tags"), _("Several with a comma between them."), "feira, urgente", width=24),
    TemplateColumn("notes", _("Notes"), _("Anything else."), "Ligar de manhã", width=60),
)


def template_of(actor: Actor) -> bytes:
    """The workbook, with the stages, sources, sellers and other words that the actor may choose. Text is never a formula in it."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        formats = {kind: book.add_format({"num_format": kind}) for kind in (_TEXT, _MONEY, _DAY)}
        sheet = book.add_worksheet(str(_("Opportunities")))
        explained = book.add_worksheet(str(_("How to fill in")))
        lists = book.add_worksheet(str(_("Lists")))
        lists.hide()
        sheet.freeze_panes(1, 1)
        ranges = _write_lists(lists, _words(actor))
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.width, formats.get(column.format))
            sheet.write_string(0, place, str(column.title), bold)
            if source := ranges.get(column.words):
                # Another word than those of the list may be meant: the check asks what becomes of it.
                choice = {"validate": "list", "source": source, "error_type": "warning"}
                sheet.data_validation(1, place, _ROWS, place, choice)
        _explain(explained, bold)
    return file.getvalue()


def _words(actor: Actor) -> dict[str, list[str]]:
    """The words of each list."""
    members = active_members(actor).exclude(role=Role.VIEWER)
    if not policies.assign(actor):
        members = members.filter(pk=actor.membership.pk)
    return {
        "kind": [str(label) for label in Customer.Kind.labels],
        "uf": list(UFS),
        "yes": [str(_("Yes"))],
        "pipeline": [one.name for one in Pipeline.active()],
        "stage": [*dict.fromkeys(one.name for one in stages_in_use())],
        "owner": [one.name for one in members],
        "source": [one.name for one in Source.active()],
        "campaign": [one.name for one in Campaign.active()],
        "status": [str(label) for label in Opportunity.Status.labels],
        "loss_reason": [one.name for one in LossReason.active()],
    }


def _write_lists(sheet: Any, words: dict[str, list[str]]) -> dict[str, str]:
    """Write each list into a column, from its second row on; returns where each one stands."""
    ranges = {}
    for place, (name, texts) in enumerate(words.items()):
        sheet.write_column(1, place, texts)
        letter = xl_col_to_name(place)
        if texts:
            ranges[name] = f"='{sheet.get_name()}'!${letter}$2:${letter}${len(texts) + 1}"
    return ranges


def _explain(sheet: Any, bold: Any) -> None:
    rows: Sequence[tuple[StrPromise | str, ...]] = [
        (_("Column of this file"), _("What to write"), _("For example")),
        *((column.title, column.hint, column.example) for column in COLUMNS),
    ]
    for place, width in enumerate((32, 60, 44)):
        sheet.set_column(place, place, width)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            sheet.write_string(number, place, str(text), *((bold,) if number == 0 else ()))
