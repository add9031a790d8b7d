"""What a correction teaches: the same sender and template, at once, explained, and gone with the correction."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import KEY, START, invitation, lessons, signal

from hearback.model.act import Confirm, Correct, Edit, Ignore, Link, Note, SetStage, Undo
from hearback.model.application import Folded, Stage
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.message import Address, Authenticity
from hearback.model.person import AutomationMode
from hearback.model.signal import Detail, Kind, Signal
from hearback.pipeline.folding import fold
from hearback.pipeline.lessons import ALIKE, LEARNED, NEARLY_EQUAL
from hearback.pipeline.templates import KEPT, alike, sketch

RELAY = Address(Personal("no-reply@ats.example"), Personal("Careers"))
WORDS = [f"word {number}" for number in range(200)]
TEMPLATE = sketch(WORDS, KEY)
SAID_AT = START + timedelta(days=40)


def relayed(number: int, company: str, **fields: Any) -> Signal:
    """Mail of one relay in one template, about one employer; read as a status update."""
    base: dict[str, Any] = {
        "sender": RELAY,
        "domain": None,
        "company": Personal(company),
        "kind": Kind.STATUS_UPDATE,
        "detail": Detail.UNDER_REVIEW,
        "template": TEMPLATE,
    }
    return signal(number, **(base | fields))


def receipt(number: int, company: str) -> Signal:
    """What makes a process known."""
    return signal(number, company=Personal(company), domain=None, sender=RELAY, ats="ats")


def correct(about: Signal, **fields: Any) -> Correct:
    return Correct(**({"id": ActId("correct"), "at": SAID_AT, "about": FactId(about.id)} | fields))


def read_as(folded: Folded, mail: Signal) -> Kind | None:
    """As what `mail` stands in an application's timeline, in review, or left out."""
    lines = [entry for each in folded.applications for entry in each.timeline]
    found = [each for each in (*lines, *folded.review, *folded.left_out) if each.fact == mail.id]
    assert len(found) == 1
    return found[0].kind


def test_a_corrected_kind_reaches_mail_about_other_employers_before_and_after() -> None:
    """One relay, one template, three employers: correcting one is correcting the mistake."""
    early, middle, late = relayed(1, "Acme"), relayed(2, "Zenith"), relayed(50, "Quay")
    folded = fold([early, middle, late, receipt(0, "Zenith"), correct(middle, kind=Kind.REJECTION)])
    assert [read_as(folded, each) for each in (early, middle, late)] == [Kind.REJECTION] * 3


def test_a_learned_rejection_moves_a_known_process_and_waits_in_review_otherwise() -> None:
    """LEARNED is below what Smart asks of a rejection out of the blue, and above what it asks where there is a receipt."""
    known, unknown, taught = relayed(2, "Zenith"), relayed(3, "Quay"), relayed(4, "Acme")
    folded = fold([receipt(1, "Zenith"), known, unknown, taught, correct(taught, kind=Kind.REJECTION)])
    stages = {each.company: each.stage for each in folded.applications}
    assert stages["Zenith"] is Stage.REJECTED
    assert "Quay" not in stages
    assert [(each.fact, each.confidence) for each in folded.review] == [(unknown.id, LEARNED)]


def test_who_reviews_everything_reviews_what_was_learned() -> None:
    """A lesson says what a mail is, never that it may act."""
    other = relayed(2, "Quay", mode=AutomationMode.REVIEW)
    folded = fold([relayed(1, "Acme"), other, correct(relayed(1, "Acme"), kind=Kind.APPLICATION_CONFIRMATION)])
    assert [each.fact for each in folded.review] == [other.id]


def test_a_forged_mail_learns_nothing_that_acts() -> None:
    """Who fakes sender and template of a taught one still waits in review."""
    forged = relayed(2, "Acme", authenticity=Authenticity.FAIL)
    taught = relayed(1, "Acme")
    folded = fold([taught, forged, correct(taught, kind=Kind.INTERVIEW_INVITATION)])
    assert [each.fact for each in folded.review] == [forged.id]


