"""The frame of every page: menu and person, from the actor. A context processor, above all apps."""

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.ui.shell import NavItem, Person, Shell

# route, label, icon, keys, on the phone's bar
_MENU = (
    ("sales:my_day", _("My day"), "sun-high", "i d", True),
    ("sales:board", _("Pipeline"), "layout-kanban", "i f", True),
    ("sales:opportunities", _("Opportunities"), "target-arrow", "i o", True),
    ("sales:customers", _("Customers"), "building-store", "i c", False),
    ("analytics:funnel", _("Analyses"), "chart-funnel", "i n", False),
    ("imports:jobs", _("Import"), "file-import", "i i", False),
    ("sales:registers", _("Registers"), "adjustments-horizontal", "i r", False),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The variables of `ui/page.html` for a person in a company; only the messages for anyone else."""
    variables: dict[str, Any] = {"messages": get_messages(request)}
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return variables
    slug = actor.company.slug
    here = request.resolver_match.view_name if request.resolver_match else ""
    menu = [
        NavItem(str(label), url, icon, current=route == here, key=key, mobile=mobile)
        for route, label, icon, key, mobile in _MENU
        if (url := _address(route, slug)) and _open_to(route, actor)
    ]
    create = _address("sales:new_opportunity", slug) if policies.create(actor) else ""
    frame = Shell(
        nav=menu,
        person=Person(actor.membership.name, actor.company.name, menu=_person_menu(actor)),
        home_url=_address("sales:board", slug) or "/",
        create=NavItem(str(_("New opportunity")), create, "plus", key="n") if create else None,
        sign_out_url=reverse("account_logout"),
    )
    return {
        **variables,
        **frame.context(),
        "actor": actor,
        "company_slug": slug,
        "shortcuts_off": not actor.membership.user.letter_keys,
    }


def _open_to(route: str, actor: Actor) -> bool:
    if route == "imports:jobs":
        return policies.import_rows(actor)
    if route == "sales:registers":
        return policies.manage_registers(actor)
    return True


def _person_menu(actor: Actor) -> list[NavItem]:
    slug = actor.company.slug
    links = [("company:profile", _("My profile"), "user")]
    if policies.manage_people(actor):
        links += [
            ("company:settings", _("Company"), "building"),
            ("sales:people", _("People"), "users"),
            ("company:teams", _("Teams"), "users-group"),
        ]
    menu = [NavItem(str(label), url, icon) for route, label, icon in links if (url := _address(route, slug))]
    switch = _address("accounts:companies")
    return [*menu, NavItem(str(_("Switch company")), switch, "switch-horizontal")] if switch else menu


def _address(route: str, *args: str) -> str:
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""
