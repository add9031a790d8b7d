"""What a message is, how sure that is, and the sentence that says so.

Two readers look at it: phrases (verdict.spoken) and trained weights (weights.kinds over columns). Where they agree the
verdict is sure; where only one speaks it is less sure; where they disagree the mail goes to review. The confidences of
those cases are shares measured on mail neither had seen (AGREED …), so a threshold means what it says.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Final

from hearback.model.message import Message
from hearback.model.signal import Detail, Kind
from hearback.reading import language, senders, sentences, verdict, weights
from hearback.reading.columns import Envelope, columns, is_reply
from hearback.reading.roles import names_a_role
from hearback.reading.rules import hits

EVIDENCE_CHARS: Final = 200
EVIDENCE_WORDS: Final = 4
EVIDENCE_STRENGTH: Final = 0.3
"""Without a usual phrase, at least one whole sentence must say so to the trained weights."""
BODY_SENTENCES: Final = 40
#: raw weight of the trained reader → confidence, when the phrases say the same
AGREED: Final = ((0.0, 0.90), (0.25, 0.95), (0.5, 0.985), (1.0, 0.995))
NOTHING: Final = "nothing in it is about an application"
AGREE: Final = "phrases and trained weights agree"
PLAINLY: Final = 0.985
PHRASE_ONLY: Final = 0.86
DISAGREED: Final = 0.6
WEIGHTS_ONLY_CAP: Final = 0.9
UNSPOKEN: Final = 0.85
"""A mail that names neither application nor job is taken for one only in a thread or with a calendar entry, and only if
the trained weights are this sure."""
UNSURE: Final = 0.7
"""Below this the trained weights alone make no job mail."""
UNANCHORED_CAP: Final = 0.9
"""A mail that names no role and comes from no applicant system is never sure by itself: flats, courses, studies and claims
are accepted, declined and delayed in the same words. Its thread or employer may vouch for it (pipeline.folding)."""
ANCHORED_OTHER: Final = 0.6
"""With a role and the words of hiring in it, a mail is about a job unless the trained weights are this sure it is not."""
HINTED_OTHER: Final = 0.2
"""With only one of the two: unless the weights see at least this much of something else."""
_CODE: Final = re.compile(
    r"\b(?:security|verification|confirmation|access|one-time|login|sign-in) (?:code|pass(?:word|code))\b|\bverify your (?:e-?mail|account|candidate account|identity)\b|\breset your password\b|\b(?:Sicherheits|Bestätigungs)code\b",
    re.IGNORECASE,
)
AWAY: Final = "an automatic reply"
"""Most say that somebody is away; some are an employer's receipt."""
_AWAY: Final = re.compile(
    r"^\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|abwesenheit\w*|automatische antwort|réponse automatique|respuesta automática|resposta automática|risposta automatica|automatisch antwoord|odpowiedź automatyczna)",
    re.IGNORECASE,
)
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
    """Its form alone says what it is: no second opinion is needed."""
    wordless: bool = False
    """The first stage sees nothing of a job in it."""
    agreed: bool = False
    """Phrases and trained weights say the same, and both plainly: worth a good deal to the second stage."""


def judge(message: Message) -> Judgement:
    """Decide what `message` is. Total: any message gets a verdict."""
    subject = str(message.subject)
    body = sentences.split(message.text)[:BODY_SENTENCES]
    spoken_in = language.detect(f"{subject}\n{message.text}")
    if message.sent:
        return _sent(body, spoken_in)
    special = _special(message, subject, body)
    if special is not None:
        return Judgement(Kind.OTHER, None, 0.99, None, spoken_in, (special,), settled=special != AWAY)
    envelope = _envelope(message, subject)
    relay = envelope.ats or senders.is_assessment(message.sender.domain)
    said = verdict.spoken(subject, body, relay=relay)
    if not (said.job or envelope.reply or envelope.calendar or names_a_role(subject, "")):
        why = ("not a word of it is about a job",)
        settled = message.bulk and not relay
        return Judgement(Kind.OTHER, None, 0.95, None, spoken_in, why, settled=settled, wordless=True)
    scores = _scores(subject, body, envelope)
    guess = max(scores, key=lambda kind: (scores[kind], kind))
    anchored = envelope.ats or names_a_role(subject, message.text)
    kind, confidence, reason = _combine(said, guess, scores, envelope, anchored=anchored)
    if kind is not Kind.OTHER and not anchored:
        confidence = min(confidence, UNANCHORED_CAP)
    if spoken_in == "und":
        confidence = min(confidence, 0.75)
    agreed = kind is not Kind.OTHER and reason == AGREE and confidence >= PLAINLY
    evidence = said.evidence if kind is said.kind else _strongest(body or [subject], kind)
    if kind is not Kind.OTHER and evidence is None and anchored:
        evidence, confidence = subject, min(confidence, 0.5)
    elif kind is not Kind.OTHER and evidence is None:
        kind, confidence, reason = Kind.OTHER, 0.8, "no sentence of it says so"
    return Judgement(
        kind,
        said.detail if kind is said.kind else _detail(kind, evidence),
        round(confidence, 4),
        cut(evidence) if kind is not Kind.OTHER else None,
        spoken_in,
        (
            reason,
            f"phrases say {said.kind or 'nothing that decides'}",
            f"trained weights say {guess} ({scores[guess]:.2f})",
        ),
        wordless=reason == NOTHING,
        agreed=agreed,
    )


