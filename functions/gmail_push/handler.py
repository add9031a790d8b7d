"""Gmail → Pub/Sub → here: verify, expand the history, queue message ids. Acknowledged only when that is durable."""

from __future__ import annotations

import base64
from typing import Any

from hearback.mailboxes import pubsub
from hearback.model.budget import Budget
from hearback.model.errors import HearbackError, Permanent, status_of
from hearback.observability import logger
from hearback.sync import notified
from hearback.wiring import installation

TO_ANSWER_SECONDS = 3  # kept to queue a CatchUp instead, where Gmail is slow


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One push. 2xx acknowledges; anything else makes Pub/Sub send it again."""
    try:
        installation().pubsub.verify(event.get("headers", {}).get("authorization"))
        pushed = _parsed(event)
        if pushed is not None:
            budget = Budget.of(context.get_remaining_time_in_millis() / 1000 - TO_ANSWER_SECONDS)
            notified.gmail(installation().rooms.within(budget), pushed.address, pushed.history_id)
    except HearbackError as error:
        logger.warning("push refused: %s", type(error).__name__)
        return {"statusCode": status_of(error)}
    return {"statusCode": 204}


def _parsed(event: dict[str, Any]) -> pubsub.Pushed | None:
    """What the push says. None: it is malformed, is acknowledged and left, or it would come again for seven days."""
    body = event.get("body") or ""
    try:
        return pubsub.parse(base64.b64decode(body).decode() if event.get("isBase64Encoded") else body)
    except (Permanent, ValueError) as error:
        logger.warning("push acknowledged and left: %s", error)
        return None
