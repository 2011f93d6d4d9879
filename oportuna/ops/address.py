"""Where the server listens, and the address that people use: read before the settings are."""

import argparse
import ipaddress
from collections.abc import MutableMapping, Sequence

from oportuna.environment import is_loopback

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "is_any", "is_loopback", "set_address"]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def set_address(argv: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Tell the settings, through the environment, what `--host` and `--port` of `serve` imply.

    An OPORTUNA_URL that is set stands; a host that others can reach by its own name is one.
    """
    if not argv or argv[0] != "serve":
        return
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--host", default=DEFAULT_HOST)
    parser.add_argument("--port", default=environ.get("PORT") or str(DEFAULT_PORT))
    try:
        known, _rest = parser.parse_known_args(argv[1:])
    except (argparse.ArgumentError, SystemExit):
        return  # the real parser says what is wrong
    if not known.port.isdecimal():
        return
    environ["PORT"] = known.port
    if not environ.get("OPORTUNA_URL") and not is_loopback(known.host) and not is_any(known.host):
        host = f"[{known.host}]" if ":" in known.host else known.host
        environ["OPORTUNA_URL"] = f"http://{host}:{known.port}"


def is_any(host: str) -> bool:
    """Whether it stands for every address of the machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