def test_what_is_said_of_a_forged_copy_is_not_said_of_the_genuine_mail() -> None:
    """Phishing copies a template word for word: leaving it out leaves out other copies, nothing else."""
    forged, again = (relayed(n, "Acme", authenticity=Authenticity.FAIL) for n in (1, 2))
    genuine = relayed(3, "Quay")
    folded = fold([forged, again, genuine, correct(forged, kind=Kind.OTHER)])
    assert read_as(folded, genuine) is Kind.STATUS_UPDATE
    assert [each.fact for each in folded.left_out] == [again.id]


def test_what_decided_is_told_with_its_correction() -> None:
    """Timeline and review name the correction, its day and the mail it was about."""
    known, unknown, taught = relayed(2, "Zenith"), relayed(3, "Quay"), relayed(4, "Acme")
    said = correct(taught, kind=Kind.REJECTION)
    folded = fold([receipt(1, "Zenith"), known, unknown, taught, said])
    (line,) = [entry for each in folded.applications for entry in each.timeline if entry.fact == known.id]
    for because in (line.taught, folded.review[0].taught):
        assert [(each.act, each.at, each.about, each.kind) for each in because] == [
            (said.id, SAID_AT, taught.id, Kind.REJECTION)
        ]
    own = [entry for each in folded.applications for entry in each.timeline if entry.fact == taught.id]
    assert [each.taught for each in own] == [()]


def test_not_about_an_application_leaves_the_next_one_out_and_says_so() -> None:
    """Mail like one that is none of the job search is in no application and no review, but in a list of its own."""
    taught, like = relayed(1, "Acme"), relayed(2, "Quay", confidence=0.5)
    folded = fold([taught, like, correct(taught, kind=Kind.OTHER)])
    assert folded.applications == folded.review == ()
    assert [each.fact for each in folded.left_out] == [like.id]


@pytest.mark.parametrize(
    "other",
    [
        relayed(2, "Quay", sender=Address(Personal("someone@else.example"))),
        relayed(2, "Quay", template=sketch([f"another {number}" for number in range(200)], KEY)),
        relayed(2, "Quay", template=sketch(WORDS, b"another person's key")),
        relayed(2, "Quay", template=""),
        relayed(2, "Quay", sent=True),
    ],
    ids=["another sender", "another template", "another person", "too short", "your own"],
)
def test_other_mail_is_left_alone(other: Signal) -> None:
    """Only the same sender and the same template, under the same person's key."""
    taught = relayed(1, "Acme")
    assert fold([other]).applications == tuple(
        each
        for each in fold([taught, other, correct(taught, kind=Kind.REJECTION)]).applications
        if other.id in each.facts
    )


def test_mail_that_surely_says_something_else_is_no_mistake() -> None:
    """Templates differ in one sentence: a sure reading of another kind stands, an unsure one needs nearly equal words."""
    taught, sure = relayed(1, "Acme"), relayed(2, "Quay", kind=Kind.APPLICATION_CONFIRMATION)
    nearly = sketch([*WORDS[:155], *(f"x {number}" for number in range(30))], KEY)
    assert ALIKE < alike(TEMPLATE, nearly) < NEARLY_EQUAL
    unsure = replace(sure, confidence=0.6)
    said = correct(taught, kind=Kind.REJECTION)
    assert read_as(fold([taught, sure, said]), sure) is Kind.APPLICATION_CONFIRMATION
    assert read_as(fold([taught, unsure, said]), unsure) is Kind.REJECTION
    assert read_as(fold([taught, replace(unsure, template=nearly), said]), unsure) is Kind.APPLICATION_CONFIRMATION


def acted(what: str, mine: Signal, at: datetime, other: Signal) -> Fact:
    base: dict[str, Any] = {"id": ActId("mine"), "at": at, "about": FactId(mine.id)}
    made: dict[str, Fact] = {
        "ignored": Ignore(**base),
        "linked": Link(**base, application=FactId(other.id)),
        "staged": SetStage(**base, stage=Stage.INTERVIEWING),
        "noted": Note(**base, text=Personal("called")),
        "named": Correct(**base, company=Personal("Quay Foods")),
        "corrected": Correct(**base, kind=Kind.STATUS_UPDATE),
        "confirmed": Confirm(**base),
    }
    return made[what]


