"""Whole threads: what a resync and a first sync find in threads that began before, with something else, or are cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, connected, grant, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.mailboxes.protocols import Glimpse, Listing
from hearback.model.errors import CursorExpired
from hearback.model.ids import ProviderMessageId
from hearback.model.ledger import Looked
from hearback.model.mailbox import Provider
from hearback.model.plan import Plan
from hearback.sync import connect, notified
from hearback.sync.catch_up import catch_up

UNSEARCHED = "Dear Ann,\r\n\r\nUnfortunately, we have decided not to move forward. We wish you all the best."
CHAT = "See you at seven, bring wine."


@pytest.fixture
def here(google: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> wiring.Installation:
    monkeypatch.setattr("hearback.sync.catch_up.TAIL_DELAY_SECONDS", 0)
    return install(tmp_path / "home", *google)


def companies(here: wiring.Installation) -> list[tuple[str | None, str | None]]:
    return sorted((each.company, each.stage) for each in here.store.projections.applications(wiring.OWNER))


def push(here: wiring.Installation, google: Any) -> None:
    notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))


def only_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """No search finds anything: what is found is found by its thread."""
    whole = GmailDoor.listing

    def listing(self: GmailDoor, wanted: Any, preferences: Any, *, page: str | None = None) -> Listing:
        return whole(self, wanted, preferences, page=page) if wanted.query is None else Listing(glimpses=())

    monkeypatch.setattr(GmailDoor, "listing", listing)


def test_a_resync_finds_a_reply_in_a_known_thread(here: wiring.Installation, google: Any) -> None:
    """The thread's first message was looked at long since; the reply that history lost is read all the same."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    connected(here, *google)
    reply = google[0].deliver(BOX, mail(2, "Re: Acme", UNSEARCHED), thread_key="t")
    google[0].expire_history_before = google[0].accounts[BOX].history_id
    push(here, google)
    work_all(here)
    (line,) = [each for each in here.store.ledger.entries(wiring.OWNER) if each.provider_message_id == reply]
    assert line.looked is Looked.KEPT


