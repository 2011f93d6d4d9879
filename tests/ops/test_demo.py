"""The demo company: believable, always the same on the same day, and exactly as the verbs would have left it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate

from oportuna.accounts.models import Company, Membership, Role, User
from oportuna.accounts.scope import company_scope
from oportuna.brazil.cnpj import parse_cnpj
from oportuna.brazil.cpf import parse_cpf
from oportuna.errors import Refused
from oportuna.ops import check, demo
from oportuna.sales import search_text
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    Opportunity,
    OpportunityVersion,
    Stage,
    Verb,
)
from tests.factories import make_actor, make_company, make_opportunity

TODAY = date(2026, 11, 24)


def test_the_demo_agrees_with_itself(db):
    company = demo.build(300, today=TODAY)

    assert [finding.first for finding in check.check(company)] == [[]] * 9


def test_the_demo_of_a_day_is_always_the_same(db):
    first = _told(demo.build(60, today=TODAY))
    demo.erase(_demo())
    second = _told(demo.build(60, today=TODAY))

    assert first == second
    demo.erase(_demo())
    assert _told(demo.build(60, today=TODAY + timedelta(days=1))) != first


def test_the_board_looks_alive(db):
    with company_scope(demo.build(today=TODAY)):
        opened = Opportunity.objects.filter(status="open", deleted_at__isnull=True)

        assert Opportunity.objects.count() == 200
        assert 45 <= opened.count() <= 80
        assert {opportunity.stage_id for opportunity in opened} == set(
            Stage.objects.values_list("pk", flat=True)
        )
        assert opened.filter(next_due_on__lt=TODAY).exists()
        assert opened.filter(next_due_on=TODAY).exists()
        assert opened.filter(next_due_on__gt=TODAY).exists()
        assert opened.filter(next_due_on__isnull=True).exists()
        assert set(HistoryEntry.objects.values_list("verb", flat=True)) >= {
            Verb.CREATED, Verb.MOVED, Verb.EDITED, Verb.ASSIGNED, Verb.WON, Verb.LOST, Verb.LOGGED,
            Verb.PLANNED, Verb.COMPLETED,
        }  # fmt: skip


def test_nothing_in_the_demo_has_happened_later_than_yesterday(db):
    with company_scope(demo.build(today=TODAY)):
        assert {entry.at.date() < TODAY for entry in HistoryEntry.objects.all()} == {True}
        assert {version.valid_from.date() < TODAY for version in OpportunityVersion.objects.all()} == {True}


def test_its_people_sign_in_with_the_printed_passwords(db, rf):
    company = demo.build(1, today=TODAY)

    for email, password, role in demo.SIGN_INS:
        user = authenticate(rf.post("/"), email=email, password=password)
        assert isinstance(user, User)
        assert Membership.objects.get(company=company, user=user).role == role
    assert {role for _email, _password, role in demo.SIGN_INS} == set(Role)


def test_its_documents_are_valid_and_some_are_alphanumeric(db):
    with company_scope(demo.build(today=TODAY)):
        cnpjs = list(Customer.objects.filter(cnpj__isnull=False).values_list("cnpj", flat=True))
        cpfs = list(Customer.objects.filter(cpf__isnull=False).values_list("cpf", flat=True))

    assert [parse_cnpj(cnpj or "") for cnpj in cnpjs] == cnpjs
    assert [parse_cpf(cpf or "") for cpf in cpfs] == cpfs
    assert any(not (cnpj or "").isdigit() for cnpj in cnpjs)


def test_its_records_are_found_by_the_same_words_as_others(db):
    with company_scope(demo.build(80, today=TODAY)):
        for customer in Customer.objects.all():
            channels = sorted(
                Channel.objects.filter(customer=customer),
                key=lambda channel: (channel.contact_id or 0, channel.pk),
            )
            contacts = list(Contact.objects.filter(customer=customer).order_by("pk"))
            assert customer.search_text == search_text.of_customer(customer, contacts, channels)
        for opportunity in Opportunity.objects.select_related("customer"):
            expected = search_text.of_opportunity(opportunity, opportunity.customer)
            assert opportunity.search_text == expected


def test_a_second_demo_is_refused(db):
    demo.build(1, today=TODAY)

    with pytest.raises(Refused):
        demo.build(1, today=TODAY)


def test_erasing_the_demo_leaves_other_companies_alone(committed):
    ana = make_actor()
    kept = make_opportunity(ana)
    company = demo.build(30, today=TODAY)

    demo.erase(company)

    assert not Company.objects.filter(slug=demo.SLUG).exists()
    assert not User.objects.filter(email__endswith="@demo.example").exists()
    with company_scope(ana.company):
        assert list(Opportunity.objects.all()) == [kept]


def test_no_other_company_is_erased(db):
    company = make_company()

    with pytest.raises(Refused):
        demo.erase(company)


def test_a_demo_of_several_processes_is_whole(committed):
    company = demo.build(120, today=TODAY, chunk=20)

    assert [finding.first for finding in check.check(company)] == [[]] * 9
    with company_scope(company):
        numbers = Opportunity.objects.order_by("created_at", "number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, 121))
        assert Activity.objects.exists()


def _demo() -> Company:
    company = demo.find()
    assert company is not None
    return company


def _told(company: Company) -> list[tuple[object, ...]]:
    """What the demo tells, without ids."""
    with company_scope(company):
        return list(
            HistoryEntry.objects.order_by(
                "at", "verb", "opportunity__number", "customer__name", "pk"
            ).values_list("at", "verb", "opportunity__title", "customer__name", "by__name", "changes")
        )
