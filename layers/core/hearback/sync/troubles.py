"""What is wrong with a mailbox just now, each with its cause and what to do, in plain words. Worked out, not stored.

What it goes by: the mailbox's status and the code of its cause, the newest rows of Sync History, the watch, what pushes and
regular checks found, the backfill, and what is parked. The gravest comes first; the dashboard tells the grave ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hearback.model.mailbox import Mailbox, MailboxStatus, Provider, SyncRun
from hearback.model.plan import poll_seconds
from hearback.sync import hearing, plans
from hearback.sync.rooms import Rooms

SLOW: Final = timedelta(minutes=10)
"""A first sync that takes longer is said to be slow (FEATURES 3.8)."""
TOO_SLOW: Final = timedelta(hours=1)
PUSH_GRACE: Final = timedelta(minutes=2)
"""A push may come this much after the check that found its mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong."""

    code: str
    title: str
    cause: str
    action: str
    """What the person can do; empty: nothing has to be done."""
    grave: bool = False
    """No mail is read until somebody acts, or none is read just now: the dashboard says so too."""
    button: str = ""
    """reconnect | sync | plan; empty: none."""


_REFUSED: Final = {
    "missing_scopes": Trouble(
        code="missing_scopes",
        title="The permission to read mail is missing",
        cause="Google lets Hearback in, but the box “View your email messages and settings” was not ticked, or was taken back.",
        action="Reconnect and leave that box ticked.",
        grave=True,
        button="reconnect",
    ),
    "admin_policy": Trouble(
        code="admin_policy",
        title="Your administrator does not allow it",
        cause="The Google Workspace of this account refuses apps like Hearback.",
        action="Ask the administrator to allow the app (Admin console, Security, API controls), then reconnect. Without them: hearback import reads an export of the mailbox.",
        grave=True,
        button="reconnect",
    ),
    "no_mailbox": Trouble(
        code="no_mailbox",
        title="There is no Gmail mailbox behind this account",
        cause="Google says that mail is not switched on for it: Gmail was removed from the account, or its licence ended.",
        action="Switch Gmail on again and reconnect, or disconnect this mailbox. Your applications stay.",
        grave=True,
        button="reconnect",
    ),
}


def troubles(rooms: Rooms, mailbox: Mailbox, runs: Sequence[SyncRun]) -> tuple[Trouble, ...]:
    """What is wrong with `mailbox`; `runs` are its rows of Sync History, newest first."""
    if mailbox.provider is Provider.IMPORT or mailbox.status is MailboxStatus.DISCONNECTED:
        return ()
    if plans.is_paused(rooms, mailbox):
        return (
            Trouble(
                code="paused",
                title="Paused by your plan",
                cause="Your plan does not include this mailbox any more, so it is not read. All that was read is kept.",
                action="Choose a plan that includes it, or disconnect another mailbox.",
                button="plan",
            ),
        )
    parked = len(rooms.store.outbox.parked(mailbox.person_id, mailbox.id))
    if mailbox.status is MailboxStatus.AUTHENTICATION_REQUIRED:
        return tuple(filter(None, (_refused(mailbox), _backlog(parked))))
    now = rooms.clock()
    found = (
        _failing(mailbox, runs) or _stale(rooms, mailbox, now),
        _history_lost(mailbox),
        _slow(mailbox, now),
        _push(rooms, mailbox, now),
        _backlog(parked),
    )
    return tuple(each for each in found if each is not None)


def stale(rooms: Rooms, mailbox: Mailbox) -> bool:
    """Active, but the last success is older than two intervals ("Not syncing")."""
    return (
        mailbox.status is MailboxStatus.ACTIVE
        and mailbox.provider is not Provider.IMPORT
        and not plans.is_paused(rooms, mailbox)
        and _stale(rooms, mailbox, rooms.clock()) is not None
    )


def _refused(mailbox: Mailbox) -> Trouble:
    known = _REFUSED.get(mailbox.trouble or "")
    if known is not None:
        return known
    title = "Google does not let Hearback read this mailbox any more"
    told = mailbox.cause if mailbox.cause and not mailbox.cause.startswith(title) else None
    return Trouble(
        code="access_ended",
        title=title,
        cause=told
        or "The access was taken back in the Google account, the password was changed, or it was not used for six months.",
        action="Reconnect. Settings and history stay, and all mail that came meanwhile is read.",
        grave=True,
        button="reconnect",
    )


def _failing(mailbox: Mailbox, runs: Sequence[SyncRun]) -> Trouble | None:
    """The newest attempt failed, and none has worked since."""
    last = next(iter(runs), None)
    if last is None or last.error is None:
        return None
    ended = last.ended_at or last.started_at
    if mailbox.last_success_at is not None and mailbox.last_success_at >= ended:
        return None
    if last.cause == "throttled":
        return Trouble(
            code="throttled",
            title="Gmail’s quota for this mailbox is used up for now",
            cause="Gmail lets each mailbox be read only so much a minute. Another app may be reading it, too.",
            action="Nothing has to be done: Hearback waits and goes on by itself. Nothing is lost.",
        )
    if last.cause == "refused":
        return Trouble(
            code="refused",
            title="Gmail refuses what Hearback asks",
            cause=last.error,
            action="Whoever runs this installation sees with hearback doctor what is wrong. Nothing is lost meanwhile.",
            grave=True,
        )
    return Trouble(
        code="provider_away",
        title="The last attempt to read this mailbox did not work",
        cause=last.error,
        action="Nothing has to be done: it is tried again by itself, and what came meanwhile is read then.",
        grave=last.times >= 3,  # noqa: PLR2004  more than a hiccup
        button="sync",
    )


def _stale(rooms: Rooms, mailbox: Mailbox, now: datetime) -> Trouble | None:
    seconds = poll_seconds(rooms.store.people.get(mailbox.person_id).plan, mailbox.preferences.frequency)
    last = mailbox.last_success_at or mailbox.connected_at
    if seconds is None or last is None or now - last <= timedelta(seconds=2 * seconds):
        return None
    return Trouble(
        code="not_syncing",
        title="Not syncing",
        cause=f"This mailbox should be looked at every {seconds // 60} minutes, and was not for longer than twice that: "
        "this computer was off or asleep, or Hearback was not running.",
        action="Leave Hearback running, or press Sync Now. What came meanwhile is read.",
        grave=True,
        button="sync",
    )


def _history_lost(mailbox: Mailbox) -> Trouble | None:
    if mailbox.backfill is None or mailbox.backfill.lost_since is None:
        return None
    return Trouble(
        code="history_lost",
        title="Catching up after a gap",
        cause="Gmail no longer knew where Hearback left off, which happens after long pauses.",
        action="Nothing has to be done: all mail since the last success is being listed, and what is missing is read.",
    )


def _slow(mailbox: Mailbox, now: datetime) -> Trouble | None:
    backfill = mailbox.backfill
    if backfill is None or backfill.started_at is None or now - backfill.started_at <= SLOW:
        return None
    if now - backfill.started_at > TOO_SLOW:
        return Trouble(
            code="first_sync_stuck",
            title="This sync has been running for over an hour",
            cause="A large mailbox takes minutes; this is longer than Gmail’s quota explains.",
            action="Whoever runs this installation sees with hearback doctor what holds it up; please report what it prints. New mail is read meanwhile.",
        )
    return Trouble(
        code="first_sync_slow",
        title="This sync takes longer than usual",
        cause="The mailbox is large, or Gmail answers slowly.",
        action="Nothing has to be done: new mail is read meanwhile, and the rest follows.",
    )


def _push(rooms: Rooms, mailbox: Mailbox, now: datetime) -> Trouble | None:
    """Real-time notifications do not work; regular checks find the mail."""
    if not plans.real_time(rooms, mailbox):
        return None
    ears = hearing.how(rooms, mailbox)
    meanwhile = f"Nothing is lost: the mailbox is looked at every {(ears.every_seconds or 0) // 60} minutes."
    if ears.trouble is not None:
        return Trouble(
            code="push_refused",
            title="Real-time notifications are not set up rightly",
            cause=ears.trouble,
            action=meanwhile,
        )
    if mailbox.watch is None:
        return None
    if mailbox.watch.expires_at <= now:
        return Trouble(
            code="watch_lapsed",
            title="Real-time notifications have run out",
            cause="They end after seven days, and renewing them did not work.",
            action=f"{meanwhile} They are asked for again at every check.",
        )
    missed = mailbox.missed_at
    told = [each for each in (mailbox.pushed_at, ears.last_at + hearing.SELDOM if ears.last_at else None) if each]
    if missed is not None and now - missed > PUSH_GRACE and all(each < missed for each in told):
        return Trouble(
            code="push_silent",
            title="Real-time notifications do not arrive",
            cause="The last mail was found by a regular check; Gmail’s announcement of it did not reach this installation.",
            action=f"{meanwhile} Whoever runs this installation sees with hearback doctor where they get lost.",
        )
    return None


def _backlog(parked: int) -> Trouble | None:
    if not parked:
        return None
    return Trouble(
        code="backlog",
        title=f"{parked} message{'' if parked == 1 else 's'} wait{'s' if parked == 1 else ''} to be read",
        cause="They were found, but could not be read while the mailbox or the store was out of reach.",
        action="They are read by themselves as soon as this mailbox works again.",
    )
