"""Every page as somebody meets it: empty, full, and wrong; for the pictures and for the test of accessibility."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.walk import Act, Shot, fill

_WRONG = ".op-field-err, .op-note--late, [role=alert]"
_BAD = "12.345.678/0001-99"


def sends(**fields: str) -> Act:
    """Send a form with these fields and wait for what it says is wrong."""

    def act(page: Page) -> None:
        fill(page, **fields)
        page.wait_for_selector(_WRONG)

    return act


def opens(selector: str, then: Act | None = None) -> Act:
    """Click something that opens a dialog, and go on in it."""

    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_selector("dialog[open]")
        if then is not None:
            then(page)

    return act


def clicks(selector: str) -> Act:
    """Click something that opens in its place."""
    return lambda page: page.locator(selector).first.click()


def hears(selector: str) -> Act:
    """Click, and wait for the toast."""

    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_selector(".op-toast")

    return act


def _post(path: str, *, token: str = "") -> Act:
    """Send a form that no page offers; with the page's own token unless another is given."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(
                """([path, token]) => {
                    const own = document.querySelector("[name=csrfmiddlewaretoken]").value;
                    const form = Object.assign(document.createElement("form"), {method: "post", action: path || location.pathname});
                    for (const [name, value] of [["csrfmiddlewaretoken", token || own], ["email", "ninguem@exemplo.com.br"]]) {
                        form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
                    }
                    document.body.append(form);
                    form.submit();
                }""",
                [path, token],
            )

    return act


def _log_wrong(page: Page) -> None:
    fill(page, **{"log-text": ""})
    page.wait_for_selector(_WRONG)


def _whole_row(page: Page) -> None:
    page.get_by_role("link", name="Linha inteira").locator("visible=true").first.click()
    page.get_by_role("dialog").wait_for()


def _import_wrong(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "retrato.xlsx", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(100)}
    )
    page.wait_for_selector(_WRONG)


def _quick(page: Page) -> None:
    page.locator("[hx-get*=quick], [href*=quick]").first.click()
    page.wait_for_selector("quick-add form")


def _fold(page: Page) -> None:
    for button in page.locator("[data-fold]").all()[1:3]:
        if button.is_visible() and button.get_attribute("aria-expanded") == "true":
            button.click()


def _palette(page: Page, typed: str = "") -> None:
    page.keyboard.press("Control+k")
    if typed:
        page.locator("command-palette input").fill(typed)
        page.wait_for_selector("#found > *")


def _duplicate(page: Page) -> None:
    page.locator("[name=name]").fill(page.locator("[name=name]").input_value() or "x")
    page.locator("[name=emails]").fill("padaria31@exemplo.com.br")
    page.wait_for_selector("#customer-duplicates a")


def shots() -> Iterator[Shot]:
    """Every page; whoever is not signed in first, since the founder's address works once."""
    yield from _outside()
    yield from _selling()
    yield from _customers()
    yield from _imports()
    yield from _exports()
    yield from _registers()
    yield from _company()
    yield from _errors()


def _outside() -> Iterator[Shot]:
    yield Shot("sign-in", "", "/login/")
    yield Shot("sign-in.wrong", "", "/login/", sends(login="ana@exemplo.com.br", password="errada"))
    yield Shot("password-reset", "", "/password/reset/")
    yield Shot("password-reset.wrong", "", "/password/reset/", sends(email="sem arroba"))
    yield Shot("password-reset-done", "", "/password/reset/done/")
    yield Shot("password-reset-key.ended", "", "/password/reset/key/1-zzz/")
    yield Shot("invitation", "", "/invitations/{invitation}/")
    yield Shot(
        "invitation.wrong", "", "/invitations/{invitation}/", sends(name=" ", password="123", again="4")
    )
    yield Shot("invitation.someone-else", "long", "/invitations/{invitation}/")
    yield Shot("invitation.ended", "", "/invitations/nenhum/")
    yield Shot("founding", "", "/new-company/{founder}/")
    yield Shot("founding.wrong", "", "/new-company/{founder}/", sends(company="", slug="Não Pode", email="x"))
    yield Shot("founding.demo", "admin", "/demo/")
    yield Shot("companies", "long", "/companies/")
    yield Shot("companies.one", "admin", "/companies/")


