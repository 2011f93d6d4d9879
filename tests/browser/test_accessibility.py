"""Nobody is kept out: axe finds nothing serious on any page, wide and light, or narrow and dark."""

from collections.abc import Iterator, Mapping
from itertools import cycle

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.pages import shots
from tests.browser.places import make_places
from tests.browser.walk import LOOKS, Look, Shot, Walk

WIDE, NARROW = LOOKS[0], LOOKS[-1]
MAIN = {"sign-in", "board", "opportunity", "new-opportunity", "my-day", "funnel", "import-2-columns"}

# What is grave, in a line for each rule: the first element that breaks it, and how. Of rows that are all alike the first
# two stand for the others.
AUDIT = """async () => {
    const where = {exclude: ["main :is(tr, li, article):nth-child(n + 3)"]};
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await axe.run(where, {resultTypes: ["violations"], runOnly: tags, preload: false});
    const grave = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
    return grave.map((one) => [one.id, one.nodes[0].html.slice(0, 200), one.nodes[0].failureSummary.slice(0, 300)].join(": "));
}"""


def views() -> Iterator[tuple[Shot, tuple[Look, ...]]]:
    """The main pages in both looks, the others in one by turns; of states like "wrong" or "empty", one of each kind."""
    turn = cycle([WIDE, NARROW])
    seen = set()
    for shot in shots():
        page, _dot, state = shot.name.partition(".")
        if page not in seen or (state not in seen and "long" not in state):
            seen |= {page, state}
            yield shot, (WIDE, NARROW) if shot.name in MAIN else (next(turn),)


def test_axe_finds_nothing_serious_on_any_page(browser: Browser, server: str, environ: Mapping[str, str]):
    walk = Walk(browser, server, make_places(environ))
    axe = Axe().axe_script

    found = {}
    for shot, looks in views():
        page = walk.open(shot, WIDE if shot.act else looks[0])
        page.evaluate(axe)
        for look in looks:
            walk.show(page, look)
            if faults := page.evaluate(AUDIT):
                found[f"{shot.name}, {look}"] = faults

    assert found == {}
