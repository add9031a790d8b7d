"""The library of drafts: what one writes when, each in every tone, and which of them fit an application now.

A file of library/ is one situation: front matter between two lines of ---, then a section for each tone.

    title    as shown
    when     when to write it, in a sentence
    fits     the moments (Moment) that suggest it
    rank     of those that fit one moment the lowest first
    answers  yes: it goes to whoever wrote last, under their subject; no: to somebody else
    == de informal        then "Subject: …", an empty line, and the text between greeting and closing
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Final

from hearback.model.application import InterviewStatus, Stage, TimelineEntry
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import FactId
from hearback.model.signal import Detail, InterviewAction, Kind, Signal
from hearback.pipeline.sandbox import check
from hearback.pipeline.tone import Language, Manner, Tone
from hearback.pipeline.view import ApplicationView

NAMES: Final = frozenset(
    {
        "position",
        "role",
        "company",
        "at_company",
        "about",
        "topic",
        "applied_on",
        "interview_day",
        "interview_at",
        "due",
    }
)
"""The words a template may use. Each is text, empty where nothing is known; pipeline.drafts says what each is."""
MAX_FILE: Final = 20_000
"""Characters of one situation in every tone."""
FRAME: Final = "frame"

SILENCE: Final = timedelta(days=10)
"""After an application or an announcement: from then on one may ask."""
SILENCE_AFTER_INTERVIEW: Final = timedelta(days=7)
THANKS_WITHIN: Final = timedelta(days=3)
ANSWER_WITHIN: Final = timedelta(days=14)
"""An invitation older than this is answered, one way or another."""
SUGGESTED: Final = 5
GENERAL: Final = 2
_OPEN: Final = frozenset({Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING, Stage.TECHNICAL_ROUND})
PROMISES: Final = frozenset({Detail.DELAYED, Detail.UNDER_REVIEW, Detail.ADVANCED})
_SECTION: Final = re.compile(r"^== (\w+) (\w+)[ \t]*$", re.MULTILINE)


class Moment(StrEnum):
    """What an application is in the middle of; the most pressing first."""

    INTERVIEW_NOW = "interview_now"
    OFFER = "offer"
    AVAILABILITY_ASKED = "availability_asked"
    INVITED = "invited"
    INTERVIEW_HELD = "interview_held"
    TEST = "test"
    DOCUMENTS_ASKED = "documents_asked"
    RETITLED = "retitled"
    PROMISE_MISSED = "promise_missed"
    INTERVIEW_SILENT = "interview_silent"
    INTERVIEW_COMING = "interview_coming"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    ON_HOLD = "on_hold"
    APPLIED_SILENT = "applied_silent"
    LEAD = "lead"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Wording:
    """One situation in one tone."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One entry of the library."""

    name: str
    title: str
    when: str = ""
    fits: frozenset[Moment] = frozenset()
    rank: int = 50
    answers: bool = True
    wordings: Mapping[Tone, Wording]


@functools.cache
def library() -> Mapping[str, Situation]:
    """Every situation by its name, in the order of their titles."""
    folder = files("hearback.pipeline").joinpath("library")
    names = sorted(each.name.removesuffix(".j2") for each in folder.iterdir() if each.name.endswith(".j2"))
    found = [_read(name) for name in names if name != FRAME]
    return {each.name: each for each in sorted(found, key=lambda each: each.title)}


@functools.cache
def frame() -> Situation:
    """Greeting and closing, which stand around every draft."""
    return _read(FRAME)


def situation(name: str) -> Situation:
    """One of the library. NotFound."""
    if name not in library():
        raise NotFound("There is no such template.")
    return library()[name]


def _read(name: str) -> Situation:
    return parsed(name, files("hearback.pipeline").joinpath("library", f"{name}.j2").read_text(encoding="utf-8"))


def checked(made: Situation, names: frozenset[str] = NAMES) -> Situation:
    """The situation, each of whose texts keeps to what a template may do. Permanent: one does not, with why."""
    for wording in made.wordings.values():
        check(wording.subject, names)
        check(wording.text, names)
    return made


def parsed(name: str, source: str) -> Situation:
    """A situation as its file says it. Permanent: what is wrong with it, in words.

    Its templates are not looked at; filling one in does, and `checked` where a person has written it.
    """
    if len(source) > MAX_FILE:
        raise Permanent(f"A template has at most {MAX_FILE} characters.")
    _, opened, rest = source.partition("---\n")
    head, closed, body = rest.partition("\n---\n")
    if not opened or not closed:
        raise Permanent("A template begins with its title between two lines of ---.")
    told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    parts = _SECTION.split(body)[1:]
    wordings: dict[Tone, Wording] = {}
    for language, manner, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        first, _, after = text.strip().partition("\n")
        subject = first.removeprefix("Subject:") if first.startswith("Subject:") else ""
        wordings[_tone(language, manner)] = Wording(subject.strip(), (after if subject else text).strip())
    if not told.get("title") or not wordings:
        raise Permanent("A template needs a title and at least one section such as “== en formal”.")
    return Situation(
        name=name,
        title=told["title"],
        when=told.get("when", ""),
        fits=frozenset(_moments(told.get("fits", ""))),
        rank=int(told["rank"]) if told.get("rank", "").isdecimal() else 50,
        answers=told.get("answers", "yes") == "yes",
        wordings=wordings,
    )


