import pytest

from oportuna.brazil.capitals import calmed


@pytest.mark.parametrize(
    ("shouted", "name"),
    [
        ("PADARIA SÃO JOÃO LTDA", "Padaria São João Ltda"),
        ("COMÉRCIO DE ALIMENTOS DA SERRA LTDA. - ME", "Comércio de Alimentos da Serra Ltda. - ME"),
        ("AÇO SUL S.A.", "Aço Sul S.A."),
        ("AÇO SUL S/A", "Aço Sul S/A"),
        ("SILVA & FILHOS EIRELI EPP", "Silva & Filhos Eireli EPP"),
        ("COLÉGIO PIO XII", "Colégio Pio XII"),
        ("WEG EQUIPAMENTOS ELÉTRICOS", "WEG Equipamentos Elétricos"),
        ("JBS ALIMENTOS", "JBS Alimentos"),
        ("3M DO BRASIL", "3M do Brasil"),
        ("AUTO POSTO BR-101", "Auto Posto BR-101"),
        ("JI-PARANÁ", "Ji-Paraná"),
        ("SANT'ANA DO LIVRAMENTO", "Sant'Ana do Livramento"),
        ("DA VINCI MÓVEIS", "Da Vinci Móveis"),
        ("PETROBRAS", "Petrobras"),
        ("CASA DO PÃO (MATRIZ)", "Casa do Pão (Matriz)"),
    ],
)
def test_a_name_in_capitals_is_written_as_people_do(shouted: str, name: str) -> None:
    assert calmed(shouted) == name


@pytest.mark.parametrize(
    "name",
    ["Padaria SÃO JOÃO", "iFood", "padaria são joão", "IBM", "WEG S.A.", "B2W", "", "123", "Grupo AOC"],
)
def test_any_other_name_stays_as_it_is(name: str) -> None:
    assert calmed(name) == name


@pytest.mark.parametrize(
    ("shouted", "name"),
    [
        ("ANA LIZ DE SOUZA", "Ana Liz de Souza"),
        ("JOÃO A. DOS SANTOS E SILVA", "João A. dos Santos e Silva"),
        ("PEDRO II", "Pedro II"),
        ("LIA D'ÁVILA", "Lia D'Ávila"),
    ],
)
def test_a_persons_short_names_are_names(shouted: str, name: str) -> None:
    assert calmed(shouted, is_person=True) == name
