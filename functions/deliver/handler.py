"""Queue → here → a receiver's webhook, signed. A receiver that fails is tried again on a schedule; 410 ends it."""

from __future__ import annotations

from typing import Any

from hearback.alerts import webhooks
from hearback.model.budget import Budget
from hearback.model.errors import NotFound, Permanent
from hearback.model.task import Lane
from hearback.queues import batch
from hearback.queues.protocols import Delivery
from hearback.wiring import installation


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One batch of deliveries; answers which of them shall be tried again."""
    return batch.work(installation().queue, event, context, work)


def work(delivery: Delivery, _budget: Budget) -> None:
    """One delivery."""
    try:
        webhooks.deliver(installation().alerts, delivery.body, delivery.receives)
    except Permanent as error:
        installation().queue.dead_letter(delivery.body, lane=Lane.DELIVER, reason=str(error))
    except NotFound:
        return  # the person was erased: nobody is left to tell for
