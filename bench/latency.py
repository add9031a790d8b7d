"""From a push to the page: `latency.py [PUSHES]`, a second apart (Pub/Sub's own most for a mailbox), 500 unless said.

The server is a process of its own (`hearback up`) on SQLite; Google is the simulator, every answer of which takes 100 ms.
Pushes are signed, their keys fetched and checked. The page is a dashboard signed in and listening on its WebSocket: told of a
change it waits as app.js does and fetches all its parts at once over six connections, as browsers do. A mail is
seen when its employer stands in the board that came.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from itertools import pairwise
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from hearback.simulators.google import Google
from hearback.simulators.google_app import app
from hearback.simulators.serve import serve

ROOT = Path(__file__).resolve().parents[1]
BOX, ACCOUNT, PUSH_PATH = "ann@gmail.example", "push@p.iam.gserviceaccount.com", "/push/gmail"
ANSWER_SECONDS, APART_SECONDS, PATIENCE_SECONDS = 0.1, 1.0, 10.0
WARM_UP = 5
CONNECTIONS = 6
AT_ONCE, BURST_MAIL = 200, 5000
FIRST, SECOND = "BCDFGHKLMNPRSTVW", ("ar", "el", "im", "or", "un", "ay")
ROLES = ("Data Engineer", "Nurse", "Accountant", "Product Designer", "Site Manager", "Translator")


class Slow:
    """An ASGI app whose every answer takes a while; remembers when each call came and was answered."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.calls: list[tuple[str, float, float]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        began = time.perf_counter()
        await asyncio.sleep(ANSWER_SECONDS)
        await self._inner(scope, receive, send)
        self.calls.append((scope["path"], began, time.perf_counter()))


class Browser:
    """A signed-in browser: cookies, connections that stay open, one to a thread."""

    def __init__(self, port: int, link: str) -> None:
        self._port, self._local, self._cookie = port, threading.local(), ""
        self._cookie = self.get(link)[1]
        _, _, self.page = self.get("/")
        self.csrf = _found(r'data-csrf="([^"]+)"', self.page)
        self.parts = [
            unescape(each) for each in re.findall(r'hx-get="([^"]+)" hx-trigger="hearback-changed', self.page)
        ]
        script = (ROOT / "layers/core/hearback/web/static/app.js").read_text()
        waits = _found(r"const (SOON = .*); ", script)
        told = {name: int(each) / 1000 for name, each in re.findall(r"([A-Z]+) = (\d+)", waits)}
        self.soon, self.calm, self.quiet = told["SOON"], told["CALM"], told["QUIET"]

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, cookie or place to go, body."""
        return self._ask("GET", path)

    def post(self, path: str, **form: str) -> tuple[int, str, str]:
        """The same of a form."""
        return self._ask("POST", path, urllib.parse.urlencode({"csrf": self.csrf, **form}))

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        line: http.client.HTTPConnection | None = getattr(self._local, "line", None)
        if line is None:
            line = self._local.line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {"cookie": self._cookie, "content-type": "application/x-www-form-urlencoded", "hx-request": "true"}
        line.request(method, path, body, headers if self._cookie else {})
        answer = line.getresponse()
        text = answer.read().decode()
        cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
        kept = "; ".join(f"{name}={each.value}" for name, each in cookies.items())
        return answer.status, kept or answer.headers.get("hx-redirect", ""), text


@dataclass
class Listener:
    """The page's WebSocket: when it was told of something, newest last."""

    browser: Browser
    told: list[float] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def run(self, port: int) -> None:
        """Listen until the server ends."""
        ticket = json.loads(self.browser.post("/live/ticket")[2])["ticket"]
        with contextlib.suppress(Exception), connect(f"ws://127.0.0.1:{port}/live?ticket={ticket}") as line:
            for _ in line:
                with self.news:
                    self.told.append(time.perf_counter())
                    self.news.notify_all()

    def calm(self, after: float, shown: float) -> float | None:
        """When the page was told of something since `after`, once it is due to fetch its parts: a moment later if it has been
        quiet since it last did so, at `shown`, else when a burst is over. None: it was not told in time.
        """
        until = after + PATIENCE_SECONDS
        with self.news:
            while not self.told or self.told[-1] < after:
                if not self.news.wait(until - time.perf_counter()):
                    return None
            first = next(each for each in self.told if each >= after)
            soon = first - shown > self.browser.quiet
            while (rest := self._due(first, soon) - time.perf_counter()) > 0:
                self.news.wait(rest)
            return first if soon else self.told[-1]

    def _due(self, first: float, soon: bool) -> float:
        return first + self.browser.soon if soon else self.told[-1] + self.browser.calm


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, pattern
    return match[1]


