"""Where everything is that the pages show, and the texts of the company whose every text is as long as it may be."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[2]
LONG = (
    "Fornecimento e instalação de cento e vinte inversores trifásicos com monitoramento remoto e garantia estendida "
    "ParaNãoTerOndeQuebrarALinhaNemNoCelularNemNaTabelaNemNoCartãoDoQuadroNemNoDiálogo"
)
LONG_NAME = (
    "Maria Aparecida da Conceição Albuquerque de Vasconcelos Cavalcanti e Montenegro dos Guimarães Peixoto"
)
LONG_EMAIL = "maria.aparecida.da.conceicao.albuquerque.de.vasconcelos@comprida.example"
PASSWORD = "janela-para-o-mar"
PEOPLE = {
    "admin": "admin@demo.example",
    "manager": "gerente@demo.example",
    "seller": "rafael@demo.example",
    "viewer": "leitura@demo.example",
    "long": LONG_EMAIL,
}

Places = dict[str, str]


def make_places(environ: Mapping[str, str]) -> Places:
    """Make the long company in the installation of this environment, whose demo company is there already.

    Returns by name: numbers of opportunities, codes of other rows, tokens of invitations, the sessions of PEOPLE, and the
    pages of errors that no single request can bring about.
    """
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from tests.browser import filling; filling.main()",
        ],
        cwd=PROJECT,
        env={**environ, "DJANGO_SETTINGS_MODULE": "oportuna.settings"},
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        timeout=120,
    )
    places: Places = json.loads(done.stdout)
    return places
