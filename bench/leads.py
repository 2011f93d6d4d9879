"""A sheet of Brazilian leads, as large as asked and always the same for the same seed.

    python -m bench.leads ROWS FILE [--seed 1] [--format csv|xlsx]

The format is the file's ending unless given. A csv is what Excel writes in Brazil: semicolons, decimal
commas, dd/mm/yyyy, UTF-8 with a byte order mark.
"""

import argparse
import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path

import xlsxwriter

HEADER = (
    "Razão Social", "CNPJ", "Contato", "Cargo", "E-mail", "Telefone", "Cidade", "UF", "Etapa", "Origem",
    "Valor estimado", "Previsão de fechamento", "Oportunidade",
)  # fmt: skip

_TRADES = (
    "Açougue", "Auto Peças", "Cafeeira", "Cerâmica", "Clínica", "Colégio", "Confecções", "Distribuidora",
    "Eletrônica", "Farmácia", "Gráfica", "Laticínios", "Madeireira", "Metalúrgica", "Padaria",
    "Papelaria", "Transportadora", "Vidraçaria",
)  # fmt: skip
_PLACES = (
    "Araçá", "Bom Jesus", "Boa Esperança", "Céu Azul", "Flor de Maracujá", "Ipê Amarelo", "Jacarandá",
    "Mantiqueira", "Nossa Senhora da Conceição", "Pão de Açúcar", "Praça XV", "Ribeirão", "São João",
    "Três Irmãos", "Vale do Sol",
)  # fmt: skip
_FORMS = ("Ltda.", "S.A.", "ME", "EPP", "EIRELI", "& Cia. Ltda.", "")
_GIVEN = (
    "Antônio", "Bárbara", "Cecília", "Débora", "Édson", "Flávia", "Glória", "Hélio", "Inês", "Jéssica",
    "Lúcia", "Márcio", "Natália", "Otávio", "Patrícia", "Rogério", "Sebastião", "Thaís", "Valéria",
    "Zulmira",
)  # fmt: skip
_FAMILY = (
    "Araújo", "Batista", "Brandão", "Camargo", "da Conceição", "de Sá", "dos Anjos", "Falcão",
    "Guimarães", "Leão", "Magalhães", "Nóbrega", "Queirós", "Simões", "Valença", "Ximenes",
)  # fmt: skip
_CITIES = (
    ("São Paulo", "SP", "11"), ("Ribeirão Preto", "SP", "16"), ("Niterói", "RJ", "21"),
    ("Uberlândia", "MG", "34"), ("Vitória", "ES", "27"), ("Londrina", "PR", "43"),
    ("Chapecó", "SC", "49"), ("Caxias do Sul", "RS", "54"), ("Brasília", "DF", "61"),
    ("Goiânia", "GO", "62"), ("Cuiabá", "MT", "65"), ("Feira de Santana", "BA", "75"),
    ("Maceió", "AL", "82"), ("São Luís", "MA", "98"), ("Manaus", "AM", "92"),
)  # fmt: skip
_JOBS = ("Comprador", "Diretora", "Gerente de TI", "Proprietário", "Sócia", "Analista")
_STAGES = ("Lead", "Prospecção", "Qualificação", "Proposta", "Negociação")
_SOURCES = ("Site", "Telemarketing", "Evento", "Lista comprada", "Indicação")
_WANTS = (
    "Troca de servidores",
    "Licenças de ERP",
    "Impressoras",
    "Rede sem fio",
    "Suporte anual",
    "Notebooks",
)
_DIGITS = "0123456789"
_CHARACTERS = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Lead:
    """One row; the amount in reais, the phone as people write it, the CNPJ masked."""

    company: str
    cnpj: str
    contact: str
    job_title: str
    email: str
    phone: str
    city: str
    uf: str
    stage: str
    source: str
    value: Decimal
    expected_close_on: date
    title: str

    def cells(self) -> tuple[str | Decimal | date, ...]:
        """The values in the order of HEADER."""
        return (
            self.company, self.cnpj, self.contact, self.job_title, self.email, self.phone, self.city,
            self.uf, self.stage, self.source, self.value, self.expected_close_on, self.title,
        )  # fmt: skip


def rows(n: int, seed: int = 1) -> Iterator[Lead]:
    """`n` leads; all CNPJs are valid and differ, one in ten is alphanumeric, one phone in five is fixed."""
    chance = random.Random(seed)
    for index in range(n):
        trade, place = chance.choice(_TRADES), chance.choice(_PLACES)
        company = f"{trade} {place} {index + 1} {chance.choice(_FORMS)}".strip()
        city, uf, ddd = chance.choice(_CITIES)
        number = cnpj(chance, index)
        yield Lead(
            company=company,
            cnpj=masked(number),
            contact=f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}",
            job_title=chance.choice(_JOBS),
            email=f"compras@c{number[:8].lower()}.com.br",
            phone=_phone(chance, ddd),
            city=city,
            uf=uf,
            stage=chance.choice(_STAGES),
            source=chance.choice(_SOURCES),
            value=Decimal(chance.randrange(50_000, 90_000_000)) / 100,
            expected_close_on=date(2026, 1, 2) + timedelta(days=chance.randrange(700)),
            title=f"{chance.choice(_WANTS)} - {company}",
        )


def cnpj(chance: random.Random, index: int) -> str:
    """A valid CNPJ without mask, unlike any other index's: two random characters before the index."""
    characters = _CHARACTERS if chance.random() < 0.1 else _DIGITS
    body = (
        chance.choice(characters[1:])
        + chance.choice(characters)
        + f"{index % 10**6:06}{1 + index // 10**6:04}"
    )
    for _ in range(2):
        total = sum((ord(one) - 48) * (2 + place % 8) for place, one in enumerate(reversed(body)))
        body += str(0 if total % 11 < 2 else 11 - total % 11)
    return body


def masked(number: str) -> str:
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"


def write_csv(path: Path, leads: Iterable[Lead]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows([_as_text(cell) for cell in lead.cells()] for lead in leads)


def write_xlsx(path: Path, leads: Iterable[Lead]) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet("Leads")
        for number, cells in enumerate(chain([HEADER], (lead.cells() for lead in leads))):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, Decimal):
                    sheet.write_number(number, column, float(cell), money)
                else:
                    sheet.write_string(number, column, cell)


def _phone(chance: random.Random, ddd: str) -> str:
    if chance.random() < 0.2:
        return f"({ddd}) {chance.randrange(2, 6)}{chance.randrange(1000):03}-{chance.randrange(10_000):04}"
    return f"({ddd}) 9{chance.randrange(6000, 10_000)}-{chance.randrange(10_000):04}"


def _as_text(cell: str | Decimal | date) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}".translate(str.maketrans(",.", ".,"))
    return cell


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a sheet of Brazilian leads.")
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("csv", "xlsx"))
    options = parser.parse_args()
    is_xlsx = (options.format or options.file.suffix.lstrip(".")) == "xlsx"
    (write_xlsx if is_xlsx else write_csv)(options.file, rows(options.rows, options.seed))


if __name__ == "__main__":
    main()
