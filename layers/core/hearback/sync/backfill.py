"""The first sync, and the bounded resync after an expired cursor: list, triage, queue; newest days first.

Invariant: a page's references are queued and its ledger lines written before the mailbox moves on to the next page,
so a crash repeats at most one page, and repeating is harmless (the ledger and the signals are keyed by message).
Per window of days the provider's searches run first (they find job mail cheaply), then everything, by its snippet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hearback.mailboxes.protocols import Listing, MailboxDoor
from hearback.model.ids import ProviderMessageId
from hearback.model.ledger import UNDATED, LedgerEntry, Looked
from hearback.model.mailbox import Backfill, Mailbox
from hearback.model.task import Lane, MessageRef
from hearback.reading import gate
from hearback.sync.rooms import Rooms

FIRST_WINDOW_DAYS: Final = 30
NOT_FOUND_BY_SEARCH: Final = "no search for job mail found it"


@dataclass(frozen=True, slots=True)
class Step:
    """One listing: how far back, and which search (None: everything)."""

    since: datetime
    query: str | None


def steps(door: MailboxDoor, backfill: Backfill, now: datetime) -> tuple[Step, ...]:
    """The listings of a backfill in order: the newest 30 days, then the whole span, each by search, then by snippet."""
    recent = now - timedelta(days=FIRST_WINDOW_DAYS)
    windows = (backfill.since,) if backfill.since >= recent else (recent, backfill.since)
    return tuple(Step(since, query) for since in windows for query in (*door.searches(since, now), None))


def advance(rooms: Rooms, door: MailboxDoor, mailbox: Mailbox) -> tuple[Mailbox, int]:
    """Read one page of the mailbox's backfill; answers the mailbox as it should be stored and how many were seen."""
    backfill = mailbox.backfill
    if backfill is None or backfill.listed:
        return mailbox, 0
    plan = steps(door, backfill, backfill.started_at or rooms.clock())
    step = plan[min(backfill.step, len(plan) - 1)]
    listing = door.listing(step.since, mailbox.preferences, page=backfill.page, query=step.query)
    queued = _queue(rooms, mailbox, backfill, step, listing)
    if listing.next_page:
        after = replace(backfill, page=listing.next_page, found=backfill.found + queued)
    else:
        last = backfill.step + 1 >= len(plan)
        after = replace(backfill, step=backfill.step + 1, page=None, found=backfill.found + queued, listed=last)
    return replace(mailbox, backfill=after), len(listing.glimpses)


def _queue(rooms: Rooms, mailbox: Mailbox, backfill: Backfill, step: Step, listing: Listing) -> int:
    person = mailbox.person_id
    ids = list(dict.fromkeys(glimpse.id for glimpse in listing.glimpses))
    looked_at = rooms.store.ledger.looked_at(person, mailbox.id, ids)
    wanted: list[ProviderMessageId] = []
    closed: list[LedgerEntry] = []
    for glimpse in listing.glimpses:
        if glimpse.id in looked_at or glimpse.id in wanted:
            continue
        if step.query is not None:
            wanted.append(glimpse.id)
            continue
        verdict = gate.decide(
            glimpse.sender, glimpse.subject, glimpse.snippet, known_domains=frozenset(), known_thread=False
        )
        if verdict.open:
            wanted.append(glimpse.id)
        else:
            blank = not (glimpse.sender or glimpse.subject or glimpse.snippet)
            closed.append(
                LedgerEntry(
                    mailbox_id=mailbox.id,
                    provider_message_id=glimpse.id,
                    at=glimpse.received_at or UNDATED,
                    looked=Looked.SEEN,
                    reason=NOT_FOUND_BY_SEARCH if blank else verdict.reason,
                )
            )
    resync = backfill.reason == "resync"
    rooms.queue.send(
        [MessageRef(person_id=person, mailbox_id=mailbox.id, message_id=each, backfill=not resync) for each in wanted],
        lane=Lane.LIVE if resync else Lane.BACKFILL,
    )
    if closed:
        rooms.store.ledger.note(person, closed)
    return len(wanted)


def finished(rooms: Rooms, mailbox: Mailbox) -> bool:
    """Whether everything a listed backfill queued has been read (or the queue has nothing left to read)."""
    if mailbox.backfill is None or not mailbox.backfill.listed:
        return False
    return rooms.queue.depth(Lane.BACKFILL) == 0 or mailbox.backfill.found == 0
