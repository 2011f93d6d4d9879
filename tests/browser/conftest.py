"""A real browser against the real server: a data folder of its own, the demo company, the worker."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

PROGRAM = Path(sys.executable).parent / "oportuna"
PATIENCE = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of the program: a fresh data folder, SQLite."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPORTUNA_", "DATABASE_"))
    }
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "OPORTUNA_DATA": str(tmp_path_factory.mktemp("data")), "PORT": str(free_port())}


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def oportuna(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end and return what it printed."""
    return subprocess.run(
        [str(PROGRAM), *arguments], env=environ, check=True, text=True, capture_output=True, timeout=120
    )


@pytest.fixture(scope="session")
def server(environ: dict[str, str]) -> Iterator[str]:
    """The address of a running installation with its demo company."""
    oportuna(environ, "migrate")
    oportuna(environ, "demo")
    process = subprocess.Popen(
        [str(PROGRAM), "serve", "--port", environ["PORT"]],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{environ['PORT']}"
    try:
        _wait_until_it_answers(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(f"{address}/login/", timeout=5).read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
    yield started
    started.close()


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """A window of its own, 1440 px wide, without cookies."""
    window = browser.new_context(base_url=server, locale="pt-BR", viewport={"width": 1440, "height": 900})
    window.set_default_timeout(15_000)
    yield window
    window.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which any script error or blocked script fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield page
    assert errors == []


def sign_in(page: Page, email: str, password: str = "vitrine-aberta") -> None:
    """Sign in on the sign-in page and wait for the board."""
    page.goto("/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/(?!login/)[a-z0-9-]+/$"))
