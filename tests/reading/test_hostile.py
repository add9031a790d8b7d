"""Every hostile message gives one signal, and what its family promises holds. How long it takes is bench/hostile_mail.py's."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import groupby

import pytest
from hostile import CANARY, MARK, VISIBLE, Holds, Hostile, catalogue

from hearback.model.message import Authenticity, RawMessage
from hearback.model.signal import Decision
from hearback.reading import read as reader
from hearback.reading import report, scan
from hearback.reading.read import Context, Reading, read

ALL = catalogue()
FAMILIES = {name: list(each) for name, each in groupby(sorted(ALL, key=lambda one: one.family), lambda one: one.family)}
Make = Callable[[bytes], RawMessage]


def wrong(each: Hostile, raw: Make, context: Context) -> str | None:
    """What of its promise does not hold."""
    reading = read(raw(each.build()), context)
    signal = reading.signal
    json.dumps(report.line(reading))
    if (signal.error or "").startswith(reader.FAILED):
        return f"the reader broke: {signal.error}"
    if (signal.kind is None) != (signal.error is not None):
        return "it is neither read nor told why not"
    if signal.kind is None and reading.decision is not Decision.REVIEW:
        return "it is unread and does not wait for the person"
    if len(reading.message.text) > scan.MAX_TEXT:
        return "its text is longer than the cap"
    return PROMISES[each.holds](each, reading, raw, context)


def _unreadable(_each: Hostile, reading: Reading, _raw: Make, _context: Context) -> str | None:
    return None if reading.signal.kind is None else f"it was read as {reading.signal.kind}"


def _reads(_each: Hostile, reading: Reading, _raw: Make, _context: Context) -> str | None:
    if VISIBLE not in reading.message.text:
        return f"it reads {reading.message.text[:80]!r}; {reading.signal.error}"
    return "what must not be seen was" if MARK in reading.message.text else None


def _unmoved(each: Hostile, reading: Reading, raw: Make, context: Context) -> str | None:
    return _compared(each, reading, raw, context, careful=False)


def _careful(each: Hostile, reading: Reading, raw: Make, context: Context) -> str | None:
    return _compared(each, reading, raw, context, careful=True)


def _compared(each: Hostile, reading: Reading, raw: Make, context: Context, *, careful: bool) -> str | None:
    if each.plain is None or MARK in reading.message.text or MARK in str(reading.signal.evidence):
        return f"it reads {reading.message.text[:120]!r}"
    plain = read(raw(each.plain()), context)
    told, meant = reading.signal, plain.signal
    same = reading.decision is plain.decision or (careful and reading.decision in {Decision.REVIEW, Decision.APPLY})
    if told.kind is not meant.kind or not same:
        return f"{meant.kind}, {plain.decision} became {told.kind}, {reading.decision}: {told.evidence}"
    return None if told.evidence == meant.evidence else f"it is {told.evidence!r} that decides, not {meant.evidence!r}"


def _bounded(_each: Hostile, reading: Reading, _raw: Make, _context: Context) -> str | None:
    return None if reading.decision is not Decision.APPLY else "unproved mail acts"


def _untrusted(_each: Hostile, reading: Reading, _raw: Make, _context: Context) -> str | None:
    if reading.signal.authenticity is Authenticity.PASS or reading.signal.sent:
        return f"it is taken for {reading.signal.authenticity}, sent {reading.signal.sent}"
    return None if reading.decision is not Decision.APPLY else "unproved mail acts"


PROMISES: dict[Holds, Callable[[Hostile, Reading, Make, Context], str | None]] = {
    Holds.UNREADABLE: _unreadable,
    Holds.READS: _reads,
    Holds.UNMOVED: _unmoved,
    Holds.CAREFUL: _careful,
    Holds.BOUNDED: _bounded,
    Holds.UNTRUSTED: _untrusted,
}


def test_the_catalogue_is_large_and_names_each_message_once() -> None:
    """At least five hundred, each with a name of its own."""
    assert len(ALL) >= 500
    assert len({str(each) for each in ALL}) == len(ALL)
    assert MARK in CANARY
    assert MARK not in VISIBLE


@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_mail_gives_a_signal_and_keeps_its_families_promise(family: str, raw: Make, context: Context) -> None:
    """Nothing raises, nothing is dropped, and what is hidden, quoted or claimed does not decide."""
    found = {str(each): fault for each in FAMILIES[family] if (fault := wrong(each, raw, context)) is not None}
    assert not found
