"""The palette by keyboard alone: to a record, to a page, and to what one can do where one is."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import sign_in


def test_a_customer_is_found_from_anywhere_and_opened(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/customers/")
    name = page.locator("main table a").first.inner_text()
    page.goto("/demo/my-day/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Buscar ou digitar um comando")
    expect(field).to_be_focused()
    with page.expect_response("**/search/?q=*"):
        page.keyboard.insert_text(name.lower())
    first = page.locator("command-palette [aria-selected=true]")
    expect(first).to_contain_text(name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/demo/customers/[^/]+/$"))


def test_a_slash_searches_and_a_word_of_the_menu_leads_there(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/analytics/")
    page.keyboard.press("/")
    page.keyboard.type("meu dia")
    expect(page.locator("command-palette [aria-selected=true]")).to_have_text(re.compile("Meu dia"))
    page.keyboard.press("Enter")

    page.wait_for_url("**/demo/my-day/")


def test_what_can_be_done_with_an_opportunity_is_a_command_on_its_page(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/opportunities/?status=open")
    page.locator("main table a[data-step]").first.click()
    page.locator("#opportunity-head").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("perdida")
    expect(page.locator("command-palette [aria-selected=true]")).to_have_text(
        re.compile("Marcar como perdida")
    )
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog", name="Marcar como perdida")).to_be_visible()
    expect(page.locator("command-palette")).to_be_hidden()


def test_escape_gives_the_focus_back_to_where_it_was(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/customers/")
    page.locator("main table a").first.focus()
    page.keyboard.press("Control+k")
    expect(page.locator("command-palette")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("main table a").first).to_be_focused()


def test_enter_opens_what_was_typed_last_however_slow_the_answer(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/customers/")
    names = page.locator("main table td a").all_inner_texts()
    first, last = names[0], names[-1]
    page.goto("/demo/my-day/")
    page.keyboard.press("Control+k")
    with page.expect_response("**/search/?q=*"):
        page.keyboard.insert_text(first)
    answers: list[Route] = []
    page.route("**/search/?q=*", lambda route: answers.append(route))
    page.keyboard.press("Control+a")
    with page.expect_request("**/search/?q=*"):
        page.keyboard.insert_text(last)
        page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#found > *') !== null")
    expect(page).to_have_url(re.compile("/my-day/"))
    answers[0].continue_()

    page.wait_for_url(re.compile(r"/demo/customers/[^/]+/$"))
    expect(page.locator("main h1")).to_contain_text(last)


def test_it_begins_anew_each_time_and_finds_the_same_words_again(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/my-day/")
    for _time in range(2):
        page.keyboard.press("Control+k")
        expect(page.locator("#found > *")).to_have_count(0)
        with page.expect_response("**/search/?q=*"):
            page.keyboard.insert_text("inexistente")
        expect(page.locator("command-palette .op-pal__none")).to_be_visible()
        page.mouse.click(5, 5)
        expect(page.locator("command-palette")).to_be_hidden()


def test_the_screen_reader_is_told_the_choice_that_is_shown(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/my-day/")
    page.keyboard.press("Control+k")
    page.keyboard.type("clientes")
    expect(page.locator("command-palette [aria-selected=true]")).to_have_text(re.compile("Clientes"))

    told = page.get_by_role("combobox", name="Buscar ou digitar um comando").get_attribute(
        "aria-activedescendant"
    )
    assert page.locator(f"[id='{told}']").count() == 1
    expect(page.locator(f"[id='{told}']")).to_have_attribute("aria-selected", "true")
