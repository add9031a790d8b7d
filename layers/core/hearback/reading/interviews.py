"""What a mail's prose says of an interview: the action, when, where, with whom, which round."""

from __future__ import annotations

import re
from typing import Final

from hearback.model.ids import Personal
from hearback.model.message import Message
from hearback.model.signal import InterviewAction, InterviewNotice, InterviewType
from hearback.reading import moments, sentences
from hearback.reading.rules import hits

_VIDEO: Final = re.compile(
    r"https?://[^\s<>\"')\]]*(?:zoom\.|meet\.|teams\.|webex|whereby|gotomeet|bluejeans|chime|skype|jitsi|livestorm|around\.co|/meet/|meetup-join|/j/)[^\s<>\"')\]]*",
    re.IGNORECASE,
)
_BOOKING: Final = re.compile(
    r"https?://[^\s<>\"')\]]*(?:calendly\.|cal\.com|goodtime\.|doodle\.|savvycal|koalendar|youcanbook|schedul|book)[^\s<>\"')\]]*",
    re.IGNORECASE,
)
_TYPES: Final = (
    (
        InterviewType.FINAL_ROUND,
        re.compile(
            r"\bfinal(?: round| interview| stage|-round)?\b(?=[^.!?\n]{0,40}(?:interview|round|conversation|stage|with))|\blast round\b|\bletzte Runde\b|\bentretien final\b",
            re.IGNORECASE,
        ),
    ),
    (InterviewType.PANEL, re.compile(r"\bpanel\b", re.IGNORECASE)),
    (
        InterviewType.TECHNICAL,
        re.compile(
            r"\btechnical (?:interview|conversation|round|discussion|call|screen|session)\b|\btechnisches? (?:Gespräch|Interview)\b|\bpair(?:ing|[- ]programming)\b|\blive coding\b|\bsystem design\b|\bcoding interview\b|\bentretien technique\b|\bentrevista técnica\b|\bcolloquio tecnico\b|\btechnisch gesprek\b|\brozmow\w+ techniczn\w+",
            re.IGNORECASE,
        ),
    ),
    (
        InterviewType.CULTURE_FIT,
        re.compile(
            r"\b(?:culture|cultural|values|team)[- ]?(?:fit|interview|add|chat)\b|\bmeet the team\b", re.IGNORECASE
        ),
    ),
    (
        InterviewType.ONSITE,
        re.compile(
            r"\b(?:on-?site|in[- ]person|at our (?:office|offices|premises|restaurant|shop|site|academy|school)|in our office|trial (?:day|shift|lesson)|vor Ort|Probetag|dans nos locaux|en nuestras oficinas|presencial|in sede|op kantoor|w naszej siedzibie|w siedzibie)\b",
            re.IGNORECASE,
        ),
    ),
    (
        InterviewType.RECRUITER_SCREEN,
        re.compile(
            r"\b(?:phone (?:screen|interview|call)|telephone (?:interview|call)|screening|intro(?:ductory)? call|first (?:call|chat|conversation|interview with me)|Telefoninterview|Telefonat|entretien téléphonique|entrevista telefónica|entrevista por telefone|colloquio telefonico|telefonisch)\b",
            re.IGNORECASE,
        ),
    ),
)
_PLACE: Final = re.compile(
    r"(?:^|\n)\s*(?:Where|Location|Venue|Address|Ort|Adresse|Lieu|Lugar|Local|Luogo|Locatie|Miejsce)\s*:\s*([^\n]{4,120})",
    re.IGNORECASE,
)
_AT_OFFICE: Final = re.compile(
    r"\b(?:at|in) (our (?:office|offices|premises|restaurant|shop|headquarters)[^.!?\n]{0,60})", re.IGNORECASE
)
_PERSON: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻ][a-zà-öø-ÿłśżźćńóęą'’-]+ [A-ZÀ-ÖØ-ÞŁŚŻ][\wà-ÿłśżźćńóęą'’-]+"
_WITH: Final = re.compile(
    rf"\b(?:with|mit|avec|con|com|met|z|meet|by|interviewers?:?) ({_PERSON}(?:(?:,| and| und| et| y| e| en| i|, and) {_PERSON}){{0,4}})"
)
_NAMES: Final = re.compile(_PERSON)
_NOT_NAMES: Final = re.compile(
    r"\b(?:Team|Manager|Engineering|Hiring|Talent|Berlin|London|Paris|Google|Microsoft|Zoom|Labs|Group|Data|Software|Product|Head|Senior|Lead|Director)\b"
)
_OFFERED: Final = 2
"""From this many different times on, slots are offered rather than one time named."""


