"""One candidacy while it is put together: its mail, and by what more of its mail is found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from hearback.model.act import Add
from hearback.model.application import Stage
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId, MailboxId
from hearback.model.message import Address
from hearback.model.signal import Detail, InterviewAction, Kind, Signal
from hearback.pipeline.acts import Said, order
from hearback.pipeline.arranging import worded
from hearback.pipeline.names import company_starts, domain_starts, spelled_by
from hearback.pipeline.requisitions import requisition_key
from hearback.pipeline.words import plain

MAX_REFERENCES: Final = 20
_NAME: Final = re.compile(r"[a-z]+")
_TITLES: Final = frozenset({"dr", "prof", "mr", "mrs", "ms", "sr", "herr", "frau", "md", "phd", "rn"})
SHORT_NAME: Final = 3
_NOBODY: Final = frozenset(
    [
        "team",
        "hiring",
        "talent",
        "careers",
        "career",
        "recruiting",
        "recruitment",
        "hr",
        "jobs",
        "noreply",
        "no",
        "reply",
        "do",
        "not",
        "office",
        "desk",
        "group",
        "people",
        "human",
        "resources",
        "personal",
        "bewerbung",
        "via",
    ]
)
"""Words of senders that are no person."""
_MACHINES: Final = frozenset(
    {"noreply", "donotreply", "notreply", "notification", "notifications", "system", "autoreply", "mailer"}
)
_INVITES: Final = frozenset({InterviewAction.INVITE, InterviewAction.REQUEST_AVAILABILITY})


NEXT_MONTH: Final = timedelta(days=30)
"""A contact's name leads to mail they write from elsewhere in the same month and the next; many people share short names."""


def thread_key(mailbox: MailboxId, thread_id: str) -> str:
    """The link key of a provider's thread."""
    return f"thread:{mailbox}:{thread_id}"


def company_keys(company: str) -> set[str]:
    """The link keys of a company's name."""
    return {f"company:{start}" for start in company_starts(company)}


def number_key(requisition: str) -> str:
    """The link key of a requisition."""
    return f"req:{requisition_key(requisition)}"


def keys_of(signal: Signal) -> set[str]:
    """The link keys of one mail. Two mails that may be one candidacy's by anything have one in common.

    An agency's domain, under a client's name, leads nowhere by itself (who writes there does): else one agency with forty
    clients would be one component.
    """
    keys = {f"mid:{each}" for each in (signal.message_id, *signal.references[:MAX_REFERENCES]) if each}
    if signal.thread_id:
        keys.add(thread_key(signal.mailbox_id, signal.thread_id))
    if signal.digest:
        keys.add(f"digest:{signal.digest}")
    if signal.requisition_id:
        keys.add(number_key(signal.requisition_id))
    notice = signal.interview
    if notice is not None and notice.uid:
        keys.add(f"uid:{notice.uid}")
    if notice is not None and notice.start_at is not None:
        keys.add(f"start:{notice.start_at.astimezone(UTC).isoformat()}")
    if signal.company:
        keys |= company_keys(signal.company)
    return keys | _sender_keys(signal)


def _sender_keys(signal: Signal) -> set[str]:
    """By whom it was written, or to whom."""
    keys: set[str] = set()
    if signal.domain or signal.free_mail:
        people = signal.recipients if signal.sent else (signal.sender,)
        keys |= {f"contact:{each.address}" for each in people}
    answers = signal.sent and signal.references
    if signal.domain and not answers and (signal.company is None or spelled_by(signal.domain, signal.company)):
        keys |= {f"domain:{signal.domain}", *(f"company:{start}" for start in domain_starts(signal.domain))}
    if not signal.sent and (signal.domain or signal.free_mail):
        months = {_month(signal.at)} if signal.free_mail else {_month(signal.at), _month(signal.at + NEXT_MONTH)}
        keys |= {f"person:{each}:{month}" for each in short_names(signal.sender) for month in months}
    if not signal.sent and notice_people(signal):
        months = {_month(signal.at), _month(signal.at + NEXT_MONTH)}
        keys |= {f"person:{each}:{month}" for each in notice_people(signal) for month in months}
    return keys


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}"