@pytest.mark.parametrize("what", ["ignored", "linked", "staged", "noted", "named", "corrected", "confirmed"])
def test_mail_the_person_had_acted_on_is_theirs(what: str) -> None:
    """Whatever they did with a mail before, no lesson changes what it says."""
    mine, taught = relayed(2, "Quay", confidence=0.99), relayed(1, "Acme")
    before = acted(what, mine, SAID_AT - timedelta(days=1), taught)
    folded = fold([mine, taught, before, correct(taught, kind=Kind.REJECTION)])
    lines = [entry for each in folded.applications for entry in each.timeline if entry.fact == mine.id]
    assert [each.kind for each in lines] == ([] if what == "ignored" else [Kind.STATUS_UPDATE])
    assert not any(each.taught for each in (*lines, *folded.left_out))


@pytest.mark.parametrize("what", ["linked", "staged", "noted", "named", "confirmed"])
def test_what_the_person_does_after_a_lesson_they_do_with_what_it_says(what: str) -> None:
    """Confirming, filing or noting a mail that is read as taught does not turn it back into the misreading."""
    mine, taught = relayed(2, "Quay", confidence=0.99), relayed(1, "Acme")
    after = acted(what, mine, SAID_AT + timedelta(days=1), taught)
    folded = fold([mine, taught, after, correct(taught, kind=Kind.ASSESSMENT)])
    lines = [entry for each in folded.applications for entry in each.timeline if entry.fact == mine.id]
    assert [each.kind for each in lines] == [Kind.ASSESSMENT]


def test_correcting_what_was_learned_counts_and_teaches() -> None:
    """The person's word on the mail itself is above any lesson, and the later lesson of the two."""
    mine, taught, other = relayed(2, "Quay"), relayed(1, "Acme"), relayed(3, "Zenith")
    back = acted("corrected", mine, SAID_AT + timedelta(days=1), taught)
    folded = fold([mine, taught, other, back, correct(taught, kind=Kind.ASSESSMENT)])
    assert [read_as(folded, each) for each in (taught, mine, other)] == [
        Kind.ASSESSMENT,
        Kind.STATUS_UPDATE,
        Kind.STATUS_UPDATE,
    ]


def test_the_later_word_counts_among_equals_and_the_closer_template_otherwise() -> None:
    """Two corrections that disagree: of the same template the later one, of different ones the one that is more alike."""
    one, two, new = relayed(1, "Acme"), relayed(2, "Zenith"), relayed(3, "Quay")
    earlier = correct(one, kind=Kind.REJECTION)
    later = correct(two, kind=Kind.ASSESSMENT, id=ActId("later"), at=SAID_AT + timedelta(days=1))
    assert read_as(fold([one, two, new, earlier, later]), new) is Kind.ASSESSMENT
    near = replace(two, template=sketch([*WORDS[:160], *(f"y {number}" for number in range(40))], KEY))
    assert ALIKE < alike(TEMPLATE, near.template) < 0.9
    assert read_as(fold([one, near, new, earlier, later]), new) is Kind.REJECTION


def test_a_company_is_learned_from_an_employers_own_address_never_from_a_relay() -> None:
    """A relay's template is every employer's; an employer's own address is one employer's."""
    own = [
        signal(n, company=Personal("Talent Team"), role=None, template=TEMPLATE, domain="acme.example") for n in (1, 2)
    ]
    said = correct(own[0], company=Personal("Acme"))
    assert {each.company for each in fold([*own, said]).applications} == {"Acme"}
    relays = [relayed(n, "Talent Team", role=Personal(f"Role {n}")) for n in (1, 2)]
    companies = {each.company for each in fold([*relays, correct(relays[0], company=Personal("Acme"))]).applications}
    assert companies == {"Acme", "Talent Team"}


