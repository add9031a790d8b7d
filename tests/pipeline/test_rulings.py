"""Rules and switched-off abilities in the fold: what they change, and that the person's own word outranks them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from strategies import START, TEMPLATES, invitation, signal

from hearback.model.act import ApplyRules, Confirm, Correct, Ignore, Revert, SetStage, Tag, Undo
from hearback.model.application import Application, Stage
from hearback.model.ids import ActId, FactId, MailboxId, Personal, PersonId
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Ability, Detail, InterviewAction, InterviewType, Kind, Ruled, Signal
from hearback.pipeline.folding import fold
from hearback.pipeline.incremental import plan
from hearback.pipeline.review import RULED_OUT


def ruled(day: int = 0, **more: Any) -> Ruled:
    return Ruled(at=START + timedelta(days=day), names=(Personal("mine"),), **more)


def only(*facts: Any) -> Application:
    (found,) = fold(facts).applications
    return found


def said(number: int, day: int) -> dict[str, Any]:
    return {"id": ActId(f"act{number}"), "at": START + timedelta(days=day)}


RECEIPT = signal(1)
NEWS = signal(2, kind=Kind.STATUS_UPDATE, confidence=0.97)


def test_a_kind_of_a_rule_moves_the_application() -> None:
    """As mail of that kind does, and its line says which rule."""
    found = only(RECEIPT, signal(2, kind=Kind.STATUS_UPDATE, ruled=ruled(kind=Kind.ASSESSMENT)))
    assert found.stage is Stage.TECHNICAL_ROUND
    assert found.timeline[1].ruled is not None
    assert found.timeline[1].ruled.names == ("mine",)
    assert found.timeline[0].ruled is None


def test_a_stage_of_a_rule_moves_forward_only() -> None:
    """Back never; to an end from anywhere; out of a rejection not."""
    moved = only(RECEIPT, signal(2, kind=Kind.STATUS_UPDATE, ruled=ruled(stage=Stage.INTERVIEWING)))
    assert moved.stage is Stage.INTERVIEWING
    back = only(signal(1, kind=Kind.OFFER), signal(2, ruled=ruled(stage=Stage.IN_REVIEW)))
    assert back.stage is Stage.OFFER_EXTENDED
    ended = only(signal(1, kind=Kind.OFFER), signal(2, kind=Kind.STATUS_UPDATE, ruled=ruled(stage=Stage.ACCEPTED)))
    assert ended.stage is Stage.ACCEPTED
    over = only(
        RECEIPT, signal(2, kind=Kind.REJECTION), signal(3, kind=Kind.STATUS_UPDATE, ruled=ruled(stage=Stage.APPLIED))
    )
    assert over.stage is Stage.REJECTED


def test_tags_of_rules_and_of_the_person_are_one_list() -> None:
    """In alphabetical order, once however they are capitalised; gone with the mail's change."""
    own = Tag(**said(1, 5), about=FactId(RECEIPT.id), tag=Personal("Dream"))
    tagged = signal(2, kind=Kind.STATUS_UPDATE, ruled=ruled(tags=(Personal("far"), Personal("dream"))))
    assert only(RECEIPT, tagged, own).tags == ("Dream", "far")
    assert only(RECEIPT, tagged, own, Revert(**said(2, 6), about=FactId(tagged.id))).tags == ("Dream",)
    assert only(RECEIPT, tagged, own, Undo(**said(2, 6), about=FactId(own.id))).tags == ("dream", "far")


@pytest.mark.parametrize("outcome", [ruled(ignore=True), ruled(kind=Kind.OTHER)])
def test_ignored_mail_is_left_out_and_listed_with_the_reason(outcome: Ruled) -> None:
    """It moves nothing and waits for nobody."""
    folded = fold([RECEIPT, signal(2, kind=Kind.REJECTION, ruled=outcome)])
    assert [each.stage for each in folded.applications] == [Stage.APPLIED]
    assert folded.review == ()
    (item,) = folded.left_out
    assert (item.fact, item.reason) == (FactId(signal(2).id), RULED_OUT)
    assert item.ruled is not None


def test_a_rule_says_nothing_for_a_forged_sender_and_nothing_of_ones_own_mail() -> None:
    """Who it is from stays to be proven; what the person wrote is theirs."""
    forged = signal(2, kind=Kind.STATUS_UPDATE, authenticity=Authenticity.FAIL, ruled=ruled(kind=Kind.OFFER))
    folded = fold([RECEIPT, forged])
    assert [each.stage for each in folded.applications] == [Stage.APPLIED]
    assert [each.kind for each in folded.review] == [Kind.OFFER]
    own = signal(2, sent=True, kind=Kind.OTHER, ruled=ruled(stage=Stage.REJECTED, tags=(Personal("x"),)))
    assert (only(RECEIPT, own).stage, only(RECEIPT, own).tags) == (Stage.APPLIED, ())