@dataclass
class Group:
    """One candidacy while it is put together; also a single mail on its way to one."""

    signals: list[Signal] = field(default_factory=list)
    adds: list[Add] = field(default_factory=list)
    companies: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    requisitions: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    houses: set[tuple[str, str]] = field(default_factory=set)
    """(domain, company) as that domain's mail names it."""
    contacts: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    """The names of contacts, cut short: "meg t" is Megan Tully."""
    announced: set[str] = field(default_factory=set)
    """The names of interviewers, in the same way."""
    mails: set[str] = field(default_factory=set)
    """Message-IDs of members and of what they reply to."""
    threads: set[str] = field(default_factory=set)
    uids: set[str] = field(default_factory=set)
    starts: set[datetime] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    """Link keys of its mail."""
    why: dict[FactId, str] = field(default_factory=dict)
    """Why each member is here, in words."""
    stages: list[tuple[datetime, Stage]] = field(default_factory=list)
    """Stages that the person set."""
    sides: set[tuple[str, bool]] = field(default_factory=set)
    """See Said.sides: the person keeps it apart from groups on the other side."""
    parts: list[Group] = field(default_factory=list)
    """What the person merged into this one, the primary one first."""
    joined_by: tuple[object, ...] = ()
    """The order of the act that last merged, or said which part is primary."""
    _key: tuple[object, ...] | None = None

    @property
    def facts(self) -> list[Fact]:
        """Members in canonical order."""
        members: list[Fact] = [*self.signals, *self.adds]
        return sorted(members, key=order)

    @property
    def first(self) -> Signal | Add:
        """The first member."""
        members: list[Signal | Add] = [*self.signals, *self.adds]
        return min(members, key=order)

    def key(self) -> tuple[object, ...]:
        """Canonical order of groups: their first fact's."""
        if self._key is None:
            self._key = min((*map(order, self.signals), *map(order, self.adds)), default=())
        return self._key

    def tokens(self) -> set[str]:
        """What mail of it is found by: its members' link keys, and those of what the person calls it."""
        called = (key for company in self.companies for key in company_keys(company))
        return {*self.keys, *called, *map(number_key, self.requisitions)}

    def absorb(self, other: Group, *, names: bool = True) -> None:
        """Take everything of `other`; without `names` neither what it calls the company nor the role."""
        self._key = None
        self.signals += other.signals
        self.adds += other.adds
        self.stages += other.stages
        self.why |= other.why
        taken = ["keys", "domains", "contacts", "people", "announced", "mails", "threads", "uids", "starts", "sides"]
        for name in taken + (["companies", "houses", "roles", "requisitions"] if names else []):
            getattr(self, name).update(getattr(other, name))

    def receipts(self) -> list[Signal]:
        """Mail that says an application came in."""
        return [each for each in self.signals if each.kind is Kind.APPLICATION_CONFIRMATION]

    @property
    def is_process(self) -> bool:
        """More than an approach and the person's own mail."""
        apart = {None, Kind.OTHER, Kind.RECRUITER_OUTREACH}
        return bool(self.adds) or any(not each.sent and each.kind not in apart for each in self.signals)

    def ended_at(self, moment: datetime) -> datetime | None:
        """Since when the candidacy is over at `moment`; None while it is open."""
        steps: list[tuple[datetime, str, bool]] = [
            (at, "", stage in {Stage.REJECTED, Stage.WITHDRAWN}) for at, stage in self.stages if at <= moment
        ]
        for each in self.signals:
            if each.at > moment:
                continue
            if each.kind is Kind.REJECTION or (each.sent and each.detail is Detail.WITHDRAWS):
                steps.append((each.at, each.id, True))
            elif each.interview is not None and each.interview.action in _INVITES:
                steps.append((each.at, each.id, False))
        if not steps:
            return None
        at, _, over = max(steps)
        return at if over else None


def group_of(fact: Signal | Add, said: Said) -> Group:
    """A group of this one fact. The person's wording stands beside what was read: to rename is not to take apart."""
    group = Group(
        companies=worded(fact, said, "company"),
        roles=worded(fact, said, "role"),
        requisitions={each.casefold() for each in worded(fact, said, "requisition_id")},
        sides=said.sides(fact),
        stages=[(act.at, act.stage) for act in said.word(fact_id(fact)).staged],
    )
    if isinstance(fact, Add):
        group.adds = [fact]
        return group
    notice, people = fact.interview, fact.recipients if fact.sent else (fact.sender,)
    group.signals = [fact]
    group.keys = keys_of(fact)
    group.mails = {each for each in (fact.message_id, *fact.references[:MAX_REFERENCES]) if each}
    if fact.domain:
        group.domains = {fact.domain}
        group.houses = {(fact.domain, company) for company in group.companies}
        group.contacts = {
            str(each.address) for each in people if _within(each.domain, fact.domain) and _is_person(each)
        }
    elif fact.free_mail:
        group.contacts = {str(each.address) for each in people}
    if not fact.sent and (fact.domain or fact.free_mail):
        group.people = short_names(fact.sender)
    if not fact.sent:
        group.announced = notice_people(fact)
    if fact.thread_id:
        group.threads = {f"{fact.mailbox_id}:{fact.thread_id}"}
    if notice is not None:
        group.uids = {notice.uid} if notice.uid else set()
        group.starts = {notice.start_at} if notice.start_at else set()
    return group


def short_names(sender: Address) -> set[str]:
    """A person's name as they may cut it short elsewhere: three letters and an initial, an initial and three letters."""
    said = [word for word in _NAME.findall(plain(sender.name)) if word not in _TITLES]
    local = _NAME.findall(plain(sender.address.partition("@")[0]))
    found: set[str] = set()
    for words in ((said[0], said[-1]) if len(said) > 1 else (), tuple(local[:2])):
        if len(words) == 2 and not _NOBODY & {*words, *said}:  # noqa: PLR2004  a first name and a second
            first, last = words
            found |= {f"{first[:SHORT_NAME]} {last[0]}"} if len(first) >= SHORT_NAME else set()
            found |= {f"{first[0]} {last[:SHORT_NAME]}"} if len(last) >= SHORT_NAME else set()
    return found


def notice_people(signal: Signal) -> set[str]:
    """Those it says will be at the interview, as short names: a copy sent on by a third party is theirs."""
    names = signal.interview.interviewers if signal.interview is not None else ()
    return set().union(*(short_names(Address(name=each)) for each in names))


def _is_person(sender: Address) -> bool:
    """An address that a machine writes from is nobody's."""
    return not _MACHINES & set(_NAME.findall(plain(sender.address.partition("@")[0]).replace("-", "")))


def _within(domain: str, registrable: str) -> bool:
    """A contact leads only where its domain, a link key, leads too; a relay's address is no contact."""
    return domain == registrable or domain.endswith(f".{registrable}")


def kept_apart(one: Group, other: Group) -> bool:
    """The person said that the two are not the same."""
    return any((parting, not side) in other.sides for parting, side in one.sides)
