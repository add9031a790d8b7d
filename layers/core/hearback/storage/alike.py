"""Tags beside the sealed lines of the ledger, so that alike lines are counted and found while only one of each sort is opened.

A tag is an HMAC under the person's key: it tells which lines are alike, not in what. The run that found a line stands beside it as
it is, a time. Lines of an older version have no tags until they are first counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hearback.model.ids import MailboxId
from hearback.model.ledger import Alike, LedgerEntry, Tally
from hearback.storage.seal import blind


@dataclass(frozen=True, slots=True)
class Tags:
    """What stands beside one sealed line."""

    run: str
    sort: str
    """How far it was looked at, why, and for how many units."""
    thread: str | None
    """Of kept mail, its conversation."""


def tags(key: bytes, entry: LedgerEntry) -> Tags:
    """The tags of a line, under the person's key."""
    conversation = entry.conversation
    return Tags(
        run=entry.run,
        sort=blind(key, f"ledger\x1f{entry.looked.value}\x1f{entry.units}\x1f{entry.reason}"),
        thread=blind(key, "\x1f".join(("thread", *conversation))) if conversation is not None else None,
    )


def tally(counted: Iterable[tuple[MailboxId, str, str, int]], opened: Mapping[str, LedgerEntry], threads: int) -> Tally:
    """What is `counted` by mailbox, run and sort, in words; `opened` is one line of each sort."""
    return Tally(
        groups=tuple(
            Alike(
                mailbox_id=mailbox,
                run=run,
                looked=opened[sort].looked,
                reason=opened[sort].reason,
                count=count,
                units=count * opened[sort].units,
            )
            for mailbox, run, sort, count in counted
        ),
        threads=threads,
    )
