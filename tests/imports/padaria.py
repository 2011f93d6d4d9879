"""A bakery that the company knows, and rows that mean it."""

from decimal import Decimal

from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers
from tests.factories import make_customer, make_opportunity
from tests.imports.sheets import CNPJS, write

HEADER = (
    *("Empresa", "CNPJ", "Cidade", "Contato", "Cargo", "E-mail", "Telefone", "Oportunidade"),
    *("Etapa", "Valor", "Observações", "Próximo contato"),
)


def sheet(tmp_path, *rows, name="a.csv"):
    """A csv of such rows, filled up to the width of the header."""
    return write(tmp_path / name, *[row + ("",) * (len(HEADER) - len(row)) for row in rows], header=HEADER)


def row(name="Padaria", cnpj="", city="", contact="", job="", email="", phone="", title="", *rest):
    """A row with the first columns by name, the others in their order."""
    return (name, cnpj, city, contact, job, email, phone, title, *rest)


def known_padaria(ana):
    """The bakery as the company knows it, with somebody who works there."""
    padaria = make_customer(ana, "Padaria", cnpj=CNPJS[0], city="Niterói", emails=["sol@padaria.com"])
    with company_scope(ana.company):
        customers.add_contact(padaria, {"name": "Zé"}, emails=["ze@padaria.com"], by=ana)
    return padaria


FULL = row(
    *("Padaria Sol Ltda", CNPJS[0], "Rio", "Zé", "Dono", "novo@padaria.com", "(21) 98765-4321", "Forno"),
    *("Proposta", "2.000,00", "Pediu catálogo.", "15/12/2026"),
)
BEFORE = {"reached": ["sol@padaria.com", "ze@padaria.com"], "notes": "Liga cedo.", "value": Decimal(1000)}


def forno_of(ana):
    """The bakery with an open opportunity."""
    make_opportunity(
        ana, customer=known_padaria(ana), title="Forno", value=BEFORE["value"], notes=BEFORE["notes"]
    )
