"""Sync History and Activity Log: every run, and every message that was looked at, to filter, page through and save as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from hearback.model.ids import FactId, MailboxId, signal_id
from hearback.model.ledger import UNDATED, LedgerEntry, Looked
from hearback.web import pages, rendering
from hearback.web.router import asked_now, page, router
from hearback.web.runs import Row, rows

PAGE: Final = 50
EVERY: Final = 100_000
"""Rows asked of the store: all of them."""
RESULTS: Final = {"done": "worked", "failed": "failed"}


@router.get("/settings/history")
def sync_history() -> Response[str]:
    """All runs, newest first."""
    shown, query = _runs(), _query("mailbox", "reason", "result")
    asked = asked_now()
    if asked.query.get("as") == "csv":
        return _file("sync-history.csv", _RUN_HEAD, (_run_cells(each) for each in shown))
    reasons = sorted({each.run.reason for each in _all_rows()})
    return page(
        "history.html", page="settings", reasons=reasons, results=RESULTS, **_frame(query), **_page(shown, query)
    )


@router.get("/settings/activity")
def activity_log() -> Response[str]:
    """All messages that were looked at, newest first."""
    asked = asked_now()
    query = _query("mailbox", "looked", "run")
    store = asked.rooms.store
    lines = [
        each
        for each in store.ledger.entries(asked.who, MailboxId(query["mailbox"]) if query["mailbox"] else None)
        if query["looked"] in {"", each.looked.value} and query["run"] in {"", each.run}
    ]
    if asked.query.get("as") == "csv":
        return _file("activity-log.csv", _LINE_HEAD, (_line_cells(each) for each in lines))
    every = store.projections.applications(asked.who)
    homes = {fact: it for it in every for fact in it.facts}
    found = _page(lines, query)
    kept = {each: homes.get(FactId(signal_id(each.mailbox_id, each.provider_message_id))) for each in found["shown"]}
    row = next((each for each in _all_rows() if query["run"] and each.run.name == query["run"]), None)
    return page("activity.html", page="settings", looked=tuple(Looked), kept=kept, row=row, **_frame(query), **found)


def _all_rows() -> list[Row]:
    asked = asked_now()
    ledger = asked.rooms.store.ledger
    mailboxes = asked.rooms.store.mailboxes.of_person(asked.who)
    return rows(ledger.runs(asked.who, limit=EVERY), mailboxes, ledger.entries(asked.who))


def _runs() -> list[Row]:
    query = _query("mailbox", "reason", "result")
    return [
        each
        for each in _all_rows()
        if query["mailbox"] in {"", each.run.mailbox_id}
        and query["reason"] in {"", each.run.reason}
        and query["result"] in {"", "failed" if each.run.error else "done"}
    ]


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


def _page(found: Sequence[Any], query: Mapping[str, str]) -> dict[str, Any]:
    told = asked_now().query.get("page", "1")
    last = max(1, -(-len(found) // PAGE))
    number = min(max(int(told), 1), last) if told.isascii() and told.isdigit() and len(told) < 9 else 1  # noqa: PLR2004
    kept = {name: value for name, value in query.items() if value}

    def at(which: int) -> str:
        return "?" + urlencode({**kept, "page": str(which)})

    return {
        "shown": found[(number - 1) * PAGE : number * PAGE],
        "total": len(found),
        "number": number,
        "last": last,
        "newer": at(number - 1) if number > 1 else "",
        "older": at(number + 1) if number < last else "",
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
