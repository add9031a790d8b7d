"""Rules from the mail's arrival to the board, and over the mail of before: told first, applied as one batch, taken back exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, connected, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.act import SetStage
from hearback.model.application import Stage
from hearback.model.budget import Budget
from hearback.model.errors import Conflict, NotFound, Permanent
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.ledger import LeftOut, Looked
from hearback.model.plan import Plan
from hearback.model.rule import MAX_RULES, Rule
from hearback.model.signal import Kind, Signal
from hearback.model.task import MessageRef
from hearback.pipeline import canonical
from hearback.pipeline.filters import parse
from hearback.pipeline.folding import fold
from hearback.pipeline.grouping import fact_key
from hearback.pipeline.incremental import restate
from hearback.sync import apply_rules, record, rereading, rulebook
from hearback.sync.change_plan import change_plan
from hearback.sync.sync_now import sync_now

AS_OF = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    connected(made, *google)
    return made


def rule(here: wiring.Installation, id_: str, when: str = "", **more: Any) -> Rule:
    return Rule(id=id_, at=here.clock(), name=Personal(id_), filter=parse(when) if when else None, **more)


def write(here: wiring.Installation, *rules: Rule) -> int:
    """These are the person's rules from now on; answers their version."""
    version = rulebook.stored(here.rooms, wiring.OWNER).version
    return rulebook.change(here.rooms, wiring.OWNER, version, lambda _: rules).version


def arrive(
    here: wiring.Installation,
    google: Any,
    number: int,
    company: str,
    subject: str = "",
    text: str = RECEIPT,
    **more: Any,
) -> str:
    sender = f"{company} <jobs@{company.lower()}.example>"
    content = mail(
        number, subject or f"Thank you for applying to {company}", text.replace("Acme", company), sender=sender
    )
    id_ = google[0].deliver(BOX, content, **more)
    sync_now(here.rooms, wiring.OWNER)
    work_all(here)
    return str(id_)


def board(here: wiring.Installation) -> dict[str | None, tuple[str | None, tuple[str, ...]]]:
    return {each.company: (each.stage, each.tags) for each in here.store.projections.applications(wiring.OWNER)}


def everything(here: wiring.Installation) -> tuple[bytes, object]:
    """What is shown, and what folding all facts from scratch shows."""
    store = here.store
    folded = fold(store.facts.all(wiring.OWNER))
    shown = (
        {replace(each, id="", aliases=()) for each in store.projections.applications(wiring.OWNER)},  # type: ignore[arg-type]
        tuple(store.projections.review(wiring.OWNER)),
        tuple(store.projections.left_out(wiring.OWNER)),
    )
    assert shown == (set(folded.applications), folded.review, folded.left_out)
    exported = canonical.export(folded, owner="", mailboxes=(), ledger=(), as_of=AS_OF)
    return canonical.canonical_bytes(exported), shown


def line(here: wiring.Installation, id_: str) -> tuple[Looked, str]:
    (found,) = [each for each in here.store.ledger.entries(wiring.OWNER) if each.provider_message_id == id_]
    return found.looked, found.reason


def test_a_rule_decides_about_mail_that_comes_after_it(here: wiring.Installation, google: Any) -> None:
    """Its kind, its stage, its tag; mail of before and mail it does not fit stay as they are."""
    arrive(here, google, 1, "Acme")
    write(
        here,
        rule(here, "offers", "From: zenith.example", kind=Kind.OFFER, tag=Personal("dream")),
        rule(here, "stage", "From: quay.example", stage=Stage.TECHNICAL_ROUND),
        rule(here, "late", "From: acme.example", stage=Stage.REJECTED),
    )
    for number, company in enumerate(("Zenith", "Quay", "Ibex"), 2):
        arrive(here, google, number, company)
    assert board(here) == {
        "Acme": ("applied", ()),
        "Zenith": ("offer_extended", ("dream",)),
        "Quay": ("technical_round", ()),
        "Ibex": ("applied", ()),
    }
    stamped = {each.company: each.ruled for each in here.store.facts.all(wiring.OWNER) if isinstance(each, Signal)}
    assert stamped["Zenith"] is not None
    assert stamped["Zenith"].version == rulebook.stored(here.rooms, wiring.OWNER).version
    assert (stamped["Acme"], stamped["Ibex"]) == (None, None)


def test_changing_a_rule_changes_nothing_that_has_come(here: wiring.Installation, google: Any) -> None:
    """What it made of earlier mail is stamped on that mail."""
    write(here, rule(here, "offers", "From: zenith.example", kind=Kind.OFFER))
    arrive(here, google, 1, "Zenith")
    before = everything(here)
    write(here)
    assert everything(here) == before
    assert board(here)["Zenith"][0] == "offer_extended"


