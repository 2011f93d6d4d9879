"""The list of opportunities."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from oportuna.accounts import policies
from oportuna.accounts.codes import encode
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.forms.board import NONE
from oportuna.sales.forms.lists import STATUSES, ListForm
from oportuna.sales.queries import board as boards
from oportuna.sales.queries import lists as queries
from oportuna.sales.queries import registers
from oportuna.sales.queries.lists import Only, Sort
from oportuna.sales.views.trails import from_list


@require_GET
def opportunities(request: CompanyRequest) -> HttpResponse:
    """The opportunities that match the address, a page of them, with how many there are and what they are worth."""
    form = _form(request, request.GET)
    wanted, asked = form.wanted, form.cleaned_data
    context = {
        "form": form,
        "page": queries.page(
            request.actor, wanted, form.order, after=asked.get("after"), before=asked.get("before")
        ),
        "totals": queries.totals(request.actor, wanted, whole=asked.get("count") == "all"),
        "wanted": wanted,
        "filters": form.filters,
        "trail": from_list(form),
        "views": _views(request, form),
        "menus": _menus(form),
        "chips": _chips(form),
        "headings": _headings(form),
        "today": request.actor.today(),
        "may_export": policies.export(request.actor),
        "export_keys": export_keys(),
        "may_create": policies.create(request.actor),
        "may_import": policies.import_rows(request.actor),
    }
    return render(request, "sales/opportunities.html", context)


def export_keys() -> dict[str, UUID]:
    """A one-time key for each kind of file in a list's export menu."""
    return {"xlsx": uuid4(), "csv": uuid4()}


def _form(request: CompanyRequest, asked: Any) -> ListForm:
    return ListForm(asked.dict(), actor=request.actor, owners=queries.owners(request.actor))


def _address(filters: dict[str, str], **other: str | None) -> str:
    """The part of an address behind its path: `filters` with some put in their place, or left out by None."""
    merged = {**filters, **other}
    return "?" + urlencode({name: value for name, value in merged.items() if value})


def _views(request: CompanyRequest, form: ListForm) -> list[dict[str, Any]]:
    """The ready views: by status, one's own, and those that a date or an activity makes."""
    wanted, me = form.wanted, encode(request.actor.membership.pk)
    kept = {name: form.filters.get(name) for name in ("q", "pipeline", "source")}
    owner = form.filters.get("owner")
    mine = owner == me
    views = [
        {
            "label": _("All open"),
            "query": {},
            "current": wanted.status == "open" and not wanted.only and not mine,
        },
        {
            "label": _("Mine"),
            "query": {"owner": me},
            "current": wanted.status == "open" and not wanted.only and mine,
        },
    ]
    views += [
        {
            "label": str(Only(value).label),
            "query": {"owner": owner, "only": value},
            "current": wanted.only == value,
        }
        for value in Only.values
    ]
    views += [
        {
            "label": str(label),
            "query": {"owner": owner, "status": value},
            "current": wanted.status == value and not wanted.only,
        }
        for value, label in STATUSES.items()
        if value != "open"
    ]
    return [{**view, "url": _address({}, **{**kept, **view["query"]})} for view in views]  # type: ignore[dict-item]  # the queries are dicts


def _menus(form: ListForm) -> list[dict[str, Any]]:
    """The pick lists of the filter bar: rows in use, and the one that is chosen."""
    pipelines = boards.pipelines()
    several = len(pipelines) > 1
    names = [
        (encode(stage.pk), f"{stage.pipeline.name} · {stage.name}" if several else stage.name)
        for stage in registers.stages_on_offer()
    ]
    owners = [(encode(member.pk), member.name) for member in boards.owners_on_offer(form.actor)]
    sources = [(encode(source.pk), source.name) for source in registers.sources_in_use()]
    reasons = [(encode(reason.pk), reason.name) for reason in registers.reasons_in_use()]
    menus = [
        _menu(form, "stage", _("All stages"), names),
        _menu(form, "owner", _("All owners"), [(NONE, _("Without an owner")), *owners]),
        _menu(form, "source", _("All sources"), [(NONE, _("Without a source")), *sources]),
        _menu(form, "reason", _("All loss reasons"), [(NONE, _("Without a reason")), *reasons]),
    ]
    if several or form.filters.get("pipeline"):
        rows = [(encode(pipeline.pk), pipeline.name) for pipeline in pipelines]
        menus.insert(0, _menu(form, "pipeline", _("All pipelines"), rows))
    return menus


def _menu(form: ListForm, name: str, everything: str, options: list[tuple[str, str]]) -> dict[str, Any]:
    """One pick list; a choice that is out of use stands in it while it is chosen."""
    chosen = form.filters.get(name, "")
    if chosen and chosen not in dict(options):
        options = [*options, (chosen, form.name_of(name))]
    return {
        "name": name,
        "label": form.fields[name].label,
        "options": [("", everything), *options],
        "value": chosen,
        "more": name == "reason",
    }


def _chips(form: ListForm) -> list[dict[str, str]]:
    """The filters that the bar does not show, each with the address that takes it away."""
    chips = []
    for name, label in (("closed", _("Closed: %(days)s")), ("created", _("Created: %(days)s"))):
        days = getattr(form.wanted, name)
        if days:
            said = label % {"days": days}
            chips.append(
                {"label": said, "url": _address(form.filters, **{f"{name}_from": None, f"{name}_to": None})}
            )
    for name, found_by in form.wanted.found_by.items():
        chips.append({"label": found_by.label, "url": _address(form.filters, **{name: None})})
    return chips


def _headings(form: ListForm) -> dict[str, dict[str, Any]]:
    """What the table's headings sort by: the address, and the direction when the list is sorted so now."""
    headings = {}
    for name in Sort.values:
        falling_first = name in (Sort.VALUE, Sort.CREATED)
        now = form.order.lstrip("-") == name
        falling = form.order.startswith("-")
        then = (not falling) if now else falling_first
        headings[name] = {
            "url": _address(form.filters, sort=f"-{name}" if then else name),
            "direction": ("descending" if falling else "ascending") if now else None,
        }
    return headings
