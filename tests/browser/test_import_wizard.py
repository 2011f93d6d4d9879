"""The worst of sheets through the wizard: which sheets, which columns, corrected where it is wrong, imported, undone."""

from pathlib import Path

import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

HEADER = ["Razão Social", "CNPJ", "E-mail", "Fone", "Situação do lead", "Valor estimado", "Cor do logotipo"]
JANUARY = [
    [
        "PADARIA DO TESTE LTDA",
        "11.444.777/0001-61",
        "padaria@teste.example",
        "(21) 98765-0001",
        "Conversando",
        "R$ 1.234,56",
        "azul",
    ],
    [
        "Ótica do Teste",
        "11.444.777/0001-62",
        "otica@teste.example",
        "(21) 98765-0002",
        "Conversando",
        2500,
        "",
    ],
    ["Total", "", "", "", "", 3734.56, ""],
]
FEBRUARY = [["Mercado do Teste", "", "mercado@teste.example", "", "Conversando", "10 mil", ""]]


def worst_book(path: Path) -> Path:
    """Titles above the header, a sheet a month, a hidden one, totals, a wrong document, a stage nobody has."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, lines in (("Janeiro", JANUARY), ("Fevereiro", FEBRUARY), ("Velha", FEBRUARY)):
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, 5, f"Feira de negócios: contatos de {name}")
            for place, line in enumerate([HEADER, *lines], 2):
                sheet.write_row(place, 0, line)
            if name == "Velha":
                sheet.hide()
    return path


def test_the_worst_of_sheets_comes_in_right_and_goes_again(page: Page, tmp_path: Path):
    sign_in(page, "admin@demo.example")
    page.goto("/demo/imports/")
    page.locator("input[type=file]").set_input_files(worst_book(tmp_path / "feira.xlsx"))

    # Which sheets: all alike are offered first.
    page.get_by_label("Aba", exact=True).select_option(label="Todas iguais: Janeiro, Fevereiro")
    page.get_by_role("button", name="Ler as colunas").click()
    expect(page.get_by_text("Abas Janeiro, Fevereiro")).to_be_visible()

    # Which columns: the one that was not understood is the stage.
    page.get_by_label("Campo para Situação do lead").select_option(label="Etapa")
    page.get_by_label("Base legal (LGPD)").select_option(label="Ainda não decidida")
    page.get_by_role("button", name="Conferir as linhas").click()

    # A word that no register has, and a document that is wrong.
    words = page.locator(".op-words")
    expect(words).to_contain_text("Conversando")
    words.get_by_role("combobox").select_option(label="Qualificação (Vendas)")
    page.get_by_role("button", name="Conferir de novo com estas respostas").click()
    expect(page.get_by_role("button", name="Importar 2 linhas")).to_be_visible(timeout=30_000)
    wrong = page.get_by_label("Correção da linha 5 da aba Janeiro, coluna B")
    wrong.locator("visible=true").fill("11.222.333/0001-81")
    wrong.locator("visible=true").press("Enter")
    page.get_by_role("button", name="Importar 3 linhas").click(timeout=30_000)
    expect(page.get_by_text("3 oportunidades entraram no funil")).to_be_visible(timeout=60_000)

    # They stand in the pipeline, the amount that was unclear is empty.
    page.get_by_role("link", name="Ver na lista").click()
    for name in ("PADARIA DO TESTE LTDA", "Ótica do Teste", "Mercado do Teste"):
        expect(page.get_by_role("link", name=name).locator("visible=true").first).to_be_visible()
    page.go_back()

    # And they go again.
    page.get_by_role("link", name="Desfazer importação").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 linhas")
    dialog.get_by_role("button", name="Desfazer importação").click()
    expect(page.get_by_text("A importação foi desfeita.")).to_be_visible(timeout=60_000)
    page.goto("/demo/opportunities/?q=do+Teste")
    expect(page.get_by_text("Ótica do Teste")).to_have_count(0)


def test_whoever_corrects_by_keyboard_goes_on_at_the_next_row_and_loses_no_answer(page: Page, tmp_path: Path):
    lines = [
        "Empresa;CNPJ;Etapa",
        *(f"Loja {n};11.222.333/0001-8{n};" for n in (2, 3, 4)),
        "Bar;;Conversando",
    ]
    (tmp_path / "lojas.csv").write_text("\r\n".join(lines))
    sign_in(page, "admin@demo.example")
    page.goto("/demo/imports/")
    page.locator("input[type=file]").set_input_files(tmp_path / "lojas.csv")
    page.get_by_role("button", name="Conferir as linhas").click()
    word = page.locator(".op-words").get_by_role("combobox")
    word.wait_for()
    page.wait_for_load_state("load")
    word.select_option(label="Proposta (Vendas)")

    # Enter checks the row; what was chosen above and not sent yet stays.
    page.locator("#fix-row-2-B").fill("11.222.333/0001-81")
    page.locator("#fix-row-2-B").press("Enter")
    expect(page.locator("#fix-row-3-B")).to_be_focused()
    expect(page.locator("#announce")).to_have_text("Linha 2: Nova oportunidade")
    expect(word.locator("option:checked")).to_have_text("Proposta (Vendas)")

    # So does leaving the row, and what one types in the next one meanwhile stays too.
    page.locator("#fix-row-3-B").fill("")
    page.locator("#fix-row-4-B").press_sequentially("1")
    expect(page.locator("#announce")).to_have_text("Linha 3: Nova oportunidade")
    expect(page.locator("#fix-row-4-B")).to_have_value("111.222.333/0001-84")
    expect(page.locator("#fix-row-4-B")).to_be_focused()

    # Importing waits for the row that one leaves by it; with an answer that was not checked it shows first what that means.
    page.get_by_role("button", name="Importar 2 linhas").click()
    expect(page.locator("#announce")).to_have_text("Linha 4: Recusada")
    page.get_by_role("button", name="Importar 2 linhas").click()
    expect(page.get_by_role("button", name="Importar 3 linhas")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("alert")).to_contain_text("Suas respostas mudaram")
    page.get_by_role("button", name="Cancelar importação").click()
    page.wait_for_url("**/imports/")
