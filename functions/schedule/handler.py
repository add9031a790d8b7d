"""The clock → here: due mailboxes are queued for catching up, watches renewed, outbox leftovers sent."""

from __future__ import annotations

from typing import Any

from hearback.alerts import notify
from hearback.model.errors import Permanent
from hearback.observability import count, logger
from hearback.sync import renew, sweep
from hearback.wiring import installation


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One round of the schedule named in the event: "sweep" or "renew"."""
    match event.get("schedule"):
        case "sweep":
            done = {"mailboxes": sweep.sweep(installation().rooms), "outbox": notify.sweep(installation().alerts)}
        case "renew":
            done = {"mailboxes": renew.renew(installation().rooms), "lapsing": renew.lapsing(installation().rooms)}
            count("WatchesLapsing", done["lapsing"])
        case other:
            raise Permanent(f"There is no schedule {other!r}.")
    logger.info("schedule %s: %s", event["schedule"], done)
    return done
