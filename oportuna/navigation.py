"""The frame of every page: menu and person, from the actor. A context processor, above all apps."""

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import links, mails, policies
from oportuna.accounts.actor import Actor
from oportuna.ui.environment import address
from oportuna.ui.shell import Bell, NavItem, Person, Shell
from oportuna.work import notices

# Pages that stand below a menu item though their address does not begin with its.
_BELOW = {
    "sales:board": "sales:board",
    "sales:edit_contact": "sales:customers",
    "sales:edit_item": "sales:opportunities",
    "imports:suppressions": "sales:customers",
    "imports:load_suppressions": "sales:customers",
    "imports:remove_suppression": "sales:customers",
    "exports:exports": "sales:opportunities",
    "exports:export": "sales:opportunities",
}

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
    """The variables of `ui/page.html` for a person in a company; for anyone else the messages, the token, and whether mails are sent."""
    # One token for all forms of a page: Django would make another for each.
    variables: dict[str, Any] = {
        "messages": get_messages(request),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
    }
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {**variables, "mails_are_sent": mails.are_sent()}
    slug = actor.company.slug
    current = _current(request, slug)
    menu = tuple(
        NavItem(str(label), url, icon, current=route == current, key=key, mobile=mobile)
        for route, label, icon, key, mobile in _MENU
        if (url := _address(route, slug)) and _open_to(route, actor)
    )
    create = _address("sales:new_opportunity", slug) if policies.create(actor) else ""
    frame = Shell(
        nav=menu,
        person=Person(actor.membership.name, actor.company.name, menu=_person_menu(actor)),
        home_url=_address("sales:board", slug) or "/",
        create=NavItem(str(_("New opportunity")), create, "plus", key="n") if create else None,
        search_url=_address("sales:search", slug),
        sign_out_url=reverse("account_logout"),
    )
    return {
        **variables,
        **frame.context(),
        "actor": actor,
        # Asked for only where the frame is drawn: not for what htmx swaps.
        "bell": SimpleLazyObject(lambda: _bell(actor)),
        "banner": "accounts/_demo_banner.html" if actor.company.is_demo else "",
        "demo_founder_url": links.demo_founder_url(actor),
        "company_slug": slug,
        "shortcuts_off": not actor.membership.user.letter_keys,
    }


def _bell(actor: Actor) -> Bell:
    slug = actor.company.slug
    addresses = (_address("work:notices", slug), _address("work:read_notices", slug))
    return Bell(*addresses, notices.unread(actor), notices.MOST_COUNTED)


def _current(request: HttpRequest, slug: str) -> str:
    """The menu item below which the page stands: the one whose address the page's begins with."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    if here in _BELOW:
        return _BELOW[here]
    for route, *_rest in _MENU:
        url = _address(route, slug)
        if route != "sales:board" and url and request.path.startswith(url):
            return route
    return ""


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
        return address(route, *args)
    except NoReverseMatch:
        return ""
