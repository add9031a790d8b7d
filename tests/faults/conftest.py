"""One address for all simulated Googles of a module, and worlds on it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # world.py beside the tests

from grounds import Deployed, Embedded, Ground, cloud
from world import Site, World, site

from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site() as made:
        yield made
    wiring._current.clear()


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    with cloud():
        yield


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
def on(request: pytest.FixtureRequest) -> str:
    """Which of the two deployments worlds are: the embedded one where a test does not say."""
    return str(getattr(request, "param", "embedded"))


@pytest.fixture
def new(
    here: Site, memory: Path, on: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., World]]:
    """Makes worlds, each on stores of its own."""
    count = iter(range(1_000_000))
    made: list[World] = []
    if on == "deployed":
        request.getfixturevalue("account")
        searches = GmailDoor.searches
        monkeypatch.setattr(
            GmailDoor, "searches", lambda *args: searches(*args)[:1]
        )  # a first sync makes two dozen, all alike

    def make(**how: object) -> World:
        ground: Ground = Embedded(memory / f"home{next(count)}") if on == "embedded" else Deployed()
        made.append(World(ground, here, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        if isinstance(each.ground, Deployed):
            each.ground.drop()


@pytest.fixture
def world(new: Callable[..., World]) -> World:
    """A connected mailbox, its first sync done."""
    made = new()
    made.consent()
    made.work_all()
    made.google.take_pushes()
    return made
