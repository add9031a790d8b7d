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


def _served() -> Iterator[Any]:
    from fakes import BOX
    from hearback.simulators.google import Google
    from hearback.simulators.google_app import app
    from hearback.simulators.serve import serve

    made = Google()
    made.add_account(BOX)
    with serve(app(made)) as root:
        yield made, root
    assert made.violations == [], "what was asked or answered is not in Google's discovery document"


@pytest.fixture
def google() -> Iterator[Any]:
    """A simulated Google with one empty mailbox, served over HTTP: (google, root)."""
    yield from _served()


@pytest.fixture(scope="module")
def shared_google() -> Iterator[Any]:
    """The same, one for all tests of a module: for what is refused, or only looked at."""
    yield from _served()