def _tone(language: str, manner: str) -> Tone:
    try:
        return Tone(Language(language), Manner(manner))
    except ValueError:
        raise Permanent("The tones are en formal, en informal, de formal, de informal.") from None


def _moments(named: str) -> Iterable[Moment]:
    for each in filter(None, (word.strip() for word in named.split(","))):
        try:
            yield Moment(each)
        except ValueError:
            raise Permanent(f"There is no moment “{each[:40]}”.") from None


def moments(seen: ApplicationView, signals: Iterable[Signal], now: datetime) -> frozenset[Moment]:
    """What the application is in the middle of at `now`. `signals` are its own."""
    it = seen.application
    if it.is_lead:
        return frozenset({Moment.LEAD})
    ended = {Stage.REJECTED: Moment.REJECTED, Stage.ACCEPTED: Moment.ACCEPTED}
    if it.stage in ended:
        return frozenset({ended[it.stage]})
    if it.stage is Stage.WITHDRAWN or it.stage is None:
        return frozenset()
    mail = [entry for entry in it.timeline if entry.kind is not None and not entry.reverted]
    last = next((entry for entry in reversed(mail) if not entry.sent), None)
    wrote_at = max((entry.at for entry in mail if entry.sent), default=None)
    found = _of_rounds(seen, last, wrote_at, now)
    if last is not None:
        actions = {FactId(each.id): each.interview.action for each in signals if each.interview is not None}
        found |= _of_last_mail(last, actions, answered=wrote_at is not None and wrote_at > last.at, now=now)
    if it.on_hold:
        found.add(Moment.ON_HOLD)
    if it.stage is Stage.OFFER_EXTENDED:
        return frozenset(found | {Moment.OFFER})
    if not it.on_hold:
        found |= _of_silence(seen, last, now)
    return frozenset(found | {Moment.OPEN})


def _of_rounds(
    seen: ApplicationView, last: TimelineEntry | None, wrote_at: datetime | None, now: datetime
) -> set[Moment]:
    found: set[Moment] = set()
    for each in seen.rounds:
        start = each.interview.start_at
        if start is None or each.status is InterviewStatus.CANCELLED:
            continue
        end = start + timedelta(minutes=each.interview.duration_min or 60)
        if each.status is InterviewStatus.SCHEDULED:
            found.add(Moment.INTERVIEW_NOW if start - timedelta(hours=1) <= now else Moment.INTERVIEW_COMING)
        elif now - end <= THANKS_WITHIN and (wrote_at is None or wrote_at < end):
            found.add(Moment.INTERVIEW_HELD)
        elif (
            now - end >= SILENCE_AFTER_INTERVIEW
            and seen.quiet_days >= SILENCE_AFTER_INTERVIEW.days
            and (last is None or last.at < end)
            and seen.next_round is None
            and seen.application.stage in _OPEN
        ):
            found.add(Moment.INTERVIEW_SILENT)
    return found


def _of_silence(seen: ApplicationView, last: TimelineEntry | None, now: datetime) -> set[Moment]:
    it, promised = seen.application, seen.promised_at
    if promised is not None:
        return {Moment.PROMISE_MISSED} if promised <= now else set()
    if seen.quiet_days < SILENCE.days:
        return set()
    if last is not None and last.detail in PROMISES:
        return {Moment.PROMISE_MISSED}
    silent = it.stage in {Stage.APPLIED, Stage.IN_REVIEW} and not it.interviews
    return {Moment.APPLIED_SILENT} if silent else set()


def _of_last_mail(
    last: TimelineEntry, actions: Mapping[FactId, InterviewAction], *, answered: bool, now: datetime
) -> set[Moment]:
    if answered:
        return set()
    if last.kind is Kind.ASSESSMENT:
        return {Moment.TEST}
    if last.detail is Detail.CHECKS:
        return {Moment.DOCUMENTS_ASKED}
    if last.detail is Detail.TRANSFERRED:
        return {Moment.RETITLED}
    if last.kind is not Kind.INTERVIEW_INVITATION or now - last.at > ANSWER_WITHIN:
        return set()
    action = actions.get(last.fact, InterviewAction.INVITE)
    if action is InterviewAction.REQUEST_AVAILABILITY:
        return {Moment.AVAILABILITY_ASKED}
    return {Moment.INVITED} if action in {InterviewAction.INVITE, InterviewAction.RESCHEDULE} else set()


def suggested(now: frozenset[Moment], *, most: int = SUGGESTED) -> Sequence[Situation]:
    """The situations that fit, those of the most pressing moment first; few of those that fit any open application."""
    pressing = {moment: place for place, moment in enumerate(Moment)}
    fitting = [each for each in library().values() if each.fits & now]
    fitting.sort(key=lambda each: (min(pressing[one] for one in each.fits & now), each.rank, each.title))
    general = [each for each in fitting if each.fits & now == {Moment.OPEN}]
    return [each for each in fitting if each not in general[GENERAL:]][:most]
