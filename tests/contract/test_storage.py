"""What every store promises (storage/protocols.py), on SQLite and on DynamoDB."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hearback.model.act import Correct
from hearback.model.change import Change, ComponentWrite
from hearback.model.errors import Conflict, Fenced, NotFound, Permanent
from hearback.model.ids import ActId, FactId, MailboxId, Personal, PersonId, ProviderMessageId, signal_id
from hearback.model.ledger import LedgerEntry, Looked
from hearback.model.mailbox import Cursor, Mailbox, Provider, SyncRun, Watch
from hearback.model.message import Address
from hearback.model.outbox import OutboxEntry
from hearback.model.person import Person, Silence
from hearback.model.signal import Kind, Signal, strict
from hearback.model.task import CatchUp, MessageRef, ThreadRef
from hearback.pipeline.grouping import link_keys
from hearback.pipeline.incremental import plan, restate
from hearback.pipeline.templates import sketch
from hearback.storage.keys_file import FileKeys
from hearback.storage.protocols import DUE_SHARDS, Parked
from hearback.storage.sqlite import SqliteStore
from hearback.storage.sqlite.database import STEPS

ANN, BEN = PersonId("ann"), PersonId("ben")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BOX = MailboxId("gmail-1")


def signal(number: int, company: str = "Acme", **fields: Any) -> Signal:
    message = ProviderMessageId(f"m{number}")
    base: dict[str, Any] = {
        "id": signal_id(BOX, message),
        "mailbox_id": BOX,
        "provider_message_id": message,
        "received_at": NOW + timedelta(minutes=number),
        "message_id": f"{number}@x.example",
        "digest": f"d{number}",
        "sender": Address(Personal("canary-sender@acme.example"), Personal("Canary Name")),
        "subject": Personal("canary-subject"),
        "kind": Kind.APPLICATION_CONFIRMATION,
        "confidence": 0.99,
        "evidence": Personal("canary-evidence"),
        "company": Personal(company),
        "role": Personal("Engineer"),
        "authenticity": "pass",
    }
    from hearback.model.message import Authenticity

    return Signal(**(base | {"authenticity": Authenticity.PASS} | fields))


def planned(store: Any, *facts: Any, person: PersonId = ANN, **more: Any) -> Change:
    keys = frozenset[str]().union(*(link_keys(fact) for fact in facts))
    return plan(person, facts, store.facts.touched(person, keys), now=NOW, silent=False, **more)


def mailbox(version: int = 0, generation: int = 1) -> Mailbox:
    return Mailbox(
        id=BOX,
        person_id=ANN,
        provider=Provider.GMAIL,
        address=Personal("canary-box@mail.example"),
        cursor=Cursor(generation=generation, value="100"),
        version=version,
    )


def test_a_change_is_there_when_record_returns(store: Any) -> None:
    """Facts, projections and their version are readable after record."""
    store.facts.record(planned(store, signal(1)))
    assert {fact.id for fact in store.facts.all(ANN)} == {signal(1).id}
    assert [each.company for each in store.projections.applications(ANN)] == ["Acme"]
    assert store.projections.version(ANN) == 1


def test_a_fact_is_stored_once(store: Any) -> None:
    """A change with a fact that is there is a Conflict and changes nothing."""
    change = planned(store, signal(1))
    store.facts.record(change)
    again = replace(change, components=(replace(change.components[0], id="other", expected=(("other", 0),)),))
    with pytest.raises(Conflict):
        store.facts.record(again)
    assert len(store.projections.applications(ANN)) == 1


def test_a_component_that_moved_meanwhile_is_a_conflict(store: Any) -> None:
    """Of two changes planned from one state, the second fails and leaves nothing behind."""
    one, two = planned(store, signal(1)), planned(store, signal(2))
    store.facts.record(one)
    with pytest.raises(Conflict):
        store.facts.record(two)
    assert store.facts.known(ANN, [FactId(signal(1).id), FactId(signal(2).id)]) == {signal(1).id}


def test_a_fact_is_replaced_with_what_it_shows(store: Any) -> None:
    """Fact and projections say the same less, in one transaction; from a version that moved it is a Conflict."""
    store.facts.record(planned(store, signal(1), signal(2)))
    (before,) = store.facts.touched(ANN, link_keys(signal(1)))
    store.facts.record(restate(ANN, before, [strict(signal(1))]))
    (after,) = store.facts.touched(ANN, link_keys(signal(1)))
    assert {(each.id, each.evidence) for each in after.facts} == {
        (signal(1).id, None),
        (signal(2).id, signal(2).evidence),
    }
    assert sorted(store.facts.all(ANN), key=lambda each: each.id) == [strict(signal(1)), signal(2)]
    (shown,) = store.projections.applications(ANN)
    assert [each.evidence for each in shown.timeline] == [None, signal(2).evidence]
    with pytest.raises(Conflict):
        store.facts.record(restate(ANN, before, [strict(signal(2))]))
    with pytest.raises(Conflict):
        store.facts.record(replace(restate(ANN, after, []), replaced=(signal(9),)))


def test_components_that_meet_become_one(store: Any) -> None:
    """After a merge every key of either leads to the same component with all facts."""
    store.facts.record(planned(store, signal(1, "Acme")))
    store.facts.record(planned(store, signal(2, "Zenith")))
    store.facts.record(planned(store, signal(3, "Acme", references=("2@x.example",))))
    (by_one,) = store.facts.touched(ANN, ["mid:1@x.example"])
    (by_two,) = store.facts.touched(ANN, ["mid:2@x.example"])
    assert by_one.id == by_two.id
    assert {fact.id for fact in by_one.facts} == {signal(1).id, signal(2).id, signal(3).id}
    with pytest.raises(Conflict):
        store.facts.record(
            replace(
                planned(store, signal(9, "Zenith")),
                components=(
                    ComponentWrite(id="x", expected=(("x", 3),), facts=(), link_keys=(), applications=(), review=()),
                ),
            )
        )


def test_an_application_is_found_by_its_id_only_by_its_person(store: Any) -> None:
    """Another person's id is NotFound, as one that never was."""
    store.facts.record(planned(store, signal(1)))
    (found,) = store.projections.applications(ANN)
    assert store.projections.application(ANN, found.id).company == "Acme"
    with pytest.raises(NotFound):
        store.projections.application(BEN, found.id)


