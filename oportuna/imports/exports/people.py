"""The e-mails and phones of rows that are taken out: of the person named in the row, then the customer's own."""

from collections.abc import Iterable

from oportuna.accounts.one_of import OneOf
from oportuna.brazil.phone import format_phone, read_phones
from oportuna.imports.exports.cells import joined
from oportuna.sales.models import Channel

Reach = dict[tuple[int, int | None], list[str]]


def channels(kind: str, customer_ids: Iterable[int]) -> Reach:
    """The values of a kind of channel by customer and person (None: the customer's own), the main one first."""
    rows = Channel.objects.filter(OneOf("customer_id", set(customer_ids)), kind=kind)
    found: Reach = {}
    ordered = rows.order_by("position", "id").values_list("customer_id", "contact_id", "value")
    for customer_id, contact_id, value in ordered:
        found.setdefault((customer_id, contact_id), []).append(value)
    return found


def reached(found: Reach, customer_id: int, contact_id: int | None) -> list[str]:
    """A row's own values, each once: the person's before the customer's."""
    person = found.get((customer_id, contact_id), []) if contact_id is not None else []
    return [*dict.fromkeys([*person, *found.get((customer_id, None), [])])]


def phones_text(values: Iterable[str]) -> str:
    """Phones as people read them, in one cell; one that would be read back otherwise as it is stored."""
    return joined(map(_phone, values))


def _phone(value: str) -> str:
    shown = format_phone(value)
    return shown if read_phones(shown).numbers == [value] else value
