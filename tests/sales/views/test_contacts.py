"""The people at a customer, as one registers and changes them."""

from typing import Any
from uuid import uuid4

from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers
from oportuna.sales.models import Channel, Contact
from tests.factories import make_actor, make_customer
from tests.sales.pages import HTMX, address, signed_in, text_of, wrong_fields


def test_a_contact_is_registered_and_the_page_shows_it(db, client):
    ana = make_actor()
    customer = make_customer(ana)
    form = {"name": "Maria Lima", "phones": "(11) 98765-4321", "emails": "maria@sol.com", "key": str(uuid4())}
    signed_in(client, ana)
    url = address(ana, "new_contact", customer.pk)

    answers = [client.post(url, form, headers=HTMX) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Maria Lima" in answers[0].content.decode()
    with company_scope(ana.company):
        contact = Contact.objects.get()
        values = list(Channel.objects.filter(contact=contact).values_list("value", flat=True))
        assert values == ["maria@sol.com", "+5511987654321"]


def test_what_is_wrong_comes_back_in_the_dialog(db, client):
    ana = make_actor()
    customer = make_customer(ana)

    answer = signed_in(client, ana).post(
        address(ana, "new_contact", customer.pk), {"name": "", "cpf": "1"}, headers=HTMX
    )

    assert answer.status_code == 422
    assert wrong_fields(answer) == ["name", "cpf"]


def test_removing_a_contacts_phone_leaves_the_customers_own(db, client):
    ana = make_actor()
    customer = make_customer(ana, phones=["+5511987654321"])
    with company_scope(ana.company):
        contact = customers.add_contact(
            customer, {"name": "Maria"}, phones=["+5511987654321", "+551133334444"], by=ana
        )
    form: dict[str, Any] = {"name": "Maria", "phones": "(11) 3333-4444", "revision": contact.revision}

    answer = signed_in(client, ana).post(address(ana, "edit_contact", contact.pk), form)

    assert answer.status_code == 302
    with company_scope(ana.company):
        kept = Channel.objects.order_by("pk").values_list("contact_id", "value")
        assert sorted(kept, key=str) == sorted(
            [(None, "+5511987654321"), (contact.pk, "+551133334444")], key=str
        )


def test_the_second_of_two_editors_sees_what_the_first_wrote(db, client):
    ana = make_actor()
    customer = make_customer(ana)
    with company_scope(ana.company):
        contact = customers.add_contact(customer, {"name": "Maria"}, by=ana)
        customers.edit_contact(contact, {"name": "Maria Lima"}, by=ana)
    form = {"name": "Mariana", "revision": contact.revision}

    answer = signed_in(client, ana).post(address(ana, "edit_contact", contact.pk), form)

    assert answer.status_code == 422
    assert "Maria Lima" in text_of(answer)


def test_a_viewer_and_a_stranger_change_nobody(db, client):
    ana = make_actor()
    viewer, stranger = make_actor("viewer", ana.company), make_actor("admin")
    customer = make_customer(ana)
    with company_scope(ana.company):
        contact = customers.add_contact(customer, {"name": "Maria"}, by=ana)
    url = address(ana, "edit_contact", contact.pk)
    form = {"name": "Outra", "revision": contact.revision}

    answers = [signed_in(client, someone).post(url, form).status_code for someone in (viewer, stranger)]

    assert answers == [403, 404]
    with company_scope(ana.company):
        assert Contact.objects.get().name == "Maria"


def test_a_contact_of_a_deleted_customer_is_not_edited(db, client):
    ana = make_actor()
    customer = make_customer(ana)
    with company_scope(ana.company):
        contact = customers.add_contact(customer, {"name": "Maria"}, by=ana)
        customers.delete(customer, by=ana)
    signed_in(client, ana)

    assert client.get(address(ana, "edit_contact", contact.pk)).status_code == 404
    assert client.get(address(ana, "new_contact", customer.pk)).status_code == 404
