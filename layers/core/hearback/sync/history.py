"""Sync History: one row for what belongs together, so that every run is told and none drowns the others.

a run that found something          a row of its own
the pages of a first sync or resync one row, from its beginning; the lines of the ledger carry the same name
failing again for the same cause    counted on the row of the first failure
a look that found nothing           counted on the mailbox, then on the next row (Mailbox.quiet, SyncRun.quiet)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from hearback.model.errors import CursorExpired, HearbackError, NeedsPerson, Permanent, Throttled
from hearback.model.ids import PersonId
from hearback.model.mailbox import Mailbox, SyncRun
from hearback.sync.rooms import Rooms

CHAINS: Final = frozenset({"first_sync", "resync", "rescan"})
"""Reasons of what takes more than one run."""
_RECENT: Final = 20
"""Rows looked back at for the one that a run goes on with."""


def begun_at(mailbox: Mailbox, otherwise: datetime) -> datetime:
    """When the backfill that is running began: its row is found by that."""
    return (mailbox.backfill.started_at if mailbox.backfill else None) or otherwise


def remember(rooms: Rooms, person: PersonId, run: SyncRun) -> None:
    """Store a run as a row, or with the row it goes on with."""
    rows = [each for each in rooms.store.ledger.runs(person, limit=_RECENT) if each.mailbox_id == run.mailbox_id]
    same = next((each for each in rows if each.started_at == run.started_at), None)
    if same is not None:
        run = replace(_added(same, run), error=run.error, cause=run.cause)
    elif run.reason not in CHAINS and rows and _fails_alike(rows[0], run):
        run = replace(_added(rows[0], run), error=run.error, times=rows[0].times + 1)
    rooms.store.ledger.add_run(person, run)


def _fails_alike(row: SyncRun, run: SyncRun) -> bool:
    """Whatever triggered them: in an outage every look fails."""
    return None not in {row.error, run.error} and row.cause == run.cause and row.reason not in CHAINS


def _added(row: SyncRun, run: SyncRun) -> SyncRun:
    return replace(
        row,
        ended_at=run.ended_at,
        duration_seconds=row.duration_seconds + run.duration_seconds,
        seen=row.seen + run.seen,
        units=row.units + run.units,
    )


def cause_of(error: HearbackError) -> str:
    """The code a failure goes by in Sync History and in the states of a mailbox (sync.troubles)."""
    if isinstance(error, NeedsPerson):
        return error.cause
    if isinstance(error, Throttled):
        return "throttled"
    if isinstance(error, CursorExpired):
        return "history_lost"
    return "refused" if isinstance(error, Permanent) else "away"
