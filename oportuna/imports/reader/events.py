"""XML in blocks: what a handler makes of it is handed over block by block, and nothing in it is followed or expanded."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeVar
from xml.parsers import expat

from oportuna.imports.reader.refusals import Refusal

_DEEPEST = 256

T = TypeVar("T")


class Handler(Protocol[T]):
    """Listens to the elements of a document by their names without prefixes: every writer chooses its own."""

    def start(self, name: str, attrs: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...

    def taken(self) -> list[T]:
        """What was finished since the last time."""


def parsed(blocks: Iterable[bytes], handler: Handler[T]) -> Iterator[T]:
    """What the handler finishes, as it does. Raises Refusal for XML that is broken or declares a DOCTYPE."""
    parser = expat.ParserCreate()
    # Without it a long text comes in a piece for each of its lines.
    parser.buffer_text = True

    def refuse(*_args: Any) -> None:
        raise Refusal("doctype")

    parser.StartDoctypeDeclHandler = refuse
    depth = 0

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:  # the parser remembers each one that is open
            raise Refusal("damaged")
        handler.start(local(tag), attrs)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(local(tag))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    try:
        for block in blocks:
            parser.Parse(block, False)
            yield from handler.taken()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # an encoding that nobody knows, too
        raise Refusal("damaged") from error
    yield from handler.taken()


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]
