"""One batch of a queue worked task by task, as a function of a cloud receives it.

    no time left for another task  → given back untouched, or settled by `late`
    HearbackError                  → comes back after the delay it names, or a growing one
    anything else                  → the same, and its type and place are logged; never its text, which may hold content
    either, on its last try        → dead letter with its reason

A task that comes back gets its own delay here, and nowhere else: the visibility of the whole queue is as long as six
timeouts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from hearback.model.budget import Budget
from hearback.model.errors import HearbackError, Transient, place_of
from hearback.model.task import Lane
from hearback.queues.protocols import MAX_RECEIVES, Delivery, Queue

log = logging.getLogger(__name__)

TASK_SECONDS: Final = 20.0
"""A task is begun only with this much left: two requests that hang, and what must be written afterwards."""
RESERVE_SECONDS: Final = 5.0
"""Kept from a task's own budget, to settle it and to answer."""
DELAY_CAP_SECONDS: Final = 300.0

Work = Callable[[Delivery, Budget], None]


class Remaining(Protocol):
    """What is asked of a function's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Until the function is cut off."""
        ...


def work(
    queue: Queue,
    event: Mapping[str, Any],
    context: Remaining,
    do: Work,
    late: Callable[[Delivery], bool] = lambda _: False,
) -> dict[str, Any]:
    """Work every record of `event`; answers which of them shall be delivered again, as the event source expects it.

    `late` is told of a task there is no time for, and answers whether it is settled with that.
    """
    failed: list[str] = []
    for record in event["Records"]:
        delivery = delivery_of(record)
        left = context.get_remaining_time_in_millis() / 1000
        try:
            if left >= TASK_SECONDS:
                do(delivery, Budget.of(left - RESERVE_SECONDS))
            elif not late(delivery):
                queue.give_back(delivery)
                failed.append(delivery.id)
        except HearbackError as error:
            failed += _again(queue, delivery, error, str(error))
        except Exception as error:  # noqa: BLE001  one task must not take its neighbours with it; it is logged and comes back
            what = f"{type(error).__name__} at {place_of(error)}"
            log.error("task %s, try %d: %s", delivery.id, delivery.receives, what)  # noqa: TRY400  a traceback ends in the error's text
            failed += _again(queue, delivery, error, what)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _again(queue: Queue, delivery: Delivery, error: Exception, reason: str) -> list[str]:
    """Let it come back after its delay, or after its last try keep it with its reason; answers what failed."""
    named = error.retry_after_seconds if isinstance(error, Transient) else None
    try:
        if delivery.receives >= MAX_RECEIVES:
            queue.dead_letter(delivery.body, lane=delivery.lane, reason=reason)
            return []
        delay = named if named is not None else min(2.0**delivery.receives, DELAY_CAP_SECONDS)
        queue.retry(delivery, delay_seconds=delay)
    except Transient:
        log.info("task %s comes back when its visibility ends", delivery.id)
    return [delivery.id]


def delivery_of(record: Mapping[str, Any]) -> Delivery:
    """A record of an SQS event as a delivery."""
    attributes = record["attributes"]
    name = str(record.get("eventSourceARN", "")).rpartition(":")[2].lower()
    return Delivery(
        receipt=record["receiptHandle"],
        id=record["messageId"],
        lane=next((lane for lane in Lane if f"{lane.value}queue" in name or name.endswith(lane.value)), Lane.LIVE),
        body=record["body"],
        group=attributes.get("MessageGroupId", ""),
        receives=int(attributes.get("ApproximateReceiveCount", "1")),
    )
