"""How probably a mail belongs to a candidacy: a score with its reasons, and what speaks against it (docs/matching.md).

Trust falls in this order: a reply to its mail or the same calendar entry; the requisition; the provider's thread; company and
role; the person who writes; the employer's domain. Another company, another role, another requisition speak against it,
the less the more a reply proves; against the first mail of a candidacy (a receipt, an approach) they decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hearback.model.signal import Detail, InterviewAction, Kind
from hearback.pipeline.acts import order
from hearback.pipeline.groups import Group, kept_apart
from hearback.pipeline.names import Company, company_likeness, spelled_by
from hearback.pipeline.requisitions import same_requisition
from hearback.pipeline.titles import Role, role_likeness, role_words, worded_alike

JOINS: Final = 1.5
"""From this score on a mail belongs to a candidacy."""
LEADS_BY: Final = 1.0
"""The best candidacy must lead the next one by this much, or another rule must tell them apart."""
RELAYED_WITHIN: Final = timedelta(days=2)
"""The job board's receipt and the applicant system's come this close; a receipt this long after the end begins anew."""
AT_ONCE: Final = timedelta(minutes=15)
"""In this time a board's receipt and an applicant system's are one however they word the title."""
WORDED_WITHIN: Final = timedelta(hours=2)
"""In this time two senders' receipts for titles worded alike are one."""
SILENT: Final = timedelta(days=60)
"""A receipt this long after the last mail begins anew too."""

_REPLY: Final = 8.0
_ENTRY: Final = 8.0
_REQUISITION: Final = 6.0
_THREAD: Final = 4.0
_EMPLOYER: Final = {Company.SAME: 3.0, Company.EXTENDED: 2.0, Company.NEAR: 1.0, Company.KIN: -1.0}
"""What the company's name says."""
_HOUSE: Final = 1.5
"""One address of an agency writes for it and its clients."""
_DOMAIN: Final = 1.5
_KNOWN: Final = 2.0
"""The name continues another, and the domain is known or spells it."""
_SPELLED: Final = 1.5
"""The sender's domain spells the name."""
_CONTACT: Final = 2.0
_SAME_MEETING: Final = 3.0
_HAS_MEETING: Final = 0.5
_EXACT: Final = 2.5
"""The whole title, beside what its length says."""
_BEGINS: Final = frozenset({Kind.APPLICATION_CONFIRMATION, Kind.RECRUITER_OUTREACH})
_ABOUT_A_MEETING: Final = frozenset({InterviewAction.CONFIRM, InterviewAction.RESCHEDULE, InterviewAction.CANCEL})


@dataclass(frozen=True, slots=True)
class Match:
    """How one mail fits one candidacy."""

    score: float
    reasons: tuple[str, ...] = ()
    tied: bool = False
    """A reply, a calendar entry or a requisition ties them."""
    threaded: bool = False
    """They are in one thread."""
    contact: bool = False
    """The same person writes."""
    named: bool = False
    """Company and role both say so."""
    blocked: str | None = None
    """What forbids it, in words, whatever the score."""

    @property
    def joins(self) -> bool:
        """Whether the mail may belong to it."""
        return self.blocked is None and self.score >= JOINS


def match(group: Group, lone: Group) -> Match:
    """How the one mail (or hand-made entry) `lone` fits `group`."""
    seen = _Seen(group, lone)
    score, reasons = _of_ties(seen)
    parts = (_of_employer(seen), _of_role(seen), _of_requisition(seen), _of_person(seen), _of_meeting(seen))
    blocked = next((why for _, _, why in parts if why is not None), None)
    if seen.begins and seen.mail is not None:
        blocked = _of_time(seen) or blocked
    if seen.approach and not (seen.threaded or seen.requisition or seen.contact or seen.named) and group.is_process:
        blocked = blocked or "an approach that names no role"
    if kept_apart(group, lone):
        blocked = "you keep them apart"
    return Match(
        score + sum(part for part, _, _ in parts),
        (*reasons, *(why for _, why, _ in parts if why is not None)),
        tied=seen.reply or seen.entry or seen.requisition,
        threaded=seen.threaded,
        named=seen.named,
        contact=seen.contact,
        blocked=blocked,
    )


