"""Columns of the board that are folded: out of the way, there again tomorrow, and still a place to drop a card."""

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import sign_in


def test_a_folded_column_stays_folded_until_it_is_unfolded(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/")
    second = page.locator(".op-col").nth(1)
    second.locator("[data-fold]").press("Enter")
    expect(second.locator(".op-card").first).to_be_hidden()
    expect(second.locator("[data-fold]")).to_be_focused()

    page.goto("/demo/my-day/")
    page.goto("/demo/")
    expect(second.locator("[data-fold]")).to_have_attribute("aria-expanded", "false")
    expect(second.locator(".op-card").first).to_be_hidden()
    assert box_of(second)["width"] < 60
    second.locator("[data-fold]").press("Enter")
    expect(second.locator(".op-card").first).to_be_visible()


def test_the_arrows_pass_by_a_folded_column_and_a_card_dropped_on_it_is_its_first(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/")
    columns = page.locator(".op-col")
    columns.nth(1).locator("[data-fold]").click()
    card = columns.nth(0).locator(".op-card").first
    title, number = card.locator(".op-card__t").inner_text(), card.get_attribute("data-card")
    card.locator(".op-card__t").focus()
    page.keyboard.press("ArrowRight")
    expect(columns.nth(2).locator(".op-card__t").first).to_be_focused()

    where, onto = box_of(card), box_of(columns.nth(1))
    page.mouse.move(where["x"] + 60, where["y"] + 40)
    page.mouse.down()
    page.mouse.move(onto["x"] + 20, onto["y"] + 320, steps=12)
    with page.expect_response("**/stage/"):
        page.mouse.up()

    expect(columns.nth(0).locator(f"#card-{number}")).to_have_count(0)
    columns.nth(1).locator("[data-fold]").click()
    expect(columns.nth(1).locator(".op-card__t").first).to_have_text(title)


def box_of(part: Locator) -> FloatRect:
    """Where it stands on the screen."""
    box = part.bounding_box()
    assert box is not None
    return box
