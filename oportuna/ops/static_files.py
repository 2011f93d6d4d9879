"""Collecting the static files, only when they have changed: hashing and compressing them takes seconds."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.utils.translation import gettext as _

from oportuna.errors import Refused

_STAMP = ".collected"
# The package carries htmx extensions that import a module it does not have; we take htmx from npm.
_LEFT_OUT = ["django_htmx"]


def collect() -> bool:
    """Collect the static files unless they are as at the last time; returns whether it did.

    Raises Refused for a file that is missing.
    """
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    try:
        now = fingerprint()
        if stamp.exists() and stamp.read_text() == now:
            return False
        print(_("Preparing styles and scripts …"), flush=True)
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=_LEFT_OUT)
    except (CommandError, ValueError, FileNotFoundError) as error:
        raise Refused(_("The files of the pages are not complete (%s); run: make set-up") % error) from error
    stamp.write_text(now)
    return True


def fingerprint() -> str:
    """Changes when a static file, or the way of storing them, does: names, sizes and times of all of them."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(_LEFT_OUT):
            file = Path(storage.path(path)).stat()
            digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()
