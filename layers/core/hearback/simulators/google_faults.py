"""What can go wrong on the way to Google and back, programmable: which call, which time, how often, until when.

    google.faults.add("backend_503", call="messages.get", times=3)      the next three of them
    google.faults.add("truncated", call="history.list", after=2)        the third one from now
    google.faults.add("exhausted_429", until=clock() + an_hour)         every call for an hour
    google.faults.scatter(PASSING, share=0.2, seed=7, times=100)        one in five of the next hundred calls

The same calls in the same order meet the same faults.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hearback.simulators import google_errors as say
from hearback.simulators.google_errors import Reply

STALL_SECONDS: Final = 30.0
_SOON: Final = 7


class Break(StrEnum):
    """How an answer is damaged on its way. The call itself was done."""

    CUT = "cut"
    """The connection ends in the middle of the body."""
    RESET = "reset"
    """The connection is reset before a byte of the answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with one call: another answer than the real one, or the real one damaged."""

    name: str
    reply: Callable[[datetime], Reply] | None = None
    alter: Callable[[bytes], bytes] | None = None
    """The body arrives as this makes it, as if that were all."""
    breaks: Break | None = None
    seconds: float = 0.0
    """The answer comes this much later, in real time."""


def _said(name: str, make: Callable[[datetime], Reply]) -> Fault:
    return Fault(name, reply=make)


_ALL: Final = (
    _said("metric_403", lambda _: say.quota_metric()),
    _said("metric_403_seconds", lambda _: say.quota_metric(headers=say.retry_seconds(_SOON))),
    _said("user_rate_403", lambda _: say.user_rate_limit()),
    _said("user_rate_403_told", lambda now: say.user_rate_limit(until=now + timedelta(seconds=_SOON))),
    _said("user_rate_429_told", lambda now: say.user_rate_limit(code=429, until=now + timedelta(seconds=_SOON))),
    _said("exhausted_429", lambda _: say.exhausted()),
    _said("exhausted_429_seconds", lambda _: say.exhausted(headers=say.retry_seconds(_SOON))),
    _said("exhausted_429_date", lambda now: say.exhausted(headers=say.retry_date(now, _SOON))),
    _said("concurrent_429", lambda _: say.concurrent()),
    _said("quota_403", lambda _: say.quota_exceeded()),
    _said("daily_403", lambda _: say.daily_limit()),
    _said("backend_500", lambda _: say.backend(500)),
    _said("backend_503", lambda _: say.backend(503)),
    _said("page_502", lambda _: say.proxy_page(502)),
    _said("page_504", lambda _: say.proxy_page(504)),
    _said("page_200", lambda _: say.proxy_page(200)),
    Fault("truncated", alter=lambda body: body[: len(body) // 2]),
    Fault("cut", breaks=Break.CUT),
    Fault("reset", breaks=Break.RESET),
    Fault("stall", seconds=STALL_SECONDS),
    _said("unauthorized_401", lambda _: say.unauthorized()),
    _said("scopes_403", lambda _: say.insufficient_scopes()),
    _said("policy_403", lambda _: say.domain_policy()),
    _said("api_off_403", lambda _: say.api_off()),
    _said("no_mail_400", lambda _: say.no_mail_service()),
    _said("bad_400", lambda _: say.wrong("Invalid request")),
    _said("gone_404", lambda _: say.gone()),
    _said("token_invalid_grant", lambda _: say.oauth(400, "invalid_grant", "Token has been expired or revoked.")),
    _said("token_invalid_client", lambda _: say.oauth(401, "invalid_client", "The OAuth client was not found.")),
    _said("token_internal", lambda _: say.oauth(500, "internal_failure")),
    _said("token_busy", lambda _: say.oauth(503, "temporarily_unavailable")),
)
CATALOGUE: Final = {fault.name: fault for fault in _ALL}
_LASTING: Final = ("stall", "unauthorized", "scopes", "policy", "api_off", "no_mail", "bad", "gone", "token")
PASSING: Final = tuple(name for name in CATALOGUE if not name.startswith(_LASTING))
"""Faults of a Gmail call that another try mends, and that take no time."""


GMAIL: Final = "gmail"
"""In `call`: any call of the Gmail API."""
OTHERS: Final = frozenset({"token", "revoke", "certs"})
"""Calls to Google that are none of an API."""


def is_gmail(call: str) -> bool:
    """Whether this kind of call is one of the Gmail API."""
    return call not in OTHERS and not call.startswith(("topics.", "subscriptions."))


@dataclass(slots=True)
class _Planned:
    faults: Sequence[Fault]
    call: str | None
    times: int | None
    after: int
    until: datetime | None
    share: float
    dice: random.Random

    def meets(self, call: str) -> Fault | None:
        """How this call goes wrong, if it does; counts it."""
        if self.call is not None and call != self.call and not (self.call == GMAIL and is_gmail(call)):
            return None
        if self.after > 0:
            self.after -= 1
            return None
        if self.times is not None:
            self.times -= 1
        return self.dice.choice(self.faults) if self.dice.random() < self.share else None

    def over(self, now: datetime) -> bool:
        """Whether it meets no call any more."""
        return self.times == 0 or (self.until is not None and now >= self.until)


class Faults:
    """The programme. Thread-safe; the first fault that meets a call is taken."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._lock = threading.Lock()
        self.met: list[tuple[str, str]] = []
        """Which call met which fault, in order."""

    def add(
        self,
        fault: Fault | str,
        *,
        call: str | None = GMAIL,
        times: int | None = 1,
        after: int = 0,
        until: datetime | None = None,
    ) -> None:
        """Let calls go wrong. `fault` is one or a name of CATALOGUE; `call` a kind ("messages.get", "token"), "gmail", or
        None for all; the first `after` of them go well, then `times` go wrong (None: all until `clear`; with `until`: all
        until that moment of the clock).
        """
        found = CATALOGUE[fault] if isinstance(fault, str) else fault
        times = None if until is not None else times
        self._plan(_Planned([found], call, times, after, until, 1.0, random.Random(0)))  # noqa: S311  of one

    def append(self, answer: tuple[int, dict[str, str], bytes]) -> None:
        """The next Gmail call gets this answer: status, headers, body."""
        status, headers, body = answer
        self.add(Fault(f"said_{status}", reply=lambda _: Reply(status, body, headers)))

    def scatter(
        self, names: Sequence[str], *, share: float, seed: int, call: str | None = GMAIL, times: int | None = None
    ) -> None:
        """About this share of the next `times` calls goes wrong (None: until `clear`), each in one of these ways."""
        dice = random.Random(seed)  # noqa: S311  a schedule that can be repeated
        self._plan(_Planned([CATALOGUE[name] for name in names], call, times, 0, None, share, dice))

    def _plan(self, planned: _Planned) -> None:
        with self._lock:
            self._planned.append(planned)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._planned.clear()

    def take(self, call: str, now: datetime) -> Fault | None:
        """The fault this call meets, if any."""
        with self._lock:
            self._planned = [each for each in self._planned if not each.over(now)]
            found = next((fault for each in self._planned if (fault := each.meets(call)) is not None), None)
            if found is not None:
                self.met.append((call, found.name))
        return found
