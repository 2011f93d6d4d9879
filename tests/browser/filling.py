"""Fills an installation with what the pages show, inside its own process: `places.make_places` runs it."""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from oportuna.accounts import actions as accounts
from oportuna.accounts.actions import invite_founder
from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Company, Membership, Team, User
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.exports.actions import start as export
from oportuna.imports.models import ExportJob, ImportJob
from oportuna.imports.options import Options
from oportuna.imports.suppression import actions as suppression
from oportuna.imports.suppression.entries import parse_entry
from oportuna.sales.actions import activities, companies, customers, opportunities, registers
from oportuna.sales.models import (
    Activity,
    Campaign,
    Contact,
    Customer,
    LossReason,
    Opportunity,
    Pipeline,
    Source,
    Stage,
)
from oportuna.work import steps
from tests.browser.places import LONG, LONG_EMAIL, LONG_NAME, PASSWORD, PEOPLE, Places


def main() -> None:
    """Make the long company and print where everything is, as JSON."""

    places = {**_demo(), **_long(), "founder": invite_founder()[1]}
    for who, email in PEOPLE.items():
        window = Client()
        window.force_login(User.objects.get(email=email))
        places[f"session_{who}"] = window.cookies["sessionid"].value
    for name in ("400", "403_csrf", "429", "500", "503"):
        places[f"page_{name}"] = render_to_string(f"{name}.html")
    json.dump(places, sys.stdout)


def _demo() -> Places:
    """Rows of the demo company that have much to show."""

    with company_scope(Company.objects.get(slug="demo")):
        told = Opportunity.objects.annotate(told=Count("history")).order_by("-told", "number")
        best = {status: told.filter(status=status)[0] for status in ("open", "won", "lost")}
        contact = Contact.objects.order_by("pk")[0]
        rows: dict[str, Any] = {
            "customer": best["won"].customer,
            "contact": contact,
            "pipeline": Pipeline.objects.get(),
            "stage": Stage.objects.order_by("position")[0],
            "reason": LossReason.objects.order_by("position")[4],
            "source": Source.objects.order_by("position")[0],
            "campaign": Campaign.objects.order_by("position")[0],
            "team": Team.objects.order_by("pk")[0],
            "member": Membership.objects.get(name="Rafael Nogueira"),
        }
        numbers = {status: str(found.number) for status, found in best.items()}
        return {**numbers, **{name: encode(row.pk) for name, row in rows.items()}}


def _long() -> Places:
    """A company with long texts, its imports in every state, and an invitation to it."""

    someone = accounts.new_user(LONG_EMAIL, LONG_NAME, PASSWORD)
    companies.open_company(name="Outra Comércio Ltda.", slug="outra", admin=someone)
    by = companies.open_company(name=LONG[:120], slug="comprida", admin=someone)
    with company_scope(by.company):
        accounts.save_team(None, LONG[:80], by=by)
        team = Team.objects.get()
        accounts.change_member(by.membership, {"team": team}, by=by)
        accounts.invite(email="outra.pessoa." + LONG_EMAIL, name=LONG_NAME, team=team, by=by)
        token = accounts.invite(email="nova@comprida.example", name="Nova Pessoa", by=by)[1]
    places = {"invitation": token, **_long_sales(by), **dict(_imports(by)), **dict(_exports(by))}
    # After its imports: the list would keep their rows out.
    texts = (
        "padaria.com.br",
        "(11) 98765-4321",
        "11.222.333/0001-81",
        f"{'x' * 60}@{'y' * 60}.{'z' * 60}.com.br",
    )
    with company_scope(by.company):
        suppression.add([parse_entry(text) for text in texts], why=LONG[:200], by=by)
    return places


def _long_sales(by: Actor) -> Places:

    with company_scope(by.company):
        reason = registers.edit(LossReason.objects.order_by("position")[0], {"name": LONG[:60]}, by=by)
        source = registers.edit(Source.objects.order_by("position")[0], {"name": LONG[:60]}, by=by)
        registers.add(Campaign, {"name": LONG[:60], "source": source}, by=by)
        first = Stage.objects.order_by("position")[0]
        registers.edit_stage(first, {"name": LONG[:60]}, by=by)
        registers.edit(Pipeline.objects.get(), {"name": LONG[:60]}, by=by)
        customer = customers.create(
            {"name": LONG[:160], "trade_name": LONG[-160:], "segment": LONG[:80], "site": f"https://{'a' * 60}.example/{'b' * 90}",
             "address": LONG[:200], "district": LONG[:80], "city": LONG[:80], "uf": "SP", "notes": f"{LONG}\n\n{LONG * 5}"},
            emails=[LONG_EMAIL, f"x.{LONG_EMAIL}"],
            phones=["+5511987654321", "+551133334444"],
            by=by,
        )  # fmt: skip
        contact = customers.add_contact(
            customer, {"name": LONG_NAME, "job_title": LONG[:80]}, emails=[LONG_EMAIL], by=by
        )
        made = {}
        for status in ("long_open", "long_won", "long_lost"):
            made[status] = opportunities.create(
                title=LONG[-120:], customer=customer, stage=first, value=Decimal("1234567890.12"), contact=contact,
                source=source, campaign=Campaign.objects.get(), notes=LONG * 3, by=by,
            )  # fmt: skip
            activities.log(made[status], Activity.Kind.CALL, text=f"{LONG}\nhttps://{'c' * 200}", by=by)
        late = by.today() - timedelta(days=400)
        activities.plan(made["long_open"], Activity.Kind.CALL, due_on=late, subject=LONG[:120], by=by)
        opportunities.win(made["long_won"], by=by)
        opportunities.lose(
            made["long_lost"],
            reason=reason,
            competitor=LONG[-80:],
            comment=LONG * 3,
            by=by,
        )
        numbers = {name: str(row.number) for name, row in made.items()}
        return {**numbers, "long_customer": encode(customer.pk), "long_contact": encode(contact.pk)}


