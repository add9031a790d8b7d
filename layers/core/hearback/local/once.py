"""`hearback sync`: every mailbox caught up once, the queue worked until it is empty, no server."""

from __future__ import annotations

import sys
import time
from typing import Final

from hearback import wiring
from hearback.model.mailbox import MailboxStatus
from hearback.model.task import Lane
from hearback.sync import classify
from hearback.sync.sync_now import sync_now

VISIBILITY_SECONDS: Final = 180
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
    queue = installation.queue
    deliveries = queue.receive(lane=lane, visibility_seconds=VISIBILITY_SECONDS)
    for delivery in deliveries:
        try:
            classify.handle(installation.rooms, delivery.body, delivery.receives)
        except Exception as error:  # noqa: BLE001  as a worker does: the task comes back, five times at most
            sys.stderr.write(f"one task will be tried again ({type(error).__name__})\n")
            queue.retry(delivery, delay_seconds=2**delivery.receives)
        else:
            queue.delete(delivery)
    return bool(deliveries)
