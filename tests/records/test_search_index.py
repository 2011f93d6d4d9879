"""The trigram index: any part of a word, the newest first, of one company alone, whoever wrote the text."""

import pytest
from django.db import connection

from oportuna.accounts import rls
from oportuna.accounts.scope import company_scope
from oportuna.records import search_index
from oportuna.records.models import Searchable
from oportuna.records.search import matching
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.models import Customer, Opportunity
from tests.factories import make_actor, make_customer, make_opportunity


def newest(by, model, *terms, owners=None, most=10):
    with company_scope(by.company):
        names = dict(model.objects.values_list("pk", "search_text"))
        return [names[pk].split()[-1] for pk in search_index.newest(model, terms, owners, most)]


def test_any_part_of_a_word_is_found_the_newest_first(db):
    ana = make_actor()
    for name in ("Rio Serralheria", "Cantina", "Massas Serrana"):
        make_customer(ana, name)

    assert newest(ana, Customer, "erra") == ["serrana", "serralheria"]
    assert newest(ana, Customer, "erra", most=1) == ["serrana"]


def test_letters_that_do_not_stand_together_are_not_found(db):
    ana = make_actor()
    make_customer(ana, "abcd bcde")

    assert newest(ana, Customer, "abcde") == []


def test_every_term_is_needed_the_short_ones_too(db):
    ana = make_actor()
    make_customer(ana, "Padaria do Sol")
    make_customer(ana, "Padaria da Lua")

    assert newest(ana, Customer, "padaria", "do") == ["sol"]


def test_a_text_that_changed_is_found_as_it_is_now(db):
    ana = make_actor()
    padaria = make_customer(ana, "Padaria")
    forno = make_opportunity(ana, title="Forno", customer=padaria)
    with company_scope(ana.company):
        opportunities.edit(forno, {"title": "Geladeira"}, by=ana)
        customers.edit(padaria, {"name": "Confeitaria"}, by=ana)

    for model in (Customer, Opportunity):
        assert newest(ana, model, "padar") == []
        assert newest(ana, model, "confeit") == ["confeitaria"]
    assert newest(ana, Opportunity, "forno") == []
    assert newest(ana, Opportunity, "geladeira") == ["confeitaria"]


def test_what_went_to_the_trash_is_not_found_until_it_is_back(db):
    ana = make_actor()
    forno = make_opportunity(ana, title="Forno")
    with company_scope(ana.company):
        gone = opportunities.delete(forno, by=ana)
        assert search_index.newest(Opportunity, ["forno"], None, 10) == []
        opportunities.restore(gone, by=ana)
        assert search_index.newest(Opportunity, ["forno"], None, 10) == [forno.pk]


def test_owners_are_asked_before_the_newest_are_counted(db):
    ana = make_actor()
    bia = make_actor(company=ana.company, name="Bia")
    mine = make_opportunity(ana, title="Forno a lenha")
    make_opportunity(bia, title="Forno a gás")
    with company_scope(ana.company):
        owners = (ana.membership.pk,)
        assert search_index.newest(Opportunity, ["forno"], owners, 1) == [mine.pk]


def test_another_company_is_not_searched(db):
    ana, stranger = make_actor(), make_actor()
    make_customer(ana, "Padaria")

    assert newest(stranger, Customer, "padaria") == []


def test_nothing_is_found_outside_a_scope_even_by_the_function_that_no_policy_binds(db):
    make_customer(make_actor(), "Padaria")
    if connection.vendor != "postgresql":
        pytest.skip("The function is PostgreSQL's.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sales_customer_search(ARRAY['padaria'], NULL, 10)")
        assert cursor.fetchall() == []


@pytest.mark.parametrize("term", ["a' OR '1'='1", 'a" OR "b', "100%_x", "ção'"])
def test_a_term_is_never_taken_for_a_statement(db, term):
    ana = make_actor()
    make_customer(ana, "Padaria")

    assert newest(ana, Customer, term) == []


def test_a_list_finds_the_same_with_few_and_with_many_that_match(db, monkeypatch):
    ana = make_actor()
    for name in ("Padaria Um", "Padaria Dois", "Outra"):
        make_customer(ana, name)
    with company_scope(ana.company):
        few = set(matching(Customer.objects.all(), "padaria"))
        monkeypatch.setattr("oportuna.records.search._FEW", 1)
        assert set(matching(Customer.objects.all(), "padaria")) == few
    assert len(few) == 2


def test_rows_that_came_without_the_index_are_found_once_it_is_rebuilt(db):
    ana = make_actor()
    padaria = make_customer(ana, "Padaria")
    with company_scope(ana.company):
        Customer.objects.filter(pk=padaria.pk).update(search_text="sorveteria")
        search_index.rebuild(rls.owner_connection(), Customer)
        assert search_index.newest(Customer, ["sorvete"], None, 10) == [padaria.pk]
        assert search_index.newest(Customer, ["padaria"], None, 10) == []


def test_every_searchable_table_has_its_index(db):
    tables = {model._meta.db_table for model in rls.tenant_models() if issubclass(model, Searchable)}

    assert tables == {"sales_customer", "sales_opportunity"}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%fts5%'")
        else:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%'")
        assert {name for (name,) in cursor.fetchall()} == {f"{table}_search" for table in tables}