def test_a_large_component_is_stored_and_read(store: Any) -> None:
    """Hundreds of mails about one employer fit, whatever an item may hold."""
    texts = [signal(number, evidence=Personal(f"{number:04d}" + "äöü evidence " * 14)) for number in range(60)]
    for start in range(0, 60, 15):
        store.facts.record(planned(store, *texts[start : start + 15]))
    (found,) = store.projections.applications(ANN)
    assert len(found.facts) == 60


def test_a_stale_lease_writes_nothing(store: Any) -> None:
    """A change under a lease that another worker holds by now is Fenced."""
    old = store.mailboxes.lease(ANN, BOX, seconds=10, now=NOW)
    new = store.mailboxes.lease(ANN, BOX, seconds=10, now=NOW + timedelta(seconds=11))
    assert new.fence > old.fence
    with pytest.raises(Fenced):
        store.facts.record(planned(store, signal(1), fence=old))
    store.facts.record(planned(store, signal(1), fence=new))


def test_a_lease_is_held_by_one(store: Any) -> None:
    """While a lease runs nobody else gets it; released, the next gets a higher fence."""
    first = store.mailboxes.lease(ANN, BOX, seconds=60, now=NOW)
    assert store.mailboxes.lease(ANN, BOX, seconds=60, now=NOW + timedelta(seconds=59)) is None
    store.mailboxes.release(first)
    assert store.mailboxes.lease(ANN, BOX, seconds=60, now=NOW).fence == first.fence + 1