def employer(number: int) -> str:
    """A name of its own for every push."""
    first, rest = divmod(number, len(FIRST) * len(SECOND))
    letter, middle = divmod(rest, len(SECOND))
    return f"{FIRST[letter]}{SECOND[middle]}{SECOND[first % 6]}{'dst'[first // 6 % 3]}on"


def mail(number: int) -> bytes:
    """A receipt for an application."""
    name, role = employer(number), ROLES[number % len(ROLES)]
    domain = f"{name.lower()}.example"
    return (
        f"Authentication-Results: mx.google.com; dkim=pass header.i=@{domain}; dmarc=pass header.from={domain}\r\n"
        f"From: {name} Careers <careers@{domain}>\r\nTo: {BOX}\r\nSubject: Your application to {name}\r\n"
        f"Message-ID: <{number}@{domain}>\r\n\r\nDear Ann,\r\n\r\nThank you for applying to {name}. We have received your "
        f"application for the {role} position and will be in touch soon.\r\n\r\nKind regards,\r\n{name} Careers\r\n"
    ).encode()


def push(google: Google, port: int) -> float:
    """Send what Pub/Sub would; answers when it was acknowledged."""
    headers, body = google.push_request(BOX, google.accounts[BOX].history_id)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("POST", PUSH_PATH, body, headers)
    status = line.getresponse().status
    line.close()
    assert 200 <= status < 300, status  # noqa: PLR2004  acknowledged
    return time.perf_counter()


