"""A workbook, from the parent's side: starts the child process, reads its frames, ends it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

import oportuna
from oportuna.imports.reader import frames
from oportuna.imports.reader.cells import Row, SheetInfo
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal

_CHILD = "oportuna.imports.reader.child"
_PACKAGES = str(Path(oportuna.__file__).resolve().parent.parent)
# No frame is near this: a longer one means that the child is no longer ours.
_FRAME_LIMIT = 512 * 1024 * 1024


class WorkbookSource:
    """A workbook, or a page that passes for one, whose sheets are known and whose rows come from the child process, in batches."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._failure = ""
        self._is_closed = False
        self._child: _Child | None = None
        try:
            found = self._begun()
            if not found["sheets"]:
                raise Refusal("no_sheet")
        except BaseException:
            self.close()
            raise
        self.format: str = found["format"]
        self.from_1904 = found["from_1904"] is True
        described = found["sheets"]
        self.sheets = [
            SheetInfo(sheet["name"] or _name_of(number), sheet["rows"], sheet["hidden"])
            for number, sheet in enumerate(described, 1)
        ]
        # Of two sheets with one name, which no program of ours writes, the first is meant.
        self._places = {sheet.name: place for place, sheet in reversed([*enumerate(self.sheets)])}
        self._last_rows: list[int] = [sheet["last"] for sheet in described]
        self._heads = [frames.rows_from(sheet["head"]) for sheet in described]

    def head(self, sheet: str | None) -> list[Row]:
        return self._heads[self._places[sheet or ""]]

    def batches(self, sheet: str | None, width: int) -> Iterator[list[Row]]:
        """All rows of a sheet, but for runs of empty ones; of two readings at once, each has a child of its own."""
        child = self._child or self._start()
        self._child = None
        is_over = False
        try:
            if child.is_new:
                child.receive()
            child.ask(self._places[sheet or ""])
            while not is_over:
                message = child.receive()
                is_over = "end" in message
                yield frames.rows_from(enumerate(message["rows"], message["first"]))
        finally:
            if is_over and self._child is None and not self._is_closed:
                self._child = child
            else:
                child.end()

    def last_row(self, sheet: str | None) -> int:
        return self._last_rows[self._places[sheet or ""]]

    def _begun(self) -> dict[str, Any]:
        """What the child finds; where its parser ends for want of memory or fails, what the patient reader finds."""
        self._child = self._start()
        try:
            return self._child.receive()
        except Refusal as refusal:
            if refusal.cause not in ("memory", "damaged"):
                raise
            self._failure = refusal.cause
        self._drop()
        self._child = self._start()
        return self._child.receive()

    def _start(self) -> "_Child":
        return _Child(self._path, self._limits, self._failure)

    def close(self) -> None:
        self._is_closed = True
        self._drop()

    def _drop(self) -> None:
        if self._child:
            self._child.end()
            self._child = None


def _name_of(number: int) -> str:
    """What a table is called that has no name in its file; the same for all people, as an import keeps it."""
    with override(settings.LANGUAGE_CODE):
        return _("Table %(number)s") % {"number": number}


class _Child:
    """The process, in a session of its own, with no database, secret or open file of ours; it ends with the thread that starts it."""

    def __init__(self, path: Path, limits: Limits, failure: str) -> None:
        self._limits = limits
        self.is_new = True
        self._process = subprocess.Popen(  # noqa: S603 - our own module, without a shell
            [
                sys.executable,
                "-P",
                "-m",
                _CHILD,
                str(path.resolve()),
                json.dumps(asdict(limits)),
                failure,
                f"{os.getpid()}",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            env={"PYTHONPATH": _PACKAGES, "PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
        )
        self._input = cast(IO[bytes], self._process.stdin)
        self._output = cast(IO[bytes], self._process.stdout)

    def ask(self, sheet: int) -> None:
        try:
            self._input.write(json.dumps(sheet).encode() + b"\n")
        except BrokenPipeError as error:
            raise self._refusal() from error

    def receive(self) -> dict[str, Any]:
        """The next frame; raises Refusal when the child says so, dies, or keeps us waiting too long."""
        deadline = time.monotonic() + self._limits.wait_seconds
        (length,) = frames.HEADER.unpack(self._exactly(frames.HEADER.size, deadline))
        if length > _FRAME_LIMIT:
            raise Refusal("damaged")
        body = self._exactly(length, deadline)
        self.is_new = False
        try:
            message = frames.unpacked(body)
            refusal = Refusal(message["refusal"], **message["params"]) if "refusal" in message else None
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal("damaged") from error
        if refusal:
            raise refusal
        return message

    def _exactly(self, length: int, deadline: float) -> bytes:
        pipe = self._output.fileno()
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        received = bytearray()
        while len(received) < length:
            if not poll.poll(max(deadline - time.monotonic(), 0) * 1000):
                raise Refusal("time")
            block = os.read(pipe, min(length - len(received), 1 << 20))
            if not block:
                raise self._refusal()
            received += block
        return bytes(received)

    def _refusal(self) -> Refusal:
        """Why a child that said nothing ended: by the signal that ended it."""
        status = self._process.wait()
        if status == -signal.SIGXCPU:
            return Refusal("time")
        if status in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL, -signal.SIGBUS):
            return Refusal("memory")
        return Refusal("damaged")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._input.close()
        self._output.close()
