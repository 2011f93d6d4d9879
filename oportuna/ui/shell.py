"""What the frame around every page shows: its links, and who is looking."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of the menu."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None
    urgent: bool = False
    """The count is of what is late: shown in red, and on the mobile bar."""
    key: str = ""
    """The keyboard shortcut, "n" or two keys as "i d"."""
    mobile: bool = False
    """Stands on the bar at the foot of a phone; it has room for three."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, and in which company."""

    name: str
    company: str
    url: str = ""
    menu: Sequence[NavItem] = ()


@dataclass(frozen=True, slots=True)
class Bell:
    """What the person has not read: `about` are the (noun, row) of each notice, `read_url` is where they are marked as read."""

    url: str
    read_url: str
    about: Sequence[tuple[str, int]]
    most: int

    def count(self, but: tuple[str, int] | None) -> str:
        """How many, as the page shows it, without those `but` about what it shows itself."""
        count = sum(one != but for one in self.about)
        return f"{self.most}+" if count > self.most else str(count or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame's links; what has no address is not shown."""

    nav: tuple[NavItem, ...]
    person: Person
    home_url: str = "/"
    favourites: Sequence[NavItem] = ()
    create: NavItem | None = None
    search_url: str = ""
    sign_out_url: str = ""

    def context(self) -> dict[str, object]:
        """The template variables of `ui/page.html`."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