def test_mail_that_could_not_be_read_waits_whatever_a_rule_says_it_is() -> None:
    """Nobody knows what is in it; ignoring its sender is another matter."""
    broken: dict[str, Any] = {"kind": None, "error": "could not be read", "confidence": 0.0}
    (item,) = fold([signal(1, **broken, ruled=ruled(kind=Kind.OFFER, tags=(Personal("x"),)))]).review
    assert (item.kind, item.reason) == (None, "could not be read")
    assert fold([signal(1, **broken, ruled=ruled(ignore=True))]).review == ()


WORDS = [
    (Correct(**said(1, 9), about=FactId(NEWS.id), kind=Kind.REJECTION), Stage.REJECTED),
    (SetStage(**said(1, 9), about=FactId(NEWS.id), stage=Stage.IN_REVIEW), Stage.IN_REVIEW),
    (Revert(**said(1, 9), about=FactId(NEWS.id)), Stage.APPLIED),
    (Ignore(**said(1, 9), about=FactId(NEWS.id)), Stage.APPLIED),
]


@pytest.mark.parametrize(("word", "stage"), WORDS)
@pytest.mark.parametrize("outcome", [ruled(kind=Kind.OFFER), ruled(stage=Stage.OFFER_EXTENDED, kind=Kind.ASSESSMENT)])
@pytest.mark.parametrize("day", [None, 3, 20])
def test_the_persons_word_outranks_a_rule(word: Any, stage: Stage, outcome: Ruled, day: int | None) -> None:
    """Stamped when the mail came, or applied to it before or after they spoke."""
    if day is None:
        facts = [RECEIPT, signal(2, kind=Kind.STATUS_UPDATE, confidence=0.97, ruled=outcome), word]
    else:
        facts = [RECEIPT, NEWS, word, ApplyRules(**said(2, day), about=FactId(NEWS.id), ruled=outcome)]
    assert only(*facts).stage is stage


def test_a_word_on_left_out_mail_brings_it_back() -> None:
    """Confirmed, or corrected to another kind."""
    left_out = signal(2, kind=Kind.ASSESSMENT, ruled=ruled(ignore=True))
    assert only(RECEIPT, left_out, Confirm(**said(1, 9), about=FactId(left_out.id))).stage is Stage.TECHNICAL_ROUND
    other = signal(2, kind=Kind.STATUS_UPDATE, ruled=ruled(kind=Kind.OTHER))
    folded = fold([RECEIPT, other, Correct(**said(1, 9), about=FactId(other.id), kind=Kind.OFFER)])
    assert [each.stage for each in folded.applications] == [Stage.OFFER_EXTENDED]
    assert folded.left_out == ()


def test_applying_rules_replaces_what_they_made_of_the_mail_before() -> None:
    """The latest counts; one that makes nothing of it takes the rule away; undoing it brings back what was."""
    stamped = signal(2, kind=Kind.STATUS_UPDATE, ruled=ruled(kind=Kind.OFFER))
    about = FactId(stamped.id)
    first = ApplyRules(**said(1, 5), about=about, ruled=ruled(kind=Kind.ASSESSMENT))
    nothing = ApplyRules(**said(2, 6), about=about, ruled=ruled())
    undo = Undo(**said(3, 7), about=FactId(nothing.id))
    assert only(RECEIPT, stamped).stage is Stage.OFFER_EXTENDED
    assert only(RECEIPT, stamped, first).stage is Stage.TECHNICAL_ROUND
    assert only(RECEIPT, stamped, first, nothing).stage is Stage.APPLIED
    assert only(RECEIPT, stamped, first, nothing, undo) == only(RECEIPT, stamped, first)


@pytest.mark.parametrize(("rule_day", "stage"), [(4, Stage.TECHNICAL_ROUND), (30, Stage.OFFER_EXTENDED)])
def test_of_a_rule_and_a_correction_of_mail_like_it_the_later_word_counts(rule_day: int, stage: Stage) -> None:
    """A correction teaches what comes after it, until a rule is written that says otherwise."""
    fields: dict[str, Any] = {"kind": Kind.STATUS_UPDATE, "template": TEMPLATES[1], "confidence": 0.9}
    both = ruled(rule_day, kind=Kind.OFFER) if rule_day < 10 else None
    corrected = signal(1, **fields, company=Personal("Zenith"), domain=None, ruled=both)
    like_it = signal(2, **fields, company=Personal("Quay"), domain=None, ruled=ruled(rule_day, kind=Kind.OFFER))
    word = Correct(**said(1, 10), about=FactId(corrected.id), kind=Kind.ASSESSMENT)
    confirmed = Confirm(**said(2, 40), about=FactId(like_it.id))
    found = {each.company: each.stage for each in fold([corrected, like_it, word, confirmed]).applications}
    assert found["Quay"] is stage