def test_releasing_an_old_lease_does_not_end_a_new_one(store: Any) -> None:
    """A worker that lost its lease cannot give back another's."""
    old = store.mailboxes.lease(ANN, BOX, seconds=1, now=NOW)
    later = NOW + timedelta(seconds=2)
    assert store.mailboxes.lease(ANN, BOX, seconds=60, now=later) is not None
    store.mailboxes.release(old)
    assert store.mailboxes.lease(ANN, BOX, seconds=60, now=later) is None


def test_a_mailbox_is_written_under_its_version(store: Any) -> None:
    """A write with an old version is a Conflict."""
    stored = store.mailboxes.put(mailbox())
    assert stored.version == 1
    store.mailboxes.put(replace(stored, label="Personal backup"))
    with pytest.raises(Conflict):
        store.mailboxes.put(replace(stored, label="late"))
    assert store.mailboxes.get(ANN, BOX).label == "Personal backup"


def test_a_cursor_never_goes_back(store: Any) -> None:
    """A lower generation is refused, whatever the version."""
    stored = store.mailboxes.put(mailbox(generation=5))
    with pytest.raises(Conflict):
        store.mailboxes.put(replace(stored, cursor=Cursor(generation=4, value="90")))


def test_due_mailboxes_are_found_in_their_time(store: Any) -> None:
    """A mailbox is due from its time on, in exactly one shard, until it is given another."""
    stored = store.mailboxes.put(mailbox(), due_at=NOW)

    def due(at: datetime) -> list[Any]:
        return [each for shard in range(DUE_SHARDS) for each in store.mailboxes.due(at, shard)]

    assert due(NOW - timedelta(seconds=1)) == []
    assert due(NOW) == [(ANN, BOX)]
    stored = store.mailboxes.put(stored, due_at=NOW + timedelta(hours=1))
    assert due(NOW) == []
    stored = store.mailboxes.put(stored)
    assert due(NOW + timedelta(days=1)) == [(ANN, BOX)], "a write that says nothing of it leaves its turn as it was"
    store.mailboxes.put(stored, due_at=None)
    assert due(NOW + timedelta(days=1)) == []


def test_watches_that_end_are_found_whether_a_sweep_is_due_or_not(store: Any) -> None:
    """The index by the end of a watch follows every renewal, and forgets a mailbox without one."""

    def lapsing(until: datetime) -> list[Any]:
        return [each for shard in range(DUE_SHARDS) for each in store.mailboxes.lapsing(until, shard)]

    watched = replace(mailbox(), watch=Watch(id="t", expires_at=NOW + timedelta(days=2)))
    stored = store.mailboxes.put(watched, due_at=None)
    assert lapsing(NOW + timedelta(days=1)) == []
    assert lapsing(NOW + timedelta(days=2)) == [(ANN, BOX)]
    stored = store.mailboxes.put(replace(stored, watch=Watch(id="t", expires_at=NOW + timedelta(days=7))))
    assert lapsing(NOW + timedelta(days=2)) == []
    store.mailboxes.put(replace(stored, watch=None))
    assert lapsing(NOW + timedelta(days=30)) == []


def test_a_mailbox_and_what_it_tells_are_one_write(store: Any) -> None:
    """A refused write tells nothing; one that holds has told when it returns."""
    stored = store.mailboxes.put(mailbox())
    entry = OutboxEntry(id="mailbox:1", person_id=ANN, at=NOW, topic="mailbox.changed")
    with pytest.raises(Conflict):
        store.mailboxes.put(replace(stored, version=7), tells=entry)
    assert not store.outbox.pending()
    store.mailboxes.put(stored, tells=entry)
    assert list(store.outbox.pending()) == [entry]


