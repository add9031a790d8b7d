"""Queue → here: CatchUp → more references; a reference → fetch → read → record. Only failed records come back."""

from __future__ import annotations

from typing import Any

from hearback.model.budget import Budget
from hearback.queues import batch
from hearback.queues.protocols import Delivery
from hearback.sync import classify
from hearback.wiring import installation


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One batch of tasks; answers which of them shall be delivered again."""
    return batch.work(installation().queue, event, context, work, late)


def work(delivery: Delivery, budget: Budget) -> None:
    """One task."""
    classify.handle(installation().rooms.within(budget), delivery.body, delivery.receives)


def late(delivery: Delivery) -> bool:
    """One task there is no time for."""
    return classify.late(installation().rooms, delivery)
