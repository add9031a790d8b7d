"""Shared by all tests."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # fakes.py beside the tests

_MEMORY = Path("/dev/shm")  # noqa: S108  pytest makes a folder of its own in it
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))  # stores of tests need not survive the machine

os.environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What Hearback logs from INFO on, whatever level and handlers another test has left."""
    ours = logging.getLogger("hearback")
    level, propagates = ours.level, ours.propagate
    ours.propagate = False
    ours.addHandler(caplog.handler)
    ours.setLevel(logging.INFO)
    yield caplog
    ours.removeHandler(caplog.handler)
    ours.setLevel(level)
    ours.propagate = propagates


def _google() -> Any:
    from fakes import BOX
    from hearback.simulators.google import Google

    made = Google()
    made.add_account(BOX)
    return made


def _held_to_its_description(google: Any) -> None:
    assert google.violations == [], "what was asked or answered is not in Google's discovery document"


class _Stage:
    """One address at which one simulated Google after the other is served."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[_Stage, str]]:
    """A server for the whole run: starting and ending one costs more than most tests."""
    from hearback.simulators.serve import serve

    made = _Stage()
    with serve(made) as root:  # type: ignore[arg-type]
        yield made, root


@pytest.fixture
def google(stage: tuple[_Stage, str]) -> Iterator[Any]:
    """A simulated Google with one empty mailbox, served over HTTP: (google, root)."""
    from hearback.simulators.google_app import app

    made = _google()
    stage[0].app = app(made)
    yield made, stage[1]
    _held_to_its_description(made)


@pytest.fixture(scope="module")
def shared_google() -> Iterator[Any]:
    """The same, one for all tests of a module: for what is refused, or only looked at."""
    from hearback.simulators.google_app import app
    from hearback.simulators.serve import serve

    made = _google()
    with serve(app(made)) as root:
        yield made, root
    _held_to_its_description(made)
