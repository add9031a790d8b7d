"""What every queue promises (queues/protocols.py), on SQLite and on SQS."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearback.model.errors import Permanent, Transient
from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.task import CatchUp, Lane, MessageRef
from hearback.queues import codec
from hearback.queues.protocols import MAX_RECEIVES
from hearback.queues.sqlite import SqliteQueue
from hearback.queues.sqs import SqsQueue

ANN = PersonId("ann")


def ref(number: int, mailbox: str = "gmail-1") -> MessageRef:
    return MessageRef(person_id=ANN, mailbox_id=MailboxId(mailbox), message_id=ProviderMessageId(f"m{number}"))


def take(queue: Any, lane: Lane = Lane.LIVE, limit: int = 10) -> list[Any]:
    return list(queue.receive(lane=lane, limit=limit, visibility_seconds=30))


def test_what_is_sent_is_received_and_gone_once_deleted(queue: Any) -> None:
    """A task comes once, and not again after it was deleted."""
    queue.send([ref(1)])
    (delivery,) = take(queue)
    assert codec.decode(delivery.body) == ref(1)
    assert delivery.receives == 1
    queue.delete(delivery)
    assert not take(queue)
    assert queue.depth(Lane.LIVE) == 0


def test_a_task_is_invisible_while_it_is_worked(queue: Any) -> None:
    """No second worker gets it meanwhile."""
    queue.send([ref(1)])
    assert len(take(queue)) == 1
    assert take(queue) == []


def test_retrying_gives_a_task_back(queue: Any) -> None:
    """After retry with no delay it is received again, counted."""
    queue.send([ref(1)])
    (delivery,) = take(queue)
    queue.retry(delivery, delay_seconds=0)
    (again,) = take(queue)
    assert again.receives == 2


def test_retrying_later_keeps_a_task_back(queue: Any, clock: Any) -> None:
    """It is not received before its delay is over, however long its visibility was."""
    queue.send([ref(1)])
    (delivery,) = take(queue)
    queue.retry(delivery, delay_seconds=1)
    assert take(queue) == []
    clock.pass_(1.1)
    if isinstance(queue, SqsQueue):
        time.sleep(1.1)  # moto's clock is the wall's
    (again,) = take(queue)
    assert again.receives == 2


def test_what_is_given_back_is_there_at_once(queue: Any) -> None:
    """Another worker may take it; the receipt it was given back with is worthless."""
    queue.send([ref(1)])
    (delivery,) = take(queue)
    queue.give_back(delivery)
    (again,) = take(queue)
    assert codec.decode(again.body) == ref(1)
    queue.give_back(again)
    assert queue.depth(Lane.LIVE) == 1


def test_sqlite_counts_no_try_that_was_given_back(tmp_path: Path, clock: Any) -> None:
    """However often there was no time for a task, all its tries are still to come."""
    queue = SqliteQueue(tmp_path / "queue.db", clock)
    queue.send([ref(1)])
    for _ in range(2 * MAX_RECEIVES):
        (delivery,) = take(queue)
        assert delivery.receives == 1
        queue.give_back(delivery)
    assert not queue.dead_letters()


def test_lanes_are_separate(queue: Any) -> None:
    """What is in one lane is not received from another."""
    queue.send([ref(1)], lane=Lane.BACKFILL)
    assert take(queue, Lane.LIVE) == []
    assert len(take(queue, Lane.BACKFILL)) == 1


def test_many_tasks_are_all_delivered(queue: Any) -> None:
    """More than one batch goes in and comes out complete."""
    queue.send([ref(number) for number in range(25)])
    found = set()
    while batch := take(queue):
        for delivery in batch:
            found.add(codec.decode(delivery.body))
            queue.delete(delivery)
    assert found == {ref(number) for number in range(25)}


def test_a_task_that_never_works_is_given_up_with_its_reason(queue: Any) -> None:
    """After its tries, and one receive more to settle it, it is a dead letter, not a loop."""
    queue.send([ref(1)])
    for _ in range(MAX_RECEIVES + 1):
        (delivery,) = take(queue)
        queue.retry(delivery, delay_seconds=0)
    assert take(queue) == []
    (dead,) = queue.dead_letters()
    assert codec.decode(dead.body) == ref(1)
    assert "6" in dead.reason


def test_a_dead_letter_keeps_its_reason(queue: Any) -> None:
    """What can never work is kept with why."""
    queue.dead_letter("nonsense", lane=Lane.LIVE, reason="no task")
    (dead,) = queue.dead_letters()
    assert (dead.body, dead.reason) == ("nonsense", "no task")


def test_sqlite_brings_back_what_was_not_finished(tmp_path: Path, clock: Any) -> None:
    """When visibility ends the task comes again, and the old receipt deletes nothing."""
    queue = SqliteQueue(tmp_path / "queue.db", clock)
    queue.send([ref(1)])
    (zombie,) = take(queue)
    clock.pass_(31)
    (again,) = take(queue)
    queue.delete(zombie)
    clock.pass_(31)
    assert len(take(queue)) == 1
    assert again.receives == 2


def test_sqlite_serves_mailboxes_in_turn(tmp_path: Path, clock: Any) -> None:
    """A mailbox with many tasks delays another's single one by one turn at most."""
    queue = SqliteQueue(tmp_path / "queue.db", clock)
    queue.send([ref(number, "busy") for number in range(500)])
    queue.send([ref(1, "quiet")])
    assert "quiet" in {delivery.group for delivery in take(queue, limit=2)}


def test_sqlite_keeps_delayed_tasks_back(tmp_path: Path, clock: Any) -> None:
    """A delayed task comes when its delay is over."""
    queue = SqliteQueue(tmp_path / "queue.db", clock)
    queue.send([CatchUp(person_id=ANN, mailbox_id=MailboxId("a"))], delay_seconds=5)
    assert take(queue) == []
    clock.pass_(5)
    assert len(take(queue)) == 1


def test_sqs_groups_by_mailbox(aws: dict[str, Any]) -> None:
    """Fair queues need the mailbox as MessageGroupId."""
    sent: list[Any] = []

    class Recording:
        def send_message_batch(self, **request: Any) -> dict[str, Any]:
            sent.extend(request["Entries"])
            return {"Successful": [{"Id": entry["Id"]} for entry in request["Entries"]]}

    SqsQueue({Lane.LIVE: "url"}, "dead", Recording()).send([ref(1, "box-a"), ref(2, "box-b")])  # type: ignore[arg-type]
    assert [entry["MessageGroupId"] for entry in sent] == ["box-a", "box-b"]


def test_an_unreachable_queue_is_transient(aws: dict[str, Any]) -> None:
    """A webhook must not acknowledge what could not be queued."""
    with pytest.raises(Transient):
        SqsQueue({Lane.LIVE: "https://sqs.eu-central-1.amazonaws.com/1/nowhere"}, "dead", aws["sqs"]).send([ref(1)])


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nonsense_is_no_task(text: str) -> None:
    """Whatever stands in a queue is a task or a Permanent error."""
    try:
        codec.decode(text)
    except Permanent:
        return
    raise AssertionError("random text is no task")
