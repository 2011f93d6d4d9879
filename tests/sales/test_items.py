"""Items of an opportunity: products or descriptions, whose sum is its value."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict, NotAllowed, Refused
from oportuna.ops.check import check
from oportuna.sales.actions import items, opportunities, registers
from oportuna.sales.models import HistoryEntry, Opportunity, OpportunityItem, OpportunityVersion, Product
from oportuna.sales.queries.telling import tell
from tests.factories import admin_of, make_actor, make_company, make_opportunity
from tests.sales.pages import HTMX, address, asked, fields_of, signed_in, text_of, wrong_fields


def make_product(by: Actor, name: str = "Módulo 550 W", **fields: Any) -> Product:
    admin = admin_of(by.company)
    with company_scope(by.company):
        return registers.add(Product, {"name": name, **fields}, by=admin)


def add(by: Actor, opportunity: Opportunity, **fields: Any) -> OpportunityItem:
    fields = {"description": "Módulo", "quantity": Decimal(1), "unit_price": Decimal(100), **fields}
    with company_scope(by.company):
        return items.add_item(opportunity, fields, by=by)


def now(opportunity: Opportunity) -> Opportunity:
    with company_scope(opportunity.company):
        return Opportunity.objects.get(pk=opportunity.pk)


def entries(opportunity: Opportunity) -> list[HistoryEntry]:
    with company_scope(opportunity.company):
        return list(HistoryEntry.objects.filter(opportunity=opportunity).order_by("pk"))


@given(
    quantity=st.integers(1, 9_999_999_999),
    price=st.integers(0, 10**14 - 1),
    discount=st.integers(0, 1000),
)
def test_a_line_is_exact_and_rounded_once_half_up(quantity, price, discount):
    item = OpportunityItem(
        company_id=1,
        quantity=Decimal(quantity).scaleb(-3),
        unit_price=Decimal(price).scaleb(-2),
        discount=discount,
    )

    exact = Decimal(quantity * price * (1000 - discount)) / Decimal(10**8)

    assert item.total == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_the_value_is_the_sum_while_there_are_items_and_can_be_typed_before_and_after(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, value=Decimal("50.00"))
    add(ana, opportunity, quantity=Decimal("1.005"), unit_price=Decimal("1.00"))
    add(ana, opportunity, quantity=Decimal(3), unit_price=Decimal("10.00"), discount=125)

    assert now(opportunity).value == Decimal("27.26")  # 1,005 rounded up, and 26,25
    with company_scope(ana.company):
        with pytest.raises(Refused) as refused:
            opportunities.edit(opportunity, {"value": Decimal(1)}, by=ana)
        assert refused.value.field == "value"
        for item in OpportunityItem.objects.all():
            items.remove_item(item, by=ana)
            items.remove_item(item, by=ana)
        assert now(opportunity).value == Decimal("26.25")
        opportunities.edit(opportunity, {"value": Decimal(7)}, by=ana)
        assert [finding.different for finding in check(ana.company)] == [0] * len(check(ana.company))
    assert now(opportunity).value == Decimal(7)


def test_each_verb_is_one_entry_and_the_version_follows(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, value=None)
    item = add(ana, opportunity)
    with company_scope(ana.company):
        items.change_item(item, {"quantity": Decimal("2.5")}, by=ana)
        items.change_item(item, {"quantity": Decimal("2.5")}, by=ana)
        items.change_item(item, {"description": "Painel"}, by=ana)
        items.remove_item(item, by=ana)
        values = OpportunityVersion.objects.filter(opportunity=opportunity).order_by("valid_from")
        assert list(values.values_list("value", flat=True)) == [None, Decimal(100), Decimal(250)]

    told = [tell(entry) for entry in entries(opportunity)[1:]]

    assert [str(one.sentence).replace("\xa0", " ") for one in told] == [
        "<b>Ana</b> adicionou o item <b>1 × Módulo · R$ 100,00</b>",
        "<b>Ana</b> mudou o item 1 × Módulo · R$ 100,00 para <b>2,5 × Módulo · R$ 100,00</b>",
        "<b>Ana</b> mudou o item 2,5 × Módulo · R$ 100,00 para <b>2,5 × Painel · R$ 100,00</b>",
        "<b>Ana</b> removeu o item 2,5 × Painel · R$ 100,00",
    ]
    assert [line.replace("\xa0", " ") for line in told[1].details] == ["Valor: R$ 100,00 → R$ 250,00"]


def test_what_is_not_said_of_a_product_is_as_in_its_register_and_stays_as_agreed(db):
    ana = make_actor()
    product = make_product(ana, unit_price=Decimal("890.00"))
    opportunity = make_opportunity(ana)

    item = add(ana, opportunity, product=product, description="", unit_price=None)

    assert (item.description, item.unit_price) == ("Módulo 550 W", Decimal("890.00"))
    with company_scope(ana.company):
        registers.edit(product, {"name": "Outro", "unit_price": Decimal(1)}, by=admin_of(ana.company))
        registers.set_active(product, False, by=admin_of(ana.company))
        items.change_item(item, {"quantity": Decimal(2)}, by=ana)
        assert str(OpportunityItem.objects.get()).startswith("2 × Módulo 550 W")
    with pytest.raises(Refused) as refused:
        add(ana, opportunity, product=product)
    assert refused.value.field == "product"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"description": ""}, "description"),
        ({"unit_price": None}, "unit_price"),
        ({"quantity": Decimal(9999999), "unit_price": Decimal(9999999999)}, "unit_price"),
    ],
)
def test_an_item_that_says_nothing_or_too_much_is_refused(db, fields, field):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    with pytest.raises(Refused) as refused:
        add(ana, opportunity, **fields)

    assert refused.value.field == field
    assert len(entries(opportunity)) == 1


def test_there_are_a_hundred_at_most(db, monkeypatch):
    monkeypatch.setattr(items, "MOST", 1)
    ana = make_actor()
    opportunity = make_opportunity(ana)
    add(ana, opportunity)

    with pytest.raises(Refused):
        add(ana, opportunity)


def test_nobody_adds_to_what_is_not_his_or_in_the_trash(db):
    ana = make_actor()
    rui, viewer = make_actor("seller", ana.company), make_actor("viewer", ana.company)
    opportunity = make_opportunity(ana)
    item = add(ana, opportunity)

    for someone in (rui, viewer):
        with pytest.raises(NotAllowed):
            add(someone, opportunity)
        with company_scope(ana.company), pytest.raises(NotAllowed):
            items.remove_item(item, by=someone)
    with company_scope(ana.company):
        opportunities.delete(opportunity, by=ana)
    with pytest.raises(Refused):
        add(ana, opportunity)


def test_whoever_adds_to_an_unassigned_one_takes_it(db):
    ana = make_actor()
    boss = make_actor("manager", ana.company, name="Bia")
    opportunity = make_opportunity(boss)
    with company_scope(ana.company):
        opportunities.assign(opportunity, None, by=boss)

    add(ana, opportunity)

    assert now(opportunity).owner_id == ana.membership.pk


def test_two_people_changing_an_item_the_second_is_told(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    item = add(ana, opportunity)
    with company_scope(ana.company):
        items.change_item(item, {"quantity": Decimal(2)}, seen=1, by=ana)
        with pytest.raises(Conflict):
            items.change_item(item, {"quantity": Decimal(3)}, seen=1, by=ana)
        items.remove_item(item, by=ana)
        with pytest.raises(Refused):
            items.change_item(item, {"quantity": Decimal(3)}, by=ana)


# ---- the screens


def test_without_products_the_page_offers_no_more_than_to_add_an_item(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(Client(), ana)
    url = address(ana, "new_item", opportunity.number)

    page = text_of(client.get(address(ana, "opportunity", opportunity.number)))
    form = client.get(url, headers=HTMX)

    assert "Adicionar item" in page
    assert "Soma dos itens" not in page
    assert 'name="product"' not in text_of(form)
    sent = {**fields_of(form), "description": "Instalação", "quantity": "1,5", "unit_price": "1.000,00"}
    assert client.post(url, sent, headers=HTMX).status_code == 200
    client.post(url, sent, headers=HTMX)  # once more, by a nervous finger
    page = text_of(client.get(address(ana, "opportunity", opportunity.number)))
    assert page.count("1,5 × R$\xa01.000,00") == 1
    assert "soma dos itens" in page
    assert now(opportunity).value == Decimal("1500.00")
    assert f"{address(ana, 'edit_opportunity', opportunity.number)}?field=value" not in page


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"quantity": "0"}, ["quantity"]),
        ({"quantity": "1,2345"}, ["quantity"]),
        ({"quantity": ""}, ["quantity"]),
        ({"unit_price": "caro"}, ["unit_price"]),
        ({"unit_price": "-1"}, ["unit_price"]),
        ({"discount": "101"}, ["discount"]),
        ({"description": "x" * 201}, ["description"]),
        ({"description": "", "unit_price": ""}, ["description", "unit_price"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(db, typed, wrong):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    sent = {"description": "A", "quantity": "1", "unit_price": "1", "discount": "", **typed}

    answer = signed_in(Client(), ana).post(address(ana, "new_item", opportunity.number), sent, headers=HTMX)

    assert (answer.status_code, wrong_fields(answer)) == (422, wrong)


def test_where_there_are_no_products_a_second_change_of_an_item_is_told_of_the_first(db):
    ana = make_actor()
    item = add(ana, make_opportunity(ana), description="Forno", unit_price=Decimal(10))
    client, url = signed_in(Client(), ana), address(ana, "edit_item", item.pk)
    sent = fields_of(client.get(url))
    client.post(url, {**sent, "quantity": "4"})

    answer = client.post(url, {**sent, "quantity": "3"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Quantidade: 4" in text_of(answer)


def test_an_item_is_changed_removed_and_put_back_once(db):
    ana = make_actor()
    product = make_product(ana, unit_price=Decimal(10))
    opportunity = make_opportunity(ana)
    item = add(ana, opportunity, product=product, discount=50, description="Sob medida")
    client = signed_in(Client(), ana)
    url = address(ana, "edit_item", item.pk)

    sent = {**fields_of(client.get(url)), "quantity": "4"}
    assert client.post(url, sent).headers["Location"] == address(ana, "opportunity", opportunity.number)
    assert client.post(url, sent, headers=HTMX).status_code == 422  # the revision is old by now
    removed = client.post(address(ana, "remove_item", item.pk), headers=HTMX)
    with company_scope(ana.company):
        assert not OpportunityItem.objects.exists()
    undo = text_of(removed).split('action="')[-1].split('"')[0]
    assert f"product={product.pk}" not in undo
    for _again in range(2):
        assert client.post(undo, headers=HTMX).status_code == 200

    with company_scope(ana.company):
        back = OpportunityItem.objects.get()
    assert (back.product_id, back.quantity, back.discount) == (product.pk, Decimal(4), 50)
    assert str(back) == "4 × Sob medida · R$\xa0100,00 −5%"
    assert client.post(undo.split("?")[0], headers=HTMX).status_code == 409


def test_a_value_typed_on_a_page_older_than_the_items_is_refused_at_its_field(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, value=Decimal(5))
    add(ana, opportunity)
    client, url = signed_in(Client(), ana), address(ana, "edit_opportunity", opportunity.number)

    assert client.get(f"{url}?field=value", headers=HTMX).status_code == 409
    assert 'name="value"' not in text_of(client.get(url))
    answer = client.post(url, {"field": "value", "value": "7"}, headers=HTMX)

    assert (answer.status_code, wrong_fields(answer)) == (422, ["value"])
    assert now(opportunity).value == Decimal(100)
    assert client.post(url, {"title": "Novo"}).status_code == 302


def test_the_register_of_products_has_code_and_price_and_counts_opportunities(db):
    ana = make_actor()
    product = make_product(ana, code="M-550", unit_price=Decimal("890.00"))
    opportunity = make_opportunity(ana)
    add(ana, opportunity, product=product)
    add(ana, opportunity, product=product)
    client = signed_in(Client(), admin_of(ana.company))

    page = text_of(client.get(address(ana, "register", "products")))

    for text in ("Módulo 550 W", "M-550", "R$\xa0890,00", '<td class="num op-desk">1</td>'):
        assert text in page, text
    form = {"name": "x" * 120, "code": "", "unit_price": "1,5"}
    assert client.post(address(ana, "new_register", "products"), form, headers=HTMX).status_code == 200
    with company_scope(ana.company):
        assert Product.objects.get(name__startswith="xx").unit_price == Decimal("1.50")


def test_the_page_asks_as_often_with_many_items(db):
    ana = make_actor()
    one, many = (make_opportunity(ana, title=title) for title in "AB")
    add(ana, one)
    for _each in range(5):
        add(ana, many, product=make_product(ana, f"P{_each}"))
    client = signed_in(Client(), ana)

    assert len({asked(client, address(ana, "opportunity", each.number)) for each in (one, many)}) == 1


def test_items_of_a_company_count_nowhere_else(db):
    ana = make_actor()
    add(ana, make_opportunity(ana), product=make_product(ana))
    other = make_company()

    with company_scope(other):
        assert not OpportunityItem.objects.exists()
        assert not Product.objects.exists()
