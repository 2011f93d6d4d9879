"""Spreadsheets for the tests of imports, and an import taken from beginning to end."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import leads
from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions, storage
from oportuna.imports.models import ImportJob, ImportRow
from oportuna.imports.options import Options
from oportuna.sales.models import Opportunity
from tests.work.draining import drain

HEADER = ("Empresa", "CNPJ", "Contato", "E-mail", "Telefone", "Etapa", "Origem", "Valor", "Oportunidade")
CNPJS = ("11222333000181", "12ABC34501DE35", "00000000000191")


def write(path: Path, *rows: Sequence[str], header: Sequence[str] = HEADER) -> Path:
    """A csv as Excel writes it in Brazil."""
    text = "\r\n".join(";".join(cells) for cells in (header, *rows))
    path.write_bytes(text.encode("utf-8-sig"))
    return path


def lead_file(path: Path, count: int) -> Path:
    """A sheet of believable leads."""
    leads.write_csv(path, leads.rows(count))
    return path


def received(path: Path, by: Actor, **choices: Any) -> ImportJob:
    """An import whose file was sent."""
    with company_scope(by.company):
        return actions.receive(storage.blocks_of(path), path.name, by=by, **choices)


def checked(path: Path, by: Actor, options: Options | None = None, **choices: Any) -> ImportJob:
    """An import that was checked."""
    job = received(path, by, **choices)
    with company_scope(by.company):
        actions.check(job, options or Options(), by=by)
    return worked(job, by)


def applied(path: Path, by: Actor, options: Options | None = None, **choices: Any) -> ImportJob:
    """An import from beginning to end."""
    job = checked(path, by, options, **choices)
    with company_scope(by.company):
        actions.apply(job, by=by)
    return worked(job, by)


def worked(job: ImportJob, by: Actor) -> ImportJob:
    """The import after the background work that waits."""
    drain()
    with company_scope(by.company):
        return ImportJob.objects.get(pk=job.pk)


def outcomes(job: ImportJob, by: Actor) -> list[tuple[int, str]]:
    """Each row's number and what became of it."""
    with company_scope(by.company):
        rows = ImportRow.objects.filter(job=job).order_by("number")
        return list(rows.values_list("number", "outcome"))


def problem_codes(job: ImportJob, by: Actor) -> list[tuple[int, str]]:
    """Each problem's row and code."""
    with company_scope(by.company):
        rows = ImportRow.objects.filter(job=job).order_by("number").values_list("number", "problems")
        return [(number, problem["code"]) for number, problems in rows for problem in problems]


def titles(by: Actor) -> list[str]:
    """The titles of all opportunities, in the order in which they were numbered."""
    with company_scope(by.company):
        return list(Opportunity.objects.order_by("number").values_list("title", flat=True))


def cell_rows(*rows: Iterable[str]) -> list[tuple[str, ...]]:
    """Rows filled up to the header's width."""
    return [tuple(row) + ("",) * (len(HEADER) - len(tuple(row))) for row in rows]


def undone(job: ImportJob, by: Actor) -> ImportJob:
    """The import taken back."""
    with company_scope(by.company):
        actions.undo(job, by=by)
    return worked(job, by)
