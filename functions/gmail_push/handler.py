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
    body = event.get("body") or ""
    try:
        installation().pubsub.verify(event.get("headers", {}).get("authorization"))
        text = base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
        pushed = pubsub.parse(text)
        budget = Budget.of(context.get_remaining_time_in_millis() / 1000 - TO_ANSWER_SECONDS)
        notified.gmail(installation().rooms.within(budget), pushed.address, pushed.history_id)
    except (Permanent, UnicodeDecodeError) as error:
        logger.warning("push acknowledged and left: %s", error)  # a malformed one would come again for seven days
    except HearbackError as error:
        logger.warning("push refused: %s", type(error).__name__)
        return {"statusCode": status_of(error)}
    return {"statusCode": 204}
