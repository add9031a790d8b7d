"""All that is ever queued: CatchUp, MessageRef, ThreadRef, and Announce for receivers. Ids only, never content."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.outbox import OutboxEntry


class Lane(StrEnum):
    """LIVE mail goes before BACKFILL, deliveries to receivers go beside both: three separate queues."""

    LIVE = "live"
    BACKFILL = "backfill"
    DELIVER = "deliver"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """Bring a mailbox up to date. `reason` is a SyncRun's; `hint` is the provider's notified cursor, if any."""

    type: Literal["catch_up"] = "catch_up"
    person_id: PersonId
    mailbox_id: MailboxId
    reason: str = "sweep"
    hint: str | None = None
    attempt: int = 0
    """How often a push found nothing yet; the provider's history may lag behind its notification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """Fetch, read and record one message."""

    type: Literal["message"] = "message"
    person_id: PersonId
    mailbox_id: MailboxId
    message_id: ProviderMessageId
    backfill: bool = False
    """Import and first sync raise no alerts."""
    thread: bool = False
    """Queued because its thread is about an application: opened whatever the gate or the ledger says."""
    awaited: bool = False
    """A backfill waits for it (storage: Awaited)."""
    again: bool = False
    """It was read before, by another model: the present one shall read it (sync.rereading)."""
    missing: int = 0
    """How often it was named and not found: a provider may tell of a message before it can be fetched."""
    anew: bool = False
    """A choice of the person's had left it out: it is looked at under the present ones (sync.rescan, sync.looking_again)."""
    run: str = ""
    """The run that found it (SyncRun.name)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRef:
    """New mail is about an application: queue what of its thread was passed over before, however known the thread is by now."""

    type: Literal["thread"] = "thread"
    person_id: PersonId
    mailbox_id: MailboxId
    thread_id: str
    run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Tell one of the person's receivers of one outbox entry."""

    type: Literal["announce"] = "announce"
    person_id: PersonId
    endpoint: str
    """Id of the webhook endpoint."""
    entry: OutboxEntry


Task = CatchUp | MessageRef | ThreadRef | Announce


def lane_of(task: Task) -> Lane:
    """Where `task` is queued again after it has waited elsewhere."""
    match task:
        case MessageRef(backfill=True) | ThreadRef():
            return Lane.BACKFILL
        case MessageRef() | CatchUp():
            return Lane.LIVE
        case _:
            return Lane.DELIVER