def test_two_refreshes_of_one_token_have_one_winner(store: Any) -> None:
    """The second save under the same version is a Conflict; deleting leaves none."""
    version = store.mailboxes.put_secret(ANN, BOX, b"one", expected=0)
    store.mailboxes.put_secret(ANN, BOX, b"two", expected=version)
    with pytest.raises(Conflict):
        store.mailboxes.put_secret(ANN, BOX, b"late", expected=version)
    secret, held = store.mailboxes.secret(ANN, BOX)
    assert secret == b"two"
    store.mailboxes.put_secret(ANN, BOX, None, expected=held)
    assert store.mailboxes.secret(ANN, BOX) is None


def test_the_directory_leads_to_everybody_with_that_name(store: Any) -> None:
    """One address may belong to two people; removing one leaves the other."""
    for person in (ANN, BEN):
        store.directory.add("gmail", "shared@mail.example", person, BOX)
    assert set(store.directory.find("gmail", "shared@mail.example")) == {(ANN, BOX), (BEN, BOX)}
    assert store.directory.find("outlook", "shared@mail.example") in ([], ())
    store.directory.remove("gmail", "shared@mail.example", ANN, BOX)
    assert list(store.directory.find("gmail", "shared@mail.example")) == [(BEN, BOX)]


def test_ledger_lines_are_kept_once_and_newest_first(store: Any) -> None:
    """Noting a line again changes nothing; looked_at names what has a line."""

    def line(number: int, reason: str) -> LedgerEntry:
        return LedgerEntry(
            mailbox_id=BOX,
            provider_message_id=ProviderMessageId(f"m{number}"),
            at=NOW + timedelta(days=number),
            looked=Looked.SEEN,
            reason=reason,
        )

    store.ledger.note(ANN, [line(1, "first"), line(2, "first")])
    store.ledger.note(ANN, [line(1, "second")])
    assert [(each.provider_message_id, each.reason) for each in store.ledger.entries(ANN)] == [
        ("m2", "first"),
        ("m1", "first"),
    ]
    assert store.ledger.looked_at(ANN, BOX, [ProviderMessageId("m1"), ProviderMessageId("m9")]) == {"m1"}
    assert store.ledger.looked_at(BEN, BOX, [ProviderMessageId("m1")]) == frozenset()
    (told,) = store.ledger.lines(ANN, BOX, [ProviderMessageId("m1"), ProviderMessageId("m9")]).items()
    assert told == ("m1", next(each for each in store.ledger.entries(ANN, BOX) if each.provider_message_id == "m1"))
    assert store.ledger.lines(BEN, BOX, [ProviderMessageId("m1")]) == {}


def test_sync_runs_are_told_newest_first(store: Any) -> None:
    """Sync History shows the last runs."""
    for hour in (1, 2, 3):
        store.ledger.add_run(
            ANN, SyncRun(mailbox_id=BOX, started_at=NOW + timedelta(hours=hour), reason="sweep", seen=hour)
        )
    assert [run.seen for run in store.ledger.runs(ANN, limit=2)] == [3, 2]


def test_outbox_entries_wait_until_they_are_done(store: Any) -> None:
    """What a change must tell is pending with it, and gone once done."""
    store.facts.record(planned(store, signal(1)))
    entries = store.outbox.pending()
    assert {each.topic for each in entries} == {"application.changed"}
    store.outbox.done(ANN, [each.id for each in entries])
    store.outbox.done(ANN, [each.id for each in entries])
    assert not store.outbox.pending()


def test_a_change_may_be_only_something_to_tell(store: Any) -> None:
    """An entry of its own needs no facts."""
    entry = OutboxEntry(id="mailbox:1", person_id=ANN, at=NOW, topic="mailbox.changed")
    store.facts.record(Change(person_id=ANN, outbox=(entry,)))
    assert list(store.outbox.pending()) == [entry]


def test_parked_tasks_wait_on_their_mailbox(store: Any) -> None:
    """The same work is parked once, and forgotten when it was queued again."""
    ref = MessageRef(person_id=ANN, mailbox_id=BOX, message_id=ProviderMessageId("m1"))
    thread = ThreadRef(person_id=ANN, mailbox_id=BOX, thread_id="m1")
    for task in (ref, ref, CatchUp(person_id=ANN, mailbox_id=BOX), thread):
        store.outbox.park(Parked(task=task, reason="revoked", at=NOW))
    waiting = store.outbox.parked(ANN, BOX)
    assert len(waiting) == 3
    store.outbox.unpark(ANN, BOX, [each.task for each in waiting])
    assert not store.outbox.parked(ANN, BOX)


