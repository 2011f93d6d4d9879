"""The language of the pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

_Answer = Callable[[HttpRequest], HttpResponse]


def speak(get_response: _Answer) -> _Answer:
    """Answer everyone in the installation's language.

    It is the default anyway; but where no language is active Django fails to find one at each of a page's hundreds of
    texts, which takes twice as long (measured).
    """

    def answer(request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            return get_response(request)

    return answer
