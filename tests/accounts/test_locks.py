"""The three locks: in the code, in the references, in PostgreSQL."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, OuterRef
from django.test.utils import isolate_apps

from oportuna.accounts import checks, rls
from oportuna.accounts.company import CompanyForeignKey, CompanyModel, CompanyPart, SameCompany
from oportuna.accounts.models import Company, Team
from oportuna.accounts.scope import NoScope, all_companies, company_scope, no_scope
from oportuna.sales.models import Customer, HistoryEntry, Opportunity, OpportunityVersion, Stage
from tests.factories import make_actor, make_company, make_opportunity, stage_of

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own lock")


def test_no_model_lacks_its_locks():
    found = [
        fault
        for model in apps.get_models()
        if model.__module__.startswith("oportuna.")
        for fault in checks.faults(model)
    ]

    assert found == []


def _company_of(model: type[models.Model]) -> None:
    """An isolated model does not find by its name what its company field refers to."""
    field: Any = model._meta.get_field("company")
    field.remote_field.model = Company


@isolate_apps("oportuna.accounts")
@pytest.mark.parametrize(
    "condition",
    [
        None,
        ~(models.Q(team__isnull=False) | models.Q(other__isnull=False)),
        models.Q(team__in=[1, 2]) | models.Q(other__isnull=False),
    ],
)
def test_a_part_that_may_refer_to_nothing_is_found(condition):
    class Loose(CompanyPart):
        team = CompanyForeignKey(Team, models.CASCADE, null=True, related_name="+")
        other = CompanyForeignKey(Team, models.CASCADE, null=True, related_name="+")

        class Meta(CompanyPart.Meta):
            app_label = "accounts"
            constraints = [
                SameCompany("team", name="loose_team_same_company"),
                SameCompany("other", name="loose_other_same_company"),
                *([models.CheckConstraint(condition=condition, name="loose")] if condition else ()),
            ]

    _company_of(Loose)
    assert [fault for fault in checks.faults(Loose) if "nothing of its company" in fault]
    assert [fault for fault in checks.faults(Loose) if "no index" in fault]
    assert not list(checks.faults(HistoryEntry))


@isolate_apps("oportuna.accounts")
def test_a_reference_to_a_part_is_found():
    class Referring(CompanyModel):
        entry = CompanyForeignKey(HistoryEntry, models.CASCADE, related_name="+")

        class Meta(CompanyModel.Meta):
            app_label = "accounts"
            constraints = [SameCompany("entry", name="referring_entry_same_company")]

    _company_of(Referring)
    (fault,) = [fault for fault in checks.faults(Referring) if "CompanyPart" in fault]
    assert "entry" in fault


def test_a_query_outside_a_scope_raises(db):
    for query in (
        lambda: list(Stage.objects.all()),
        lambda: Stage.objects.exists(),
        lambda: Stage.objects.count(),
        lambda: Stage.objects.update(name="x"),
        lambda: Stage.objects.filter(name="x").delete(),
        lambda: Stage.objects.create(name="x"),
        lambda: Stage.objects.bulk_create([Stage(name="x")]),
        lambda: Stage.objects.aggregate(Count("id")),
    ):
        with pytest.raises(NoScope):
            query()


def test_a_scope_shows_one_company_alone(db):
    acme, other = make_company(), make_company()

    with company_scope(acme):
        assert set(Stage.objects.values_list("company_id", flat=True)) == {acme.pk}
    with company_scope(other), company_scope(acme):
        assert Stage.objects.count() == 5
    with company_scope(acme), company_scope(other):
        assert set(Stage.objects.values_list("company_id", flat=True)) == {other.pk}


def test_leaving_a_scope_puts_the_former_one_back(db):
    acme, other = make_company(), make_company()

    with company_scope(acme):
        with company_scope(other):
            pass
        assert set(Stage.objects.values_list("company_id", flat=True)) == {acme.pk}
        with pytest.raises(ZeroDivisionError), company_scope(other):
            1 / 0  # noqa: B018  # any error will do
        assert set(Stage.objects.values_list("company_id", flat=True)) == {acme.pk}


def test_background_work_begins_with_no_scope(db):
    with company_scope(make_company()), no_scope(), pytest.raises(NoScope):
        list(Stage.objects.all())


def test_a_queryset_made_earlier_follows_the_scope_in_which_it_runs(db):
    later = Stage.objects.filter(name="Lead")
    acme, other = make_company(), make_company()

    for company in (acme, other):
        with company_scope(company):
            assert [stage.company_id for stage in later.all()] == [company.pk]


def test_joins_and_subqueries_stay_inside_the_company(db):
    ana, bob = make_actor(), make_actor()
    make_opportunity(ana, title="Da Ana")
    make_opportunity(bob, title="Do Bob")

    with company_scope(ana.company):
        joined = Opportunity.objects.filter(stage__name="Lead", customer__name__startswith="Cliente")
        assert [o.title for o in joined] == ["Da Ana"]
        assert "company_id" in str(joined.query).split("INNER JOIN")[1]
        with_opportunities = Customer.objects.filter(
            Exists(Opportunity.objects.filter(customer=OuterRef("pk")))
        )
        assert with_opportunities.count() == 1


def test_the_database_refuses_a_reference_into_another_company(committed):
    ana, bob = make_actor(), make_actor()
    opportunity = make_opportunity(ana)
    foreign = stage_of(bob.company, "Proposta")

    with pytest.raises(IntegrityError), transaction.atomic(), company_scope(ana.company):
        Opportunity.objects.filter(pk=opportunity.pk).update(stage_id=foreign.pk)

    with company_scope(ana.company):
        assert Opportunity.objects.get(pk=opportunity.pk).stage_id == opportunity.stage_id


def test_the_database_refuses_a_part_of_a_company_that_is_not_there(committed):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    table = connection.ops.quote_name(OpportunityVersion._meta.db_table)

    owner = rls.owner_connection()  # whom row-level security does not stop before the key does

    with pytest.raises(IntegrityError), transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET company_id = 0 WHERE opportunity_id = %s", [opportunity.pk])

    with company_scope(ana.company):
        assert opportunity.versions.count() == 1


def test_all_companies_is_seen_by_the_owner_alone(db):
    make_company(), make_company()

    with all_companies():
        seen = Stage.objects.count()

    assert seen == (0 if connection.vendor == "postgresql" else 10)


@on_postgresql
def test_raw_sql_of_the_application_without_a_scope_returns_nothing(db):
    make_company()

    for model in rls.tenant_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            assert cursor.fetchone() == (0,), model


@on_postgresql
def test_raw_sql_in_a_scope_cannot_write_another_companys_row(db):
    acme, other = make_company(), make_company()

    with (
        pytest.raises(Exception, match="row-level security"),
        company_scope(acme),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO accounts_team (company_id, name, name_folded, revision) VALUES (%s, 'x', 'x', 1)",
            [other.pk],
        )


@on_postgresql
def test_every_tenant_table_has_its_policy(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}

    assert secured == {model._meta.db_table for model in rls.tenant_models()}
    assert Team._meta.db_table in secured


@on_postgresql
def test_a_statement_in_a_scope_outside_a_transaction_raises(committed):
    with company_scope(make_company()):
        connection.in_atomic_block = False
        try:
            with pytest.raises(NoScope):
                list(Stage.objects.all())
        finally:
            connection.in_atomic_block = True


@on_postgresql
def test_the_role_of_the_application_is_bound_by_row_level_security(db):
    assert rls.why_unbound() is None