def _selling() -> Iterator[Shot]:
    yield Shot("board", "manager", "/demo/")
    yield Shot("board.empty", "founder", "/vazia/")
    yield Shot("board.long", "long", "/comprida/")
    yield Shot("board.viewer", "viewer", "/demo/")
    yield Shot("board.quick", "manager", "/demo/", _quick)
    yield Shot("board.folded", "manager", "/demo/", _fold)
    yield Shot("board.keys", "manager", "/demo/", lambda page: page.keyboard.press("?"))
    yield Shot("palette", "manager", "/demo/opportunities/{open}/", _palette)
    yield Shot("palette.found", "manager", "/demo/", lambda page: _palette(page, "ana"))
    yield Shot("palette.nothing", "manager", "/demo/", lambda page: _palette(page, "inexistente"))
    yield Shot("palette.long", "long", "/comprida/", lambda page: _palette(page, "instalação"))
    yield Shot("search", "manager", "/demo/search/?q=ana")
    yield Shot("list", "manager", "/demo/opportunities/?status=all")
    yield Shot("list.empty", "founder", "/vazia/opportunities/")
    yield Shot("list.long", "long", "/comprida/opportunities/?status=all")
    yield Shot("list.nothing-found", "manager", "/demo/opportunities/?q=inexistente+mesmo")
    yield Shot("opportunity", "manager", "/demo/opportunities/{open}/")
    yield Shot("opportunity.won", "manager", "/demo/opportunities/{won}/")
    yield Shot("opportunity.lost", "manager", "/demo/opportunities/{lost}/")
    yield Shot("opportunity.long", "long", "/comprida/opportunities/{long_open}/")
    yield Shot("opportunity.long-lost", "long", "/comprida/opportunities/{long_lost}/")
    yield Shot("opportunity.viewer", "viewer", "/demo/opportunities/{open}/")
    yield Shot("opportunity.log-wrong", "manager", "/demo/opportunities/{open}/", _log_wrong)
    yield Shot("opportunity.edit", "manager", "/demo/opportunities/{open}/edit/")
    yield Shot(
        "opportunity.edit-wrong", "manager", "/demo/opportunities/{open}/edit/", sends(title="", value="mil")
    )
    yield Shot("opportunity.field", "manager", "/demo/opportunities/{open}/", clicks("#id_title"))
    yield Shot("opportunity.move", "manager", "/demo/opportunities/{open}/stage/")
    new = "/demo/opportunities/new/"
    yield Shot("new-opportunity", "seller", "/demo/", opens(".op-nav__new"))
    yield Shot(
        "new-opportunity.wrong",
        "seller",
        "/demo/",
        opens(".op-nav__new", sends(title="", value="muito", customer="x" * 200)),
    )
    yield Shot("new-opportunity.page", "seller", new)
    yield Shot("new-opportunity.page-wrong", "seller", new, sends(title="", value="muito"))
    lose = opens("#lose")
    yield Shot("lose", "manager", "/demo/opportunities/{open}/", lose)
    yield Shot("lose.wrong", "manager", "/demo/opportunities/{open}/", opens("#lose", sends(revision="999")))
    yield Shot("lose.page", "manager", "/demo/opportunities/{open}/lose/")
    yield Shot("lose.long", "long", "/comprida/opportunities/{long_open}/", lose)
    yield Shot("my-day", "seller", "/demo/my-day/")
    yield Shot("my-day.empty", "founder", "/vazia/my-day/")
    yield Shot("my-day.long", "long", "/comprida/my-day/")
    yield Shot("funnel", "manager", "/demo/analytics/")
    yield Shot("funnel.empty", "founder", "/vazia/analytics/")
    yield Shot("funnel.long", "long", "/comprida/analytics/")
    yield Shot("funnel.wrong", "manager", "/demo/analytics/?period=custom&first=2026-02-31&last=ontem")


