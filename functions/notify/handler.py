"""Table stream → here: outbox entries go to open pages and, where a person would want to hear, to their receivers."""

from __future__ import annotations

from typing import Any

from hearback.alerts import notify
from hearback.storage import stream
from hearback.wiring import installation


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One batch of stream records. An error makes the whole batch come again; entries are idempotent."""
    entries = stream.from_event(event)
    if entries:
        notify.notify(installation().alerts, entries)
    return {"batchItemFailures": []}
