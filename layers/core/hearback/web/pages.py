"""What each page shows, as values for its template. Reads projections; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from hearback.mailboxes.protocols import Connector
from hearback.model.application import Application, ReviewItem, Stage
from hearback.model.ids import FactId, PersonId
from hearback.model.ledger import Alike, Looked
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.person import Person
from hearback.model.signal import InterviewType
from hearback.pipeline import duplicates
from hearback.pipeline.view import view
from hearback.sync import attempts, connect, hearing, plans, status, troubles
from hearback.sync.look_ahead import look_ahead
from hearback.sync.rooms import Rooms
from hearback.web import rendering
from hearback.web.ahead import Shown
from hearback.web.board import BOARD
from hearback.web.runs import rows

RUNS_LOOKED_AT: Final = 60
"""Rows of Sync History that tell how mailboxes are."""
RUNS_SHOWN: Final = 10
LINES_SHOWN: Final = 10
MATCHES: Final = 12
"""Applications shown to choose one from."""
PROVIDERS: Final = {Provider.GMAIL: "Gmail", Provider.OUTLOOK: "Outlook", Provider.IMPORT: "Imported mailbox"}


@dataclass(frozen=True, slots=True)
class Sync:
    """The header's sync state."""

    state: str
    """connected | syncing | stale | attention | none"""
    text: str
    percent: int | None = None


def common(rooms: Rooms, person: PersonId, csrf: str) -> dict[str, Any]:
    """What every page's frame shows."""
    now = rooms.clock()
    zone = rooms.store.people.get(person).zone
    return {
        "now": now,
        "zone": zone,
        "csrf": csrf,
        "when": partial(rendering.when, now=now, zone=zone),
        "sync": sync_state(rooms, person),
        "pending": len(rooms.store.projections.review(person)),
    }


def sync_state(rooms: Rooms, person: PersonId) -> Sync:
    """How syncing stands, for the header."""
    paused = plans.paused_of(rooms, person)
    mailboxes = [
        each
        for each in rooms.store.mailboxes.of_person(person)
        if each.status is not MailboxStatus.DISCONNECTED and each.id not in paused
    ]
    connected = [each for each in mailboxes if each.provider is not Provider.IMPORT]
    running = [each for each in connected if each.backfill is not None]
    if any(each.status is MailboxStatus.AUTHENTICATION_REQUIRED for each in connected):
        return Sync("attention", "Authentication Required")
    if running:
        return _syncing(rooms, person, running)
    if not mailboxes:
        return Sync("none", "No mailbox yet")
    if not connected:
        return Sync("connected", "Imported")
    stale = [each for each in connected if troubles.stale(rooms, each)]
    return Sync("stale", "Not syncing") if stale else Sync("connected", "Connected")


def _syncing(rooms: Rooms, person: PersonId, running: list[Mailbox]) -> Sync:
    """The conversations found so far, and the share of the queued messages that were read."""
    tallies = [rooms.store.ledger.tally(person, mailbox.id) for mailbox in running]
    found = sum(mailbox.backfill.found for mailbox in running if mailbox.backfill is not None)
    done = min(sum(each.count() - each.count(Looked.SEEN) for each in tallies), found)
    again = [each.backfill for each in running if each.backfill is not None and each.backfill.reason == "rescan"]
    if len(again) == len(running):  # what is looked at again has its lines already
        done = found - sum(each.waiting for each in again)
    active = sum(each.threads for each in tallies)
    text = f"Syncing {active} active thread{'' if active == 1 else 's'}" if active else "Syncing"
    return Sync("syncing", text, round(100 * done / found) if found else 2)


def found(applications: Iterable[Application], words: str) -> list[Application]:
    """Those in whose company, role, place or tags all of the words are."""
    wanted = words.casefold().split()
    return [each for each in applications if all(word in _searched(each) for word in wanted)]


def _searched(it: Application) -> str:
    return " ".join(str(each) for each in (it.company, it.role, it.location, *it.tags) if each).casefold()


