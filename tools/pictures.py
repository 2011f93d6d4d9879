"""Pictures of every page, empty, full and wrong, at 1440 and 390 pixels, light and dark.

    python tools/pictures.py [--only WORD …] [--to FOLDER]

The real server serves a data folder that ends with the program. Tells which pages are wider than the screen, which
log errors, and which answer 500 or more; then the exit status is 1.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from tests.browser.pages import shots  # noqa: E402  # found from here on
from tests.browser.places import make_places  # noqa: E402
from tests.browser.walk import LOOKS, Shot, Walk  # noqa: E402

TALLEST = 4000
OVERFLOW = """() => {
    const wide = document.documentElement.clientWidth, sheet = document.querySelector("main") || document.body;
    if (document.documentElement.scrollWidth <= wide && sheet.scrollWidth <= sheet.clientWidth + 1) return "";
    const found = [...document.querySelectorAll("main *, dialog *")].filter((one) => {
        if (one.getBoundingClientRect().right <= wide + 1) return false;
        for (let up = one.parentElement; up; up = up.parentElement) {
            if (getComputedStyle(up).overflowX !== "visible") return false;
        }
        return true;
    });
    return found.slice(0, 3).map((one) => one.tagName.toLowerCase() + "." + [...one.classList].join(".")).join(" ") || "?";
}"""


def main() -> int:
    """Take the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", default=[], help="pages whose name begins with this word")
    parser.add_argument(
        "--to", type=Path, default=PROJECT / "var" / "pictures", help="the folder (%(default)s)"
    )
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in shots() if not args.only or shot.name.startswith(tuple(args.only))]
    said: list[str] = []
    with (
        tempfile.TemporaryDirectory() as data,
        _serving(Path(data)) as (address, environ),
        sync_playwright() as started,
    ):
        flags = ["--lang=pt-BR", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        watched = _Watched()
        walk = Walk(browser, address, make_places(environ), watched.watch)
        for shot in wanted:
            found = _take(walk, shot, args.to, watched)
            print("\n".join([shot.name, *(f"  {line}" for line in found)]), flush=True)
            said += found
        browser.close()
    print(f"{len(said)} faults" if said else "Nothing overflows, no script fails, no page answers 500.")
    print(f"{len(wanted)} pages in {args.to}")
    return 1 if said else 0


class _Watched:
    """What went wrong on the pages since one last asked."""

    def __init__(self) -> None:
        self._heard: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to a page."""
        page.on("pageerror", lambda error: self._heard.append(f"script: {error}"))
        page.on("response", self._answered)
        page.on(
            "console",
            lambda said: (
                self._heard.append(f"console: {said.text}")
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )

    def _answered(self, answer: Response) -> None:
        is_asset = answer.request.resource_type in ("stylesheet", "script", "image", "font")
        if answer.status >= 500 or (answer.status >= 400 and is_asset):
            self._heard.append(f"answers {answer.status}: {answer.url}")

    def take(self) -> list[str]:
        """What was heard, once."""
        heard, self._heard = self._heard, []
        return heard


def _take(walk: Walk, shot: Shot, folder: Path, watched: _Watched) -> list[str]:
    said = []
    try:
        page = walk.open(shot)
    except Exception as error:  # noqa: BLE001  # the other pages are worth a picture all the same
        return [" ".join(str(error).split())[:300], *watched.take()]
    for look in LOOKS:
        walk.show(page, look)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
        if look.theme == "light" and (too_wide := page.evaluate(OVERFLOW)):
            said.append(f"wider than {look.width}: {too_wide}")
        is_whole = page.evaluate(
            "[document.documentElement.scrollHeight, !document.querySelector('dialog[open]')]"
        )
        page.screenshot(
            path=folder / f"{shot.name}-{look}.png", full_page=is_whole[0] < TALLEST and is_whole[1]
        )
    return said + watched.take()


@contextmanager
def _serving(data: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The real server with the demo company; its address and its environment."""
    kept = {
        name: text for name, text in os.environ.items() if not name.startswith(("OPORTUNA_", "DATABASE_"))
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environ = {**kept, "OPORTUNA_DATA": str(data), "PORT": port}
    program = [str(Path(sys.executable).parent / "oportuna"), "serve", "--port", port, "--first-run"]
    with subprocess.Popen(  # noqa: S603  # the program of this very environment
        program, env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101  # it was asked for
            for line in process.stdout:
                if "Ctrl+C" in line:
                    yield f"http://127.0.0.1:{port}", environ
                    break
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
