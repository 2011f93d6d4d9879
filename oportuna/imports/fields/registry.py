"""Every field that a column may feed, by its name in the import's report and in `--map`."""

from __future__ import annotations

from datetime import date

from oportuna.imports.fields.base import Column
from oportuna.imports.fields.digits import (
    CepColumn,
    CnpjColumn,
    CpfColumn,
    DateColumn,
    DddColumn,
    EmailColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    PhoneColumn,
    TaxIdColumn,
)
from oportuna.imports.fields.texts import (
    CityColumn,
    CustomColumn,
    JoinedColumn,
    NoteColumn,
    NotesColumn,
    OneLineColumn,
    SiteColumn,
    SurnameColumn,
    TagsColumn,
    UfColumn,
    WordColumn,
    YesNoColumn,
)

_KINDS = {
    "organisation": "pj j juridica pessoa juridica organisation organization empresa company",
    "person": "pf f fisica pessoa fisica person",
}
_STATUSES = {
    "open": "aberta, aberto, em aberto, em andamento, andamento, ativa, ativo, open, nova, novo",
    "won": "ganha, ganho, ganhou, vendida, vendido, fechada ganha, fechado ganho, won, convertida",
    "lost": "perdida, perdido, perdeu, fechada perdida, fechado perdido, lost, closed lost",
}


def _words(table: dict[str, str], mark: str) -> dict[str, str]:
    return {word.strip(): value for value, words in table.items() for word in words.split(mark)}


STATUS_WORDS = _words(_STATUSES, ",")
COLUMNS: dict[str, Column] = {
    column.field: column
    for column in (
        NumberColumn("number"),
        OneLineColumn("title", 120),
        OneLineColumn("pipeline", 100),
        WordColumn("status", words=STATUS_WORDS),
        DateColumn("closed_on"),
        DateColumn("created_on", earliest=date(1980, 1, 1)),
        OneLineColumn("loss_reason", 60),
        OneLineColumn("competitor", 80),
        Column("loss_comment", 2000),
        MoneyColumn("value"),
        PercentColumn("probability"),
        DateColumn("expected_close_on"),
        OneLineColumn("stage", 60),
        OneLineColumn("owner", 200),
        OneLineColumn("source", 60),
        OneLineColumn("campaign", 60),
        TagsColumn("tags", 60),
        NotesColumn("notes"),
        DateColumn("next_contact_on"),
        WordColumn("kind", words=_words(_KINDS, " ")),
        OneLineColumn("ie", 20),
        OneLineColumn("name", 160),
        OneLineColumn("trade_name", 160),
        CnpjColumn("cnpj", rejects=True),
        CpfColumn("cpf", rejects=True),
        TaxIdColumn("tax_id", rejects=True),
        OneLineColumn("segment", 80),
        SiteColumn("site", 200),
        JoinedColumn("address", 200),
        OneLineColumn("district", 80),
        CityColumn("city", 80),
        CityColumn("city_uf", 80),
        UfColumn("uf"),
        CepColumn("cep"),
        YesNoColumn("do_not_contact"),
        OneLineColumn("contact", 120),
        CpfColumn("contact_cpf", rejects=True),
        SurnameColumn("surname", 60),
        OneLineColumn("job_title", 80),
        EmailColumn("email"),
        PhoneColumn("phone"),
        PhoneColumn("mobile"),
        DddColumn("ddd"),
        NoteColumn("note"),
    )
}
SEVERAL = frozenset(("email", "phone", "mobile", "address", "notes", "note", "tags", "ignore", "ddd"))


def column_for(field: str) -> Column | None:
    """The column of a field, `custom.KEY` included; None for "ignore"; raises KeyError for any other."""
    if field == "ignore":
        return None
    return CustomColumn(field, 500) if field.startswith("custom.") and len(field) > 7 else COLUMNS[field]
