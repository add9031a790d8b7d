"""Rows of Sync History: each run with what became of the messages it found, counted from the ledger's lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hearback.model.ids import MailboxId
from hearback.model.ledger import LedgerEntry, Looked
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


def rows(runs: Iterable[SyncRun], mailboxes: Sequence[Mailbox], lines: Iterable[LedgerEntry]) -> list[Row]:
    """Rows for `runs`, counted from the ledger's lines."""
    by_run: dict[tuple[MailboxId, str], list[LedgerEntry]] = {}
    for line in lines:
        if line.run:
            by_run.setdefault((line.mailbox_id, line.run), []).append(line)
    known = {each.id: each for each in mailboxes}
    return [_row(run, known.get(run.mailbox_id), by_run.get((run.mailbox_id, run.name), [])) for run in runs]


def _row(run: SyncRun, mailbox: Mailbox | None, lines: list[LedgerEntry]) -> Row:
    looked = Counter(each.looked for each in lines)
    why = Counter(each.reason for each in lines if each.looked in {Looked.SEEN, Looked.OPENED, Looked.GONE})
    backfill = mailbox.backfill if mailbox is not None else None
    return Row(
        run=run,
        mailbox=mailbox,
        name=str(mailbox.address) if mailbox is not None else "",
        running=backfill is not None and backfill.started_at == run.started_at,
        opened=(looked[Looked.OPENED] + looked[Looked.KEPT]) or (0 if lines else run.opened),
        kept=looked[Looked.KEPT] or (0 if lines else run.kept),
        skipped=looked[Looked.SEEN],
        gone=looked[Looked.GONE],
        units=run.units + sum(each.units for each in lines),
        why=tuple(why.most_common()),
    )