def test_history_lost_in_a_first_sync_loses_no_reply(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first sync that starts over lists what history lost message by message as well."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    whole, late = GmailDoor.changes, list[str]()

    def changes(self: GmailDoor, *args: Any, **more: Any) -> Any:
        if not late and companies(here):
            late.append(google[0].deliver(BOX, mail(2, "Re: hello", "Noted."), thread_key="t"))
            google[0].expire_history_before = google[0].accounts[BOX].history_id
            raise CursorExpired("gone")
        return whole(self, *args, **more)

    monkeypatch.setattr(GmailDoor, "changes", changes)
    box = connected(here, *google)
    assert box.backfill is None
    assert here.store.ledger.looked_at(wiring.OWNER, box.id, [ProviderMessageId(late[0])])


@pytest.mark.parametrize("first", ["stays", "was deleted"])
def test_a_first_sync_reads_threads_that_begin_with_something_else(
    first: str, here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest snippet opened the gate: everything in the thread is read, whatever its first message is or was."""
    only_threads(monkeypatch)
    began = google[0].deliver(BOX, mail(1, "Dinner", CHAT, sender="Mum <mum@family.example>"), thread_key="t")
    google[0].deliver(BOX, mail(2, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    if first == "was deleted":
        google[0].delete(BOX, began)
    box = connected(here, *google)
    assert companies(here) == [("Acme", "applied")]
    assert box.backfill is None


def test_a_closed_thread_stays_closed(here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a thread whose snippet says nothing of a job is fetched."""
    only_threads(monkeypatch)
    google[0].deliver(BOX, mail(1, "Dinner", CHAT, sender="Mum <mum@family.example>"))
    connected(here, *google)
    assert google[0].calls["messages.get"] == 0
    assert google[0].calls["threads.get"] == 0


def test_a_closed_thread_hides_no_message_that_a_search_found(here: wiring.Installation, google: Any) -> None:
    """The search's message still waits to be read when its thread is listed with a snippet that says nothing."""
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    google[0].deliver(BOX, mail(2, "Re: hello", CHAT), thread_key="t")
    box = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    for _ in range(8):  # until it waits for what it found to be read
        catch_up(here.rooms, wiring.OWNER, box.id, reason="first_sync")
    work_all(here)
    assert companies(here) == [("Acme", "applied")]


def test_no_thread_is_asked_for_its_messages(here: wiring.Installation, google: Any) -> None:
    """A list of 500 messages says which thread each is in, for an eighth of what one thread costs; each is read once."""
    for number in (1, 2, 3):
        google[0].deliver(BOX, mail(number, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    connected(here, *google)
    assert google[0].calls["threads.get"] == 0
    assert google[0].calls["messages.get"] == 3


def test_a_snippet_opens_a_thread_whose_beginning_was_read_for_nothing(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search finds the first message, which says nothing of an application, and not the newest, whose snippet does."""
    first = mail(1, "Dinner", "The interview with Mum is at eight.", sender="Mum <mum@family.example>")
    began = google[0].deliver(BOX, first, thread_key="t")
    google[0].deliver(BOX, mail(2, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    whole = GmailDoor.listing

    def listing(self: GmailDoor, wanted: Any, preferences: Any, *, page: str | None = None) -> Listing:
        if wanted.query is None:
            return whole(self, wanted, preferences, page=page)
        return Listing(glimpses=(Glimpse(id=ProviderMessageId(began), thread_id=began),))

    monkeypatch.setattr(GmailDoor, "listing", listing)
    connected(here, *google)
    assert companies(here) == [("Acme", "applied")]


def test_the_newest_thirty_days_are_read_before_older_mail_is_listed(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No listing of what is before them while a message of theirs waits; what came last is on the board first."""
    person = here.store.people.get(wiring.OWNER)
    here.store.people.put(replace(person, plan=Plan.PREMIUM_PRO))
    for days, company in ((3, "Acme"), (60, "Borealis")):
        sent = mail(days, f"Thank you for applying to {company}", RECEIPT.replace("Acme", company))
        google[0].deliver(BOX, sent, received_at=here.clock() - timedelta(days=days))
    listed: list[tuple[bool, list[tuple[str | None, str | None]]]] = []
    whole = GmailDoor.listing

    def listing(self: GmailDoor, wanted: Any, preferences: Any, *, page: str | None = None) -> Listing:
        older = wanted.until is not None and wanted.until < here.clock() - timedelta(days=20)
        listed.append((older, companies(here)))
        return whole(self, wanted, preferences, page=page)

    monkeypatch.setattr(GmailDoor, "listing", listing)
    connected(here, *google)
    held = [companies for older, companies in listed if older]
    assert held
    assert held[0] == [("Acme", "applied")]
    assert companies(here) == [("Acme", "applied"), ("Borealis", "applied")]


def test_mail_rescued_from_spam_is_read(here: wiring.Installation, google: Any) -> None:
    """Whether it arrived there, or was pushed and went there before it was read."""
    connected(here, *google)
    for number, company in enumerate(("Borealis", "Zenith")):
        text, sender = RECEIPT.replace("Acme", company), f"{company} <jobs@{company.lower()}.example>"
        content = mail(number, f"Thank you for applying to {company}", text, sender=sender)
        id_ = google[0].deliver(BOX, content, labels=("INBOX",) if number else ("SPAM",))
        push(here, google)
        if number:
            google[0].relabel(BOX, id_, add=("SPAM",), remove=("INBOX",))
        work_all(here)
        assert company not in {name for name, _ in companies(here)}
        google[0].relabel(BOX, id_, add=("INBOX",), remove=("SPAM",))
        push(here, google)
        work_all(here)
        assert company in {name for name, _ in companies(here)}


def test_a_refused_page_token_stalls_no_mailbox(here: wiring.Installation, google: Any) -> None:
    """A cursor in the middle of a long history goes on, though Gmail has forgotten the page."""
    from hearback.model.mailbox import Cursor

    box = connected(here, *google)
    assert box.cursor is not None
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    stuck = Cursor(generation=box.cursor.generation + 1, value=f"{box.cursor.value}:old-token")
    here.store.mailboxes.put(replace(box, cursor=stuck))
    google[0].faults.append((400, {"content-type": "application/json"}, b'{"error": {"message": "Invalid pageToken"}}'))
    push(here, google)
    work_all(here)
    assert companies(here) == [("Acme", "applied")]


def test_one_persons_backfill_keeps_nobody_else_syncing(here: wiring.Installation, google: Any) -> None:
    """A backfill ends when what it queued itself is settled, whatever else waits in the lane."""
    from hearback.model.ids import MailboxId, PersonId
    from hearback.model.task import Lane, MessageRef

    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    other = MessageRef(
        person_id=PersonId("ben"), mailbox_id=MailboxId("b"), message_id=ProviderMessageId("m"), backfill=True
    )
    here.queue.send([other], lane=Lane.BACKFILL, delay_seconds=3600)
    box = connect.connected(here.rooms, wiring.OWNER, Provider.GMAIL, grant(*google), label="x")
    work_all(here)
    assert here.store.mailboxes.get(wiring.OWNER, box.id).backfill is None
    assert here.queue.depth(Lane.BACKFILL) == 1


def test_a_backfill_is_not_over_while_its_own_mail_waits(here: wiring.Installation, google: Any) -> None:
    """As long as one message is waited for it goes on; what nobody settles for an hour was given up elsewhere."""
    from datetime import timedelta

    from hearback.model.mailbox import Backfill
    from hearback.sync import backfill

    box = connected(here, *google)
    now = here.clock()
    box = replace(box, backfill=Backfill(since=now, listed=True))
    here.store.awaited.add(wiring.OWNER, box.id, ["message:m1"])
    waiting = backfill.looked(here.rooms, box)
    assert waiting.backfill is not None
    rooms = replace(here.rooms, clock=lambda: now + timedelta(hours=2))
    assert backfill.looked(rooms, waiting).backfill is None
    here.store.awaited.settled(wiring.OWNER, box.id, "message:m1")
    assert backfill.looked(here.rooms, waiting).backfill is None


def test_what_was_read_for_nothing_is_not_read_again_for_its_thread(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat in a thread about an application, opened because a search found it: reading it again would say the same."""
    chat = mail(1, "Lunch?", CHAT, sender="Bo <bo@friends.example>")
    began = google[0].deliver(BOX, chat, thread_key="t")
    google[0].deliver(BOX, mail(2, "Thank you for applying to Acme", RECEIPT), thread_key="t")
    whole = GmailDoor.listing

    def listing(self: GmailDoor, wanted: Any, preferences: Any, *, page: str | None = None) -> Listing:
        found = whole(self, wanted, preferences, page=page)
        also = (Glimpse(id=ProviderMessageId(began), thread_id=began),) if wanted.query else ()
        return replace(found, glimpses=(*found.glimpses, *also))

    monkeypatch.setattr(GmailDoor, "listing", listing)
    connected(here, *google)
    assert {each.looked for each in here.store.ledger.entries(wiring.OWNER)} == {Looked.OPENED, Looked.KEPT}
    assert google[0].calls["messages.get"] == 2
