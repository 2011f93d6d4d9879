"""The headers of other programs' exports, forms and sheets: each column finds its field."""

import pytest

from oportuna.imports.columns.matching import match_columns
from tests.imports.cells import read


def fields(headers: str) -> list[str]:
    return [match.field for match in match_columns(headers.split("|"), [])]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (  # a CRM that names the record before the field
            "Deal - Title|Deal - Value|Deal - Stage|Deal - Owner|Deal - Organization|Deal - Contact person"
            "|Deal - Expected close date|Deal - Deal created|Deal - Status|Deal - Lost reason|Deal - Won time"
            "|Deal - Pipeline|Deal - Probability|Deal - Next activity date|Person - Email - Work"
            "|Person - Phone - Mobile|Organization - Address|Person - Job title",
            "title value stage owner name contact expected_close_on created_on status loss_reason closed_on"
            " pipeline probability next_contact_on email phone address job_title",
        ),
        (
            "Deal Name|Deal Stage|Close Date|Amount|Deal owner|Pipeline|Create Date|Associated Company"
            "|Associated Contact|Original Source|Closed Lost Reason|Deal Type",
            "title stage expected_close_on value owner pipeline created_on name contact source loss_reason note",
        ),
        (
            "First Name|Last Name|Email|Phone Number|Contact owner|Company name|Website URL|Street Address|City"
            "|State/Region|Postal Code|Industry|Mobile Phone Number|Job Title",
            "contact surname email phone owner name site address city uf cep segment mobile job_title",
        ),
        (
            "Nome da negociação|Empresa|Contatos|Etapa|Funil de vendas|Valor único|Responsável|Data de criação"
            "|Previsão de fechamento|Data de fechamento|Motivo de Perda|Fonte|Campanha|Anotação do motivo de perda"
            "|Data da próxima tarefa",
            "title name contact stage pipeline value owner created_on expected_close_on closed_on loss_reason source"
            " campaign loss_comment next_contact_on",
        ),
        (
            "Nome|E-mail|Telefone|Celular|Cargo|Empresa|Cidade|Estado|Estágio no funil|Dono do Lead|LinkedIn",
            "contact email phone mobile job_title name city uf stage owner site",
        ),
        (
            "Título do negócio|Empresa relacionada|Pessoa relacionada|Valor|Status|Etapa|Funil|Data de início"
            "|Responsável pelo negócio|Motivo da perda",
            "title name contact value status stage pipeline created_on owner loss_reason",
        ),
        (
            "Usuário responsável|Razão Social|Cliente - CNPJ|Cliente - Telefone|Cliente - Status",
            "owner name cnpj phone note",
        ),
        (
            "Opportunity Name|Company|Contact Name|Work Phone|Lead Source|Closing Date|Billing City|Billing State"
            "|Zip/Postal Code|Do Not Call|Created Date|Expected Revenue|Annual Revenue",
            "title name contact phone source expected_close_on city uf cep do_not_contact created_on note note",
        ),
        (
            "Cód. Cliente|Nome/Razão Social|Fantasia|CNPJ/CPF|IE/RG|Endereço|Nº|Compl.|Bairro|Município|UF|CEP"
            "|Fone 1|Fone Celular|Fax|E-mail NFe|Contato|Vend.|Dt. Cadastro|Sit.|Últ. Compra|Limite Créd.",
            "note name trade_name tax_id ie address address address district city uf cep phone mobile note email"
            " contact owner created_on stage note note",
        ),
        (
            "COD|NOME|RAZAO|END|NUM|BAIRRO|CIDADE|UF|CEP|DDD|FONE|DDD2|FONE2|CGC|INSCR",
            "note contact name address address district city uf cep ddd phone ddd phone cnpj ie",
        ),
        (
            "Carimbo de data/hora|Nome completo|Seu melhor e-mail|WhatsApp com DDD|Nome da sua empresa"
            "|Qual o seu cargo?|Cidade e Estado|Como nos conheceu?|Mensagem|Qual o faturamento mensal?",
            "created_on contact email mobile name job_title city_uf source notes note",
        ),
        (
            "created_time|campaign_name|platform|full_name|email|phone_number|company_name|job_title|state",
            "created_on campaign note contact email phone name job_title uf",
        ),
    ],
)
def test_an_export_of_another_program_is_understood(headers: str, expected: str) -> None:
    assert fields(headers) == expected.split()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Nº|Empresa", "note name"),
        ("Empresa|Endereço|Nº", "name address address"),
        ("Empresa|Fechamento", "name expected_close_on"),
        ("Empresa|Previsão|Fechamento", "name expected_close_on closed_on"),
        ("Nome|Sobrenome", "contact surname"),
        ("Nome|E-mail", "name email"),
        ("Conta: Nome|Pessoa: Nome", "name contact"),
        ("Empresa|Quais produtos?", "name note"),
    ],
)
def test_a_word_that_may_mean_two_things_is_decided_by_the_columns_around_it(
    headers: str, expected: str
) -> None:
    assert fields(headers) == expected.split()


def test_a_surname_goes_behind_the_name_wherever_its_column_stands() -> None:
    both, first, last = read(
        ["Last Name", "First Name", "Company"],
        ["Sá", "Ana", "Aço"],
        [None, "Rui", "Aço"],
        ["Gil", None, "Aço"],
    )

    assert [row.values["contact"] for row in (both, first, last)] == ["Ana Sá", "Rui", "Gil"]


def test_a_person_of_name_and_surname_alone_is_the_customer() -> None:
    (found,) = read(["Nome", "Sobrenome"], ["Ana", "Sá"])

    assert (found.values["name"], found.values["kind"]) == ("Ana Sá", "person")
