"""`oportuna import`: bring a spreadsheet into a company, here and now."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from oportuna.accounts.actor import Actor, Via, actor_for
from oportuna.accounts.models import Company, Membership
from oportuna.accounts.scope import company_scope
from oportuna.brazil.text import fold
from oportuna.errors import Refused
from oportuna.imports import actions, storage
from oportuna.imports.allowed import require_allowed
from oportuna.imports.models import ImportJob
from oportuna.imports.options import CREATABLE, LEGAL_BASES, ON_DUPLICATE, UNDECIDED, Options
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reports.rejected import rejected_file
from oportuna.imports.reports.report import Report
from oportuna.imports.reports.reporting import rehearse, report_of
from oportuna.sales.models import Campaign, Source, Stage
from oportuna.work import steps

_WAIT = 0.5
_STATUS = {"done": 0, "empty": 0, "refused": 2, "needs_choice": 2}


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "import",
        help=_("bring a spreadsheet into a company"),
        description=_(
            "Imports a spreadsheet (.xlsx, .xlsm, .xlsb, .xls, .ods or .csv). Ends with 0 when done (rows may be rejected), "
            "2 when the file was refused or a choice is missing, 1 for anything else."
        ),
    )
    add = parser.add_argument
    add("file", type=Path, metavar=_("FILE"), help=_("the spreadsheet"))
    add("--company", required=True, metavar="SLUG", help=_("the company's part of addresses"))
    add("--as", required=True, dest="member", metavar="E-MAIL", help=_("the member who imports"))
    add("--dry-run", action="store_true", help=_("say what would happen, and write nothing"))
    add("--json", action="store_true", help=_("print the report as one JSON object"))
    add("--preview", type=int, metavar="N", help=_("how many rows a dry run shows (all by default)"))
    add(
        "--sheet",
        action="append",
        metavar="NAME",
        help=_("which sheet; repeat it to take several of the same shape"),
    )
    add(
        "--header-row",
        type=int,
        metavar="N",
        help=_("the row with the names of the columns; 0: there is none"),
    )
    add(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=field",
        help=_(
            "what a column holds: its header or letter, and a field (name, cnpj, email, phone, note, ignore, …)"
        ),
    )
    add(
        "--read",
        action="append",
        default=[],
        metavar="COLUMN=dmy|mdy|comma|dot",
        help=_("how a column is read: day or month first, comma or dot before the decimals"),
    )
    add(
        "--create-missing",
        default="",
        metavar=",".join(CREATABLE),
        help=_("what to create of these when a value matches none"),
    )
    add("--drop-bad-document", action="store_true", help=_("import rows with a wrong CNPJ or CPF without it"))
    add(
        "--calm-names",
        action="store_true",
        help=_("write names in capitals alone as people do: Padaria São João Ltda"),
    )
    add(
        "--on-duplicate",
        choices=ON_DUPLICATE,
        default="join",
        help=_(
            "with customers that are known: create another, fill in, overwrite, join another opportunity, skip, reject (%(default)s)"
        ),
    )
    add("--on-repeated", choices=ON_DUPLICATE, help=_("the same, where an earlier row brings the customer"))
    add(
        "--on-perhaps",
        choices=ON_DUPLICATE,
        default="create",
        help=_("the same, where no more than name and city agree (%(default)s)"),
    )
    add("--stage", metavar=_("NAME"), help=_("the stage of rows that name none"))
    add("--source", metavar=_("NAME"), help=_("the source of rows that name none"))
    add("--campaign", metavar=_("NAME"), help=_("the campaign of rows that name none"))
    add(
        "--turn",
        action="append",
        default=[],
        metavar="E-MAIL",
        help=_("who gets, in turn, the rows that name nobody; once for each person"),
    )
    add("--owner", metavar="E-MAIL", help=_("who gets the rows that name nobody"))
    add(
        "--rejected-to",
        type=Path,
        metavar=_("FILE"),
        help=_("write the rejected rows, each with its reason, into this xlsx"),
    )
    add("--supplier", default="", metavar=_("NAME"), help=_("who supplied the list"))
    add(
        "--legal-basis",
        choices=(*LEGAL_BASES, UNDECIDED),
        default="",
        help=_("on what the use of its people's data rests (LGPD); not assumed when it is left out"),
    )
    add("--again", action="store_true", help=_("import the very same file once more"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Import the file and print the report."""
    if not args.file.is_file():
        raise Refused(_("There is no file %s.") % args.file)
    if args.rejected_to is not None and (args.dry_run or not args.rejected_to.absolute().parent.is_dir()):
        raise Refused(_("Rejected rows are written by a real import alone, into a folder that is there."))
    by = _member(args.company, args.member)
    began = time.monotonic()
    try:
        options = _options(args, by)
        report = _rehearsal(args, options, by) if args.dry_run else _import(args, options, by, began)
    except Refusal as refusal:
        report = Report.of_refusal(
            refusal, args.file.name, dry_run=args.dry_run, seconds=time.monotonic() - began
        ).with_sheets(refusal.sheets)
    except actions.SameFileAgain as refused:
        report = Report("refused", args.file.name, str(refused), "same_file_again")
    if args.json:
        json.dump(report.to_json(), sys.stdout, ensure_ascii=False)
        print()
    else:
        _print(report)
    return _STATUS[report.status]


