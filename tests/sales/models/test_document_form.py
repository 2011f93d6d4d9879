"""The database takes no CNPJ or CPF that is not in the form of one, whoever writes it."""

import pytest
from django.db import DatabaseError, transaction

from oportuna.accounts.scope import company_scope
from oportuna.sales.models import Contact, Customer
from tests.factories import make_actor, make_customer

pytestmark = pytest.mark.django_db

# PostgreSQL looks at the length first, and its driver takes no NUL.
_REFUSED = r"_form|too long|NUL"


@pytest.fixture
def ana():
    return make_actor()


def _write(ana, document, value, *, of_contact=False):
    with company_scope(ana.company):
        customer = make_customer(ana)
        contact = Contact.objects.create(customer=customer, name="Bia", created_by=ana.membership)
        written = (
            Contact.objects.filter(pk=contact.pk) if of_contact else Customer.objects.filter(pk=customer.pk)
        )
        with transaction.atomic():
            written.update(**{document: value})
        return written.values_list(document, flat=True).get()


@pytest.mark.parametrize(
    ("document", "value"), [("cnpj", "11222333000181"), ("cnpj", "12ABC34501DE35"), ("cpf", "52998224725")]
)
def test_a_bare_document_is_kept(ana, document, value):
    assert _write(ana, document, value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1122233300018",
        "112223330001812",
        "12abc34501de35",
        "12ABC34501DEXX",
        "11222333000181\n",
        "11222333000181\0x",
        "1122233300018[",
        "*",
        "%",
        "______________",
        "ÇÇABC34501DE35",
    ],
)
def test_what_is_not_in_the_form_of_a_cnpj_is_refused(ana, value):
    with pytest.raises((DatabaseError, ValueError), match=_REFUSED):
        _write(ana, "cnpj", value)


@pytest.mark.parametrize("of_contact", [False, True])
@pytest.mark.parametrize(
    "value", ["", "5299822472", "52998224725\n", "52998224725\0x", "5299822472X", "5299822472٥"]
)
def test_what_is_not_in_the_form_of_a_cpf_is_refused(ana, value, of_contact):
    with pytest.raises((DatabaseError, ValueError), match=_REFUSED):
        _write(ana, "cpf", value, of_contact=of_contact)
