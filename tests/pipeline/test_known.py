"""Mail of a known process: surer, and worth a look even where it seemed to be about nothing (decision 21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from memory import exported
from strategies import START, signal

from hearback.model.act import BlockSender, Ignore
from hearback.model.deciding import decide, surer
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Decision, Kind
from hearback.pipeline.folding import fold
from hearback.pipeline.review import FAINT

RECEIPT = signal(1)
NEWS = signal(2, kind=Kind.STATUS_UPDATE, confidence=0.8, other=0.19)
HINT = signal(3, kind=Kind.STATUS_UPDATE, confidence=0.3, other=0.69, faint=True)
WHISPER = signal(4, kind=Kind.STATUS_UPDATE, confidence=0.06, other=0.93, faint=True)
ELSEWHERE: dict[str, Any] = {
    "company": Personal("Zenith"),
    "domain": "zenith.example",
    "sender": Address(Personal("jo@zenith.example")),
}


def test_a_known_process_makes_something_else_ten_times_less_likely() -> None:
    """0.8 against 0.19 of something else is 0.8 against 0.019; more than sure it never gets."""
    assert surer(NEWS) == pytest.approx(0.8 / 0.829)
    assert surer(replace(NEWS, confidence=1.0, other=0.5)) == 1.0


def test_nearly_sure_mail_of_a_known_process_applies() -> None:
    """And waits where nothing is known of it."""
    (application,) = fold([RECEIPT, NEWS]).applications
    assert NEWS.id in application.facts
    assert [each.fact for each in fold([replace(NEWS, **ELSEWHERE)]).review] == [NEWS.id]


def test_faint_mail_of_a_known_process_waits_or_applies() -> None:
    """As sure as it then is; what nothing is known of shows nowhere."""
    assert decide(HINT) is Decision.IGNORE
    found = fold([RECEIPT, WHISPER])
    assert [(each.fact, each.reason) for each in found.review] == [(WHISPER.id, FAINT)]
    (application,) = fold([RECEIPT, replace(HINT, confidence=0.42, other=0.57)]).applications
    assert HINT.id in application.facts
    alone = fold([replace(HINT, **ELSEWHERE)])
    assert (alone.applications, alone.review, alone.left_out) == ((), (), ())


def test_faint_mail_is_heeded_whenever_its_process_becomes_known() -> None:
    """A function of the set."""
    assert len({exported(fold(each)) for each in permutations([RECEIPT, NEWS, WHISPER])}) == 1


def test_faint_outreach_and_forged_mail_change_nothing_by_themselves() -> None:
    """An approach is no process; a sender that failed authentication waits at most."""
    approach = replace(HINT, kind=Kind.RECRUITER_OUTREACH)
    assert [each.fact for each in fold([RECEIPT, approach]).review] == []
    forged = replace(HINT, confidence=0.45, other=0.54, authenticity=Authenticity.FAIL)
    (application,) = fold([RECEIPT, forged]).applications
    assert forged.id not in application.facts


APPROACH = signal(1, kind=Kind.RECRUITER_OUTREACH, thread_id="t")


def test_faint_mail_of_one_who_approached_waits_in_their_thread() -> None:
    """An employer who once wrote makes nothing surer, and a stranger who writes into the thread is none who approached."""
    assert [each.fact for each in fold([APPROACH, replace(WHISPER, thread_id="t")]).review] == [WHISPER.id]
    assert fold([APPROACH, WHISPER]).review == ()
    assert fold([APPROACH, replace(WHISPER, thread_id="t", **ELSEWHERE)]).review == ()


def test_an_approach_makes_nothing_apply() -> None:
    """Who approaches could write both."""
    offer = replace(NEWS, kind=Kind.OFFER, confidence=0.9, other=0.09, thread_id="t")
    assert [each.fact for each in fold([APPROACH, offer]).review] == [offer.id]


@pytest.mark.parametrize(
    "word",
    [
        Ignore(id=ActId("i"), at=START + timedelta(days=20), about=FactId(WHISPER.id)),
        BlockSender(id=ActId("b"), at=START + timedelta(days=20), sender=WHISPER.sender.address),
    ],
)
def test_the_persons_word_on_the_mail_or_its_sender_outranks_it(word: Fact) -> None:
    """It is left alone."""
    assert fold([RECEIPT, WHISPER, word]).review == ()
