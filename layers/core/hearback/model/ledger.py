"""Which messages were looked at, opened, kept. Of ignored ones only id, date and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from hearback.model.ids import MailboxId, ProviderMessageId

UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a line whose message was never opened and whose provider did not tell it."""


class Looked(StrEnum):
    """How far we went into a message."""

    SEEN = "seen"
    """Sender, subject, snippet only; the body was not fetched."""
    OPENED = "opened"
    """Read, and nothing kept but this line."""
    KEPT = "kept"
    """A signal was recorded."""
    GONE = "gone"
    """Deleted or moved out of reach before it could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One message's line in the ledger."""

    mailbox_id: MailboxId
    provider_message_id: ProviderMessageId
    at: datetime
    looked: Looked
    reason: str
    """A fixed phrase, never text of the mail."""
    thread: str | None = None
    """Of kept mail: its conversation, by the provider's id, else by the id of its first message. None: not told."""


def threads(lines: Iterable[LedgerEntry]) -> int:
    """How many conversations the kept ones of `lines` belong to; one that does not tell counts for itself."""
    return len(
        {(line.mailbox_id, line.thread or line.provider_message_id) for line in lines if line.looked is Looked.KEPT}
    )
