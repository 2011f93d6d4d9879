"""Sales of any kind, brought into a company and written into files."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from oportuna.accounts.actor import Actor
from oportuna.brazil.text import clean
from oportuna.imports.exports.cells import Column
from oportuna.imports.exports.writing import writer_of
from oportuna.sales.actions import numbers
from oportuna.sales.actions.many import Batch
from oportuna.sales.actions.newcomers import NewCustomer, NewOpportunity
from oportuna.sales.models import LossReason, Opportunity
from tests.factories import reason_of, source_of, stage_of

CNPJS = (
    *("12ABC34501DE35", "1345C3A5000106", "R55231B3000757", "ABCDEFGHIJKL80", "00000000000191"),
    *("00000000E08G12", "90021382000122", "PC3D315K000193", "11222333000181", "MMH9SKDL539Y64"),
)
CPFS = ("52998224725", "11144477735", "00000000191")
PHONES = (
    "+5511987654321",
    "+551133334444",
    "+5555912345678",
    "+558001234567",
    "+12125552368",
    "+351912345678",
)
PLACES = (
    ("São Paulo", "SP", "01310100"),
    ("Brasília", "DF", "70040010"),
    ("Mogi-Mirim", "SP", "13800000"),
    ("", "", ""),
)
HARD = (
    *("=1+1", "'=1+1", "''-x", "'Boteco'-Bar", '="00123"', "+55 11", "-5", "@casa", "d'Água", "'", '"', '""'),
    *("a;b", 'diz "sim"; não', "São João & Cia", "Ímã 🧲👩‍👩‍👧", "_x000D_", "&amp; <b>", "1.234,56", "31/12/2026"),
    *("00123", "1E5", "TRUE", "Total", "sep=;", "Razão social", "\\N", "a\tb", "-", "n/d", "XXX", "'n/d", "''xx", "'...", "Sem contato", "'-"),
)  # fmt: skip


def _line(longest: int) -> st.SearchStrategy[str]:
    free = st.text("aZçÃé0;'\"=+-@,. \t🧲ß", max_size=longest)
    lines = (free | st.sampled_from(HARD)).map(lambda text: " ".join(clean(text).split()))
    return lines.filter(bool)


def _several_lines() -> st.SearchStrategy[str]:
    return st.lists(_line(40), min_size=1, max_size=4).map("\n".join).map(clean).filter(bool)


def _or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
SALES = st.fixed_dictionaries(
    {
        "title": _line(60),
        "name": _line(60),
        "trade_name": _or_none(_line(30)),
        "document": st.sampled_from([*CNPJS, *CPFS, None]),
        "ie": _or_none(st.sampled_from(["ISENTO", "110.042.490.114"])),
        "segment": _or_none(_line(30)),
        "site": _or_none(st.sampled_from(["https://exemplo.com.br/a?b=1;2", "http://x.example"])),
        "address": _or_none(_line(60)),
        "district": _or_none(_line(30)),
        "place": st.sampled_from(PLACES),
        "do_not_contact": st.booleans(),
        "contact": _or_none(st.tuples(_line(40), _or_none(_line(30)), _or_none(st.sampled_from(CPFS)))),
        "emails": st.lists(st.sampled_from(["a@example.com", "b+c@x.example", "o'neil@y.example"]), unique=True),
        "phones": st.lists(st.sampled_from(PHONES), unique=True),
        "value": _or_none(st.decimals(0, 9_999_999_999, places=2)),
        "probability": _or_none(st.integers(0, 1000)),
        "expected_close_on": _or_none(DAYS),
        "created_on": st.dates(date(1990, 1, 1), date(2026, 11, 1)),
        "next_due_on": _or_none(DAYS),
        "notes": _or_none(_several_lines()),
        "closed": _or_none(
            st.tuples(st.sampled_from(["won", "lost"]), DAYS, _or_none(_line(30)), _or_none(_several_lines()))
        ),
        "from_source": st.booleans(),
    }
)  # fmt: skip


def brought_in(sales: Sequence[dict[str, Any]], by: Actor) -> list[int]:
    """Register the sales, and give them the past that registering cannot; returns their ids. In the company's scope."""
    stage, source, reason = stage_of(by.company, "Proposta"), source_of(by.company), reason_of(by.company)
    batch = Batch([_new(sale, stage, source) for sale in sales], first_number=numbers.take(len(sales)), by=by)
    batch.write()
    for made, sale in zip(batch.made, sales, strict=True):
        Opportunity.objects.filter(pk=made.pk).update(
            created_at=afternoon(sale["created_on"]),
            next_due_on=sale["next_due_on"],
            **_closing(sale["closed"], reason),
        )
    return [made.pk for made in batch.made]


def _new(sale: dict[str, Any], stage: Any, source: Any) -> NewOpportunity:
    document, (city, uf, cep) = sale["document"], sale["place"]
    fields = {
        "kind": "person" if document in CPFS else "organisation",
        "cnpj": document if document in CNPJS else None,
        "cpf": document if document in CPFS else None,
        "city": city,
        "uf": uf,
        "cep": cep,
        "name": sale["name"],
        **{name: sale[name] or "" for name in ("trade_name", "ie", "segment", "site", "address", "district")},
    }
    return NewOpportunity(
        customer=NewCustomer(fields),
        contact=dict(zip(("name", "job_title", "cpf"), sale["contact"], strict=True))
        if sale["contact"]
        else None,
        stage=stage,
        source=source if sale["from_source"] else None,
        notes=sale["notes"] or "",
        **{name: sale[name] for name in ("title", "emails", "phones", "do_not_contact", "value", "probability")},
        expected_close_on=sale["expected_close_on"],
    )  # fmt: skip


def afternoon(day: date) -> datetime:
    """An instant of the day, in Brazil and in UTC."""
    return datetime.combine(day, time(15), tzinfo=UTC)


def _closing(closed: Any, reason: LossReason) -> dict[str, Any]:
    if closed is None:
        return {}
    status, day, competitor, comment = closed
    fields = {"status": status, "closed_at": afternoon(day), "closed_on": day, "seconds_open": 0}
    if status == "lost":
        fields |= {"loss_reason": reason, "competitor": competitor or "", "loss_comment": comment or ""}
    return fields


def written(path: Path, kind: str, columns: list[Column], rows: Sequence[dict[str, Any]]) -> Path:
    """A file of these rows, in that kind of file."""
    with path.open("wb") as file:
        writer = writer_of(kind, file, columns, path.parent)
        writer.add([column.cell(row) for column in columns] for row in rows)
        writer.close()
    return path