class _Seen:
    """What a mail and a candidacy have in common."""

    def __init__(self, group: Group, lone: Group) -> None:
        self.group, self.lone = group, lone
        self.mail = mail = min(lone.signals, key=order) if lone.signals else None
        self.reply, self.entry = bool(group.mails & lone.mails), bool(group.uids & lone.uids)
        self.begins = mail is None or (mail.kind in _BEGINS and not (self.reply and not lone.roles))
        self.approach = mail is not None and mail.kind is Kind.RECRUITER_OUTREACH
        self.moved = mail is not None and mail.detail is Detail.TRANSFERRED
        self.threaded = self.reply or bool(group.threads & lone.threads)
        self.requisition = any(same_requisition(a, b) for a in group.requisitions for b in lone.requisitions)
        self.follows = (self.reply or self.entry) and not self.begins
        """It goes on with a conversation: what it calls things matters little."""
        self.domain, self.contact = bool(group.domains & lone.domains), bool(group.contacts & lone.contacts)
        written, announced = group.people | group.announced, lone.people | lone.announced
        self.person = not self.contact and bool((written & lone.people) or (group.people & announced))
        pairs = [(a, b) for a in group.companies for b in lone.companies]
        self.company = max((company_likeness(a, b) for a, b in pairs), default=None)
        self.role = max((role_likeness(a, b) for a in group.roles for b in lone.roles), default=None)
        near = self.company is not None and self.company >= Company.NEAR
        if near and self.begins and self.role is not None and self.role < Role.PART and _relayed(group, lone):
            self.role = Role.PART
        self.spelled = any(spelled_by(a, b) for a in lone.domains for b in group.companies) or any(
            spelled_by(a, b) for a in group.domains for b in lone.companies
        )
        self.spoken_for = any(spelled_by(a, b) for a in lone.domains for b in group.companies)
        """The mail's own domain spells the candidacy's company: what else it names is likelier a place, a person, a part of it."""
        self.meeting = bool(group.starts & lone.starts)

    @property
    def alike(self) -> bool:
        """The names of the companies may be one."""
        return self.company is not None and (
            self.company >= Company.EXTENDED or (self.company is Company.NEAR and (self.spelled or self.domain))
        )

    @property
    def named(self) -> bool:
        """Company and role both say so."""
        near = self.company is not None and self.company >= Company.NEAR
        return near and self.role is not None and self.role >= Role.PART

    @property
    def house(self) -> bool:
        """One domain writes under both names: an agency and its client, an employer and a part of it."""
        return self.domain and _of_one_house(self.group, self.lone)

    @property
    def bare(self) -> bool:
        """The mail names nobody but who its own domain is: an agency that may write for any client."""
        return bool(self.lone.houses) and all(spelled_by(domain, name) for domain, name in self.lone.houses)


_Part = tuple[float, str | None, str | None]
"""Score, what speaks for it, what forbids it."""


def _of_ties(seen: _Seen) -> tuple[float, list[str]]:
    score, reasons = 0.0, []
    if seen.threaded:
        score += _REPLY if seen.reply else _THREAD
        reasons.append("same thread")
    if seen.entry:
        score += _ENTRY
        reasons.append("same calendar entry")
    if seen.requisition:
        score += _REQUISITION
        said = seen.mail.requisition_id if seen.mail is not None else None
        reasons.append(f"requisition {said or min(seen.lone.requisitions)}")
    return score, reasons


def _of_employer(seen: _Seen) -> _Part:
    company, known = seen.company, seen.domain or seen.spelled
    if company is None:
        if seen.domain:
            return _DOMAIN, "same domain", None
        return (_SPELLED, "the sender's domain", None) if seen.spelled else (0.0, None, None)
    credit = _EMPLOYER.get(company, -2.0)
    if company >= Company.NEAR:
        if known:
            credit = max(credit, _KNOWN)
        return credit, "same company and role" if seen.named else "same company", None
    if seen.house and (seen.role is not Role.OTHER or seen.follows):
        return (_EMPLOYER[Company.SAME] if seen.bare else _HOUSE), "one address writes for both companies", None
    if company is Company.KIN and not seen.begins:
        return credit, None, None
    if seen.follows or (seen.threaded and not seen.begins) or (seen.requisition and seen.domain):
        return -2.0, None, None
    if seen.spoken_for and not seen.begins:
        return _SPELLED, "the sender's domain", None
    return -2.0, None, "another company"


