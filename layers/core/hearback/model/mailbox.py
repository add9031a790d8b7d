"""A connected account at a provider, or an import; its cursor, watch and state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from hearback.model.filter import Filter
from hearback.model.ids import MailboxId, Personal, PersonId


class Provider(StrEnum):
    """Where a mailbox lives."""

    GMAIL = "gmail"
    OUTLOOK = "outlook"
    IMPORT = "import"


class MailboxStatus(StrEnum):
    """What the connection screen says; "Not syncing" is derived from the age of the last success."""

    ACTIVE = "active"
    AUTHENTICATION_REQUIRED = "authentication_required"
    DISCONNECTED = "disconnected"


class Frequency(StrEnum):
    """Sync frequency (FEATURES 2.1)."""

    REAL_TIME = "real_time"
    EVERY_15_MINUTES = "every_15_minutes"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where the next read begins. `value` is the provider's and opaque; `generation` is ours and only grows."""

    generation: int
    value: str


FIRST_WINDOW_DAYS: Final = 30
"""A first sync reads so many days whole before what is older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """How far the first sync or a resync has come. None on the mailbox: nothing to do."""

    since: datetime
    step: int = 0
    """Which of the listings (sync.backfill.steps) is being read."""
    page: str | None = None
    """The provider's page token of the next listing; None: from the start."""
    found: int = 0
    """Messages queued for reading so far."""
    started_at: datetime | None = None
    listed: bool = False
    """Everything is queued; what remains is reading it."""
    older: bool = False
    """The newest days are whole; what is before them is being read."""
    counted: bool = False
    """Of the days that are being read everything is found, but for replies."""
    lost_since: datetime | None = None
    """From here on history was lost: everything since is listed message by message."""
    waiting: int = 0
    """How many queued messages were not settled yet at the last look."""
    moved_at: datetime | None = None
    """When `waiting` last changed."""
    reason: str = "first_sync"
    """first_sync | resync | rescan"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Our push registration at the provider."""

    id: str
    expires_at: datetime
    made_at: datetime | None = None
    """When it was registered; None: it is not known."""


INBOX: Final = "inbox"
SENT: Final = "sent"
ARCHIVE: Final = "archive"
"""Neither in the inbox nor sent."""
EVERYWHERE: Final = "all"
"""All but Junk and Trash, which are never read."""
PLACES: Final = frozenset({INBOX, SENT, ARCHIVE})


class Reads(StrEnum):
    """What of a mailbox is read (FEATURES 2.2). Each only narrows what the gate would open (reading.scope)."""

    ALL = "all"
    SENDERS = "senders"
    BOARDS = "boards"
    KEYWORDS = "keywords"
    TRACKED = "tracked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What of a mailbox is read (FEATURES 2)."""

    frequency: Frequency = Frequency.REAL_TIME
    folders: tuple[str, ...] = (INBOX,)
    """Where mail is found: INBOX, SENT, ARCHIVE, EVERYWHERE, or the provider's ids. Threads about an application are whole."""
    reads: Reads = Reads.ALL
    senders: tuple[Personal, ...] = ()
    """Patterns: whom SENDERS means, and whom BOARDS means beside those that are known."""
    keywords: tuple[Personal, ...] = ()
    """Patterns: what KEYWORDS looks for in subject and first words."""
    filters: tuple[Filter, ...] = ()
    """Of these one must fit, whatever `reads` says; none: all mail does."""
    update_statuses: bool = True
    detect_interviews: bool = True
    flag_urgent: bool = True
    duplicate_detection: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One mailbox as stored. `version` is the condition of every write."""

    id: MailboxId
    person_id: PersonId
    provider: Provider
    address: Personal
    label: str = "Primary job search"
    status: MailboxStatus = MailboxStatus.ACTIVE
    cause: str | None = None
    """Why it is not active, in plain words, for the person."""
    trouble: str | None = None
    """The same as a code (NeedsPerson.cause)."""
    preferences: Preferences = field(default_factory=Preferences)
    cursor: Cursor | None = None
    backfill: Backfill | None = None
    taken_at: datetime | None = None
    """When its cursor was taken anew. Lists of that moment may lack mail that came just before: it is looked for once more."""
    watch: Watch | None = None
    connected_at: datetime | None = None
    reaches: datetime | None = None
    """From when on first syncs have looked through it; None: none has ended yet."""
    last_success_at: datetime | None = None
    quiet: int = 0
    """Looks that found nothing since the last row of Sync History."""
    pushed_at: datetime | None = None
    """When it was last read because the provider announced something."""
    missed_at: datetime | None = None
    """When a regular check last found mail that a standing watch should have announced."""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on a mailbox until `expires_at`; `fence` grows with every grant and guards every write."""

    person_id: PersonId
    mailbox_id: MailboxId
    fence: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRun:
    """One attempt to catch a mailbox up, or several that belong together (sync.history): a row of Sync History."""

    mailbox_id: MailboxId
    started_at: datetime
    reason: str
    """push | sweep | renew | first_sync | resync | rescan | reconnect | plan | sync_now | import"""
    ended_at: datetime | None = None
    duration_seconds: float = 0.0
    """Of work, pauses left out."""
    seen: int = 0
    """Messages the provider told of."""
    opened: int = 0
    kept: int = 0
    units: int = 0
    """Of the provider's quota, for finding them; what reading one cost is on its line of the ledger."""
    error: str | None = None
    cause: str | None = None
    """Of a failure, as a code (sync.history.cause_of)."""
    times: int = 1
    """How often in a row it failed so."""
    quiet: int = 0
    """Looks since the row before that found nothing."""

    @property
    def name(self) -> str:
        """By which the ledger's lines of this run name it, within its mailbox."""
        return run_name(self.started_at)


def run_name(started_at: datetime) -> str:
    """The name of a run of a mailbox that began then."""
    return started_at.strftime("%Y%m%dT%H%M%S.%f")
