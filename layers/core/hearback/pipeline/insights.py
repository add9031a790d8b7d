"""Insights: what a person's applications show, in sentences with the numbers behind them (docs/figures.md).

A sentence is made only from groups that are large enough, and a comparison only where chance alone would seldom make it;
where several groups could have been named, the more rarely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from hearback.model.application import Application, Stage
from hearback.model.person import USUAL_SILENCE, Silence
from hearback.model.signal import Kind
from hearback.pipeline.chance import LIKELY, by_chance
from hearback.pipeline.correspondence import Correspondence
from hearback.pipeline.responses import ANSWER_WINDOW, eligible, first_answer, in_time, in_words, spread
from hearback.pipeline.view import OPEN, ghosted_at

GROUP: Final = 5
"""The fewest of a group that is compared, or that a share is told of."""
WHOLE: Final = 10
"""The fewest applications a sentence about all of them is told of."""
FEWEST_QUIET: Final = 3
MONTH: Final = timedelta(days=30)
WEEK: Final = timedelta(days=7)
LATE: Final = timedelta(days=21)
FASTER_BY: Final = timedelta(days=1)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OFFERED: Final = frozenset({Stage.OFFER_EXTENDED, Stage.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Count:
    """A numerator, its denominator, and the applications they are."""

    label: str
    numerator: int
    denominator: int
    applications: tuple[Application, ...]
    """Those of the numerator."""
    others: tuple[Application, ...] = ()
    """The rest of the denominator."""

    @property
    def share(self) -> float:
        """0–1."""
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Insight:
    """One sentence."""

    name: str
    text: str
    counts: tuple[Count, ...]


def insights(
    correspondences: Iterable[Correspondence], now: datetime, zone: str, silence: Silence = USUAL_SILENCE
) -> tuple[Insight, ...]:
    """What the numbers suffice for. Leads are left out."""
    every = tuple(sorted((each for each in correspondences if not each.application.is_lead), key=_order))
    old = tuple(each for each in every if eligible(each, now))
    found = (
        _conversion(old),
        _channels(old),
        _weekdays(old, zone),
        _pace(old, now),
        _quiet(every, now, zone, silence),
        _follow_ups(every, now),
        _late(every),
        _rejections(every),
    )
    return tuple(each for each in found if each is not None)


def _conversion(old: Sequence[Correspondence]) -> Insight | None:
    if len(old) < WHOLE:
        return None
    met = _count("led to an interview", old, _met)
    offered = _count("led to an offer", old, _offered)
    text = f"Of {len(old)} applications at least 14 days old, {met.numerator} led to an interview ({_percent(met)}) and {offered.numerator} to an offer ({_percent(offered)})."
    return Insight("conversion", text, (met, offered))


def _channels(old: Sequence[Correspondence]) -> Insight | None:
    groups: dict[str, list[Correspondence]] = {}
    for one in old:
        for name in one.application.ats:
            groups.setdefault(name.title(), []).append(one)
    return _standing_out("channel", groups, old, "Applications through {}")


def _weekdays(old: Sequence[Correspondence], zone: str) -> Insight | None:
    dated = [one for one in old if one.applied_at is not None]
    groups: dict[str, list[Correspondence]] = {}
    for one in dated:
        if one.applied_at is not None:
            day = _DAYS[one.applied_at.astimezone(ZoneInfo(zone)).weekday()]
            groups.setdefault(day, []).append(one)
    return _standing_out("weekday", groups, dated, "Applications sent on a {}")


def _standing_out(
    name: str, groups: Mapping[str, Sequence[Correspondence]], every: Sequence[Correspondence], sentence: str
) -> Insight | None:
    """The group whose share of answers differs from that of all others the least by chance, if seldom enough."""
    total = sum(map(in_time, every))
    tried = [
        (key, group)
        for key, group in sorted(groups.items())
        if len(group) >= GROUP and len(every) - len(group) >= GROUP
    ]
    best: tuple[float, str, Sequence[Correspondence]] | None = None
    for key, group in tried:
        hits = sum(map(in_time, group))
        chance = by_chance(hits, len(group), total - hits, len(every) - len(group)) * len(tried)
        if chance <= LIKELY and (best is None or chance < best[0]):
            best = (chance, key, group)
    if best is None:
        return None
    _, label, group = best
    mine = set(map(id, group))
    ours = _count(label, group, in_time)
    rest = _count("all others", [each for each in every if id(each) not in mine], in_time)
    often = "more often" if ours.share > rest.share else "less often"
    text = f"{sentence.format(label)} were answered {often}: {_of(ours)} within 14 days, {_of(rest)} of all others."
    return Insight(name, text, (ours, rest))


def _pace(old: Sequence[Correspondence], now: datetime) -> Insight | None:
    """Applications of the last month that is old enough, against those before. Both are looked at for 14 days only, so
    that the newer ones do not look faster for want of time.
    """
    since = now - ANSWER_WINDOW - MONTH
    quick = {id(one): took for one in old if (took := first_answer(one)) is not None and took <= ANSWER_WINDOW}
    dated = [one for one in old if one.applied_at is not None]
    newer = [one for one in dated if one.applied_at is not None and one.applied_at >= since]
    earlier = [one for one in dated if one.applied_at is not None and one.applied_at < since]
    now_, then = (spread(quick[id(one)] for one in group if id(one) in quick) for group in (newer, earlier))
    if now_ is None or then is None or min(now_.count, then.count) < GROUP:
        return None
    apart = abs(now_.median - then.median)
    if apart < FASTER_BY or then.low <= now_.median <= then.high:
        return None
    word = "faster" if now_.median < then.median else "more slowly"
    text = f"First answers come {word} than before: after {in_words(now_.median)} in the middle ({now_.count} answers to applications sent 14 to 44 days ago), {in_words(then.median)} before ({then.count} answers)."
    counts = tuple(
        _count(label, group, lambda one: id(one) in quick)
        for label, group in (
            ("sent 14 to 44 days ago and answered within 14 days", newer),
            ("sent earlier and answered within 14 days", earlier),
        )
    )
    return Insight("pace", text, counts)


def _quiet(every: Sequence[Correspondence], now: datetime, zone: str, silence: Silence) -> Insight | None:
    running = [one for one in every if one.application.stage in OPEN and not one.application.archived]
    if len(running) < GROUP:
        return None

    def is_ghosted(one: Correspondence) -> bool:
        since = ghosted_at(one, now, zone, silence)
        return since is not None and since <= now

    gone = _count("have gone quiet", running, is_ghosted)
    if gone.numerator < FEWEST_QUIET:
        return None
    text = f"{gone.numerator} of {gone.denominator} open applications have gone quiet: nothing heard for {silence.after_applying} days, or for {silence.after_interview} after an interview."
    return Insight("quiet", text, (gone,))


def _follow_ups(every: Sequence[Correspondence], now: datetime) -> Insight | None:
    """Own mail after a week of silence or more, and whether mail came back within a week of it."""
    sent: list[tuple[Correspondence, bool]] = []
    for one in (each for each in every if each.own):
        theirs = [each.at for each in one.theirs if each.kind is not Kind.APPLICATION_CONFIRMATION]
        mail = sorted([*one.theirs, *one.own], key=lambda each: (each.at, each.fact))
        for before, each in pairwise(mail):
            if not each.sent or each.at == one.applied_at or each.at - before.at < WEEK:
                continue
            answered = any(each.at < at <= each.at + WEEK for at in theirs)
            if answered or now - each.at > WEEK:
                sent.append((one, answered))
    if len(sent) < GROUP:
        return None
    hits = [one for one, answered in sent if answered]
    misses = [one for one, answered in sent if not answered]
    count = Count("follow-ups answered within a week", len(hits), len(sent), _once(hits), _once(misses))
    text = f"{count.numerator} of {count.denominator} mails that you sent after a week of silence or more were answered within a week ({_percent(count)})."
    return Insight("follow_ups", text, (count,))


def _late(every: Sequence[Correspondence]) -> Insight | None:
    answered = [one for one in every if first_answer(one) is not None]
    if len(answered) < WHOLE:
        return None
    late = _count("answered after more than 21 days", answered, lambda one: (first_answer(one) or WEEK) > LATE)
    text = f"{late.numerator} of {late.denominator} first answers came more than 21 days after applying ({_percent(late)})."
    return Insight("late", text, (late,))


def _rejections(every: Sequence[Correspondence]) -> Insight | None:
    rejected = [one for one in every if one.application.stage is Stage.REJECTED]
    if len(rejected) < GROUP:
        return None
    without = _count("rejected without an interview", rejected, lambda one: not _met(one))
    text = f"{without.numerator} of {without.denominator} rejections came without an interview ({_percent(without)})."
    return Insight("rejections", text, (without,))


def _met(one: Correspondence) -> bool:
    """Whether they wanted to talk: invited, asked for times, or the person says so."""
    it = one.application
    return bool(it.interviews) or any(each.stage is Stage.INTERVIEWING for each in it.stage_history)


def _offered(one: Correspondence) -> bool:
    return any(each.stage in _OFFERED for each in one.application.stage_history)


def _count(label: str, group: Sequence[Correspondence], holds: Callable[[Correspondence], bool]) -> Count:
    hits: list[Correspondence] = []
    misses: list[Correspondence] = []
    for one in group:
        (hits if holds(one) else misses).append(one)
    return Count(label, len(hits), len(group), _once(hits), _once(misses))


def _once(group: Iterable[Correspondence]) -> tuple[Application, ...]:
    return tuple({one.application.facts[0]: one.application for one in group}.values())


def _of(count: Count) -> str:
    return f"{count.numerator} of {count.denominator} ({_percent(count)})"


def _percent(count: Count) -> str:
    return f"{count.share * 100:.0f} %"


def _order(one: Correspondence) -> tuple[object, ...]:
    first = one.application.first_contact_at
    return (first is None, first or 0, one.application.facts[0])
