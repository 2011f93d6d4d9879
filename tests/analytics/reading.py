"""What a page of analytics shows, as a reader finds it: the cells of its tables, and where its links lead."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Page(HTMLParser):
    """The tables of a page by id, each row as its texts, and every link with its text and its label."""

    html: str
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._table = self._text = ""
        self._row: list[str] | None = None
        self._link: tuple[str, str] | None = None
        self.feed(self.html)

    def rows(self, table: str) -> dict[str, list[str]]:
        """The rows of a table by what stands in their first cell."""
        return {row[0]: row[1:] for row in self.tables[table]}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._table = given.get("id", "")
            self.tables[self._table] = []
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th", "a"):
            self._text = ""
        if tag == "a":
            self._link = given["href"], given.get("aria-label", "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._row is not None:
            self._row.append(" ".join(self._text.split()))
        elif tag == "tr" and self._row:
            self.tables[self._table].append(self._row)
        elif tag == "a" and self._link:
            self.links.append((self._link[0], " ".join(self._text.split()), self._link[1]))
            self._link = None