def proposals(rooms: Rooms, person: PersonId, it: Application | None = None) -> tuple[duplicates.Pair, ...]:
    """Pairs (of `it`) that probably are one; none where every mailbox's "Duplicate detection" is off."""
    boxes = rooms.store.mailboxes.of_person(person)
    if boxes and not any(each.preferences.duplicate_detection for each in boxes):
        return ()
    every = rooms.store.projections.applications(person)
    pairs = duplicates.pairs(every) if it is None else duplicates.of(it, every)
    return pairs[: duplicates.SHOWN]


def application(rooms: Rooms, person: PersonId, it: Application, query: Mapping[str, str]) -> dict[str, Any]:
    """One application's page, with what its address asks for: a round or a deadline to change, words to find another by."""
    ahead = look_ahead(rooms, person)
    others = sorted(
        (each.application for each in ahead.correspondences if each.application.id != it.id),
        key=lambda each: (each.company or "", each.role or ""),
    )
    return {
        "it": it,
        "seen": view(it, ahead.now, ahead.person.zone, ahead.person.silence),
        "mine": Shown(ahead).of(it),
        "stages": BOARD,
        "all_stages": tuple(Stage),
        "any_others": bool(others),
        "timeline": tuple(reversed(it.timeline)),
        "tickable": [each.fact for each in it.timeline if not each.by_person or each.fact in it.facts],
        "homes": homes([it, *others]),
        "pairs": proposals(rooms, person, it),
        "waits": waits(rooms, person, it),
        "round": next((each for each in it.interviews if each.fact == query.get("round")), None),
        "deadline": next((each for each in it.deadlines if each.fact == query.get("deadline")), None),
        "rounds": tuple(InterviewType),
        "find": query.get("find", ""),
        "merge_with": found(others, query["find"])[:MATCHES] if query.get("find", "").strip() else [],
    }


def waits(rooms: Rooms, person: PersonId, it: Application) -> list[ReviewItem]:
    """Mail in the Email Inbox that most probably belongs to this application, the newest first."""
    members = set(it.facts)
    mail = (each for each in rooms.store.projections.review(person) if each.suggestion in members)
    return sorted(mail, key=lambda each: (each.at, each.fact), reverse=True)


def homes(applications: Iterable[Application]) -> dict[FactId, str]:
    """Where each mail and act stands: the address of its line in an application's timeline."""
    return {fact: f"/applications/{each.id}#fact-{quote(fact)}" for each in applications for fact in each.facts}


def lessons(rooms: Rooms, person: PersonId) -> dict[str, Any]:
    """What the person taught, newest first, and the mail that is left out because of it."""
    held = rooms.store.facts.lessons(person)
    return {
        "lessons": sorted(held.taught, key=lambda each: (each.at, each.act), reverse=True),
        "senders": sorted(held.senders, key=lambda each: (each.at, each.act), reverse=True),
        "left_out": tuple(reversed(rooms.store.projections.left_out(person))),
        "homes": homes(rooms.store.projections.applications(person)),
    }


def integrations(rooms: Rooms, person: PersonId, connectors: Mapping[Provider, Connector]) -> dict[str, Any]:
    """The Integrations settings page."""
    cards: list[dict[str, Any]] = []
    runs = rooms.store.ledger.runs(person, limit=RUNS_LOOKED_AT)
    groups: list[Alike] = []
    mailboxes = rooms.store.mailboxes.of_person(person)
    for mailbox in mailboxes:
        tally = rooms.store.ledger.tally(person, mailbox.id)
        groups.extend(tally.groups)
        wrong = troubles.troubles(rooms, mailbox, [each for each in runs if each.mailbox_id == mailbox.id])
        cards.append(
            {
                "mailbox": mailbox,
                "provider": PROVIDERS[mailbox.provider],
                "status": status_text(rooms, mailbox),
                "seen": tally.count(),
                "opened": tally.count(Looked.OPENED, Looked.KEPT),
                "kept": tally.count(Looked.KEPT),
                "threads": tally.threads,
                "log": rooms.store.ledger.entries(person, mailbox.id, limit=LINES_SHOWN),
                "troubles": wrong,
                "progress": status.progress(rooms, mailbox),
                "ears": hearing.how(rooms, mailbox) if mailbox.status is MailboxStatus.ACTIVE else None,
                "realtime": _how_found(rooms, mailbox, wrong),
                "ends_at": connect.ends_at(rooms, connectors, mailbox),
                "token_left": rooms.store.mailboxes.secret(person, mailbox.id) is not None,
            }
        )
    return {
        "cards": cards,
        "runs": rows(runs[:RUNS_SHOWN], mailboxes, groups),
        "attempt": attempts.last(rooms, person),
        "available": frozenset(connectors),
        "Provider": Provider,
    }


