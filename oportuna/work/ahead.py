"""Work done ahead: another process makes the next item while this one is still busy with the last."""

import multiprocessing
import pickle
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")

# A fork has everything loaded and needs nothing handed over. It is single-threaded Python of ours that it goes on with.
_fork = multiprocessing.get_context("fork")


class Ahead(Iterator[T]):
    """The items of an iterator that a process of its own makes, each as soon as the one before was taken.

    What `make` does may read files, but not the database: the connection is its parent's. An exception of it is raised
    here, once all items before it were taken. `close` ends the process, as does the end of this one.
    """

    def __init__(self, make: Callable[[], Iterator[T]]) -> None:
        self._items, theirs = _fork.Pipe(duplex=False)
        self._process = _fork.Process(target=_send_all, args=(make, self._items, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        if self._items.closed:
            raise StopIteration
        try:
            item, error = self._items.recv()
        except EOFError:
            self._process.join()
            error = RuntimeError(f"The process that works ahead was ended: {self._process.exitcode}.")
        if error is not None:
            self.close()
            raise error
        return item  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the process, whatever it is at; nothing follows any more."""
        if not self._items.closed:
            self._items.close()
            self._process.kill()
            self._process.join()
            self._process.close()


def _send_all(make: Callable[[], Iterator[Any]], parents: Connection, items: Connection) -> None:
    parents.close()  # without a reader, sending fails: that is how the parent's end ends this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for wrapper in connections.all(initialized_only=True):
        wrapper.execute_wrappers.append(_refuse)
    try:
        for outcome in _outcomes(make):
            _send(items, outcome)
    except BrokenPipeError:
        pass  # nobody waits for it any more


def _send(items: Connection, outcome: tuple[Any, Exception | None]) -> None:
    try:
        items.send(outcome)
    except (TypeError, AttributeError, ValueError, pickle.PicklingError) as error:
        items.send((None, _portable(error)))  # an item that cannot cross


def _outcomes(make: Callable[[], Iterator[Any]]) -> Iterator[tuple[Any, Exception | None]]:
    """Each item without an error, then what ended them."""
    try:
        for item in make():
            yield item, None
    except Exception as error:  # noqa: BLE001 - it is the parent's to handle
        yield None, _portable(error)
    else:
        yield None, StopIteration()


def _portable(error: Exception) -> Exception:
    """The error, or one that says the same where it cannot cross from process to process."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own, made a moment ago
    except Exception:  # noqa: BLE001
        return RuntimeError(repr(error))
    return error


def _refuse(*_args: Any) -> Any:
    raise RuntimeError("The process that works ahead has no database.")
