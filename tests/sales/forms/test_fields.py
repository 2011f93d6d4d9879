"""What the fields read of what people type, what they refuse, and what they show."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from oportuna.sales.forms import fields


def refusal(field: forms.Field, typed: str) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return str(caught.value.code)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (fields.MoneyField(), "1.234,56", Decimal("1234.56")),
        (fields.MoneyField(), "1234,56", Decimal("1234.56")),
        (fields.MoneyField(), "R$ 1.500", Decimal("1500.00")),
        (fields.MoneyField(required=False), " ", None),
        (fields.PercentField(), "12,5", 125),
        (fields.PercentField(), "100%", 1000),
        (fields.PercentField(), "0,5", 5),
        (fields.PercentField(required=False), "", None),
        (fields.DateField(), "31/12/2026", date(2026, 12, 31)),
        (fields.DateField(), "2026-12-31", date(2026, 12, 31)),
        (fields.DateField(required=False), "", None),
        (fields.CnpjField(), "11.222.333/0001-81", "11222333000181"),
        (fields.CnpjField(), "12.abc.345/01de-35", "12ABC34501DE35"),
        (fields.CnpjField(required=False), "", ""),
        (fields.CpfField(), "529.982.247-25", "52998224725"),
        (fields.CepField(), "01310-100", "01310100"),
        (fields.UfField(), "são paulo", "SP"),
        (fields.UfField(required=False), "", ""),
        (fields.TextField(), "  José \u200b da\n Silva ", "José da Silva"),
        (fields.TextField(multiline=True), "uma\r\nduas", "uma\nduas"),
        (fields.PhoneListField(), "(11) 98765-4321\n3333-4444", ["+5511987654321", "+551133334444"]),
        (fields.PhoneListField(required=False), "", []),
        (fields.EmailListField(), "Ana@X.com; ana@x.com\nb@y.com", ["ana@x.com", "b@y.com"]),
    ],
)
def test_what_people_type_is_read(field: forms.Field, typed: str, value: Any) -> None:
    assert field.clean(typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (fields.MoneyField(), "mil reais", "value_unclear"),
        (fields.MoneyField(), "-5", "value_negative"),
        (fields.MoneyField(), "", "required"),
        (fields.PercentField(), "101", "probability_unclear"),
        (fields.PercentField(), "12,55", "too_precise"),
        (fields.DateField(), "12/31/2026", "date_invalid"),
        (fields.DateField(), "amanhã", "date_unclear"),
        (fields.DateField(), "01/01/1500", "date_invalid"),
        (fields.CnpjField(), "11.222.333/0001-82", "cnpj_check_digit"),
        (fields.CnpjField(), "11.222.333", "cnpj_length"),
        (fields.CpfField(), "111.111.111-11", "cpf_equal_digits"),
        (fields.CepField(), "123", "cep_invalid"),
        (fields.UfField(), "XX", "uf_unknown"),
        (fields.TextField(), "\u200b \n", "required"),
        (fields.PhoneListField(), "98765-4321", "phone_no_ddd"),
        (fields.PhoneListField(), "(11) 98765-4321\nligar à tarde", "phone_invalid"),
        (fields.EmailListField(), "ana@x.com\nsem arroba", "email_invalid"),
        (fields.EmailListField(), f"{'a' * 250}@x.com", "email_invalid"),
        (fields.MoneyField(), "9" * 5_000, "too_long"),
        (fields.PhoneListField(), "\n".join(f"(11) 3333-44{n:02}" for n in range(21)), "too_many"),
    ],
)
def test_what_cannot_be_read_is_refused(field: forms.Field, typed: str, code: str) -> None:
    assert refusal(field, typed) == code


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (fields.MoneyField(), Decimal("1234.5"), "1.234,50"),
        (fields.PercentField(), 125, "12,5"),
        (fields.PercentField(), 1000, "100"),
        (fields.CnpjField(), "11222333000181", "11.222.333/0001-81"),
        (fields.CpfField(), "52998224725", "529.982.247-25"),
        (fields.CepField(), "01310100", "01310-100"),
        (fields.PhoneListField(), ["+5511987654321", "+551133334444"], "(11) 98765-4321\n(11) 3333-4444"),
        (fields.EmailListField(), ["a@x.com", "b@x.com"], "a@x.com\nb@x.com"),
        (fields.CnpjField(), "quase", "quase"),
        (fields.MoneyField(), "mil", "mil"),
    ],
)
def test_a_value_is_shown_as_it_is_typed(field: forms.Field, value: Any, shown: str) -> None:
    assert field.prepare_value(value) == shown


def test_what_a_field_shows_it_reads_again() -> None:
    for field, value in [
        (fields.MoneyField(), Decimal("1234567.89")),
        (fields.PercentField(), 5),
        (fields.PhoneListField(), ["+5511987654321", "+12125552368"]),
    ]:
        assert field.clean(field.prepare_value(value)) == value


def test_a_date_is_shown_to_the_browsers_picker_in_iso() -> None:
    class Form(forms.Form):
        day = fields.DateField()

    assert 'value="2026-12-31"' in str(Form(initial={"day": date(2026, 12, 31)})["day"])


def test_each_form_that_creates_gets_a_key_of_its_own() -> None:
    class Form(forms.Form):
        key = fields.KeyField()

    first, second = Form(), Form()

    assert first["key"].value() != second["key"].value()
    assert fields.KeyField().clean("not a key") is None
