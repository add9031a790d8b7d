"""Rows of Sync History: each run with what became of the messages it found, counted from the ledger's lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hearback.model.ids import MailboxId
from hearback.model.ledger import Alike, Looked
from hearback.model.mailbox import Mailbox, SyncRun


@dataclass(frozen=True, slots=True)
class Row:
    """One row of Sync History with what became of the messages it found."""

    run: SyncRun
    mailbox: Mailbox | None
    name: str
    running: bool
    opened: int
    kept: int
    skipped: int
    gone: int
    units: int
    why: tuple[tuple[str, int], ...]
    """Why messages were not kept, and how many."""


def rows(runs: Iterable[SyncRun], mailboxes: Sequence[Mailbox], groups: Iterable[Alike]) -> list[Row]:
    """Rows for `runs`, counted from the ledger's lines: those of one run, alike, stand together in `groups`."""
    by_run: dict[tuple[MailboxId, str], list[Alike]] = {}
    for each in groups:
        if each.run:
            by_run.setdefault((each.mailbox_id, each.run), []).append(each)
    known = {each.id: each for each in mailboxes}
    return [_row(run, known.get(run.mailbox_id), by_run.get((run.mailbox_id, run.name), [])) for run in runs]


def _row(run: SyncRun, mailbox: Mailbox | None, groups: list[Alike]) -> Row:
    looked: Counter[Looked] = Counter()
    why: Counter[str] = Counter()
    for each in groups:
        looked[each.looked] += each.count
        if each.looked is not Looked.KEPT:
            why[each.reason] += each.count
    backfill = mailbox.backfill if mailbox is not None else None
    return Row(
        run=run,
        mailbox=mailbox,
        name=str(mailbox.address) if mailbox is not None else "",
        running=backfill is not None and backfill.started_at == run.started_at,
        opened=(looked[Looked.OPENED] + looked[Looked.KEPT]) or (0 if groups else run.opened),
        kept=looked[Looked.KEPT] or (0 if groups else run.kept),
        skipped=looked[Looked.SEEN],
        gone=looked[Looked.GONE],
        units=run.units + sum(each.units for each in groups),
        why=tuple(sorted(why.items(), key=lambda each: (-each[1], each[0]))),
    )
