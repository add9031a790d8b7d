"""One address for all simulated Googles of a module, and worlds on it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # world.py beside the tests

from world import Site, World, site

from hearback import wiring


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site() as made:
        yield made
    wiring._current.clear()


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what survives a kill here does not hang on the disk."""
    held = Path("/dev/shm")  # noqa: S108  only where it is faster
    if not held.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=held) as made:
        yield Path(made)


@pytest.fixture
def new(here: Site, memory: Path) -> Callable[..., World]:
    """Makes worlds, each on a disk of its own."""
    count = iter(range(1_000_000))

    def make(**how: Any) -> World:
        return World(memory / f"home{next(count)}", here, **how)

    return make


@pytest.fixture
def world(new: Callable[..., World]) -> World:
    """A connected mailbox, its first sync done."""
    made = new()
    made.consent()
    made.work_all()
    made.google.take_pushes()
    return made
