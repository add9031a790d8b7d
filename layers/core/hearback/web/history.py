"""Sync History and Activity Log: every run, and every message that was looked at, to filter, page through and save as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from hearback.model.ids import FactId, MailboxId, signal_id
from hearback.model.ledger import UNDATED, LedgerEntry, Looked
from hearback.model.mailbox import SyncRun
from hearback.web import pages, rendering
from hearback.web.router import asked_now, page, router
from hearback.web.runs import Row, rows

PAGE: Final = 50
EVERY: Final = 100_000
"""Runs asked of the store: all of them, of 90 days."""
RESULTS: Final = {"done": "worked", "failed": "failed"}


@router.get("/settings/history")
def sync_history() -> Response[str]:
    """All runs, newest first."""
    asked = asked_now()
    query = _query("mailbox", "reason", "result")
    every = asked.rooms.store.ledger.runs(asked.who, limit=EVERY)
    runs = [
        run
        for run in every
        if query["mailbox"] in {"", run.mailbox_id}
        and query["reason"] in {"", run.reason}
        and query["result"] in {"", "failed" if run.error else "done"}
    ]
    if asked.query.get("as") == "csv":
        return _file("sync-history.csv", _RUN_HEAD, (_run_cells(each) for each in _rows(runs)))
    paging = _Paging.of(len(runs))
    reasons = sorted({each.reason for each in every})
    shown = {"shown": _rows(runs[paging.first : paging.first + PAGE]), **paging.shown(query)}
    return page("history.html", page="settings", reasons=reasons, results=RESULTS, **_frame(query), **shown)


@router.get("/settings/activity")
def activity_log() -> Response[str]:
    """All messages that were looked at, newest first; only those of one page are opened."""
    asked = asked_now()
    query = _query("mailbox", "looked", "run")
    ledger = asked.rooms.store.ledger
    looked = next((each for each in Looked if each.value == query["looked"]), None)
    entries = partial(
        ledger.entries,
        asked.who,
        MailboxId(query["mailbox"]) if query["mailbox"] else None,
        run=query["run"] or None,
        looked=looked,
    )
    if asked.query.get("as") == "csv":
        return _file("activity-log.csv", _LINE_HEAD, (_line_cells(each) for each in entries()))
    groups = ledger.tally(asked.who).groups
    paging = _Paging.of(
        sum(
            each.count
            for each in groups
            if query["mailbox"] in {"", each.mailbox_id}
            and query["run"] in {"", each.run}
            and looked in {None, each.looked}
        )
    )
    lines = entries(skip=paging.first, limit=PAGE)
    homes = {fact: it for it in asked.rooms.store.projections.applications(asked.who) for fact in it.facts}
    kept = {each: homes.get(FactId(signal_id(each.mailbox_id, each.provider_message_id))) for each in lines}
    runs = ledger.runs(asked.who, limit=EVERY) if query["run"] else ()
    row = next(iter(_rows([each for each in runs if each.name == query["run"]][:1])), None)
    shown = {"shown": lines, **paging.shown(query)}
    return page("activity.html", page="settings", looked=tuple(Looked), kept=kept, row=row, **_frame(query), **shown)


def _rows(runs: Sequence[SyncRun]) -> list[Row]:
    """The rows of these runs."""
    asked = asked_now()
    if not runs:
        return []
    mailboxes = asked.rooms.store.mailboxes.of_person(asked.who)
    return rows(runs, mailboxes, asked.rooms.store.ledger.tally(asked.who).groups)


def _query(*names: str) -> dict[str, str]:
    asked = asked_now().query
    return {name: asked.get(name, "")[:100] for name in names}


def _frame(query: Mapping[str, str]) -> dict[str, Any]:
    asked = asked_now()
    boxes = asked.rooms.store.mailboxes.of_person(asked.who)
    return {
        "query": query,
        "boxes": {each.id: f"{pages.PROVIDERS[each.provider]} · {each.address}" for each in boxes},
        "as_csv": "?" + urlencode({**{name: value for name, value in query.items() if value}, "as": "csv"}),
    }


@dataclass(frozen=True, slots=True)
class _Paging:
    """Which of the pages is asked for."""

    total: int
    number: int
    last: int

    @classmethod
    def of(cls, total: int) -> _Paging:
        """Of so many rows; a page that is none is the first, or the last."""
        told = asked_now().query.get("page", "1")
        last = max(1, -(-total // PAGE))
        number = min(max(int(told), 1), last) if told.isascii() and told.isdigit() and len(told) < 9 else 1  # noqa: PLR2004
        return cls(total, number, last)

    @property
    def first(self) -> int:
        """How many rows stand on the pages before."""
        return (self.number - 1) * PAGE

    def shown(self, query: Mapping[str, str]) -> dict[str, Any]:
        """For the foot of the page."""
        kept = {name: value for name, value in query.items() if value}

        def at(which: int) -> str:
            return "?" + urlencode({**kept, "page": str(which)})

        return {
            "total": self.total,
            "number": self.number,
            "last": self.last,
            "newer": at(self.number - 1) if self.number > 1 else "",
            "older": at(self.number + 1) if self.number < self.last else "",
        }


_RUN_HEAD: Final = (
    "started", "ended", "mailbox", "trigger", "found", "opened", "kept", "skipped", "gone", "seconds", "units", "result",
    "times", "quiet_looks_before",
)  # fmt: skip
_LINE_HEAD: Final = ("message_of", "mailbox", "message_id", "looked", "reason", "run", "units")


def _run_cells(row: Row) -> tuple[object, ...]:
    run = row.run
    return (
        run.started_at.isoformat(),
        run.ended_at.isoformat() if run.ended_at else "",
        row.name,
        run.reason,
        run.seen,
        row.opened,
        row.kept,
        row.skipped,
        row.gone,
        round(run.duration_seconds, 3),
        row.units,
        run.error or "done",
        run.times,
        run.quiet,
    )


def _line_cells(line: LedgerEntry) -> tuple[object, ...]:
    at = "" if line.at == UNDATED else line.at.isoformat()
    return (at, line.mailbox_id, line.provider_message_id, line.looked.value, line.reason, line.run, line.units)


def _file(name: str, head: Sequence[str], cells: Iterable[Sequence[object]]) -> Response[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for each in cells:
        writer.writerow([rendering.csv_safe(str(cell)) for cell in each])
    return Response(
        200,
        "text/csv; charset=utf-8",
        out.getvalue(),
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