def test_what_a_backfill_waits_for_is_counted_per_mailbox(store: Any) -> None:
    """Waiting twice counts once, settling twice too, and another mailbox or person is another count."""
    other = MailboxId("gmail-2")
    store.awaited.add(ANN, BOX, [f"m{number}" for number in range(120)])
    store.awaited.add(ANN, BOX, ["m1", "m2"])
    store.awaited.add(ANN, other, ["m1"])
    store.awaited.add(BEN, BOX, ["m1"])
    assert store.awaited.count(ANN, BOX) == 120
    assert store.awaited.among(ANN, BOX, ["m1", "m119", "m120"]) == {"m1", "m119"}
    for name in ("m1", "m1", "never waited for"):
        store.awaited.settled(ANN, BOX, name)
    assert [store.awaited.count(*each) for each in ((ANN, BOX), (ANN, other), (BEN, BOX))] == [119, 1, 1]
    assert store.awaited.count(ANN, BOX, "m11") == 11
    store.awaited.drop(ANN, BOX, "m11")  # m11, m110 to m119
    assert [store.awaited.count(*each) for each in ((ANN, BOX), (ANN, other), (BEN, BOX))] == [108, 1, 1]
    store.people.erase(ANN)
    with pytest.raises(NotFound):
        store.awaited.add(ANN, BOX, ["m1"])
    assert store.awaited.count(ANN, BOX) == 0


def test_a_quotas_count_is_kept_under_its_version(store: Any) -> None:
    """One of two that counted from the same version is told so; each mailbox has its own; erased people have none."""
    assert store.quotas.get(ANN, BOX) is None
    assert store.quotas.put(ANN, BOX, b"first", expected=0) == 1
    for expected in (0, 2):
        with pytest.raises(Conflict):
            store.quotas.put(ANN, BOX, b"late", expected=expected)
    assert store.quotas.put(ANN, BOX, b"second", expected=1) == 2
    assert store.quotas.get(ANN, BOX) == (b"second", 2)
    assert store.quotas.get(ANN, MailboxId("gmail-2")) is None
    assert store.quotas.get(BEN, BOX) is None
    store.people.erase(ANN)
    for expected in (0, 2):
        with pytest.raises((Conflict, NotFound)):
            store.quotas.put(ANN, BOX, b"after", expected=expected)


def test_a_file_of_the_schema_before_is_carried_over(tmp_path: Any) -> None:
    """A SQLite store written by the version before opens, and what came since works; one from later is refused."""
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as db:
        for statement in STEPS[0].split(";"):
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")
    store = SqliteStore(path, FileKeys(tmp_path))
    store.people.put(Person(id=ANN))
    store.mailboxes.put(replace(mailbox(), watch=Watch(id="t", expires_at=NOW)))
    store.awaited.add(ANN, BOX, ["m1"])
    assert store.awaited.count(ANN, BOX) == 1
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(Permanent):
        SqliteStore(path, FileKeys(tmp_path))


def test_what_a_person_chose_is_kept_with_them(store: Any) -> None:
    """After how much silence an application is called ghosted; who never chose has the usual."""
    assert store.people.get(ANN).silence == Silence()
    store.people.put(replace(store.people.get(ANN), silence=Silence(after_applying=30, after_interview=5)))
    assert store.people.get(ANN).silence == Silence(after_applying=30, after_interview=5)
    assert store.people.get(BEN).silence == Silence()


