"""Which customers may be the one that is being typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oportuna.brazil.cnpj import cnpj_root
from oportuna.brazil.text import company_key, fold
from oportuna.records.search import matching
from oportuna.sales.models import Channel, Customer

MOST = 5
_SHORTEST_NAME = 3
_MOST_WORDS = 6
_MOST_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What of a customer has been typed and could be read; documents bare, phones in E.164."""

    names: Sequence[str] = ()
    cnpj: str = ""
    cpf: str = ""
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Likely:
    """A customer that may be the same, and why."""

    customer: Customer
    reason: str | Promise
    certain: bool = False


def likely(typed: Typed, *, but: int | None = None) -> list[Likely]:
    """Up to five customers outside the trash that may be the one typed, the surest first; `but` is left out.

    The same CNPJ root is a group of companies, not a duplicate, and says so.
    """
    others = Customer.objects.filter(deleted_at__isnull=True)
    if but is not None:
        others = others.exclude(pk=but)
    found: dict[int, Likely] = {}

    def add(customers: Iterable[Customer], reason: str | Promise, *, certain: bool = False) -> None:
        for customer in customers:
            found.setdefault(customer.pk, Likely(customer, reason, certain))

    if typed.cnpj:
        add(_first(others.filter(cnpj=typed.cnpj)), _("same CNPJ"), certain=True)
    if typed.cpf:
        add(_first(others.filter(cpf=typed.cpf)), _("same CPF"), certain=True)
    if typed.emails:
        add(_reached_by(others, typed.emails), _("same e-mail"))
    if typed.phones:
        add(_reached_by(others, typed.phones), _("same phone"))
    for name in typed.names:
        add(_named_like(others, name), _("similar name"))
    if typed.cnpj:
        add(_first(same_root(typed.cnpj).filter(pk__in=others)), _("same group: CNPJ of another branch"))
    return list(found.values())[:MOST]


def same_root(cnpj: str) -> QuerySet[Customer]:
    """Customers outside the trash with the same CNPJ root: establishments of one legal entity."""
    root = cnpj_root(cnpj)
    return Customer.objects.filter(deleted_at__isnull=True, cnpj__range=(f"{root}000000", f"{root}ZZZZ99"))


def _first(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    return customers.order_by("name_folded", "pk")[:MOST]


def _reached_by(customers: QuerySet[Customer], values: Sequence[str]) -> QuerySet[Customer]:
    return _first(customers.filter(pk__in=Channel.objects.filter(value__in=values).values("customer_id")))


def _named_like(customers: QuerySet[Customer], name: str) -> list[Customer]:
    """Those in whose names, not in whose people or city, every word stands; legal forms do not count."""
    words = company_key(name).split()[:_MOST_WORDS]
    if sum(map(len, words)) < _SHORTEST_NAME:
        return []
    candidates = matching(customers, " ".join(words))
    return [
        one
        for one in candidates.order_by("name_folded", "pk")[:_MOST_CANDIDATES]
        if all(word in fold(f"{one.name} {one.trade_name}") for word in words)
    ][:MOST]