def notice(message: Message, zone: str) -> InterviewNotice | None:
    """The interview a mail is about; None where it speaks of none. Only called for interview mail."""
    body = sentences.split(message.text)
    said_at = (message.sent_at or message.received_at).astimezone(moments.zones.zone_of(zone)[0])
    subject_hits = hits(str(message.subject))
    action = _action(body, subject_hits)
    found = _moments(message.text, said_at, zone)
    if action is InterviewAction.RESCHEDULE:
        chosen = found[-1] if found else None
    else:
        distinct = {(each.day, each.clock) for each in found}
        offered = len(distinct) >= _OFFERED and action in {InterviewAction.INVITE, InterviewAction.REQUEST_AVAILABILITY}
        if action is InterviewAction.REQUEST_AVAILABILITY and (offered or not found):
            chosen = None
        elif offered and _offers_slots(message.text):
            action, chosen = InterviewAction.REQUEST_AVAILABILITY, None
        else:
            chosen = found[0] if found else None
            if action is InterviewAction.REQUEST_AVAILABILITY:
                action = InterviewAction.INVITE if _asks_for_one(message.text) else action
                chosen = chosen if action is InterviewAction.INVITE else None
    if (
        action is InterviewAction.INVITE
        and chosen is None
        and (_BOOKING.search(" ".join(message.links)) or _asks(body))
    ):
        action = InterviewAction.REQUEST_AVAILABILITY
    start = chosen.at(zone) if chosen is not None else None
    place = _PLACE.search(message.text)
    where = place[1].strip() if place else None
    office = _AT_OFFICE.search(message.text)
    video = _VIDEO.search(" ".join((message.text, *message.links)))
    return InterviewNotice(
        action=action,
        start_at=start,
        zone=(chosen.zone or (None if chosen.offset is not None else zone)) if chosen is not None else None,
        duration_min=(chosen.minutes if chosen is not None else None) or moments.length_minutes(message.text),
        type=_type(f"{message.subject}\n{message.text}", InterviewType.OTHER),
        interviewers=_people(message.text),
        location=Personal(where)
        if where and not where.startswith("http")
        else (Personal(office[1].strip()) if office else None),
        video_link=Personal(video[0].rstrip(".,;:")) if video else None,
    )


def _moments(text: str, said_at: object, zone: str) -> list[moments.Moment]:
    found: list[moments.Moment] = []
    for line in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ])|\n(?=\S)", text[:6000]):
        found += [each for each in moments.all_in(line, said_at, zone) if each.clock is not None]  # type: ignore[arg-type]  a datetime
    if not found:  # the date on one line, the time on the next
        found = [each for each in moments.all_in(text[:3000], said_at, zone) if each.clock is not None]  # type: ignore[arg-type]  as above
    return found


def _action(body: list[str], subject_hits: frozenset[str]) -> InterviewAction:
    said: set[str] = set()
    for sentence in body:
        said |= hits(sentence)
    if "interview_cancel" in said and "interview_move" not in said:
        return InterviewAction.CANCEL
    if "interview_move" in said:
        return InterviewAction.RESCHEDULE
    if "interview_confirm" in said and "interview_invite" not in said and "availability" not in said:
        return InterviewAction.CONFIRM
    if "interview_cancel" in subject_hits:
        return InterviewAction.CANCEL
    if "interview_invite" in said:
        return InterviewAction.INVITE
    if "availability" in said:
        return InterviewAction.REQUEST_AVAILABILITY
    if "interview_move" in subject_hits:
        return InterviewAction.RESCHEDULE
    if "interview_confirm" in said | subject_hits:
        return InterviewAction.CONFIRM
    return InterviewAction.INVITE


def _offers_slots(text: str) -> bool:
    return (
        bool(re.search(r"(?m)^\s*(?:[a-e]\)|[-•*]|\d[.)])\s", text))
        or bool(re.search(r"\b(?:or|oder|ou|o|of|lub)\b[^.!?\n]{0,40}\d{1,2}[:.h]\d{2}", text))
        or "availability" in hits(text[:2000])
    )


def _asks_for_one(text: str) -> bool:
    """One time is named and the person is only asked whether it suits."""
    return bool(
        re.search(
            r"\b(?:does (?:that|this|the)|would (?:that|this)|is that|passt (?:Ihnen|dir|das)|works? for you|suits? you|te (?:va|viene)|vous convient|le va bene|schikt dat|pasuje)\b",
            text,
            re.IGNORECASE,
        )
    )


def _asks(body: list[str]) -> bool:
    return any("availability" in hits(sentence) for sentence in body)


def _type(text: str, default: InterviewType) -> InterviewType:
    return next((kind for kind, pattern in _TYPES if pattern.search(text[:6000])), default)


def _people(text: str) -> tuple[Personal, ...]:
    found = _WITH.search(text[:6000])
    if not found:
        return ()
    return tuple(Personal(name) for name in dict.fromkeys(_NAMES.findall(found[1])) if not _NOT_NAMES.search(name))[:6]
