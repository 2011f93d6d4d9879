"""What is said when a text cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MESSAGES: dict[str, StrPromise] = {
    "cnpj_format": _("A CNPJ has 12 letters or digits and then 2 digits: check what was typed."),
    "cnpj_length": _("A CNPJ has 14 characters: check whether one is missing or too many."),
    "cnpj_check_digit": _("The CNPJ does not add up: check the characters."),
    "cnpj_zero": _("A CNPJ cannot be all zeros."),
    "cnpj_scientific": _("The spreadsheet cut this CNPJ: format its column as text and save the file again."),
    "cpf_format": _("A CPF has digits only: check what was typed."),
    "cpf_length": _("A CPF has 11 digits: check whether one is missing or too many."),
    "cpf_check_digit": _("The CPF does not add up: check the digits."),
    "cpf_equal_digits": _("A CPF cannot repeat a single digit."),
    "cpf_scientific": _("The spreadsheet cut this CPF: format its column as text and save the file again."),
    "tax_id_ambiguous": _("It can be a CPF or a CNPJ: write all its digits, zeros included."),
    "tax_id_invalid": _("It is neither a CPF nor a CNPJ: check the characters."),
    "phone_invalid": _("This phone cannot be read: write it as (11) 98765-4321."),
    "phone_no_ddd": _("The area code is missing: write the phone as (11) 98765-4321."),
    "value_unclear": _("The amount is not clear: write it as 1.234,56, up to 9.999.999.999,99."),
    "value_negative": _("The amount cannot be negative."),
    "quantity_unclear": _("The quantity is not clear: write it as 2 or 1,5, with three decimals at most."),
    "probability_unclear": _("The probability is not clear: write a number from 0 to 100."),
    "date_unclear": _("The date is not clear: write it as day/month/year."),
    "date_invalid": _("This date does not exist or is out of range: write it as day/month/year."),
    "cep_invalid": _("A CEP has 8 digits, as in 01310-100."),
    "uf_unknown": _("There is no such state: use its two letters, as in SP."),
    "email_invalid": _("This e-mail cannot be read: write it as name@company.com.br."),
}


class Unreadable(ValueError):
    """A text that is not what its field asks for.

    `code` names the reason for programs (the codes of an import's report), `message` tells the
    user, in the language of the moment, what to do.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = MESSAGES[code]
