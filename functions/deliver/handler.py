"""Queue → here → a receiver's webhook, signed. A receiver that fails is tried again on a schedule; 410 ends it."""

from __future__ import annotations

from typing import Any

from hearback.alerts import webhooks
from hearback.model.budget import Budget
from hearback.queues import batch
from hearback.queues.protocols import Delivery
from hearback.wiring import installation


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One batch of deliveries; answers which of them shall be tried again."""
    return batch.work(installation().queue, event, context, work)


def work(delivery: Delivery, _budget: Budget) -> None:
    """One delivery."""
    webhooks.handle(installation().alerts, delivery)