@contextlib.contextmanager
def server(google: Google, root: str, port: int, home: str) -> Iterator[str]:
    """`hearback up`; yields the sign-in link's path."""
    audience = f"http://127.0.0.1:{port}{PUSH_PATH}"
    google.push_to(None, audience=audience, account=ACCOUNT)  # it signs them; the bench sends and times each itself
    told = {
        "HOME": home,
        "PORT": str(port),
        "OPEN": "0",
        "GOOGLE_ROOT": root,
        "GOOGLE_CLIENT": f"{google.client_id}:{google.client_secret}",
        "GMAIL_TOPIC": "projects/p/topics/t",
        "PUSH_AUDIENCE": audience,
        "PUSH_ACCOUNT": ACCOUNT,
    }
    paths = os.pathsep.join(str(ROOT / each) for each in ("layers/core", "layers/model"))
    environment = {**os.environ, "PYTHONPATH": paths, **{f"HEARBACK_{name}": value for name, value in told.items()}}
    command = [sys.executable, "-c", "from hearback.cli import app; app()", "up"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield _found(r"^ready http://[^/]+(/\S+)", line)
    finally:
        process.terminate()
        process.wait(timeout=30)


def join(google: Google, browser: Browser) -> None:
    """Connect the mailbox as a person does, and wait until its first sync is done."""
    consent = urllib.parse.urlsplit(browser.post("/connect/gmail", mode="smart")[1])
    line = http.client.HTTPConnection(consent.netloc)
    line.request("GET", f"{consent.path}?{consent.query}")
    back = urllib.parse.urlsplit(line.getresponse().headers["location"])
    assert "is connected" in browser.get(f"{back.path}?{back.query}")[2]
    seen = -1
    while seen != (seen := sum(google.calls.values())) or not google.calls["history.list"]:
        time.sleep(4)  # a first sync looks once more two seconds after its last page


@dataclass
class Measured:
    """One push, in seconds."""

    whole: float
    answered: float
    steps: dict[str, float]


def measure(
    number: int, google: Google, slow: Slow, browser: Browser, listener: Listener, lines: ThreadPoolExecutor, port: int
) -> Measured | None:
    """Deliver, push, watch the page. None: the change did not come."""
    google.deliver(BOX, mail(number))
    first_call = len(slow.calls)
    began = time.perf_counter()
    acknowledged = lines.submit(push, google, port)
    after, tries, fetched = began, 0, 0.0  # pushes are further apart than a page is busy
    while (told := listener.calm(after, fetched)) is not None:
        asked = time.perf_counter()
        board = list(lines.map(lambda part: (part, browser.get(part)[2], time.perf_counter()), browser.parts))
        shown = next(each for each in board if each[0].startswith("/fragments/board"))
        if employer(number) in shown[1]:
            steps = _steps(slow.calls[first_call:], began, told, asked, shown[2])
            return Measured(shown[2] - began, acknowledged.result() - began, steps | {"pages fetched before": tries})
        after, tries, fetched = told + 1e-9, tries + 1, asked
    return None


def _steps(
    calls: list[tuple[str, float, float]], began: float, told: float, asked: float, shown: float
) -> dict[str, float]:
    history = next(each for each in calls if each[0].endswith("/history"))
    opened = [each for each in calls if "/messages/" in each[0] and each[2] <= shown]
    provider = sum(end - start for _, start, end in (history, *opened))
    return {
        "token checked, lease taken": history[1] - began,
        "queue": opened[0][1] - history[2],
        "provider": provider,
        "gate, between two calls": sum(b[1] - a[2] for a, b in pairwise(opened)),
        "read, folded, recorded, told": told - opened[-1][2],
        "page waits": asked - told,
        "page fetched": shown - asked,
    }


def main(pushes: int) -> None:
    """Run and print."""
    google = Google()
    google.add_account(BOX)
    google.drop_pushes = True
    slow = Slow(app(google))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    found: list[Measured | None] = []
    with (
        tempfile.TemporaryDirectory() as home,
        serve(slow) as root,  # type: ignore[arg-type]
        server(google, root, port, home) as link,
        ThreadPoolExecutor(CONNECTIONS + 1) as lines,
    ):
        browser = Browser(port, link)
        join(google, browser)
        listener = Listener(browser)
        threading.Thread(target=listener.run, args=(port,), daemon=True).start()
        time.sleep(1)
        for number in range(pushes + WARM_UP):
            due = time.perf_counter() + APART_SECONDS
            found.append(measure(number, google, slow, browser, listener, lines, port))
            time.sleep(max(0.0, due - time.perf_counter()))
        _print(found[WARM_UP:])
        burst(google, slow, port)


def burst(google: Google, slow: Slow, port: int) -> None:
    """Two hundred pushes of one new mail at once."""
    google.deliver(BOX, mail(BURST_MAIL))
    before = len(slow.calls)

    def timed(_: int) -> float:
        began = time.perf_counter()
        return push(google, port) - began

    with ThreadPoolExecutor(AT_ONCE) as lines:
        answered = list(lines.map(timed, range(AT_ONCE)))
    _line(f"{AT_ONCE} pushes at once → answered", answered)
    time.sleep(PATIENCE_SECONDS)
    asked = [path.rpartition("/")[2] for path, _, _ in slow.calls[before:]]
    print(f"  histories asked for: {asked.count('history')}; other calls: {len(asked) - asked.count('history')}")


def _print(found: list[Measured | None]) -> None:
    seen = [each for each in found if each is not None]
    print(f"{len(found)} pushes, {len(found) - len(seen)} not seen within {PATIENCE_SECONDS:.0f} s; milliseconds")
    _line("push → page", [each.whole for each in seen])
    _line("push → answered", [each.answered for each in seen])
    print("of which")
    for name in seen[0].steps:
        values = [each.steps[name] for each in seen]
        if name == "pages fetched before":
            print(f"  {name:32} {statistics.mean(values):6.2f} on average")
        else:
            _line(f"  {name}", values)
    third = max(len(seen) // 3, 1)
    _line("first third, push → page", [each.whole for each in seen[:third]])
    _line("last third, push → page", [each.whole for each in seen[-third:]])


def _line(name: str, seconds: list[float]) -> None:
    ordered = sorted(each * 1000 for each in seconds)
    p50, p95 = (ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95))
    print(f"{name:34} p50 {p50:6.0f}   p95 {p95:6.0f}   max {ordered[-1]:6.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