def test_mail_that_sender_and_subject_ignore_is_never_opened(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line says that a rule does; where only the inside tells, it is opened, kept and listed as left out."""
    fetched: list[str] = []
    whole = GmailDoor.fetch
    monkeypatch.setattr(GmailDoor, "fetch", lambda self, message: (fetched.append(message), whole(self, message))[1])
    write(
        here,
        rule(here, "out", "From: zenith.example", ignore=True),
        rule(here, "inside", kinds=(Kind.APPLICATION_CONFIRMATION,), companies=(Personal("Quay"),), ignore=True),
    )
    left, inside = arrive(here, google, 1, "Zenith"), arrive(here, google, 2, "Quay")
    assert fetched == [inside]
    assert line(here, left) == (Looked.SEEN, LeftOut.RULE.value)
    assert board(here) == {}
    (item,) = here.store.projections.left_out(wiring.OWNER)
    assert inside in item.fact


def test_a_kind_of_a_rule_keeps_mail_that_was_read_as_nothing(here: wiring.Installation, google: Any) -> None:
    """Unlike the same mail without it."""
    text = "Hello Ann,\r\n\r\nplease find our account terms for the job portal attached. Your interview room key is 12.\r\n"
    nothing = arrive(here, google, 1, "Acme", "Account terms for your application portal", text)
    assert line(here, nothing) == (Looked.OPENED, "other")
    write(here, rule(here, "mine", "Subject: account terms", kind=Kind.APPLICATION_CONFIRMATION))
    kept = arrive(here, google, 2, "Acme", "Account terms for your application portal", text)
    assert line(here, kept)[0] is Looked.KEPT
    assert [each.stage for each in here.store.projections.applications(wiring.OWNER)] == ["applied"]


def test_notify_leaves_an_entry_for_live_mail_alone(here: wiring.Installation, google: Any) -> None:
    """Mail older than a day is no news."""
    write(here, rule(here, "tell", "From: acme.example", notify=True))
    arrive(here, google, 1, "Acme")
    arrive(here, google, 2, "Acme", "Another", received_at=here.clock() - timedelta(days=3))
    told = [each.silent for each in here.store.outbox.pending() if each.event == "rule.matched"]
    assert sorted(told) == [False, True]


def test_a_dry_run_changes_nothing(here: wiring.Installation, google: Any) -> None:
    """It lists what applying would."""
    arrive(here, google, 1, "Acme")
    arrive(here, google, 2, "Zenith")
    write(here, rule(here, "offers", "From: zenith.example", kind=Kind.OFFER))
    before = everything(here)
    found = apply_rules.try_out(here.rooms, wiring.OWNER, rulebook.stored(here.rooms, wiring.OWNER))
    assert [(each.company, each.before.stage, each.after.stage) for each in found.effects] == [
        ("Zenith", Stage.APPLIED, Stage.OFFER_EXTENDED)
    ]
    assert everything(here) == before
    assert apply_rules.batches(here.rooms, wiring.OWNER) == []


def test_applying_to_the_past_is_one_act_and_taking_it_back_is_exact(here: wiring.Installation, google: Any) -> None:
    """Over mail of several employers; a second time there is nothing to do, and taking it back twice is taking it back once."""
    for number, company in enumerate(("Acme", "Zenith", "Quay")):
        arrive(here, google, number, company)
    version = write(
        here,
        rule(here, "tag", "From: jobs@*\nExclude: quay", tag=Personal("dream")),
        rule(here, "stage", "From: zenith.example", stage=Stage.INTERVIEWING),
        rule(here, "out", "From: quay.example", ignore=True),
    )
    before = everything(here)
    done = apply_rules.apply(here.rooms, wiring.OWNER, version)
    assert done.batch is not None
    assert (done.batch.acts, done.left) == (3, 0)
    assert board(here) == {"Acme": ("applied", ("dream",)), "Zenith": ("interviewing", ("dream",))}
    everything(here)
    assert apply_rules.apply(here.rooms, wiring.OWNER, version).batch is None
    assert apply_rules.take_back(here.rooms, wiring.OWNER, done.batch.id) == 3
    assert everything(here) == before
    assert apply_rules.take_back(here.rooms, wiring.OWNER, done.batch.id) == 0
    assert [each.taken_back for each in apply_rules.batches(here.rooms, wiring.OWNER)] == [True]
    with pytest.raises(NotFound):
        apply_rules.take_back(here.rooms, wiring.OWNER, "rules-none")


def test_a_batch_that_was_cut_off_is_taken_back_or_gone_on_with(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was recorded by then is undone; applying again does the rest."""
    for number, company in enumerate(("Acme", "Zenith", "Quay")):
        arrive(here, google, number, company)
    version = write(here, rule(here, "tag", "From: jobs@*", tag=Personal("dream")))
    before = everything(here)
    calls: list[int] = []
    whole = record.record

    def cut(*args: Any, **more: Any) -> Any:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(1)
        return whole(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(apply_rules, "record", cut)
        with pytest.raises(KeyboardInterrupt):
            apply_rules.apply(here.rooms, wiring.OWNER, version)
    assert sum(bool(tags) for _, tags in board(here).values()) == 2
    (batch,) = apply_rules.batches(here.rooms, wiring.OWNER)
    assert apply_rules.apply(here.rooms, wiring.OWNER, version).left == 0
    assert all(tags for _, tags in board(here).values())
    for each in apply_rules.batches(here.rooms, wiring.OWNER):
        apply_rules.take_back(here.rooms, wiring.OWNER, each.id)
    assert batch.acts == 3
    assert everything(here) == before


def test_without_time_it_says_how_much_is_left(here: wiring.Installation, google: Any) -> None:
    """And does nothing by halves that could not be taken back."""
    arrive(here, google, 1, "Acme")
    version = write(here, rule(here, "tag", "From: jobs@*", tag=Personal("dream")))
    done = apply_rules.apply(here.rooms.within(Budget.of(0)), wiring.OWNER, version)
    assert done.left == 1
    assert board(here) == {"Acme": ("applied", ())}


def test_an_act_of_the_person_outranks_a_rule_that_is_applied_later(here: wiring.Installation, google: Any) -> None:
    """The application stays where they put it."""
    arrive(here, google, 1, "Acme")
    (found,) = here.store.projections.applications(wiring.OWNER)
    word = SetStage(id=ActId("mine"), at=here.clock(), about=found.facts[0], stage=Stage.REJECTED)
    record.act(here.rooms, wiring.OWNER, word)
    version = write(here, rule(here, "stage", "From: acme.example", stage=Stage.OFFER_EXTENDED))
    apply_rules.apply(here.rooms, wiring.OWNER, version)
    assert board(here)["Acme"][0] == "rejected"


def test_a_smaller_plan_pauses_rules_and_a_larger_one_brings_them_back(here: wiring.Installation, google: Any) -> None:
    """Kept as they are; what they made of earlier mail stays; less may be done with them, more not."""
    made = rule(here, "tag", "From: jobs@*", tag=Personal("dream"))
    version = write(here, made)
    arrive(here, google, 1, "Acme")
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    arrive(here, google, 2, "Zenith")
    assert board(here) == {"Acme": ("applied", ("dream",)), "Zenith": ("applied", ())}
    with pytest.raises(Permanent, match="Premium Pro"):
        write(here, made, rule(here, "more", "Subject: x", ignore=True))
    with pytest.raises(Permanent, match="Premium Pro"):
        apply_rules.apply(here.rooms, wiring.OWNER, version)
    change_plan(here.rooms, wiring.OWNER, Plan.PREMIUM_PRO)
    arrive(here, google, 3, "Quay")
    assert board(here)["Quay"] == ("applied", ("dream",))
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    assert rulebook.change(here.rooms, wiring.OWNER, version, lambda _: (), less=True).rules == ()


def test_rules_are_changed_by_who_has_seen_them(here: wiring.Installation) -> None:
    """Two tabs do not overwrite each other; there is room for so many."""
    version = write(here, rule(here, "a", "Subject: x", ignore=True))
    with pytest.raises(Conflict):
        rulebook.change(here.rooms, wiring.OWNER, version - 1, lambda _: ())
    with pytest.raises(Conflict):
        apply_rules.apply(here.rooms, wiring.OWNER, version - 1)
    many = [rule(here, str(number), "Subject: x", ignore=True) for number in range(MAX_RULES + 1)]
    with pytest.raises(Permanent, match="room for"):
        rulebook.change(here.rooms, wiring.OWNER, version, lambda _: many)


def test_rules_are_moved_within_their_ends(here: wiring.Installation) -> None:
    """Up and down by one; past an end nowhere; one that is not there is told."""
    rules = [rule(here, each, "Subject: x", ignore=True) for each in "abc"]

    def order(id_: str, by: int) -> str:
        return "".join(each.id for each in rulebook.moved(rules, id_, by))

    assert [order("b", -1), order("b", 1), order("a", -1), order("c", 1)] == ["bac", "acb", "abc", "abc"]
    with pytest.raises(NotFound):
        rulebook.moved(rules, "d", 1)


def test_mail_that_is_read_again_keeps_what_rules_made_of_it(here: wiring.Installation, google: Any) -> None:
    """A new model reads otherwise; the rules as they stood when it came stay on it."""
    write(here, rule(here, "offers", "From: zenith.example", kind=Kind.OFFER))
    id_ = arrive(here, google, 1, "Zenith")
    write(here)
    (old,) = [each for each in here.store.facts.all(wiring.OWNER) if isinstance(each, Signal)]
    facts = here.store.facts
    (component,) = facts.touched(wiring.OWNER, [fact_key(FactId(old.id))])
    facts.record(restate(wiring.OWNER, component, [replace(old, model_version="0")]))
    mailbox = here.store.mailboxes.get(wiring.OWNER, old.mailbox_id)
    ref = MessageRef(person_id=wiring.OWNER, mailbox_id=old.mailbox_id, message_id=old.provider_message_id, again=True)
    rereading.again(here.rooms, mailbox, ref)
    (new,) = [each for each in facts.all(wiring.OWNER) if isinstance(each, Signal)]
    assert new.model_version != "0"
    assert new.ruled == old.ruled
    assert id_ in new.id
    assert board(here)["Zenith"][0] == "offer_extended"