def _customers() -> Iterator[Shot]:
    yield Shot("customers", "manager", "/demo/customers/")
    yield Shot("customers.empty", "founder", "/vazia/customers/")
    yield Shot("customers.long", "long", "/comprida/customers/")
    yield Shot("customers.nothing-found", "manager", "/demo/customers/?q=inexistente+mesmo")
    yield Shot("customer", "manager", "/demo/customers/{customer}/")
    yield Shot("customer.long", "long", "/comprida/customers/{long_customer}/")
    yield Shot("customer.imported", "long", "/comprida/customers/{imported_customer}/")
    yield Shot("customer.new", "seller", "/demo/customers/new/")
    yield Shot("customer.wrong", "seller", "/demo/customers/new/",
               sends(name="", cnpj=_BAD, cpf="111.111.111-11", phones="12", emails="sem arroba", cep="1", site="x y"))  # fmt: skip
    yield Shot("customer.duplicates", "long", "/comprida/customers/new/", _duplicate)
    yield Shot("customer.edit", "manager", "/demo/customers/{customer}/edit/")
    yield Shot("customer.edit-long", "long", "/comprida/customers/{long_customer}/edit/")
    yield Shot("contact.new", "manager", "/demo/customers/{customer}/contacts/new/")
    yield Shot("contact.wrong", "manager", "/demo/customers/{customer}/contacts/new/",
               sends(name="", phones="12", emails="sem arroba"))  # fmt: skip
    yield Shot("contact.edit", "manager", "/demo/contacts/{contact}/edit/")
    yield Shot("contact.edit-long", "long", "/comprida/contacts/{long_contact}/edit/")


def _imports() -> Iterator[Shot]:
    yield Shot("import-1-file", "long", "/comprida/imports/")
    yield Shot("import-1-file.empty", "founder", "/vazia/imports/")
    yield Shot("import-1-file.wrong", "founder", "/vazia/imports/", _import_wrong)
    yield Shot("do-not-contact", "long", "/comprida/imports/do-not-contact/")
    yield Shot("do-not-contact.empty", "founder", "/vazia/imports/do-not-contact/")
    yield Shot("do-not-contact.wrong", "founder", "/vazia/imports/do-not-contact/", sends(entries="fulano"))
    yield Shot(
        "do-not-contact.remove",
        "long",
        "/comprida/imports/do-not-contact/",
        opens("[href$='/remove/']:visible"),
    )
    yield Shot("import-2-columns", "long", "/comprida/imports/{import_columns}/columns/")
    yield Shot(
        "import-2-columns.wrong",
        "long",
        "/comprida/imports/{import_columns}/columns/",
        sends(column_0="ignore"),
    )
    yield Shot("import-2-table", "long", "/comprida/imports/{import_columns}/columns/?table")
    yield Shot("import-3-check", "long", "/comprida/imports/{import_checked}/check/")
    yield Shot("import-3-check.row", "long", "/comprida/imports/{import_checked}/check/", _whole_row)
    yield Shot("import-3-check.known", "long", "/comprida/imports/{import_checked}/check/?show=known")
    yield Shot("import-3-check.hopeless", "long", "/comprida/imports/{import_hopeless}/check/")
    yield Shot("import-4-progress", "long", "/comprida/imports/{import_running}/run/")
    yield Shot("import-5-result", "long", "/comprida/imports/{import_done}/run/")
    yield Shot("import-5-result.failed", "long", "/comprida/imports/{import_failed}/run/")
    yield Shot("import-5-result.cancelled", "long", "/comprida/imports/{import_cancelled}/run/")


def _exports() -> Iterator[Shot]:
    yield Shot("export-menu", "manager", "/demo/opportunities/", clicks("[popovertarget=export-menu]"))
    yield Shot("export-menu.customers", "manager", "/demo/customers/", clicks("[popovertarget=export-menu]"))
    yield Shot("exports", "long", "/comprida/exports/")
    yield Shot("exports.empty", "founder", "/vazia/exports/")
    for state in ("running", "queued", "done", "failed", "cancelled", "gone"):
        yield Shot(f"export.{state}", "long", f"/comprida/exports/{{export_{state}}}/")


