"""`oportuna serve`: web server and worker, for as long as it runs."""

import argparse
import os
import socket
import sys
from http.client import HTTPConnection, HTTPException
from threading import Thread
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from oportuna.accounts import rls
from oportuna.accounts.models import Company
from oportuna.errors import Refused
from oportuna.ops import demo, greeting
from oportuna.ops.address import DEFAULT_HOST, DEFAULT_PORT, is_any, is_loopback
from oportuna.ops.commands.worker import worker_commands
from oportuna.ops.database import is_up_to_date, require_bound, require_owner, require_up_to_date
from oportuna.ops.static_files import collect
from oportuna.work.supervisor import Supervisor

_THREADS = 4
_MOST_WORKERS = 8
_PATIENCE = 60.0


def register(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "serve",
        help=_("run the web server and the worker"),
        description=_(
            "Runs web server, background worker and clock until it is stopped (Ctrl+C or SIGTERM)."
        ),
    )
    parser.add_argument("--host", default=DEFAULT_HOST, help=_("the address to listen at (%(default)s)"))
    parser.add_argument(
        "--port",
        type=_port,
        default=os.environ.get("PORT") or str(DEFAULT_PORT),
        help=_("the port to listen at (%(default)s)"),
    )
    parser.add_argument("--workers", type=int, default=0, help=_("web processes; one for each CPU otherwise"))
    parser.add_argument("--allow-demo", action="store_true", help=_("let others reach the demo company"))
    parser.add_argument(
        "--first-run",
        action="store_true",
        help=_("bring the database up to date; make the demo company in an empty one"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check that it may serve, start everything, greet; returns when it is stopped or a process died."""
    _require_free_port(args.host, args.port)
    if args.first_run:
        _first_run()
    require_bound()
    require_up_to_date()
    if not is_loopback(args.host):
        _check_exposure(args)
    collect()
    lines = greeting.lines()
    connections.close_all()
    supervisor = Supervisor({"web": _web_command(args), **worker_commands()})
    return supervisor.run(lambda: _greet(supervisor, args, lines))


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise argparse.ArgumentTypeError(_("a port is a number from 1 to 65535"))
    return int(text)


def _require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                _("Cannot listen at %(host)s, port %(port)s (%(error)s). Choose another with --port.")
                % {"host": host, "port": port, "error": error.strerror}
            ) from None


def _first_run() -> None:
    if not is_up_to_date():
        require_owner()
        rls.migrate()
    if not Company.objects.exists():
        print(_("Making the demo company …"), flush=True)
        demo.build()


def _check_exposure(args: argparse.Namespace) -> None:
    if Company.objects.filter(is_demo=True).exists() and not args.allow_demo:
        raise Refused(
            _("The demo company's passwords are public: it is not served beyond this machine. "
              "Serve at 127.0.0.1, or allow it with --allow-demo.")
        )  # fmt: skip
    if is_any(args.host) and not os.environ.get("OPORTUNA_URL"):
        _warn(_("Set OPORTUNA_URL to the address that people use; other addresses are refused."))
    if not settings.HTTPS:
        _warn(
            _(
                "Without https others on the network can read passwords and data. Put a proxy with https before it."
            )
        )


def _web_command(args: argparse.Namespace) -> list[str]:
    workers = args.workers or min(_MOST_WORKERS, os.cpu_count() or 1)
    return [
        sys.executable, "-m", "granian", "oportuna.wsgi:application",
        "--interface", "wsgi", "--host", args.host, "--port", str(args.port),
        "--workers", str(workers), "--blocking-threads", str(_THREADS),
        "--blocking-threads-idle-timeout", "600", "--no-ws", "--http", "1",
        "--backpressure", str(_THREADS * 16), "--log-level", "warning",
    ]  # fmt: skip


def _greet(supervisor: Supervisor, args: argparse.Namespace, lines: list[str]) -> None:
    """Print where it is once it answers there."""
    Thread(target=_wait_and_greet, args=(supervisor, args, lines), daemon=True).start()


def _wait_and_greet(supervisor: Supervisor, args: argparse.Namespace, lines: list[str]) -> None:
    host = args.host if not is_any(args.host) else ("::1" if ":" in args.host else "127.0.0.1")
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline and supervisor.is_whole:
        if _answers(host, args.port):
            print("\n".join(lines), flush=True)
            return
        sleep(0.1)


def _answers(host: str, port: int) -> bool:
    """Whether a web process answers, whatever it says."""
    asked = HTTPConnection(host, port, timeout=10)
    try:
        asked.request("HEAD", "/login/", headers={"Host": f"127.0.0.1:{port}"})
        asked.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()
    return True


def _warn(text: str) -> None:
    print(f"oportuna: {text}", file=sys.stderr, flush=True)