def _of_role(seen: _Seen) -> _Part:
    role = seen.role
    if role is None or (seen.moved and role < Role.PART):
        return 0.0, None, None
    if role is Role.OTHER:
        excused = seen.follows or seen.requisition or (seen.threaded and not seen.begins)
        return (-1.5 if seen.follows else -3.0), None, None if excused else "another role"
    if role is Role.LEVEL:
        return -1.0, None, "another level of the role" if seen.begins and not seen.requisition else None
    words = max(len(role_words(each)) for each in seen.lone.roles)
    weight = 1.0 + 0.5 * min(words, 4)
    why = None if seen.named else "same role"
    return (weight + _EXACT if role is Role.SAME else weight / 2), why, None


def _of_requisition(seen: _Seen) -> _Part:
    """Of one sender two numbers are two vacancies; a job board counts otherwise than the employer."""
    if not (seen.group.requisitions and seen.lone.requisitions) or seen.requisition or seen.moved:
        return 0.0, None, None
    if seen.follows:
        return -4.0, None, None
    own = seen.begins and not (seen.contact or seen.domain or _one_sender(seen.group, seen.lone))
    return -2.0, None, None if own else "another requisition"


def _of_person(seen: _Seen) -> _Part:
    if seen.contact:
        return _CONTACT, "same contact", None
    if seen.person and seen.company is None:
        return _CONTACT, "a contact's name", None
    return 0.0, None, None


def _of_meeting(seen: _Seen) -> _Part:
    """A mail that confirms, moves or calls off goes to where there is something to confirm, move or call off."""
    notice = seen.mail.interview if seen.mail is not None else None
    if notice is None or not any(each.interview for each in seen.group.signals):
        return 0.0, None, None
    if seen.meeting:
        return _SAME_MEETING, "the interview it speaks of", None
    return (_HAS_MEETING if notice.action in _ABOUT_A_MEETING else 0.0), None, None


def _relayed(group: Group, lone: Group) -> bool:
    """A receipt by another sender within hours, its title worded alike: the job board's and the applicant system's."""
    mail = lone.signals[0] if lone.signals else None
    receipts = group.receipts()
    if mail is None or mail.kind is not Kind.APPLICATION_CONFIRMATION or not receipts or _one_sender(group, lone):
        return False
    apart = min(abs(mail.at - each.at) for each in receipts)
    if apart <= AT_ONCE and (mail.ats is None) != all(each.ats is None for each in receipts):
        return True
    return apart <= WORDED_WITHIN and any(worded_alike(a, b) for a in group.roles for b in lone.roles)


def _one_sender(group: Group, lone: Group) -> bool:
    senders = {each.sender.address for each in lone.signals if each.sender.address}
    return any(each.sender.address in senders for each in group.signals)


def _of_one_house(group: Group, lone: Group) -> bool:
    """An agency names itself, then its client; an employer's own domain may name a part of it: no two clients of one."""
    shared = group.domains & lone.domains
    known = {name for domain, name in group.houses if domain in shared}
    strangers = {name for domain, name in group.houses if domain in shared and not spelled_by(domain, name)}
    new = {name for domain, name in lone.houses if domain in shared and not spelled_by(domain, name)}
    return not strangers or not new or not known


def _of_time(seen: _Seen) -> str | None:
    """What forbids that a receipt belongs to a candidacy that has its receipt already, or is over."""
    mail, receipts = seen.mail, seen.group.receipts()
    if mail is None or mail.kind is not Kind.APPLICATION_CONFIRMATION or not receipts:
        return None
    over = seen.group.ended_at(mail.at)
    if over is not None and mail.at - over > RELAYED_WITHIN:
        return "it came after the end"
    before = [each.at for each in seen.group.signals if each.at <= mail.at]
    if before and mail.at - max(before) > SILENT:
        return "it came long after"
    near = min(abs(mail.at - each.at) for each in receipts) <= RELAYED_WITHIN
    if near and not any(each.sender.address == mail.sender.address for each in receipts):
        return None
    if seen.company is not None and seen.company < Company.EXTENDED:
        return "a receipt of its own under another name"
    if seen.role is Role.PART:
        return "a receipt of its own for another title"
    return None
