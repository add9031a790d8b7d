"""The pumps of the embedded process: they rest when there is nothing to do, and not when there is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hearback import wiring
from hearback.local import pumps, template
from hearback.model.ids import MailboxId, PersonId
from hearback.model.task import CatchUp, Lane
from hearback.queues.sqlite import SqliteQueue

TASK = CatchUp(person_id=PersonId("me"), mailbox_id=MailboxId("gmail-1"), reason="sweep")
LIVE = template.QueueWiring(Lane.LIVE, "classify", 10, 60)
FAR_SECONDS = 30.0
"""Longer than any test waits: who rests as long was not woken."""


@pytest.fixture
def resting(monkeypatch: pytest.MonkeyPatch) -> Iterator[pumps.Pumps]:
    """Pumps that would rest for ever."""
    monkeypatch.setattr(pumps, "IDLE_SECONDS", 10 * FAR_SECONDS)
    made = pumps.Pumps()
    yield made
    made.stop()


@pytest.fixture
def queue(tmp_path: Path) -> SqliteQueue:
    return SqliteQueue(tmp_path / "queue.db", wiring.now)


class Looked(SqliteQueue):
    """A queue that tells when somebody has looked into it and found nothing."""

    empty: threading.Event

    def receive(self, **asked: Any) -> Any:
        found = super().receive(**asked)
        if not found:
            self.empty.set()
        return found


def test_what_a_request_leaves_is_begun_at_once(resting: pumps.Pumps, tmp_path: Path) -> None:
    """A pump that has found nothing and rests is woken by the answer to a request that queued something."""
    queue, worked = Looked(tmp_path / "queue.db", wiring.now), threading.Event()
    queue.empty = threading.Event()
    resting.queue(queue, LIVE, lambda _: worked.set())
    assert queue.empty.wait(FAR_SECONDS)
    resting.waking(lambda _: queue.send([TASK]))({})
    assert worked.wait(FAR_SECONDS)


def test_what_one_pump_leaves_another_begins_at_once(resting: pumps.Pumps, queue: SqliteQueue, tmp_path: Path) -> None:
    """As the outbox's pump does with what the worker has recorded."""
    after, worked = Looked(tmp_path / "after.db", wiring.now), threading.Event()
    after.empty = threading.Event()
    resting.queue(after, LIVE, lambda _: worked.set())
    assert after.empty.wait(FAR_SECONDS)
    queue.send([TASK])
    resting.queue(queue, LIVE, lambda _: after.send([TASK]))
    assert worked.wait(FAR_SECONDS)


def test_a_request_that_fails_wakes_as_well(resting: pumps.Pumps, tmp_path: Path) -> None:
    """What it queued before is there all the same."""
    queue, worked = Looked(tmp_path / "queue.db", wiring.now), threading.Event()
    queue.empty = threading.Event()
    resting.queue(queue, LIVE, lambda _: worked.set())
    assert queue.empty.wait(FAR_SECONDS)

    def fail(event: dict[str, Any]) -> None:
        queue.send([TASK])
        raise LookupError

    with pytest.raises(LookupError):
        resting.waking(fail)({})
    assert worked.wait(FAR_SECONDS)


def test_pumps_that_rest_end_when_they_are_told_to(resting: pumps.Pumps, queue: SqliteQueue) -> None:
    """Nobody waits for the end of a rest."""
    resting.queue(queue, LIVE, lambda _: None)
    resting.stop()
    assert not [thread for thread in resting._threads if thread.is_alive()]