def _how_found(rooms: Rooms, mailbox: Mailbox, wrong: Sequence[troubles.Trouble]) -> str:
    """By announcement or by looking, and how often; empty where nothing is read."""
    if mailbox.status is not MailboxStatus.ACTIVE or mailbox.provider is Provider.IMPORT:
        return ""
    ears = hearing.how(rooms, mailbox)
    if ears.every_seconds is None:
        return "when you press Sync Now"
    if ears.real_time and not any(each.code == "push_silent" for each in wrong):
        return "at once"
    return f"every {ears.every_seconds // 60} min"


@dataclass(frozen=True, slots=True)
class Banner:
    """What of a mailbox asks for the person on the dashboard."""

    mailbox: Mailbox
    name: str
    trouble: troubles.Trouble


def banners(rooms: Rooms, person: PersonId) -> list[Banner]:
    """The gravest of every mailbox, where it is grave."""
    runs = rooms.store.ledger.runs(person, limit=RUNS_LOOKED_AT)
    found: list[Banner] = []
    for mailbox in rooms.store.mailboxes.of_person(person):
        wrong = troubles.troubles(rooms, mailbox, [each for each in runs if each.mailbox_id == mailbox.id])
        grave = next((each for each in wrong if each.grave), None)
        if grave is not None:
            found.append(Banner(mailbox, PROVIDERS[mailbox.provider], grave))
    return found


def status_text(rooms: Rooms, mailbox: Mailbox) -> str:
    """The connection status as shown."""
    if mailbox.status is MailboxStatus.DISCONNECTED:
        return "Disconnected"
    if mailbox.status is MailboxStatus.AUTHENTICATION_REQUIRED:
        return "Authentication Required"
    if mailbox.provider is Provider.IMPORT:
        return "Imported"
    if plans.is_paused(rooms, mailbox):
        return "Paused"
    return "Not syncing" if troubles.stale(rooms, mailbox) else "Active"


def as_json(it: Application, now: datetime, owner: Person) -> dict[str, Any]:
    """An application as the JSON API gives it."""
    seen = view(it, now, owner.zone, owner.silence)
    return {
        "id": it.id,
        "company": it.company,
        "role": it.role,
        "location": it.location,
        "requisition_id": it.requisition_id,
        "stage": it.stage.value if it.stage else None,
        "marks": list(seen.marks),
        "tags": list(it.tags),
        "archived": it.archived,
        "first_contact": it.first_contact_at.isoformat() if it.first_contact_at else None,
        "last_contact": it.last_contact_at.isoformat() if it.last_contact_at else None,
        "next_interview": seen.next_round.interview.start_at.isoformat()
        if seen.next_round is not None and seen.next_round.interview.start_at is not None
        else None,
        "interviews": [
            {
                "which": each.interview.fact,
                "start": each.interview.start_at.isoformat() if each.interview.start_at else None,
                "status": each.status.value,
                "type": each.interview.type.value,
            }
            for each in seen.rounds
        ],
        "deadlines": [{"which": each.fact, "due": each.due, "kind": each.kind.value} for each in it.deadlines],
    }


def timeline_as_json(it: Application) -> list[dict[str, Any]]:
    """Its history, newest last: what acts can point at."""
    return [
        {
            "fact": each.fact,
            "at": each.at.isoformat(),
            "title": each.title,
            "by_person": each.by_person,
            "kind": each.kind.value if each.kind else None,
            "subject": each.subject,
            "note": each.note,
            "reverted": each.reverted,
        }
        for each in it.timeline
    ]
