"""What alerts work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hearback.queues.protocols import Queue
from hearback.storage.protocols import Store

if TYPE_CHECKING:
    from hearback.alerts.live import Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """One installation as its alerts see it."""

    store: Store
    queue: Queue
    publisher: Publisher
    clock: Callable[[], datetime]
    allow_loopback: bool = False
    """Webhooks may go to this machine over http: for tests and for trying things out, never deployed."""