def _registers() -> Iterator[Shot]:
    yield Shot("stages", "admin", "/demo/registers/")
    yield Shot("stages.long", "long", "/comprida/registers/")
    yield Shot("stages.new", "admin", "/demo/registers/", opens("#new-stage"))
    yield Shot(
        "stages.wrong",
        "admin",
        "/demo/registers/",
        opens("#new-stage", sends(name="Lead", probability="200")),
    )
    yield Shot("stages.edit-page", "admin", "/demo/registers/stages/{stage}/edit/")
    for kind in ("pipelines", "loss-reasons", "sources", "campaigns"):
        yield Shot(kind, "admin", f"/demo/registers/{kind}/")
        yield Shot(f"{kind}.long", "long", f"/comprida/registers/{kind}/")
        yield Shot(
            f"{kind}.wrong", "admin", f"/demo/registers/{kind}/", opens("#new-register", sends(name=" "))
        )
    yield Shot("campaigns.empty", "founder", "/vazia/registers/campaigns/")


def _company() -> Iterator[Shot]:
    yield Shot("settings", "admin", "/demo/settings/")
    yield Shot("settings.long", "long", "/comprida/settings/")
    yield Shot("settings.wrong", "admin", "/demo/settings/", sends(name=""))
    yield Shot("people", "admin", "/demo/people/")
    yield Shot("people.new", "founder", "/vazia/people/")
    yield Shot("people.long", "long", "/comprida/people/")
    yield Shot("people.inactive", "admin", "/demo/people/?show=inactive")
    yield Shot("people.invite", "admin", "/demo/people/", opens("[href$='/people/invite/']"))
    yield Shot("people.invite-wrong", "admin", "/demo/people/",
               opens("[href$='/people/invite/']", sends(email="rafael@demo.example")))  # fmt: skip
    yield Shot(
        "people.invited",
        "founder",
        "/vazia/people/",
        opens("[href$='/people/invite/']", lambda page: fill(page, email="nova@vazia.example")),
    )
    yield Shot("people.edit", "admin", "/demo/people/{member}/")
    yield Shot("people.deactivate", "admin", "/demo/people/{member}/deactivate/")
    yield Shot("people.deactivate-wrong", "admin", "/demo/people/{member}/deactivate/", sends(heir=""))
    yield Shot("teams", "admin", "/demo/teams/")
    yield Shot("teams.empty", "founder", "/vazia/teams/")
    yield Shot("teams.long", "long", "/comprida/teams/")
    yield Shot(
        "teams.wrong", "admin", "/demo/teams/", opens("[href$='/teams/new/']", sends(name="Agronegócio"))
    )
    yield Shot("teams.add", "admin", "/demo/teams/{team}/members/")
    yield Shot("teams.delete", "admin", "/demo/teams/{team}/delete/")
    yield Shot("profile", "seller", "/demo/profile/")
    yield Shot("profile.long", "long", "/comprida/profile/")
    yield Shot("profile.wrong", "seller", "/demo/profile/", sends(name=""))
    yield Shot(
        "password-change.wrong",
        "seller",
        "/password/change/",
        sends(oldpassword="errada", password1="1", password2="2"),
    )
    yield Shot("second-factor", "seller", "/mfa/")


def _errors() -> Iterator[Shot]:
    yield Shot("error-400", "", "/page_400/")
    yield Shot("error-403", "viewer", "/demo/settings/")
    yield Shot("error-403-expired", "", "/password/reset/", _post("", token="x" * 32))
    yield Shot("error-404", "manager", "/demo/opportunities/99999999/")
    yield Shot("error-409", "manager", "/demo/opportunities/{lost}/", _post("win/"))
    yield Shot("error-429", "", "/page_429/")
    yield Shot("error-500", "", "/page_500/")
    yield Shot("error-503", "", "/page_503/")
