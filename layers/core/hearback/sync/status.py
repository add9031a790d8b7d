"""A mailbox's connection status: Active, Authentication Required, Disconnected, and how far its first sync is. A grant
that died is told once.

Invariant: the status and what tells of it are one write, so a crash leaves neither or both.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from hearback.mailboxes.quota import COST, outlook
from hearback.model.budget import Urgency
from hearback.model.errors import Conflict, NeedsPerson, Transient
from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.mailbox import FIRST_WINDOW_DAYS, Backfill, Mailbox, MailboxStatus
from hearback.model.task import Lane, Task, lane_of
from hearback.sync.announce import change_of
from hearback.sync.backfill import message_name
from hearback.sync.rooms import Rooms
from hearback.sync.turns import next_due

_TRIES = 5
READ_SECONDS: Final = 0.2
"""What reading one message takes beside waiting for quota."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailbox's backfill is."""

    found: int
    """Messages that are worth reading, found so far."""
    left: int
    """Of them not read yet."""
    seconds: float
    """How long reading those takes, by units left and the quota's rate."""
    complete: bool
    """Of the days that are being read all is found but for replies: the estimate is for them."""
    waits_seconds: float
    """So long the provider's quota lets nothing be read."""
    days: str = ""
    """Which days are being read, where there are two parts: "newest" and "older"."""

    def __str__(self) -> str:
        """For the person."""
        said = f"{max(self.found - self.left, 0)} of {self.found} messages read"
        if self.complete:
            said += f", {_about(self.seconds)} left"
            said += f" for the last {FIRST_WINDOW_DAYS} days; earlier mail follows" if self.days == "newest" else ""
        else:
            said += "; more are being found" + (f", {_about(self.seconds)} at least" if self.seconds > 60 else "")  # noqa: PLR2004
        return said + ("; waiting for Gmail’s quota" if self.waits_seconds >= 1 else "")


def progress(rooms: Rooms, mailbox: Mailbox) -> Progress | None:
    """How far the backfill is, and how long it takes still; None: there is none."""
    backfill = mailbox.backfill
    if backfill is None:
        return None
    left = rooms.store.awaited.count(mailbox.person_id, mailbox.id, message_name(ProviderMessageId("")))
    held = rooms.store.quotas.get(mailbox.person_id, mailbox.id)
    state, now = held[0] if held is not None else None, rooms.clock().timestamp()
    by_quota = outlook(state, Urgency.BACKFILL, now, left * COST["messages.get"])
    return Progress(
        found=max(backfill.found, left),
        left=left,
        seconds=max(by_quota, left * READ_SECONDS),
        complete=backfill.listed or backfill.counted,
        waits_seconds=outlook(state, Urgency.BACKFILL, now),
        days="older" if backfill.older else "newest" if _in_two_parts(backfill) else "",
    )


def _in_two_parts(backfill: Backfill) -> bool:
    begun = backfill.started_at
    return (
        backfill.reason != "resync" and begun is not None and backfill.since < begun - timedelta(days=FIRST_WINDOW_DAYS)
    )


def _about(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    return "less than a minute" if minutes <= 1 else f"about {minutes} minutes"


def change(
    rooms: Rooms,
    person: PersonId,
    mailbox_id: MailboxId,
    to: Callable[[Mailbox], Mailbox | None],
    *,
    event: str | None = None,
) -> Mailbox:
    """Store what `to` makes of the mailbox (None: leave it), and tell. Whoever wrote meanwhile is read again.

    NotFound; Transient: others keep writing.
    """
    for _ in range(_TRIES):
        mailbox = rooms.store.mailboxes.get(person, mailbox_id)
        wanted = to(mailbox)
        if wanted is None:
            return mailbox
        try:
            return rooms.store.mailboxes.put(
                wanted, due_at=next_due(rooms, wanted), tells=change_of(rooms, mailbox, event=event)
            )
        except Conflict:
            continue
    raise Transient("The mailbox is being changed from elsewhere; try again.", retry_after_seconds=1)


def require_person(rooms: Rooms, person: PersonId, mailbox_id: MailboxId, error: NeedsPerson) -> None:
    """Mark the mailbox "Authentication Required" with the cause. The cursor stays, so reconnecting catches up.

    A refusal of a token that was replaced meanwhile says nothing of the new one: the person has reconnected.
    """

    def refused(mailbox: Mailbox) -> Mailbox | None:
        held = rooms.store.mailboxes.secret(person, mailbox_id)
        version = held[1] if held is not None else 0
        if mailbox.status is not MailboxStatus.ACTIVE or error.token_version not in {None, version}:
            return None
        return replace(mailbox, status=MailboxStatus.AUTHENTICATION_REQUIRED, cause=str(error), trouble=error.cause)

    change(rooms, person, mailbox_id, refused, event="mailbox.authentication_required")


def recovered(rooms: Rooms, mailbox: Mailbox) -> None:
    """Queue again what was parked on a mailbox that works again."""
    parked = rooms.store.outbox.parked(mailbox.person_id, mailbox.id)
    by_lane: dict[Lane, list[Task]] = {}
    for each in parked:
        by_lane.setdefault(lane_of(each.task), []).append(each.task)
    for lane, tasks in by_lane.items():
        rooms.queue.send(tasks, lane=lane)
    if parked:
        rooms.store.outbox.unpark(mailbox.person_id, mailbox.id, [each.task for each in parked])
