"""A newcomer's whole job: import leads, find one, talk, drag, lose, reopen, win, and read each step in the funnel."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bench.leads import rows, write_csv
from tests.browser.conftest import sign_in

ROWS = 10_000


@dataclass(frozen=True)
class Figures:
    """What the funnel page tells."""

    open: int
    won: int
    lost: int


def figures(page: Page) -> Figures:
    """Read the funnel as a person does."""
    page.goto("/demo/analytics/")
    numbers = [
        int(re.sub(r"\D", "", page.locator(".op-kpi").nth(place).locator("dd").first.inner_text()))
        for place in range(3)
    ]
    return Figures(*numbers)


def drag(page: Page, card: Locator, column: Locator) -> None:
    """Take a card by the mouse and let it go on top of a column."""
    start, goal = card.bounding_box(), column.locator("[data-list]").bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 60, start["y"] + 12)
    page.mouse.down()
    for step in range(1, 13):
        x = start["x"] + 60 + (goal["x"] + 60 - start["x"] - 60) * step / 12
        y = start["y"] + 12 + (goal["y"] + 30 - start["y"] - 12) * step / 12
        page.mouse.move(x, y, steps=2)
    page.mouse.up()


def column_of(page: Page, name: str) -> Locator:
    """A stage's column on the board."""
    return page.locator("section.op-col").filter(has=page.get_by_role("heading", name=name, exact=True))


def test_from_a_spreadsheet_to_a_sale(page: Page, tmp_path: Path):
    sign_in(page, "gerente@demo.example")
    before = figures(page)

    import_leads(page, tmp_path / "leads.csv")
    imported = figures(page)
    assert imported == Figures(before.open + ROWS, before.won, before.lost)

    # Find one of them by part of its name.
    page.goto("/demo/")
    card = column_of(page, "Lead").locator("[data-card]").first
    number, title = card.get_attribute("data-card"), card.locator(".op-card__t").inner_text()
    page.goto("/demo/opportunities/")
    page.get_by_role("searchbox").fill(title[3:-3])
    page.get_by_role("searchbox").press("Enter")
    found = page.locator(f"a[href*='/opportunities/{number}/']").first
    expect(found).to_be_visible()
    found.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)

    # Log a call and plan the next.
    page.get_by_placeholder("O que foi dito?").fill("Pediu proposta até sexta")
    page.get_by_text("Próximo passo", exact=True).click()
    page.get_by_label("Quando").fill("2099-12-01")
    page.get_by_role("button", name=re.compile("Registrar")).click()
    expect(page.get_by_text("Pediu proposta até sexta")).to_be_visible()
    expect(page.locator("#opportunity-head")).to_contain_text("01/12")

    # Drag it two stages on.
    page.goto("/demo/")
    card = page.locator(f"#card-{number}")
    proposal = column_of(page, "Qualificação")
    drag(page, card, proposal)
    expect(proposal.locator(f"#card-{number}")).to_be_visible()
    # The card stands there at once; that it is saved is said by the toast, and a reload before would call it off.
    expect(page.locator(".op-toast")).to_contain_text("Qualificação")
    page.reload()
    expect(column_of(page, "Qualificação").locator(f"#card-{number}")).to_be_visible()
    assert figures(page) == imported

    # Lose it with a reason, by the keys of the dialog.
    page.goto(f"/demo/opportunities/{number}/")
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Marcar como perdida")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#opportunity-head")).to_contain_text("Perdida")
    assert figures(page) == Figures(imported.open - 1, imported.won, imported.lost + 1)

    # Reopen it, win it.
    page.goto(f"/demo/opportunities/{number}/")
    page.get_by_role("button", name=re.compile("Reabrir")).click()
    expect(page.locator("#opportunity-head")).to_contain_text("Aberta")
    assert figures(page) == imported
    page.goto(f"/demo/opportunities/{number}/")
    page.get_by_role("button", name=re.compile("Ganhou")).click()
    expect(page.locator("#opportunity-head")).to_contain_text("Ganha")
    assert figures(page) == Figures(imported.open - 1, imported.won + 1, imported.lost)


def import_leads(page: Page, leads: Path) -> None:
    """The import's four steps: file, columns, check, run."""
    write_csv(leads, rows(ROWS, seed=7))
    page.goto("/demo/imports/")
    page.locator("input[type=file]").set_input_files(leads)
    page.get_by_label("Base legal (LGPD)").select_option("consent")
    page.get_by_role("button", name="Conferir as linhas").click()
    page.get_by_role("button", name="Importar 10.000 linhas").click(timeout=120_000)
    expect(page.get_by_text("10.000 oportunidades entraram no funil")).to_be_visible(timeout=120_000)
