"""A pause of web and worker, while a restore replaces everything: a file in the data folder that both look at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oportuna.accounts import codes
from oportuna.ui import remembered
from oportuna.work.holder import is_surely_dead, new_holder


def _flag() -> Path:
    return Path(settings.DATA) / "maintenance"


def is_on() -> bool:
    """Whether web and worker are to pause; no longer when the restoring process was killed."""
    try:
        if not _flag().stat().st_size:
            return False
        return not is_surely_dead(_flag().read_text())
    except OSError:
        return False


def generation() -> int:
    """Changes when a pause has ended: what a process remembers of the database may be false then."""
    try:
        return _flag().stat().st_mtime_ns
    except OSError:
        return 0


@contextmanager
def pause() -> Iterator[None]:
    """Web and worker pause until the block ends, however it ends."""
    flag = _flag()
    flag.write_text(new_holder())
    try:
        yield
    finally:
        flag.write_text("")


def forget() -> None:
    """Drop what this process remembers of the database's rows."""
    codes.forget()
    remembered.forget()
    ContentType.objects.clear_cache()


class MaintenanceMiddleware:
    """503 with a page while web and worker pause. It stands before whatever asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.generation = generation()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_on():
            answer = render(request, "503.html", status=503)
            answer["Retry-After"] = "5"
            return answer
        if self.generation != (now := generation()):
            self.generation = now
            forget()
        return self.get_response(request)
