"""Threads that carry queue tasks, schedules and outbox entries to the functions, as AWS's event sources do.

Invariant: a task is deleted only after its handler returned without naming it as failed; a kill at any moment leaves
it to come back when its visibility ends.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from hearback.local.pulling import LONGEST_REST_SECONDS, Pulling, Source
from hearback.local.template import QueueWiring, ScheduleWiring
from hearback.model.errors import HearbackError, place_of
from hearback.model.ids import PersonId
from hearback.queues.protocols import Delivery, Queue
from hearback.storage import stream
from hearback.storage.protocols import Outbox
from hearback.sync.rooms import Rooms

log = logging.getLogger(__name__)

IDLE_SECONDS: Final = 0.05
"""How long a pump that found nothing rests, unless something is done meanwhile that may give it work."""
TROUBLE_SECONDS: Final = 1.0

Invoke = Callable[[dict[str, Any]], Any]


class Pumps:
    """All pump threads of the process; they end together."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._done = 0
        self._news = threading.Condition()

    def wake(self) -> None:
        """Something was done that may have left work: a request was answered, a pump ran its function. Nobody rests on."""
        with self._news:
            self._done += 1
            self._news.notify_all()

    def waking(self, invoke: Invoke) -> Invoke:
        """`invoke`, and the pumps look at once for what it has left."""

        def run(event: dict[str, Any]) -> Any:
            try:
                return invoke(event)
            finally:
                self.wake()

        return run

    def queue(self, source: Queue, wiring: QueueWiring, invoke: Invoke) -> None:
        """Work one lane with one more worker."""
        self._run(f"queue-{wiring.lane}", lambda: work_once(source, wiring, invoke))

    def schedule(self, wiring: ScheduleWiring, invoke: Invoke) -> None:
        """Call the function every so often, first after one interval."""
        event = json.loads(wiring.input)

        def tick() -> bool:
            if not self._stop.wait(wiring.every_seconds):
                invoke(event)
            return True

        self._run(f"schedule-{event.get('schedule', '')}", tick)

    def stream(self, outbox: Outbox, invoke: Invoke) -> None:
        """Hand outbox entries to the function behind the table stream."""

        def tick() -> bool:
            entries = outbox.pending(limit=100)
            if entries:
                invoke(stream.to_event(entries))
            return bool(entries)

        self._run("stream", tick)

    def pull(self, rooms: Rooms, person: PersonId, source: Source) -> None:
        """Fetch notifications of a pull subscription. The thread is not waited for at the end: it mostly waits for Google."""
        pulling = Pulling(rooms, person, source, self._stop.is_set)

        def loop() -> None:
            while not self._stop.is_set():
                try:
                    rest = pulling.tick()
                except Exception as error:  # noqa: BLE001  as below
                    _broke("pull", error)
                    rest = LONGEST_REST_SECONDS
                self._stop.wait(rest)

        threading.Thread(target=loop, name="pull", daemon=True).start()

    def stop(self) -> None:
        """End all pumps; what they were working comes back later."""
        self._stop.set()
        self.wake()
        for thread in self._threads:
            thread.join(timeout=5)

    def _rest(self, done: int) -> None:
        """Until something is done after the `done`-th time, or the moment of rest is over."""
        with self._news:
            self._news.wait_for(lambda: self._done != done, timeout=IDLE_SECONDS)

    def _run(self, name: str, tick: Callable[[], bool]) -> None:
        def loop() -> None:
            while not self._stop.is_set():
                done = self._done
                try:
                    worked = tick()
                except HearbackError as error:
                    log.warning("%s: %s", name, type(error).__name__)
                    self._stop.wait(TROUBLE_SECONDS)
                except Exception as error:  # noqa: BLE001  a pump must outlive anything its function does; the task comes back by itself
                    _broke(name, error)
                    self._stop.wait(TROUBLE_SECONDS)
                else:
                    if worked:
                        self.wake()
                    else:
                        self._rest(done)

        thread = threading.Thread(target=loop, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()


def _broke(name: str, error: Exception) -> None:
    """Its type and place, never its text, which may hold content."""
    log.error("%s failed: %s at %s", name, type(error).__name__, place_of(error))


def work_once(source: Queue, wiring: QueueWiring, invoke: Invoke) -> bool:
    """Receive one batch, run the function on it, delete what did not fail. False: the lane was empty."""
    deliveries = source.receive(lane=wiring.lane, limit=wiring.batch_size, visibility_seconds=wiring.visibility_seconds)
    if not deliveries:
        return False
    answer = invoke(to_event(deliveries)) or {}
    failed = {each["itemIdentifier"] for each in answer.get("batchItemFailures", ())}
    for each in deliveries:
        if each.id not in failed:  # the function has said when those come back (queues.batch), or their visibility does
            source.delete(each)
    return True


def to_event(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """An SQS event as Lambda receives it."""
    return {
        "Records": [
            {
                "messageId": each.id,
                "receiptHandle": each.receipt,
                "body": each.body,
                "attributes": {"ApproximateReceiveCount": str(each.receives), "MessageGroupId": each.group},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:local:000000000000:hearback-{each.lane}",
                "awsRegion": "local",
            }
            for each in deliveries
        ]
    }
