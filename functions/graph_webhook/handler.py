"""Graph → here: the handshake is echoed, notifications are decoded and their ids queued; nobody is called."""

from __future__ import annotations

from typing import Any

from hearback.mailboxes import graph_push
from hearback.model.errors import HearbackError, Permanent, status_of
from hearback.observability import logger
from hearback.sync import notified
from hearback.wiring import installation


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A handshake (200, the token) or a batch of notifications (202)."""
    token = (event.get("queryStringParameters") or {}).get("validationToken")
    try:
        if token is not None:
            return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": graph_push.handshake(token)}
        notices = graph_push.parse(event.get("body") or "")
    except Permanent as error:
        logger.warning("notification refused: %s", error)
        return {"statusCode": 400}
    try:
        notified.graph(installation().rooms, notices)
    except HearbackError as error:
        logger.warning("notification not durable: %s", type(error).__name__)
        return {"statusCode": status_of(error)}
    return {"statusCode": 202}
