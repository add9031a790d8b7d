"""Microsoft Graph's change and lifecycle notifications, decoded. Nothing in them is believed but ids; the caller compares
the client state.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hearback.model.errors import Permanent

MAX_BODY: Final = 1024 * 1024
MAX_TOKEN: Final = 2048
_UNSAFE: Final = re.compile(r"[<>&\"'\x00-\x1f\x7f]")


class _Resource(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: Annotated[str, Field(max_length=1024)] = ""


class _Notification(BaseModel):
    model_config = ConfigDict(extra="ignore")
    subscriptionId: Annotated[str, Field(min_length=1, max_length=128)]  # noqa: N815  Graph's name
    clientState: Annotated[str | None, Field(max_length=128)] = None  # noqa: N815  as above
    lifecycleEvent: str | None = None  # noqa: N815  as above
    resourceData: _Resource | None = None  # noqa: N815  as above


class _Batch(BaseModel):
    model_config = ConfigDict(extra="ignore")
    value: Annotated[list[_Notification], Field(max_length=1000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notification."""

    subscription_id: str
    client_state: str | None = field(repr=False)
    message_id: str | None
    """None: a lifecycle notification, or one that names no message: the mailbox is caught up."""
    lifecycle: str | None = None


def handshake(token: str) -> str:
    """The validation token to echo. Permanent: it could be script, or is far too long."""
    if len(token) > MAX_TOKEN or _UNSAFE.search(token):
        raise Permanent("This validation token is none of Microsoft's.")
    return token


def parse(body: str) -> list[Notice]:
    """The notifications of one request. Permanent: they are none of Graph's."""
    if len(body) > MAX_BODY:
        raise Permanent("This notification is larger than Graph's ever are.")
    try:
        batch = _Batch.model_validate_json(body)
    except ValidationError as error:
        raise Permanent("This notification is none of Graph's.") from error
    return [
        Notice(
            subscription_id=each.subscriptionId,
            client_state=each.clientState,
            message_id=(each.resourceData.id or None) if each.resourceData and not each.lifecycleEvent else None,
            lifecycle=each.lifecycleEvent,
        )
        for each in batch.value
    ]