def _member(slug: str, email: str) -> Actor:
    company = Company.objects.filter(slug=slug).first()
    if company is None:
        raise Refused(_("There is no company %s.") % slug)
    member = (
        Membership.objects.select_related("company", "user")
        .filter(company=company, user__email=email.strip().lower(), is_active=True)
        .first()
    )
    if member is None:
        raise Refused(_("%(email)s is no member of %(company)s.") % {"email": email, "company": company.name})
    with company_scope(company):
        return actor_for(member, Via.IMPORT)


def _options(args: argparse.Namespace, by: Actor) -> Options:
    missing = tuple(word for word in args.create_missing.split(",") if word)
    if unknown := set(missing) - set(CREATABLE):
        raise Refused(_("%(names)s cannot be created by an import.") % {"names": ", ".join(sorted(unknown))})
    options = Options(
        mapping=_pairs(args.map),
        readings=_pairs(args.read),
        create_missing=missing,
        drop_bad_document=args.drop_bad_document,
        calm_names=args.calm_names,
        on_duplicate=args.on_duplicate,
        on_repeated=args.on_repeated,
        on_perhaps=args.on_perhaps,
        **_defaults(args, by),
        supplier=" ".join(args.supplier.split()),
        legal_basis=args.legal_basis,
    )
    with company_scope(by.company):
        require_allowed(options, by)  # before the file is kept
    return options


def _defaults(args: argparse.Namespace, by: Actor) -> dict[str, Any]:
    """The ids of what rows get that say nothing."""
    with company_scope(by.company):
        stages = Stage.objects.filter(is_active=True, pipeline__is_active=True)
        members = Membership.objects.filter(company=by.company, is_active=True)
        return {
            "stage": _named(stages, "name_folded", args.stage, _("There is no stage %s in use.")),
            "source": _named(Source.active(), "name_folded", args.source, _("There is no source %s in use.")),
            "campaign": _named(
                Campaign.active(), "name_folded", args.campaign, _("There is no campaign %s in use.")
            ),
            "turn": tuple(
                pk
                for email in dict.fromkeys(args.turn)
                if (pk := _named(members, "user__email", email, _("%s is no member of the company.")))
            ),
            "owner": _named(members, "user__email", args.owner, _("%s is no member of the company.")),
        }


def _named(rows: QuerySet[Any], field: str, word: str | None, unknown: str) -> int | None:
    if word is None:
        return None
    found = rows.filter(**{field: fold(word)}).order_by("pk").first()
    if found is None:
        raise Refused(unknown % word)
    return int(found.pk)


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        column, equals, value = text.rpartition("=")
        if not equals:
            raise Refused(_("Write COLUMN=word instead of %s.") % text)
        pairs[column] = value.strip()
    return pairs