def _imports(by: Actor) -> Iterator[tuple[str, str]]:
    """An import in each state, of a sheet with right, doubtful and wrong rows."""

    bought = Options(supplier=LONG[:120], legal_basis="legitimate_interest")

    def received(name: str, turn: int) -> ImportJob:
        content = "\r\n".join(_sheet(turn)).encode()
        with company_scope(by.company):
            return actions.receive([content], name, by=by)

    def worked(job: ImportJob, kind: str) -> ImportJob:
        with company_scope(by.company):
            job = (actions.check(job, bought, by=by) if kind == actions.CHECK else actions.apply(job, by=by))  # fmt: skip
        steps.run_in_process(by.company, kind, job.pk)
        with company_scope(by.company):
            return ImportJob.objects.get(pk=job.pk)

    jobs = {"import_columns": received("leads do site.csv", 1)}
    jobs["import_done"] = worked(worked(received("feira de outubro.csv", 3), actions.CHECK), actions.APPLY)
    jobs["import_checked"] = worked(received(f"{LONG[:150]}.csv", 2), actions.CHECK)
    jobs["import_running"] = worked(received("lista grande.csv", 4), actions.CHECK)
    jobs["import_failed"] = worked(received("lista quebrada.csv", 5), actions.CHECK)
    jobs["import_hopeless"] = worked(received("nada serve.csv", 0), actions.CHECK)
    now = timezone.now()
    with company_scope(by.company):
        jobs["import_cancelled"] = actions.cancel(received("desistimos.csv", 6), by=by)
        # Nobody works on these two: the pictures need them to stand still.
        ImportJob.objects.filter(pk=jobs["import_running"].pk).update(
            state="running", started_at=now - timedelta(seconds=3), rows=48_312, created=48_000, rejected=312, done=21_940
        )  # fmt: skip
        ImportJob.objects.filter(pk=jobs["import_failed"].pk).update(
            state="failed", started_at=now, finished_at=now
        )
        for name, job in jobs.items():
            yield name, encode(job.pk)
        yield "imported_customer", encode(Customer.objects.filter(data_since__isnull=False).earliest("pk").pk)


def _exports(by: Actor) -> Iterator[tuple[str, str]]:
    """An export in each state; nobody works on those that wait, because the pictures need them to stand still."""
    now = timezone.now()
    states: dict[str, dict[str, Any]] = {
        "export_running": {"state": "running", "started_at": now - timedelta(seconds=7), "rows": 412_000, "done": 96_000},
        "export_queued": {"state": "queued"},
        "export_failed": {"state": "failed", "finished_at": now,
                          "problem": "Este filtro não vale mais: Origem. Abra a lista, filtre de novo e exporte."},
        "export_cancelled": {"state": "cancelled", "finished_at": now},
        "export_gone": {"state": "done", "finished_at": now - timedelta(days=8), "rows": 96_310, "size": 51_400_000},
    }  # fmt: skip
    with company_scope(by.company):
        made = {"export_done": export("customers", "xlsx", {}, by=by)}
        for name, fields in states.items():
            made[name] = ExportJob.objects.create(
                what="opportunities", kind="csv", words=f"Todas; Origem: {LONG[:60]}", created_by=by.membership,
                stored="" if name == "export_gone" else name, **fields,
            )  # fmt: skip
        for name, job in made.items():
            yield name, encode(job.pk)


def _sheet(turn: int) -> Iterator[str]:
    """Lines of a csv; of turn 0 none can be imported."""
    yield "Razão Social;CNPJ;E-mail;Telefone;Valor estimado;Previsão;Oportunidade;Etapa;Cor preferida;Vazia"
    for row in range(1, 25):
        if turn == 0 or row % 6 == 0:
            yield f"Errada {turn}-{row};11.222.333/0001-99;errada{turn}{row}@exemplo.com.br;;;;;;azul;"
        elif row % 7 == 0:
            yield f"{LONG};;{LONG};{LONG};{LONG};31/02/2026;{LONG};;{LONG};"
        else:
            phone = f"(11) 98765-4{row:03}" if row < 4 else f"(11) 98765-{turn}{row:03}"
            stage = "Em conversa" if turn == 2 and row > 20 else "Proposta"
            # The first ones are known from another sheet, one repeats the row above.
            email = f"padaria{turn}{row if row != 9 else 8}@exemplo.com.br"
            yield f"Padaria São João {turn}-{row};;{email};{phone};R$ 1.234,56;10/12/2026;Forno {row};{stage};;"
