"""The cards of a column: found by one statement and read by another."""

from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import registers, tags
from oportuna.sales.models import Opportunity, Tag
from oportuna.sales.queries import cards
from oportuna.sales.queries.card_pages import PAGE, Place
from oportuna.sales.queries.figures import EVERYTHING
from tests.factories import admin_of, make_actor, make_opportunity, stage_of
from tests.sales.boards import board_of, signed_in


def test_a_column_goes_on_though_one_of_its_cards_goes_while_it_is_read(db, monkeypatch):
    ana = make_actor()
    stage = stage_of(ana.company)
    for number in range(PAGE + 5):
        make_opportunity(ana, stage, title=f"{number}")
    read = cards._open

    def delete_first(ids, *rest):
        Opportunity.objects.filter(pk=ids[0]).update(deleted_at=timezone.now(), deleted_by=ana.membership)
        return read(ids, *rest)

    with company_scope(ana.company):
        monkeypatch.setattr(cards, "_open", delete_first)
        page = cards.first_cards(ana, {stage.pk: 5}, EVERYTHING)[stage.pk]
        monkeypatch.undo()
        after = Place.read(page.after)
        rest = cards.first_cards(ana, {stage.pk: 5}, EVERYTHING, after=after)[stage.pk]

    numbers = [card.number for part in (page, rest) for card in part.cards]
    assert len(numbers) == len(set(numbers)) == PAGE + 4
    assert rest.after == ""


def test_a_card_shows_its_first_tag_and_how_many_there_are_besides(db):
    ana = make_actor()
    tagged, plain = make_opportunity(ana, title="Forno"), make_opportunity(ana, title="Batedeira")
    with company_scope(ana.company):
        for name in ("Agro", "Quente", "Licitação"):
            tags.add(name, by=ana)
        registers.edit(Tag.objects.get(name="Agro"), {"colour": "verde"}, by=admin_of(ana.company))
        tags.put_on(tagged, ["Quente", "Agro", "Licitação"], by=ana)

    page = signed_in(ana).get(board_of(ana)).content.decode()

    card = page.split(f'id="card-{tagged.number}"')[1].split("</article>")[0]
    assert '<span class="op-tag op-c-verde">Agro</span>' in card
    assert 'title="Agro, Quente, Licitação">+2</span>' in card
    assert "op-tag" not in page.split(f'id="card-{plain.number}"')[1].split("</article>")[0]
