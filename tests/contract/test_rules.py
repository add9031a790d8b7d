"""What every store promises of rules and choices: found again as they were written, sealed, applied and taken back exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hearback.model.budget import Budget
from hearback.model.change import Change
from hearback.model.errors import NotFound
from hearback.model.ids import MailboxId, Personal, PersonId, ProviderMessageId, signal_id
from hearback.model.ledger import LedgerEntry, LeftOut, Looked
from hearback.model.mailbox import Mailbox, Preferences, Provider, Reads
from hearback.model.message import Address, Authenticity
from hearback.model.rule import Rule
from hearback.model.signal import Ability, Kind, Ruled, Signal
from hearback.model.stage import Stage
from hearback.pipeline.filters import parse, parse_all
from hearback.sync import apply_rules, rulebook
from hearback.sync.record import record

ANN, BEN = PersonId("ann"), PersonId("ben")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BOX = MailboxId("gmail-1")
RULE = Rule(
    id="r1",
    at=NOW,
    name=Personal("canary-name"),
    filter=parse('From: *@acme.example / Subject: "canary, subject", canary / Exclude: canary-news'),
    kinds=(Kind.APPLICATION_CONFIRMATION,),
    companies=(Personal("canary-company*"), Personal("Acme")),
    mailboxes=(BOX,),
    kind=Kind.OFFER,
    stage=Stage.OFFER_EXTENDED,
    tag=Personal("canary-tag"),
    notify=True,
)


def signal(number: int, company: str = "Acme", **fields: Any) -> Signal:
    """A receipt of an employer."""
    message = ProviderMessageId(f"m{number}")
    base: dict[str, Any] = {
        "id": signal_id(BOX, message),
        "mailbox_id": BOX,
        "provider_message_id": message,
        "received_at": NOW + timedelta(minutes=number),
        "digest": f"d{number}",
        "sender": Address(Personal("jobs@acme.example")),
        "kind": Kind.APPLICATION_CONFIRMATION,
        "confidence": 0.99,
        "company": Personal(company),
        "role": Personal("Engineer"),
        "authenticity": Authenticity.PASS,
    }
    return Signal(**(base | fields))


def every_byte(store: Any, tmp_path: Any) -> bytes:
    """All that is stored."""
    table = getattr(store.people, "_table", None)
    if table is not None:
        return repr(table.client.scan(TableName=table.name)["Items"]).encode()
    return b"".join(file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file())


@pytest.fixture
def rooms(store: Any) -> Any:
    """As much of the rooms as rules need."""
    return SimpleNamespace(store=store, clock=lambda: NOW + timedelta(days=1), budget=Budget())


def test_rules_and_preferences_are_found_as_they_were_written(store: Any, rooms: Any, tmp_path: Any) -> None:
    """One's own alone, each field, and nothing of them in clear."""
    rulebook.change(rooms, ANN, 0, lambda _: [RULE])
    chosen = Preferences(
        reads=Reads.SENDERS,
        senders=(Personal("*@canary.example"),),
        keywords=(Personal("canary"),),
        filters=parse_all("From: canary\n\nSubject: canary"),
        detect_interviews=False,
    )
    stored = store.mailboxes.put(
        Mailbox(id=BOX, person_id=ANN, provider=Provider.GMAIL, address=Personal("ann@x.example"), preferences=chosen)
    )
    assert store.mailboxes.get(ANN, stored.id).preferences == chosen
    assert rulebook.stored(rooms, ANN).rules == (RULE,)
    assert rulebook.stored(rooms, BEN).rules == ()
    assert b"canary" not in every_byte(store, tmp_path).lower()
    store.people.erase(ANN)
    with pytest.raises(NotFound):
        rulebook.change(rooms, ANN, 0, lambda _: [RULE])


def test_what_is_stamped_on_a_signal_is_found_on_it(store: Any, rooms: Any) -> None:
    """What was off, and what rules made of it."""
    ruled = Ruled(at=NOW, version=4, names=(Personal("n"),), kind=Kind.OFFER, tags=(Personal("t"),), notify=True)
    mail = signal(1, off=(Ability.FLAG_URGENT,), ruled=ruled)
    record(rooms, ANN, [mail], silent=True)
    assert list(store.facts.all(ANN)) == [mail]


def test_a_batch_over_many_employers_is_applied_and_taken_back(store: Any, rooms: Any) -> None:
    """Some acts of one component at a time; what is shown afterwards is what was shown before."""
    employers = ["Acme", "Borealis", "Cobalt"]
    mails = [signal(number, employers[number % 3], domain=None) for number in range(45)]
    for each in mails:
        record(rooms, ANN, [each], silent=True)
    before = sorted(store.projections.applications(ANN), key=lambda each: each.id)
    tagging = Rule(id="r", at=NOW, name=Personal("n"), filter=parse("From: acme.example"), tag=Personal("x"))
    version = rulebook.change(rooms, ANN, 0, lambda _: [tagging]).version
    done = apply_rules.apply(rooms, ANN, version)
    assert done.batch is not None
    assert (done.batch.acts, done.left) == (45, 0)
    assert {each.tags for each in store.projections.applications(ANN)} == {("x",)}
    assert apply_rules.take_back(rooms, ANN, done.batch.id) == 45
    after = sorted(store.projections.applications(ANN), key=lambda each: each.id)
    assert before == after
    (batch,) = apply_rules.batches(rooms, ANN)
    assert (batch.id, batch.taken_back) == (done.batch.id, True)
    assert apply_rules.batches(rooms, BEN) == []


def test_only_the_latest_batches_can_be_taken_back(store: Any, rooms: Any) -> None:
    """Older ones are forgotten, what they did stays."""
    for number in range(apply_rules.KEPT + 2):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        apply_rules._store(rooms, ANN, apply_rules.Batch(id=f"b{number}", at=at, acts=1, mails=1))
    found = apply_rules.batches(rooms, ANN)
    assert [each.id for each in found] == [f"b{number}" for number in range(apply_rules.KEPT + 1, 1, -1)]


def test_a_line_of_a_message_that_was_opened_after_all_takes_the_place_of_the_first(store: Any, rooms: Any) -> None:
    """What was only seen and is opened later says so, also where nothing is kept of it."""

    def line(looked: Looked, reason: str) -> LedgerEntry:
        return LedgerEntry(
            mailbox_id=BOX, provider_message_id=signal(1).provider_message_id, at=NOW, looked=looked, reason=reason
        )

    store.ledger.note(ANN, [line(Looked.SEEN, LeftOut.FILTER.value)])
    assert [each.left_out for each in store.ledger.entries(ANN)] == [True]
    store.ledger.note(ANN, [line(Looked.SEEN, "other")])
    assert [each.reason for each in store.ledger.entries(ANN)] == [LeftOut.FILTER.value]
    record(rooms, ANN, [], silent=True, ledger=[line(Looked.OPENED, "other")])
    assert [(each.looked, each.left_out) for each in store.ledger.entries(ANN)] == [(Looked.OPENED, False)]
    store.facts.record(Change(person_id=ANN, ledger=(line(Looked.SEEN, LeftOut.SENDER.value),)))
    assert [each.reason for each in store.ledger.entries(ANN)] == [LeftOut.SENDER.value]
