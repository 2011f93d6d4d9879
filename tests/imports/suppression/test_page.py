"""The page "Não contatar": who is on the list, putting people on it, loading a sheet, taking somebody off."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports.models import Suppression
from tests.factories import make_actor, make_customer
from tests.imports.suppression.listing import listed, marked, put
from tests.work.draining import drain


def address(by: Actor, name: str = "suppressions", *args: int) -> str:
    with company_scope(by.company):
        return reverse(f"imports:{name}", args=[by.company.slug, *args])


@pytest.fixture
def boss(db, client: Client) -> Actor:
    """A manager who is signed in."""
    boss = make_actor("manager", name="Marta")
    client.force_login(boss.membership.user)
    return boss


def shown(page: str) -> list[str]:
    return re.findall(r'<td class="op-b"><span[^>]*>([^<]+)<', page)


def test_what_is_typed_goes_on_the_list_and_the_customers_are_marked(client, boss):
    make_customer(boss, "Padaria", emails=["lia@padaria.com"])
    fields = {"entries": "lia@padaria.com\n(11) 98765-4321\n", "why": "pediu", "marks_customers": "on"}

    answer = client.post(address(boss), fields, follow=True)
    drain()

    assert "2 foram adicionados." in answer.text
    assert shown(answer.text) == ["(11) 98765-4321", "lia@padaria.com"]
    assert listed(boss) == [("email", "lia@padaria.com", "pediu"), ("phone", "+5511987654321", "pediu")]
    assert marked(boss) == {"Padaria"}


def test_without_the_tick_nobody_is_marked(client, boss):
    make_customer(boss, "Padaria", emails=["lia@padaria.com"])

    client.post(address(boss), {"entries": "lia@padaria.com"})
    drain()

    assert marked(boss) == set()
    assert len(listed(boss)) == 1


def test_sent_twice_it_stands_once_and_says_so(client, boss):
    for _ in range(2):
        answer = client.post(address(boss), {"entries": "lia@padaria.com"}, follow=True)

    assert "1 já estava na lista." in answer.text
    assert len(listed(boss)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Este campo é obrigatório"),
        (";;", "Escreva pelo menos um."),
        ("lia@padaria.com\nfulano", "“fulano”: Não é e-mail"),
        ("gmail.com", "gmail.com é de muita gente"),
        ("98765-4321", "Falta o DDD"),
        ("\n".join(f"nada{number}" for number in range(9)), "… e mais 4."),
        ("\n".join(f"a{number}@padaria.com" for number in range(2_001)), "Envie em uma planilha"),
    ],
)
def test_what_is_unclear_is_told_at_the_field_and_nothing_is_added(client, boss, typed, said):
    answer = client.post(address(boss), {"entries": typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert listed(boss) == []


def test_a_sheet_is_loaded_and_its_unreadable_cells_are_listed(client, boss):
    content = b"E-mail;Telefone\nlia@padaria.com;\nrui@;(11) 98765-4321\n"

    answer = client.post(
        address(boss, "load_suppressions"),
        {"sheet-file": SimpleUploadedFile("sair.csv", content), "sheet-why": "lista antiga"},
    )

    assert answer.status_code == 200
    assert "2 foram adicionados." in answer.text
    assert "A3: <code" in answer.text
    assert listed(boss) == [
        ("email", "lia@padaria.com", "lista antiga"),
        ("phone", "+5511987654321", "lista antiga"),
    ]


def test_a_sheet_that_is_all_right_leads_back_to_the_list(client, boss):
    answer = client.post(
        address(boss, "load_suppressions"),
        {"sheet-file": SimpleUploadedFile("sair.csv", b"E-mail\nlia@padaria.com\n")},
    )

    assert answer.headers["Location"] == address(boss)
    assert len(listed(boss)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Escolha um arquivo"),
        (b"", "O arquivo está vazio"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "planilha"),
    ],
)
def test_a_file_that_is_no_sheet_says_why(client, boss, content, said):
    fields = {} if content is None else {"sheet-file": SimpleUploadedFile("sair.xlsx", content)}

    answer = client.post(address(boss, "load_suppressions"), fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert listed(boss) == []


def test_the_sheet_needs_the_forms_token_and_leaves_no_file_behind(boss, settings):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(boss.membership.user)
    file = SimpleUploadedFile("sair.csv", b"E-mail\nlia@padaria.com\n")

    assert strict.post(address(boss, "load_suppressions"), {"sheet-file": file}).status_code == 403
    assert listed(boss) == []
    assert not Path(settings.MEDIA_ROOT, "imports").exists()


def test_the_list_is_searched_as_people_write_and_by_kind(client, boss):
    put(boss, "lia@padaria.com", "padaria.com", "(11) 98765-4321", "12.ABC.345/01DE-35", "otica.com.br")

    def found(**asked: str) -> list[str]:
        return shown(client.get(address(boss), asked).text)

    assert found(q="98765-4321") == ["(11) 98765-4321"]
    assert found(q="+55 11 98765 4321") == ["(11) 98765-4321"]
    assert found(q="12.abc.345/01de-35") == ["12.ABC.345/01DE-35"]
    assert found(q="rui@sp.otica.com.br") == ["otica.com.br"]
    assert found(q="PADARIA") == ["padaria.com", "lia@padaria.com"]
    assert found(kind="domain") == ["otica.com.br", "padaria.com"]
    assert found(kind="domain", q="padaria") == ["padaria.com"]
    assert found(q="z\x00w") == []
    assert "Ninguém encontrado" in client.get(address(boss), {"q": "nada"}).text
    assert "Ninguém está na lista" in client.get(address(make_actor_signed_in(client))).text


def make_actor_signed_in(client: Client) -> Actor:
    actor = make_actor("admin")
    client.force_login(actor.membership.user)
    return actor


def test_pages_lead_on_and_back(client, boss):
    put(boss, *(f"a{number:03}@padaria.com" for number in range(120)))
    names = [f"a{number:03}@padaria.com" for number in range(119, -1, -1)]

    seen, url = [], address(boss)
    for _ in range(3):
        page = client.get(url).text
        seen.append(shown(page))
        older = re.search(r'href="([^"]+)" rel="next"', page)
        url = older[1].replace("&amp;", "&") if older else ""
    back = re.search(r'href="([^"]+)" rel="prev"', page)

    assert seen == [names[:50], names[50:100], names[100:]]
    assert not url
    assert back
    assert shown(client.get(back[1].replace("&amp;", "&")).text) == names[50:100]


def test_the_page_asks_the_same_number_of_questions_whatever_the_rows(client, boss):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address(boss))
        return len(asked)

    put(boss, "lia@padaria.com")
    questions()
    one = questions()
    put(boss, "rui@padaria.com", "bia@padaria.com", "otica.com.br")

    assert questions() == one


def test_somebody_is_taken_off_after_being_told_what_that_means(client, boss):
    put(boss, "lia@padaria.com")
    with company_scope(boss.company):
        entry = Suppression.objects.get()
    url = address(boss, "remove_suppression", entry.pk)

    assert "lia@padaria.com" in client.get(url, headers={"HX-Request": "true"}).text
    assert len(listed(boss)) == 1

    answer = client.post(url)
    assert answer.headers["Location"] == address(boss)
    assert listed(boss) == []
    assert client.post(url).status_code == 404


def test_a_seller_adds_and_neither_reads_the_list_nor_takes_anybody_off(client, boss):
    put(boss, "lia@padaria.com")
    with company_scope(boss.company):
        entry = Suppression.objects.get()
    client.force_login(make_actor("seller", boss.company, name="Rui").membership.user)

    page = client.get(address(boss)).text
    assert "lia@padaria.com" not in page
    assert "na lista" not in re.sub(r"<p>.*?</p>|<h2>.*?</h2>|<button.*?</button>", "", page, flags=re.DOTALL)
    assert client.post(address(boss), {"entries": "otica.com.br"}).status_code == 302
    assert client.post(address(boss, "remove_suppression", entry.pk)).status_code == 403
    assert len(listed(boss)) == 2


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_operators_and_viewers_find_it_closed(client, boss, role):
    client.force_login(make_actor(role, boss.company, name="Zé").membership.user)

    assert client.get(address(boss)).status_code == 403
    assert client.post(address(boss), {"entries": "otica.com.br"}).status_code == 403
    assert client.post(address(boss, "load_suppressions")).status_code == 403
    assert listed(boss) == []
