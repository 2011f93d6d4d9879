"""The pause for a restore: what a process remembers of the rows before it is forgotten behind it."""

from django.http import HttpResponse
from django.test import RequestFactory

from oportuna.ui.environment import environment
from oportuna.work import maintenance


def test_what_was_drawn_before_a_restore_is_drawn_anew_behind_it(settings, tmp_path):
    settings.DATA = tmp_path
    card = environment().from_string("{% remember 1 %}{{ title }}{% endremember %}")
    shown = {"title": "before"}
    page = maintenance.MaintenanceMiddleware(lambda _request: HttpResponse(card.render(**shown)))

    def asked() -> bytes:
        return page(RequestFactory().get("/")).content

    assert asked() == b"before"
    shown["title"] = "behind"
    assert asked() == b"before"
    with maintenance.pause():
        pass

    assert asked() == b"behind"