def test_settings_are_found_by_how_they_begin(store: Any) -> None:
    """A prefix finds its settings by name; another person's are never among them."""
    for name in ("webhook:b", "webhook:a", "session:x"):
        store.people.put_setting(ANN, name, name.encode())
    store.people.put_setting(BEN, "webhook:c", b"ben")
    assert [name for name, _ in store.people.settings(ANN, "webhook:")] == ["webhook:a", "webhook:b"]
    store.people.put_setting(ANN, "webhook:a", None)
    assert store.people.setting(ANN, "webhook:a") is None


def test_an_erased_person_is_gone_and_stays_gone(store: Any) -> None:
    """After erasure every read is NotFound or empty and every write NotFound."""
    store.facts.record(planned(store, signal(1)))
    store.mailboxes.put(replace(mailbox(), watch=Watch(id="t", expires_at=NOW)), due_at=NOW)
    store.directory.add("gmail", "ann@mail.example", ANN, BOX)
    change = planned(store, signal(2))
    store.people.erase(ANN)
    with pytest.raises(NotFound):
        store.people.get(ANN)
    with pytest.raises(NotFound):
        store.facts.record(change)
    with pytest.raises(NotFound):
        store.people.put_setting(ANN, "x", b"y")
    assert not list(store.directory.find("gmail", "ann@mail.example"))
    assert not [each for shard in range(DUE_SHARDS) for each in store.mailboxes.due(NOW, shard)]
    assert not [each for shard in range(DUE_SHARDS) for each in store.mailboxes.lapsing(NOW, shard)]
    assert not store.outbox.pending()
    assert store.people.get(BEN).id == BEN


def test_a_person_who_comes_back_has_nothing_of_before(store: Any) -> None:
    """Put after erase begins with a fresh key and no facts."""
    store.facts.record(planned(store, signal(1)))
    store.people.erase(ANN)
    store.people.put(Person(id=ANN))
    assert not list(store.facts.all(ANN))
    assert not store.projections.applications(ANN)


def test_nothing_personal_is_stored_in_clear(store: Any, request: pytest.FixtureRequest, tmp_path: Any) -> None:
    """Sender, subject, evidence and addresses are found in no stored byte."""
    corrected = signal(1, template=sketch(["canary"] + [f"word {number}" for number in range(20)], b"k" * 32))
    taught = Correct(id=ActId("act"), at=NOW, about=FactId(corrected.id), kind=Kind.OFFER)
    store.facts.record(planned(store, corrected, taught, lessons=store.facts.lessons(ANN)))
    assert store.facts.lessons(ANN).spreading == ("canary-sender@acme.example",)
    store.mailboxes.put(mailbox(), due_at=NOW)
    store.directory.add("gmail", "canary-box@mail.example", ANN, BOX)
    store.people.put_setting(ANN, "note", b"canary-setting")
    store.mailboxes.put_secret(ANN, BOX, b"canary-token", expected=0)
    stored = _every_byte(store, tmp_path)
    assert len(stored) > 500
    assert b"canary" not in stored.lower()
    assert b"acme" not in stored.lower()


def test_a_body_moved_to_another_person_does_not_open(store: Any, tmp_path: Any) -> None:
    """Swapping ciphertexts between people is noticed, never read."""
    for person in (ANN, BEN):
        store.people.put_setting(person, "token", person.encode())
    _swap_settings(store)
    with pytest.raises(Permanent):
        store.people.setting(ANN, "token")


def _every_byte(store: Any, tmp_path: Any) -> bytes:
    table = getattr(store.people, "_table", None)
    if table is not None:
        return repr(table.client.scan(TableName=table.name)["Items"]).encode()
    return b"".join(file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file())


def _swap_settings(store: Any) -> None:
    table = getattr(store.people, "_table", None)
    if table is None:
        with store.people._db.write() as db:
            rows = dict(db.execute("SELECT person, body FROM setting WHERE name = 'token'").fetchall())
            db.execute("UPDATE setting SET body = ? WHERE person = ?", (rows[BEN], ANN))
        return
    theirs = table.get(f"P#{BEN}", "SET#token")
    table.put({**theirs, "pk": {"S": f"P#{ANN}"}})
