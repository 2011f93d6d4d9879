"""Addresses of opportunities: the board, registering one, and the verbs of one."""

from django.urls import URLPattern, path

from oportuna.sales.views import board, closing, creating, items, lists, opportunities, participants, search

urlpatterns: list[URLPattern] = [
    path("", board.board, name="board"),
    path("changes/", board.board_changes, name="board_changes"),
    path("search/", search.search, name="search"),
    path("stages/<code:pk>/cards/", board.more_cards, name="more_cards"),
    path("opportunities/new/", creating.new_opportunity, name="new_opportunity"),
    path("opportunities/<int:number>/stage/", board.move, name="move"),
    path("opportunities/<int:number>/stage/<code:pk>/", board.move_back, name="move_back"),
    path("opportunities/<int:number>/win/", closing.win, name="win"),
    path("opportunities/<int:number>/lose/", closing.lose, name="lose"),
    path("opportunities/<int:number>/reopen/", closing.reopen, name="reopen"),
    path("opportunities/<int:number>/delete/", closing.delete, name="delete"),
    path("opportunities/<int:number>/restore/", closing.restore, name="restore"),
    # ---- the list and the page of an opportunity
    path("opportunities/", lists.opportunities, name="opportunities"),
    path("opportunities/<int:number>/", opportunities.opportunity, name="opportunity"),
    path(
        "opportunities/<int:number>/history/", opportunities.opportunity_history, name="opportunity_history"
    ),
    path("opportunities/<int:number>/mentionable/", opportunities.mentionable, name="mentionable"),
    path("opportunities/<int:number>/edit/", opportunities.edit_opportunity, name="edit_opportunity"),
    path("opportunities/<int:number>/edit/undo/", opportunities.undo_edit, name="undo_edit"),
    path("opportunities/<int:number>/tags/", opportunities.tag_opportunity, name="tag_opportunity"),
    path("opportunities/<int:number>/owner/", opportunities.assign_opportunity, name="assign_opportunity"),
    # ---- who takes part in it
    path(
        "opportunities/<int:number>/participants/add/", participants.add_participant, name="add_participant"
    ),
    path(
        "opportunities/<int:number>/participants/<code:pk>/remove/",
        participants.remove_participant,
        name="remove_participant",
    ),
    path(
        "opportunities/<int:number>/participants/<code:pk>/put-back/",
        participants.put_back_participant,
        name="put_back_participant",
    ),
    # ---- what it is made of
    path("opportunities/<int:number>/items/new/", items.new_item, name="new_item"),
    path("opportunities/<int:number>/items/put-back/", items.put_back_item, name="put_back_item"),
    path("items/<code:pk>/edit/", items.edit_item, name="edit_item"),
    path("items/<code:pk>/remove/", items.remove_item, name="remove_item"),
]
