"""The cards of a column: found by one statement and read by another."""

from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.sales.models import Opportunity
from oportuna.sales.queries import cards
from oportuna.sales.queries.figures import EVERYTHING
from tests.factories import make_actor, make_opportunity, stage_of


def test_a_column_goes_on_though_one_of_its_cards_goes_while_it_is_read(db, monkeypatch):
    ana = make_actor()
    stage = stage_of(ana.company)
    for number in range(cards.PAGE + 5):
        make_opportunity(ana, stage, title=f"{number}")
    read = cards._open

    def delete_first(ids, *rest):
        Opportunity.objects.filter(pk=ids[0]).update(deleted_at=timezone.now(), deleted_by=ana.membership)
        return read(ids, *rest)

    with company_scope(ana.company):
        monkeypatch.setattr(cards, "_open", delete_first)
        page = cards.first_cards(ana, {stage.pk: 5}, EVERYTHING)[stage.pk]
        monkeypatch.undo()
        after = cards.Place.read(page.after)
        rest = cards.first_cards(ana, {stage.pk: 5}, EVERYTHING, after=after)[stage.pk]

    numbers = [card.number for part in (page, rest) for card in part.cards]
    assert len(numbers) == len(set(numbers)) == cards.PAGE + 4
    assert rest.after == ""
