"""A simulated Google whose clock the test moves, in process and over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from fakes import BOX
from hearback.simulators.google import Google
from hearback.simulators.google_app import app
from hearback.simulators.serve import serve


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(clock: Clock) -> Google:
    google = Google(clock)
    google.add_account(BOX)
    return google


@pytest.fixture
def root(made: Google) -> Iterator[str]:
    with serve(app(made)) as address:
        yield address