def _combine(
    said: verdict.Spoken, guess: Kind, scores: dict[Kind, float], envelope: Envelope, *, anchored: bool
) -> tuple[Kind, float, str]:
    if said.foreign:
        return Kind.OTHER, 0.9, "it is about another sort of application"
    if said.kind is None:
        limit = ANCHORED_OTHER if anchored and said.hiring else HINTED_OTHER if anchored or said.hiring else 0.0
        if not envelope.bulk and scores[Kind.OTHER] < limit:
            guess = max((kind for kind in scores if kind is not Kind.OTHER), key=lambda kind: (scores[kind], kind))
            return (
                guess,
                min(weights.calibrated(scores[guess]), WEIGHTS_ONLY_CAP),
                "it is about a job; the trained weights say what",
            )
        hinted = said.job or envelope.reply or envelope.calendar
        if guess is Kind.OTHER or not hinted or scores[guess] < (UNSURE if said.job else UNSPOKEN):
            return Kind.OTHER, max(scores[Kind.OTHER], 0.8), NOTHING
        sure = min(weights.calibrated(scores[guess]), WEIGHTS_ONLY_CAP)
        return guess, sure, "no usual phrase; the trained weights decide"
    if said.kind is Kind.OTHER or envelope.alert:
        return Kind.OTHER, 0.95, "it is an alert or a digest"
    if said.kind is Kind.RECRUITER_OUTREACH and envelope.bulk and guess is Kind.OTHER:
        return Kind.OTHER, 0.8, "a mailing, not written to the person"
    weight = scores[said.kind]
    if guess is Kind.OTHER and scores[Kind.OTHER] > 0.8 and not envelope.ats:  # noqa: PLR2004  the weights are sure
        if envelope.bulk or weight < 0.02:  # noqa: PLR2004  and see nothing of it
            return Kind.OTHER, 0.75, "one usual phrase in a mail about something else"
        return said.kind, DISAGREED, "the phrases and the trained weights disagree"
    if guess is said.kind or weight > 0.2:  # noqa: PLR2004  the weights see it too
        return said.kind, _interpolated(weight), AGREE
    return said.kind, PHRASE_ONLY, "a usual phrase says so"


def _interpolated(weight: float) -> float:
    for (low, low_value), (high, high_value) in itertools.pairwise(AGREED):
        if weight <= high:
            return low_value + (high_value - low_value) * (weight - low) / (high - low)
    return AGREED[-1][1]


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
    if _AWAY.match(subject):
        return AWAY
    if _CODE.search(subject) or (len(body) <= 8 and any(_CODE.search(sentence) for sentence in body[:4])):  # noqa: PLR2004  such mails are short
        return "an account code"
    return None


def _envelope(message: Message, subject: str) -> Envelope:
    domain = message.sender.domain
    return Envelope(
        ats=senders.vendor_of(domain) is not None,
        board=senders.is_board(domain),
        alert=senders.is_alert(message.sender.address),
        vendor=senders.is_vendor(domain),
        freemail=senders.is_freemail(domain),
        bulk=message.bulk,
        calendar=bool(message.calendars),
        reply=is_reply(subject),
    )


def _scores(subject: str, body: list[str], envelope: Envelope) -> dict[Kind, float]:
    known = weights.model()
    found = columns(
        known.intents,
        weights.intents(subject) if subject else (),
        [weights.intents(sentence) for sentence in body[:24]],
        () if is_reply(subject) else hits(subject),
        [name for sentence in body for name in hits(sentence)],
        envelope,
    )
    return {Kind(name): value for name, value in zip(known.kinds, weights.kinds(found), strict=True)}


#: kind → the intents whose sentence is its evidence
_INTENTS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.APPLICATION_CONFIRMATION: ("receipt",),
    Kind.STATUS_UPDATE: ("pending", "delayed_hold", "advanced", "checks", "withdrawn_ack", "transferred"),
    Kind.ASSESSMENT: ("test_invite",),
    Kind.INTERVIEW_INVITATION: (
        "interview_invite",
        "availability",
        "interview_confirm",
        "interview_move",
        "interview_cancel",
    ),
    Kind.OFFER: ("offer", "offer_detail"),
    Kind.REJECTION: ("rejection", "talent_pool"),
    Kind.RECRUITER_OUTREACH: ("outreach",),
}
_DETAILS: Final = {
    "pending": Detail.UNDER_REVIEW,
    "delayed_hold": Detail.DELAYED,
    "advanced": Detail.ADVANCED,
    "checks": Detail.CHECKS,
    "withdrawn_ack": Detail.WITHDRAWAL_ACKNOWLEDGED,
    "transferred": Detail.TRANSFERRED,
}


def _strongest(body: list[str], kind: Kind) -> str | None:
    """The sentence that says `kind` most clearly to the trained weights; None where none says it clearly enough."""
    wanted = _INTENTS.get(kind)
    if wanted is None:
        return None
    places = [weights.model().intents.index(name) for name in wanted]
    rated = [
        (sum(weights.intents(sentence)[place] for place in places), sentence)
        for sentence in body[:24]
        if len(sentence.split()) >= EVIDENCE_WORDS
    ]
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= EVIDENCE_STRENGTH else None


def _detail(kind: Kind, evidence: str | None) -> Detail | None:
    if kind is not Kind.STATUS_UPDATE or evidence is None:
        return None
    probabilities = weights.intents(evidence)
    names = weights.model().intents
    return max(_DETAILS.items(), key=lambda item: probabilities[names.index(item[0])])[1]


def cut(sentence: str | None) -> str | None:
    """At most EVIDENCE_CHARS, cut at a word; what is left stands so in the mail."""
    if sentence is None or len(sentence) <= EVIDENCE_CHARS:
        return sentence
    return sentence[:EVIDENCE_CHARS].rpartition(" ")[0] or sentence[:EVIDENCE_CHARS]