def _rehearsal(args: argparse.Namespace, options: Options, by: Actor) -> Report:
    with company_scope(by.company):
        return rehearse(
            args.file, options, sheet=args.sheet, header_row=args.header_row, preview=args.preview, by=by
        )


def _import(args: argparse.Namespace, options: Options, by: Actor, began: float) -> Report:
    with company_scope(by.company):
        job = _unfinished(args.file, by) or _received(args, options, by)
    if job.refusal is not None:
        refusal = job.refusal
        report = Report.of_refusal(refusal, job.name, seconds=time.monotonic() - began)
        with company_scope(by.company):
            actions.cancel(job, by=by)
        return report
    job = _work_until(job, by, actions.CHECK, ImportJob.State.CHECKING)
    if job.state == ImportJob.State.CHECKED:
        with company_scope(by.company):
            job = actions.apply(job, by=by)
    job = _work_until(job, by, actions.APPLY, ImportJob.State.QUEUED, ImportJob.State.RUNNING)
    with company_scope(by.company):
        if args.rejected_to is not None:
            _write_rejected(args.rejected_to, job)
        return report_of(job, time.monotonic() - began)


def _write_rejected(path: Path, job: ImportJob) -> None:
    """Put the workbook of the rejected rows there whole, or not at all."""
    part = path.with_name(f".{path.name}.part")
    with rejected_file(job) as rows, part.open("wb") as file:
        shutil.copyfileobj(rows, file)
    part.replace(path)


def _unfinished(path: Path, by: Actor) -> ImportJob | None:
    """An import of this very file that was stopped in the middle of writing: it goes on."""
    under_way = (ImportJob.State.QUEUED, ImportJob.State.RUNNING)
    found = ImportJob.objects.filter(state__in=under_way, created_by=by.membership)
    return found.filter(digest=storage.digest_of(path)).order_by("-created_at").first()


def _received(args: argparse.Namespace, options: Options, by: Actor) -> ImportJob:
    job = actions.receive(
        storage.blocks_of(args.file),
        args.file.name,
        options=options,
        sheet=args.sheet,
        header_row=args.header_row,
        again=args.again,
        by=by,
    )
    return job if job.refusal is not None else actions.check(job, options, by=by)


def _work_until(job: ImportJob, by: Actor, kind: str, *states: str) -> ImportJob:
    """Do the import's work in this process, or wait for the worker that does it, while it is in these states."""
    while job.state in states:
        if job.state != ImportJob.State.QUEUED:
            try:
                steps.run_in_process(by.company, kind, job.pk)
            except steps.Busy:
                time.sleep(_WAIT)
        else:
            time.sleep(_WAIT)
        with company_scope(by.company):
            job = ImportJob.objects.get(pk=job.pk)
        print(f"{job.get_state_display()}: {job.done}/{job.rows}", file=sys.stderr)
    return job


def _print(report: Report) -> None:
    """The report for people: figures, then the first problems."""
    if report.message is not None:
        print(report.message)
    if report.status != "done":
        return
    counts = report.counts
    print(_("%(file)s: %(rows)s rows") % {"file": report.file, "rows": counts.rows})
    for label, figure in (
        (_("New opportunities"), counts.created),
        (_("Updated"), counts.updated),
        (_("Repeated"), counts.duplicates),
        (_("Skipped"), counts.skipped),
        (_("Asked not to be contacted"), counts.suppressed),
        (_("Rejected"), counts.rejected),
    ):
        if figure:
            print(f"  {label}: {figure}")
    for problem in report.problems[:20]:
        where = f"{problem.column or ''}{problem.row}"
        print(f"  {where}: {problem.message}")
    if len(report.problems) > 20:
        print("  " + _("… and %s more messages; --json lists all.") % (len(report.problems) - 20))
