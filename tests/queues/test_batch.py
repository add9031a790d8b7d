"""One batch: what there is no time for is given back, what fails comes back in its own time, nothing disappears untold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hearback.local.pumps import to_event
from hearback.model.budget import Budget
from hearback.model.errors import Transient
from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.task import Lane, MessageRef
from hearback.queues import batch
from hearback.queues.protocols import MAX_RECEIVES, Delivery
from hearback.queues.sqlite import SqliteQueue
from hearback.wiring import now

SECRET = "salary of Ann"


class Context:
    """Seconds left, one fewer each time they are asked for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@pytest.fixture
def queue(tmp_path: Path) -> SqliteQueue:
    made = SqliteQueue(tmp_path / "queue.db", now)
    made.send(
        [
            MessageRef(person_id=PersonId("a"), mailbox_id=MailboxId("b"), message_id=ProviderMessageId(str(n)))
            for n in range(3)
        ]
    )
    return made


def take(queue: SqliteQueue) -> list[Delivery]:
    return list(queue.receive(lane=Lane.LIVE, visibility_seconds=360))


def test_what_there_is_no_time_for_is_given_back_untouched(queue: SqliteQueue) -> None:
    """A slow first task takes the time of the others: they are named as failed, there at once, and have lost no try."""
    context, worked = Context(batch.TASK_SECONDS + 1), list[str]()

    def slow(delivery: Delivery, budget: Budget) -> None:
        assert budget.left() <= context.seconds - batch.RESERVE_SECONDS
        worked.append(delivery.id)
        context.seconds -= 16

    deliveries = take(queue)
    failed = batch.work(queue, to_event(deliveries), context, slow)["batchItemFailures"]
    assert worked == [deliveries[0].id]
    assert [each["itemIdentifier"] for each in failed] == [each.id for each in deliveries[1:]]
    assert [each.receives for each in take(queue)] == [1, 1]


def test_what_is_settled_for_want_of_time_does_not_come_back(queue: SqliteQueue) -> None:
    """Whoever is told that there is no time may have done with it."""
    deliveries = take(queue)
    answer = batch.work(queue, to_event(deliveries), Context(1), lambda *_: None, lambda each: each == deliveries[0])
    assert len(answer["batchItemFailures"]) == 2


def test_a_task_comes_back_after_the_delay_its_error_names(queue: SqliteQueue) -> None:
    """Not when the visibility of the whole queue ends."""

    def busy(delivery: Delivery, budget: Budget) -> None:
        raise Transient("busy", retry_after_seconds=0 if delivery.id == first else 60)

    deliveries = take(queue)
    first = deliveries[0].id
    assert len(batch.work(queue, to_event(deliveries), Context(60), busy)["batchItemFailures"]) == 3
    assert [(each.id, each.receives) for each in take(queue)] == [(first, 2)]


def test_what_nobody_foresaw_is_logged_by_type_and_place(queue: SqliteQueue, logged: pytest.LogCaptureFixture) -> None:
    """Its neighbours are worked, and the text of the error, which may be a mail's, is nowhere in the log."""

    def broken(delivery: Delivery, budget: Budget) -> None:
        if delivery.id == first:
            raise ValueError(SECRET)

    deliveries = take(queue)
    first = deliveries[0].id
    failed = batch.work(queue, to_event(deliveries), Context(60), broken)["batchItemFailures"]
    assert [each["itemIdentifier"] for each in failed] == [first]
    assert "ValueError at test_batch.py" in logged.text
    assert SECRET not in logged.text


@pytest.mark.parametrize("error", [ValueError(SECRET), Transient("the receiver is down")])
def test_the_last_try_leaves_a_dead_letter_with_its_reason(error: Exception, queue: SqliteQueue) -> None:
    """Settled with that: the queue does not give it up once more without a word."""

    def broken(delivery: Delivery, budget: Budget) -> None:
        raise error

    event = to_event(take(queue)[:1])
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(MAX_RECEIVES)
    assert batch.work(queue, event, Context(60), broken) == {"batchItemFailures": []}
    (dead,) = queue.dead_letters()
    assert ("ValueError at" if isinstance(error, ValueError) else "the receiver is down") in dead.reason
    assert SECRET not in dead.reason


@pytest.mark.parametrize(
    ("arn", "lane"),
    [
        ("arn:aws:sqs:eu-central-1:1:hearback-BackfillQueue-XYZ", Lane.BACKFILL),
        ("arn:aws:sqs:eu-central-1:1:my-live-stack-DeliverQueue-1", Lane.DELIVER),
        ("arn:aws:sqs:local:0:hearback-live", Lane.LIVE),
    ],
)
def test_the_lane_is_told_by_the_queue(arn: str, lane: Lane) -> None:
    """As template.yaml and the embedded deployment name their queues."""
    record: dict[str, Any] = {
        "messageId": "1",
        "receiptHandle": "r",
        "body": "{}",
        "attributes": {},
        "eventSourceARN": arn,
    }
    assert batch.delivery_of(record).lane is lane
