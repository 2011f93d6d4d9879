"""Walking from page to page in a real browser, each in the window of whoever looks, in every look."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from playwright.sync_api import Browser, Locator, Page, Route

from tests.browser.places import PASSWORD, Places

Act = Callable[[Page], None]

FOUNDER = "fundadora@vazia.example"
HEIGHT = 900


class Look(NamedTuple):
    """How a page is looked at: the width of the screen in pixels, and the theme that the system asks for."""

    width: int
    theme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"


LOOKS = tuple(Look(width, theme) for width in (1440, 390) for theme in ("light", "dark"))


@dataclass(frozen=True)
class Shot:
    """A page in one state: `path` names places in braces, `act` is what is done there before one looks.

    `who` is a name of PEOPLE (places.py), "founder" who opens a company to come in, or nobody when empty.
    """

    name: str
    who: str
    path: str
    act: Act | None = field(default=None, compare=False)


@dataclass
class Walk:
    """Opens pages one after another, each in the window of whoever looks."""

    browser: Browser
    address: str
    places: Places
    watch: Callable[[Page], None] = lambda page: None
    _pages: dict[str, Page] = field(default_factory=dict)
    _looks: dict[Page, Look] = field(default_factory=dict)

    def open(self, shot: Shot, look: Look = LOOKS[0]) -> Page:
        """The page of a shot, come to rest."""
        page = self._pages.get(shot.who) or self._enter(shot.who)
        self.show(page, look)
        with self._standing_in(page, shot.path.strip("/")):
            page.goto(re.sub(r"\{(\w+)\}", lambda found: self.places[found[1]], shot.path))
        if shot.act is not None:
            shot.act(page)
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready.then(() => true)")
        return page

    def show(self, page: Page, look: Look) -> None:
        """Look at a page in another way."""
        if self._looks.get(page) == look:
            return
        self._looks[page] = look
        page.set_viewport_size({"width": look.width, "height": HEIGHT})
        page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light", reduced_motion="reduce")

    def _enter(self, who: str) -> Page:
        window = self.browser.new_context(
            base_url=self.address,
            locale="pt-BR",
            viewport={"width": LOOKS[0].width, "height": HEIGHT},
        )
        window.set_default_timeout(15_000)
        page = self._pages[who] = window.new_page()
        if who == "founder":
            self._found(page)
        elif who:
            window.add_cookies(
                [{"name": "sessionid", "value": self.places[f"session_{who}"], "url": self.address}]
            )
        self.watch(page)
        return page

    @contextmanager
    def _standing_in(self, page: Page, name: str) -> Iterator[None]:
        """Answer with an error that no request can bring about; only then, since routes turn the browser's cache off."""
        text = self.places.get(name)
        if text is None:
            yield
            return
        page.route(f"**/{name}/", partial(_answer, text))
        yield
        page.unroute_all()

    def _found(self, page: Page) -> None:
        page.goto(f"/new-company/{self.places['founder']}/")
        fill(page, company="Vazia", name="Fundadora Souza", email=FOUNDER, password=PASSWORD, again=PASSWORD,
             slug="vazia")  # fmt: skip
        page.wait_for_url("**/vazia/")


def _answer(text: str, route: Route) -> None:
    route.fulfill(content_type="text/html", body=text)


def fill(page: Page, **fields: str) -> None:
    """Fill the form that holds these fields, one in a dialog first, and send it as it is."""
    form = page.locator("dialog[open] form, main form").filter(
        has=page.locator(f"[name={next(iter(fields))}]")
    )
    form = form.first
    for name, text in fields.items():
        _put(form.locator(f"[name={name}]").first, text)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")


def _put(control: Locator, text: str) -> None:
    kind = control.evaluate("control => control.tagName === 'SELECT' ? 'select' : control.type")
    if kind == "select":
        control.select_option(text)
    elif kind == "hidden":
        control.evaluate("(control, text) => { control.value = text; }", text)
    else:
        control.fill(text)
