"""What a message is, how sure that is, and the sentence that says so: the first stage.

Linear weights over the words of the whole mail (features, weights), trained on mail by many hands (tools/train_model.py).
What its form alone tells is settled here (an alert's sender, an account code, the person's own mail), and so is what the
weights are sure is about nothing of the kind; the rest gets a second opinion where the encoder is installed (reading.second).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from hearback.model.message import Message
from hearback.model.signal import Detail, Kind
from hearback.reading import features, gate, language, senders, sentences, weights

EVIDENCE_CHARS: Final = 200
EVIDENCE_WORDS: Final = 3
BODY_SENTENCES: Final = 40
SETTLED: Final = 0.985
"""A mail without a plain word of a job search, without calendar part and from no applicant system is other for good from
this probability on (tools/train_model.py prints what that would lose of mail by hands left out)."""
UNKNOWN_LANGUAGE_CAP: Final = 0.75
_CODE: Final = re.compile(
    r"\b(?:security|verification|confirmation|access|one-time|login|sign-in) (?:code|pass(?:word|code))\b|\bverify your (?:e-?mail|account|candidate account|identity)\b|\breset your password\b|\b(?:Sicherheits|Bestätigungs)code\b",
    re.IGNORECASE,
)
_REPLY: Final = re.compile(r"^\s*(?:re|aw|sv|antw|odp|res|rif)\s*:", re.IGNORECASE)
_WITHDRAWS: Final = re.compile(
    r"\b(?:withdraw (?:my|from)|withdrawing (?:my|from)|no longer (?:wish to be considered|interested)|remove (?:me|my (?:application|name)) from|ziehe[^.!?\n]{0,40}zurück|zurückziehen|retirer ma candidature|retiro mi candidatura|retirar (?:mi|a minha) candidatura|ritir\w+ la mia candidatura|trek[^.!?\n]{0,30}sollicitatie[^.!?\n]{0,20}(?:terug|in)|wycof\w+ (?:moją|swoją))\b",
    re.IGNORECASE,
)
_ACCEPTS: Final = re.compile(
    r"\b(?:accept (?:your|the|this) (?:kind |generous )?(?:job )?offer|accepting (?:your|the) offer|(?:happy|delighted|pleased|glad) to accept|I accept\b|nehme (?:ich )?(?:Ihr|euer|das|dein) Angebot[^.!?\n]{0,20}an|j.accepte (?:votre|l.)|acepto (?:la|su|vuestra) oferta|aceito a (?:sua )?proposta|accetto (?:la|l)|accepteer (?:jullie|uw|het)|przyjmuję (?:ofertę|Państwa))",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(r"\b(?:not|unable|cannot|can't|decline|nicht|ne|pas|no|não|non|niet|nie)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one message."""

    kind: Kind
    detail: Detail | None
    confidence: float
    evidence: str | None
    language: str
    reasons: tuple[str, ...]
    settled: bool = False
    """No second opinion is needed."""
    chances: Mapping[str, float] = field(default_factory=dict)
    """Probability of each kind; empty where the form alone decides."""
    other: float = 0.0
    """Probability of the kind other, as both stages have it."""
    faint: Kind | None = None
    """What it may be all the same where it is read as other."""
    faintly: float = 0.0
    """The probability of that."""


def judge(message: Message) -> Judgement:
    """Decide what `message` is. Total: any message gets a verdict."""
    subject = str(message.subject)
    body = sentences.split(message.text)[:BODY_SENTENCES]
    spoken_in = language.detect(f"{subject}\n{message.text}")
    if message.sent:
        return _sent(body, spoken_in)
    special = _special(message, subject, body)
    if special is not None:
        return Judgement(Kind.OTHER, None, 0.99, None, spoken_in, (special,), settled=True)
    buckets = buckets_of(message)
    chances = weights.kinds(buckets)
    name = max(chances, key=lambda each: (chances[each], each))
    kind = Kind(name)
    confidence = weights.calibrated(chances[name])
    if spoken_in == "und":
        confidence = min(confidence, UNKNOWN_LANGUAGE_CAP)
    relay = senders.vendor_of(message.sender.domain) is not None or senders.is_vendor(message.sender.domain)
    return Judgement(
        kind,
        Detail(weights.detail(buckets)) if kind is Kind.STATUS_UPDATE else None,
        round(confidence, 4),
        cut(evidence(subject, body, name)) if kind is not Kind.OTHER else None,
        spoken_in,
        (f"the words say {', '.join(f'{each} {chances[each]:.2f}' for each in ranked(chances)[:3])}",),
        settled=kind is Kind.OTHER
        and chances[name] >= SETTLED
        and not (relay or message.calendars or gate.speaks_plainly(subject, message.text)),
        chances=chances,
    )


def buckets_of(message: Message) -> list[int]:
    """What the linear weights see of `message`."""
    return features.of_mail(
        str(message.subject),
        message.text,
        str(message.sender.name),
        str(message.sender.address),
        flags(message),
    )


def flags(message: Message) -> Iterator[str]:
    """What the envelope says."""
    yield from senders.flags(message.sender.domain)
    if message.bulk:
        yield "bulk"
    if message.calendars:
        yield "calendar"
    if _REPLY.match(str(message.subject)):
        yield "reply"


def ranked(chances: Mapping[str, float]) -> list[str]:
    """Kinds, likeliest first."""
    return sorted(chances, key=lambda name: (-chances[name], name))


def evidence(subject: str, body: list[str], kind: str) -> str:
    """The sentence whose words speak most for `kind` and least for the others; the subject where none is one."""
    head = weights.model().kind
    at = head.labels.index(kind)
    best: tuple[float, str] | None = None
    for sentence in body:
        if len(sentence.split()) >= EVIDENCE_WORDS:
            sums = head.sums(sorted(features.of_words(sentence)))
            worth = sums[at] - max(value for place, value in enumerate(sums) if place != at)
            if best is None or worth > best[0]:
                best = worth, sentence
    return best[1] if best is not None else subject or next(iter(body), "")


def _sent(body: list[str], spoken_in: str) -> Judgement:
    for sentence in body:
        if _WITHDRAWS.search(sentence):
            return Judgement(
                Kind.OTHER, Detail.WITHDRAWS, 0.97, cut(sentence), spoken_in, ("the person withdraws",), settled=True
            )
        if _ACCEPTS.search(sentence) and not _NEGATED.search(sentence):
            return Judgement(
                Kind.OTHER, Detail.ACCEPTS, 0.97, cut(sentence), spoken_in, ("the person accepts",), settled=True
            )
    return Judgement(Kind.OTHER, None, 0.99, None, spoken_in, ("written by the person",), settled=True)


def _special(message: Message, subject: str, body: list[str]) -> str | None:
    """Mail whose form alone says that it is no news on an application."""
    if senders.is_alert(message.sender.address):
        return "the sender sends job alerts and digests"
    if _CODE.search(subject) or (len(body) <= 8 and any(_CODE.search(sentence) for sentence in body[:4])):  # noqa: PLR2004  such mails are short
        return "an account code"
    return None


def cut(sentence: str | None) -> str | None:
    """At most EVIDENCE_CHARS, cut at a word; what is left stands so in the mail."""
    if sentence is None or len(sentence) <= EVIDENCE_CHARS:
        return sentence
    return sentence[:EVIDENCE_CHARS].rpartition(" ")[0] or sentence[:EVIDENCE_CHARS]