def test_statuses_that_mail_may_not_update_stay() -> None:
    """Mail joins its timeline and founds an application, and moves it no further; the person's confirmation does."""
    off = (Ability.UPDATE_STATUSES,)
    rejection = signal(2, kind=Kind.REJECTION, off=off)
    found = only(signal(1, off=off), rejection)
    assert (found.stage, len(found.timeline)) == (Stage.APPLIED, 2)
    assert only(signal(1, kind=Kind.OFFER, off=off)).stage is Stage.APPLIED
    held = only(RECEIPT, signal(2, kind=Kind.STATUS_UPDATE, detail=Detail.ON_HOLD, off=off))
    assert not held.on_hold
    own = signal(3, sent=True, kind=Kind.OTHER, detail=Detail.WITHDRAWS, off=off)
    assert only(RECEIPT, own).stage is Stage.APPLIED
    assert fold([signal(1, kind=Kind.REJECTION), signal(2, kind=Kind.OFFER, off=off)]).review == ()
    assert only(RECEIPT, rejection, Confirm(**said(1, 9), about=FactId(rejection.id))).stage is Stage.REJECTED


def test_interviews_that_are_not_detected_are_no_rounds() -> None:
    """The stage still moves, a cancellation still cancels nothing else; the mark "Technical round" is not set."""
    off = (Ability.DETECT_INTERVIEWS,)
    invited = signal(
        2,
        kind=Kind.INTERVIEW_INVITATION,
        off=off,
        interview=invitation(start=START + timedelta(days=9), type=InterviewType.TECHNICAL),
    )
    found = only(RECEIPT, invited)
    assert (found.stage, found.interviews, found.technical_round) == (Stage.INTERVIEWING, (), False)
    cancelled = signal(2, kind=Kind.INTERVIEW_INVITATION, off=off, interview=invitation(InterviewAction.CANCEL))
    assert only(RECEIPT, cancelled).stage is Stage.APPLIED


def test_urgency_that_is_not_flagged_is_no_mark() -> None:
    """Of the last mail, as ever."""
    assert only(signal(1, urgent=True)).urgent
    assert not only(signal(1, urgent=True, off=(Ability.FLAG_URGENT,))).urgent


@pytest.mark.parametrize(("off", "lines"), [((), 1), ((Ability.DUPLICATE_DETECTION,), 2)])
@pytest.mark.parametrize("first", [True, False])
def test_duplicates_that_are_not_detected_stand_twice(off: tuple[Ability, ...], lines: int, first: bool) -> None:
    """It takes both mailboxes to detect one."""
    copies = [signal(1), signal(1, mailbox_id=MailboxId("gmail-2"))]
    copies[0 if first else 1] = signal(1, mailbox_id=copies[0 if first else 1].mailbox_id, off=off)
    assert len(only(*copies).timeline) == lines


def told(*new: Signal, silent: bool = False) -> list[tuple[str, bool]]:
    change = plan(PersonId("me"), new, (), now=START, silent=silent)
    return [(each.topic, each.silent) for each in change.outbox if each.event == "rule.matched"]


def test_a_rule_that_notifies_leaves_an_entry_in_the_outbox() -> None:
    """Once a mail, silent where the mail is no news; not of forged mail, not of what is left out."""
    loud = ruled(notify=True)
    assert told(signal(1, ruled=loud)) == [("rule.matched", False)]
    assert told(signal(1, ruled=loud), silent=True) == [("rule.matched", True)]
    assert told(signal(1, ruled=loud), signal(1, ruled=loud, mailbox_id=MailboxId("gmail-2"))) == [
        ("rule.matched", False)
    ]
    assert told(signal(1, ruled=loud, authenticity=Authenticity.FAIL)) == []
    assert told(signal(1, ruled=ruled(notify=True, kind=Kind.OTHER))) == []
    assert told(signal(1)) == []
    copies = [signal(1, ruled=loud), signal(1, ruled=loud, mailbox_id=MailboxId("gmail-2"))]
    plans = [plan(PersonId("me"), [each], (), now=START, silent=False) for each in copies]
    assert len({each.id for change in plans for each in change.outbox if each.event == "rule.matched"}) == 1


def test_what_is_told_of_an_application_is_what_the_rule_says_it_is() -> None:
    """An offer by rule is an offer to receivers, too."""
    new = signal(1, kind=Kind.STATUS_UPDATE, ruled=ruled(kind=Kind.OFFER), sender=Address(Personal("a@acme.example")))
    change = plan(PersonId("me"), [new], (), now=START, silent=False)
    assert [each.event for each in change.outbox if each.topic == "application.changed"] == ["offer.extended"]
