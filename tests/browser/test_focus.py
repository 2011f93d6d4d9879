"""By keyboard alone: after each act one goes on from where one is, and wrong input begins at the wrong field."""

import subprocess
import sys
import textwrap

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import sign_in


def test_the_focus_goes_to_the_first_wrong_field_of_a_page(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/customers/new/")
    page.locator("main .op-formfoot button").press("Enter")

    expect(page.locator("main [aria-invalid='true']").first).to_be_focused()


def test_a_task_that_is_done_leaves_the_focus_on_the_page(page: Page):
    sign_in(page, "rafael@demo.example")
    page.goto("/demo/my-day/")
    page.locator("main .op-check").first.press("Enter")

    expect(page.locator("toast-region")).to_contain_text("Desfazer")
    page.wait_for_function("document.activeElement !== document.body")


def test_a_dialog_that_is_answered_the_moment_it_opens_stays_on_the_page(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/opportunities/?status=open")
    page.locator("main table a[data-step]").first.click()
    page.locator("#opportunity-head").wait_for()
    page.evaluate("""() => new MutationObserver((_changes, observer) => {
        const button = document.querySelector("#dialog [data-confirm]");
        if (!button) return;
        observer.disconnect();
        button.form.querySelector("input[type=radio]").checked = true;
        button.form.requestSubmit(button);
    }).observe(document.getElementById("dialog"), { childList: true, subtree: true })""")
    page.keyboard.press("p")

    expect(page.locator("#opportunity-head")).to_contain_text("Perdida")


def test_a_filter_of_the_analysis_leads_where_it_says(page: Page):
    sign_in(page, "gerente@demo.example")
    page.goto("/demo/analytics/")
    page.get_by_role("button", name="Período").press("Enter")
    page.get_by_role("link", name="Este mês").press("Enter")

    page.wait_for_url("**/demo/analytics/?period=month")
    expect(page.get_by_role("heading", name="Análise do funil")).to_be_visible()


def test_a_suggested_address_does_not_replace_the_one_that_is_being_typed(
    page: Page, environ: dict[str, str]
):
    page.goto(f"/new-company/{founder_token(environ)}/")
    page.locator("input[name=company]").fill("Padaria São João & Filhos")
    held: list[Route] = []
    page.route("**company=Padaria**", lambda route: held.append(route))
    with page.expect_request("**company=Padaria**"):
        page.locator("input[name=slug]").focus()
    page.locator("input[name=slug]").press_sequentially("padaria-sj")
    with page.expect_response("**company=Padaria**") as answer:
        held[0].continue_()
    answer.value.finished()

    expect(page.locator("input[name=slug]")).to_have_value("padaria-sj")


def founder_token(environ: dict[str, str]) -> str:
    """What opens a company in the address that the program prints."""
    program = """
        import django
        django.setup()
        from oportuna.accounts.actions import invite_founder
        print(invite_founder()[1])
    """
    made = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env={**environ, "DJANGO_SETTINGS_MODULE": "oportuna.settings"},
        check=True,
        text=True,
        capture_output=True,
    )
    return made.stdout.strip()
