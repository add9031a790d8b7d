"""Outbox entries in the shape of a DynamoDB stream event, as Lambda hands it to functions/notify. Ids only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hearback.model.outbox import OutboxEntry
from hearback.storage.codec import OUTBOX

PREFIX: Final = "OUT#"
"""How the sort key of an outbox item begins."""
ATTRIBUTE: Final = "entry"


def to_event(entries: Sequence[OutboxEntry]) -> dict[str, Any]:
    """The event a table stream would carry for these entries."""
    return {
        "Records": [
            {
                "eventID": entry.id,
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "Keys": {"pk": {"S": entry.person_id}, "sk": {"S": f"{PREFIX}{entry.id}"}},
                    "NewImage": {
                        "pk": {"S": entry.person_id},
                        "sk": {"S": f"{PREFIX}{entry.id}"},
                        ATTRIBUTE: {"S": OUTBOX.dump_json(entry).decode()},
                    },
                    "SequenceNumber": str(number),
                    "StreamViewType": "NEW_IMAGE",
                },
            }
            for number, entry in enumerate(entries)
        ]
    }


def from_event(event: dict[str, Any]) -> list[OutboxEntry]:
    """The outbox entries among a stream event's records, in order; other items are no business of the outbox."""
    found = []
    for record in event.get("Records", ()):
        image = record.get("dynamodb", {}).get("NewImage") or {}
        if record.get("eventName") == "INSERT" and image.get("sk", {}).get("S", "").startswith(PREFIX):
            found.append(OUTBOX.validate_json(image[ATTRIBUTE]["S"]))
    return found
