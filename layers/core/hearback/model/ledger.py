"""Which messages were looked at, opened, kept. Of ignored ones only id, date and reason."""

from __future__ import annotations

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

    @property
    def conversation(self) -> tuple[str, str] | None:
        """Of kept mail, which conversation of which mailbox it is in; one that does not tell stands for itself. Else None."""
        if self.looked is not Looked.KEPT:
            return None
        return self.mailbox_id, self.thread or self.provider_message_id


_CHOICES: Final = frozenset(each.value for each in LeftOut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Lines of one mailbox that one run found, looked at as far and for one reason; their number and units."""

    mailbox_id: MailboxId
    run: str
    looked: Looked
    reason: str
    count: int
    units: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What the lines come to. Sorts are told apart by what a line cost, too, so a reason may stand in several groups."""

    groups: tuple[Alike, ...]
    threads: int
    """Conversations that kept mail belongs to ("Threads Monitored")."""

    def count(self, *looked: Looked) -> int:
        """How many lines were looked at so far; all, where none is named."""
        return sum(each.count for each in self.groups if not looked or each.looked in looked)
