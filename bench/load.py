"""What people do all day, asked over HTTP by one client and by eight at once: how long each answer takes."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

# Parts of names, a document and a phone, as people type them.
SEARCHED = ("girassol", "metalurgica pedra", "lati", "usina de solo", "araguari", "11.222", "9081", "acougue")

Ask = Callable[["Client"], int]


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers to one kind of request: milliseconds, and how many a second all clients got together."""

    what: str
    clients: int
    requests: int
    median_ms: float
    p95_ms: float
    per_second: float
    errors: int

    def to_json(self) -> dict[str, Any]:
        """As written into the results."""
        return asdict(self)


class Client:
    """Somebody's browser without its cache: one connection, kept open, and the cookies of a signed-in person."""

    def __init__(self, port: int, facts: dict[str, Any], seed: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.facts, self.chance = facts, random.Random(seed)

    def sign_in(self) -> None:
        """Sign in as the demo's manager; raises RuntimeError when that fails."""
        self.get(self.facts["login"])
        self.post(
            self.facts["login"],
            {"login": self.facts["email"], "password": self.facts["password"]},
            is_htmx=False,
        )
        if "sessionid" not in self.cookies:
            raise RuntimeError("Signing in failed.")

    def get(self, path: str) -> int:
        """The status of a page, read to its end."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, Any], *, is_htmx: bool = True) -> int:
        """The status of the answer to a form."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
        }
        if is_htmx:
            headers["HX-Request"] = "true"
        return self._ask("POST", path, urlencode(fields), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> int:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status


class Day:
    """The kinds of requests; what is moved or lost is taken once by one client, so that none meets a conflict."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self._to_move: Iterator[int] = iter(facts["open"][::2])
        self._to_lose: Iterator[int] = iter(facts["open"][1::2])

    def kinds(self) -> dict[str, Ask]:
        """Each request by its name."""
        return {
            "board": lambda client: client.get(self.facts["board"]),
            "opportunity": lambda client: client.get(
                self._address(client.chance.choice(self.facts["shown"]))
            ),
            "list": lambda client: client.get(self.facts["list"]),
            "search": lambda client: client.get(self._search(self.facts["list"], client)),
            "customers": lambda client: client.get(self._search(self.facts["customers"], client)),
            "funnel": lambda client: client.get(self.facts["funnel"]),
            "move": self._move,
            "lose": self._lose,
        }

    def _address(self, number: int) -> str:
        return f"{self.facts['list']}{number}/"

    def _search(self, path: str, client: Client) -> str:
        return f"{path}?{urlencode({'q': client.chance.choice(SEARCHED)})}"

    def _move(self, client: Client) -> int:
        stage = client.chance.choice(self.facts["stages"])
        return client.post(f"{self._address(next(self._to_move))}stage/", {"stage": stage})

    def _lose(self, client: Client) -> int:
        return client.post(f"{self._address(next(self._to_lose))}lose/", {"reason": self.facts["reason"]})


def measure(port: int, facts: dict[str, Any], clients: int, requests: int) -> Iterator[Measured]:
    """Ask each kind of request so many times, by so many clients together."""
    people = [Client(port, facts, seed) for seed in range(clients)]
    people[0].sign_in()
    for person in people[1:]:
        person.cookies = dict(people[0].cookies)
    day = Day(facts)
    for what, ask in day.kinds().items():
        for person in people:
            ask(person)  # what is done for the first time is measured nowhere
        began = time.perf_counter()
        each = max(1, requests // clients)
        with ThreadPoolExecutor(clients) as pool:
            rounds = list(pool.map(_ask_often, people, [ask] * clients, [each] * clients))
        seconds = time.perf_counter() - began
        yield _measured(what, clients, [answer for answers in rounds for answer in answers], seconds)


def measure_beside(port: int, facts: dict[str, Any], is_over: Callable[[], bool]) -> list[Measured]:
    """The board opened and a card moved, one after the other by one person ten times a second, until something else is over."""
    person, day = Client(port, facts, seed=99), Day(facts)
    person.sign_in()
    kinds = {what: ask for what, ask in day.kinds().items() if what in ("board", "move")}
    answers: dict[str, list[tuple[float, int]]] = {what: [] for what in kinds}
    began = time.perf_counter()
    while not is_over():
        for what, ask in kinds.items():
            answers[what] += _ask_often(person, ask, 1)
            time.sleep(0.05)
    seconds = time.perf_counter() - began
    return [_measured(f"{what}, importing", 1, found, seconds) for what, found in answers.items() if found]


def _measured(what: str, clients: int, answers: list[tuple[float, int]], seconds: float) -> Measured:
    times = sorted(elapsed * 1000 for elapsed, _status in answers)
    return Measured(
        what,
        clients,
        len(answers),
        round(statistics.median(times), 1),
        round(times[int(len(times) * 0.95) - 1 if len(times) > 1 else 0], 1),
        round(len(answers) / seconds, 1),
        sum(status >= 400 for _elapsed, status in answers),
    )


def _ask_often(client: Client, ask: Ask, times: int) -> list[tuple[float, int]]:
    """The seconds and the status of each answer."""
    answers = []
    for _ in range(times):
        began = time.perf_counter()
        status = ask(client)
        answers.append((time.perf_counter() - began, status))
    return answers
