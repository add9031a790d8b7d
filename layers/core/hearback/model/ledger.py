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
"""The reason of a line whose message is looked at again once its sender is blocked no more."""


class LeftOut(StrEnum):
    """Reasons of lines whose message a choice of the person's left out; when they choose otherwise it may be read."""

    SENDER = "not from a sender you chose"
    BOARD = "not from a job board or recruiter domain"
    KEYWORD = "none of your keywords in subject or first words"
    TRACKED = "not about a company you track"
    FILTER = "left out by your filter"
    FOLDER = "not in a folder you chose"
    """Leaves no line: a mail that is moved into a folder that is read is looked at."""
    RULE = "a rule of yours ignores it"
    BLOCKED = "from a sender you blocked"


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

    @property
    def left_out(self) -> bool:
        """Whether a choice of the person's is why nothing was kept of it."""
        return self.looked in {Looked.SEEN, Looked.OPENED} and self.reason in _CHOICES

    run: str = ""
    """The run that found it (SyncRun.name); empty: none did, or an older version."""
    units: int = 0
    """Of the provider's quota, for looking at it and reading it."""
    thread: str | None = None
    """Of kept mail: its conversation, by the provider's id, else by the id of its first message. None: not told."""


_CHOICES: Final = frozenset(each.value for each in LeftOut)


def threads(lines: Iterable[LedgerEntry]) -> int:
    """How many conversations the kept ones of `lines` belong to; one that does not tell counts for itself."""
    return len(
        {(line.mailbox_id, line.thread or line.provider_message_id) for line in lines if line.looked is Looked.KEPT}
    )
