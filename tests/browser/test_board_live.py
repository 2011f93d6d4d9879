"""Two people on one board: what one does the other sees, where he is and without losing what he holds."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in


def test_a_colleagues_move_shows_by_itself_and_the_scroll_and_the_focus_stay(
    page: Page, browser: Browser, server: str
):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/")
    columns = page.locator(".op-col")
    cards = columns.nth(0).locator("[data-list]")
    cards.evaluate("list => list.scrollTo(0, 400)")
    standing = columns.nth(0).locator(".op-card").nth(4)
    number = standing.get_attribute("data-card")
    standing.locator(".op-card__t").evaluate("title => title.focus({ preventScroll: true })")
    window = browser.new_context(base_url=server, locale="pt-BR", viewport={"width": 1440, "height": 900})
    other = window.new_page()
    sign_in(other, "admin@demo.example")
    other.goto("/demo/")
    moved = other.locator(".op-col").nth(0).locator(".op-card").nth(1)
    card = f"#card-{moved.get_attribute('data-card')}"

    moved.locator(".op-card__t").focus()
    with other.expect_response("**/stage/"):
        for key in ("Space", "ArrowRight", "Space"):
            other.keyboard.press(key)

    expect(columns.nth(1).locator(card)).to_be_visible(timeout=5_000)
    expect(columns.nth(0).locator(card)).to_have_count(0)
    expect(page.locator(f"#card-{number} .op-card__t")).to_be_focused()
    assert cards.evaluate("list => list.scrollTop") > 300
    window.close()


def test_a_card_that_one_carries_is_not_taken_away_by_what_others_do(
    page: Page, browser: Browser, server: str
):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/")
    held = page.locator(".op-col").nth(0).locator(".op-card").nth(0)
    held.locator(".op-card__t").focus()
    page.keyboard.press("Space")
    window = browser.new_context(base_url=server, locale="pt-BR")
    other = window.new_page()
    sign_in(other, "admin@demo.example")
    other.goto("/demo/")
    moved = other.locator(".op-col").nth(0).locator(".op-card").nth(3)
    card = f"#card-{moved.get_attribute('data-card')}"
    moved.locator(".op-card__t").focus()
    with other.expect_response("**/stage/"):
        for key in ("Space", "ArrowRight", "Space"):
            other.keyboard.press(key)

    page.wait_for_timeout(6_000)
    expect(page.locator(".op-col").nth(0).locator(card)).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator(".op-col").nth(1).locator(card)).to_be_visible(timeout=5_000)
    expect(held.locator(".op-card__t")).to_be_focused()
    window.close()
