"""Browser ⇄ here: a WebSocket connects with a single-use ticket, is remembered, and is forgotten when it closes."""

from __future__ import annotations

from typing import Any

from hearback.alerts import live
from hearback.model.errors import AccessDenied, HearbackError, status_of
from hearback.observability import logger
from hearback.wiring import installation


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One WebSocket event: $connect, $disconnect, or a message (a ping, which needs no answer)."""
    request = event["requestContext"]
    try:
        match request["routeKey"]:
            case "$connect":
                ticket = (event.get("queryStringParameters") or {}).get("ticket", "")
                live.connect(installation().alerts, request["connectionId"], ticket)
            case "$disconnect":
                live.disconnect(installation().alerts, request["connectionId"])
            case _:
                pass
    except AccessDenied:
        return {"statusCode": 401}
    except HearbackError as error:
        logger.warning("live connection: %s", type(error).__name__)
        return {"statusCode": status_of(error)}
    return {"statusCode": 200}