def test_a_role_is_learned_in_its_thread_only() -> None:
    """The same misread role in the same thread is one opening; elsewhere it may be another."""
    taught, thread, apart = (
        signal(n, role=Personal("Engineer II"), thread_id=thread, company=Personal(company), domain=None)
        for n, thread, company in ((1, "t1", "Acme"), (2, "t1", "Acme"), (3, "t2", "Zenith"))
    )
    folded = fold([taught, thread, apart, correct(taught, role=Personal("Platform Engineer"))])
    assert {(each.company, each.role) for each in folded.applications} == {
        ("Acme", "Platform Engineer"),
        ("Zenith", "Engineer II"),
    }


def test_the_persons_wording_of_an_application_stands_against_a_lesson() -> None:
    """An edited company is not renamed by what a correction of another mail teaches."""
    one, two = (signal(n, company=Personal("Talent Team"), template=TEMPLATE) for n in (1, 2))
    edit = Edit(id=ActId("edit"), at=SAID_AT, about=FactId(one.id), company=Personal("Acme Labs"))
    folded = fold([one, two, edit, correct(two, company=Personal("Acme"))])
    assert [each.company for each in folded.applications] == ["Acme Labs"]


def test_what_was_read_as_another_kind_goes_with_it() -> None:
    """An interview that is really a rejection leaves no round behind, in the corrected mail and in mail like it."""
    start = START + timedelta(days=60)
    one, two = (
        relayed(n, company, kind=Kind.INTERVIEW_INVITATION, detail=None, interview=invitation(start=start))
        for n, company in ((1, "Acme"), (2, "Quay"))
    )
    folded = fold([receipt(0, "Quay"), one, two, correct(one, kind=Kind.REJECTION)])
    assert {(each.company, each.stage, each.interviews) for each in folded.applications} == {
        ("Acme", Stage.REJECTED, ()),
        ("Quay", Stage.REJECTED, ()),
    }


@given(lessons(), st.data())
def test_undoing_corrections_undoes_what_they_taught(made: list[Fact], data: st.DataObject) -> None:
    """All corrections taken back: nothing is explained by one any more, and the fold is that of the mail alone."""
    mail = [fact for fact in made if isinstance(fact, Signal)]
    corrections = [fact for fact in made if isinstance(fact, Correct)]
    undos: list[Fact] = [
        Undo(id=ActId(f"undo-{each.id}"), at=START + timedelta(days=90), about=FactId(each.id)) for each in corrections
    ]
    assert fold([*mail, *corrections, *data.draw(st.permutations(undos))]) == fold(mail)


def test_a_sketch_says_nothing_without_the_key() -> None:
    """Under another key the same text shares nothing; of a text at most KEPT hashes are kept, none of them its own."""
    other = sketch(WORDS, b"x" * 32)
    assert alike(TEMPLATE, other) == 0.0
    assert len(TEMPLATE) <= 4 * (KEPT * 4 + 2) // 3 + 3
    guessed = sketch(WORDS, b"")
    assert alike(TEMPLATE, guessed) == 0.0
    assert sketch(WORDS[:9], KEY) == ""


def test_a_sketch_is_the_same_in_every_process() -> None:
    """No seed of the process gets in: what is stored today is recognised tomorrow."""
    script = (
        "from hearback.pipeline.templates import sketch;"
        "print(sketch({f'word {n}' for n in range(200)}, b'k' * 32), end='')"
    )
    for seed in ("1", "2"):
        out = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        )
        assert out.stdout == TEMPLATE


@given(st.integers(0, 200), st.integers(20, 200))
def test_likeness_is_the_share_in_common(shared: int, size: int) -> None:
    """The estimate is within 0.3 of the share of shingles two texts have in common, and exact for equal ones."""
    common = [f"c {n}" for n in range(min(shared, size))]
    one, two = (sketch([*common, *(f"{name} {n}" for n in range(size - len(common)))], KEY) for name in ("one", "two"))
    share = len(common) / (2 * size - len(common))
    assert abs(alike(one, two) - share) < 0.3
    assert alike(one, one) == 1.0
