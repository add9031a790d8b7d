"""`hearback sync`: every mailbox caught up once, the queue worked until it is empty, no server."""

from __future__ import annotations

import functools
import sys
import time
from typing import Any, Final

from hearback import wiring
from hearback.local.functions import Context
from hearback.local.pumps import work_once
from hearback.local.template import QueueWiring
from hearback.model.budget import Budget
from hearback.model.mailbox import MailboxStatus
from hearback.model.task import Lane
from hearback.queues import batch
from hearback.queues.protocols import Delivery
from hearback.sync import classify
from hearback.sync.sync_now import sync_now

VISIBILITY_SECONDS: Final = 360
BATCH: Final = 10
PATIENCE_SECONDS: Final = 600


def catch_up_all(installation: wiring.Installation) -> None:
    """Queue a CatchUp for every active mailbox and work both lanes until nothing is left; prints what came of it."""
    rooms, person = installation.rooms, wiring.OWNER
    queued = sync_now(rooms, person)
    if not queued:
        sys.stdout.write("No mailbox is connected; connect one in `hearback up`, or use `hearback import`.\n")
        return
    before = len(rooms.store.ledger.entries(person))
    until = time.monotonic() + PATIENCE_SECONDS
    while rooms.queue.depth(Lane.LIVE) + rooms.queue.depth(Lane.BACKFILL) and time.monotonic() < until:
        worked = [_work(installation, lane) for lane in (Lane.LIVE, Lane.BACKFILL)]
        if not any(worked):
            time.sleep(0.2)
    read = len(rooms.store.ledger.entries(person)) - before
    sys.stdout.write(f"mailboxes {queued}  messages looked at {read}\n")
    for mailbox in rooms.store.mailboxes.of_person(person):
        if mailbox.status is not MailboxStatus.ACTIVE and mailbox.cause:
            sys.stdout.write(f"{mailbox.label}: {mailbox.cause}\n")


def _work(installation: wiring.Installation, lane: Lane) -> bool:
    def work(delivery: Delivery, budget: Budget) -> None:
        try:
            classify.handle(installation.rooms.within(budget), delivery.body, delivery.receives)
        except Exception as error:
            sys.stderr.write(f"one task will be tried again ({type(error).__name__})\n")
            raise

    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        late = functools.partial(classify.late, installation.rooms)
        return batch.work(installation.queue, event, Context("classify"), work, late)

    return work_once(installation.queue, QueueWiring(lane, "classify", BATCH, VISIBILITY_SECONDS), invoke)
