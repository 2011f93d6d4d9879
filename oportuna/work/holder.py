"""Who holds a lease: a process of a machine."""

import os
import secrets
import socket

_HOST = socket.gethostname()[:40]


def new_holder() -> str:
    """The name under which this process holds one lease; no other lease ever has it."""
    return f"{_HOST}/{os.getpid()}/{secrets.token_hex(4)}"


def is_surely_dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that runs no more, so that nobody need wait for its lease."""
    host, _, rest = holder.rpartition("/")[0].rpartition("/")
    if host != _HOST or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
