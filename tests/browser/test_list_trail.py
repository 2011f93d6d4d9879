"""From opportunity to opportunity in the list one came from, by keyboard, and back to it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in


def test_one_walks_a_column_by_j_and_k_and_goes_on_after_moving_a_card_out_of_it(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/")
    titles = [one.inner_text() for one in page.locator(".op-col").nth(0).locator(".op-card__t").all()][:4]
    page.locator(".op-col").nth(0).locator(".op-card__t").first.click()
    _stands_on(page, titles[0])
    for key, title in (("j", titles[1]), ("k", titles[0]), ("j", titles[1])):
        page.keyboard.press(key)
        _stands_on(page, title)

    second_stage = page.locator("button.op-stage").first
    name = second_stage.locator("b").inner_text()
    second_stage.click()
    expect(page.locator(".op-stage.is-now")).to_contain_text(name)
    _stands_on(page, titles[1])
    for key, title in (("j", titles[2]), ("k", titles[0])):
        page.keyboard.press(key)
        _stands_on(page, title)

    page.locator("list-trail a").first.click()
    expect(page).to_have_url(re.compile(r"/demo/\?pipeline=\w+#card-\d+$"))


def _stands_on(page: Page, title: str) -> None:
    """The page of this opportunity is there, its keys too."""
    expect(page.locator(".op-opp__top h1")).to_contain_text(title)
    page.wait_for_load_state()
