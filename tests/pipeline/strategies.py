"""Facts that meet: few companies, threads, senders and days, so that random sets interact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from hearback.model.act import (
    Act,
    Add,
    ApplyRules,
    Archive,
    BlockSender,
    Confirm,
    Correct,
    DropDeadline,
    DropRound,
    Edit,
    Ignore,
    Link,
    MarkPrimary,
    Merge,
    Note,
    NotTheSame,
    Revert,
    SetDeadline,
    SetRound,
    SetStage,
    Split,
    Tag,
    TrustDomain,
    Unarchive,
    Undo,
    Untag,
)
from hearback.model.application import InterviewStatus, Stage
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId, MailboxId, Personal, ProviderMessageId, signal_id
from hearback.model.message import Address, Authenticity
from hearback.model.person import AutomationMode
from hearback.model.rule import Rule, Rules
from hearback.model.signal import (
    Ability,
    Detail,
    InterviewAction,
    InterviewNotice,
    InterviewType,
    Kind,
    Ruled,
    Signal,
)
from hearback.pipeline.filters import parse
from hearback.pipeline.templates import sketch

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
COMPANIES = ("Acme", "Acme Labs", "Meta", "Metaverse", "Blue Heron", "Blue Heron Insurance")
ROLES = ("Backend Engineer", "Senior Backend Engineer", "Data Analyst")
SENDERS = ("jobs@acme.example", "ann@heron.example")
AT = ("@acme.example", "@heron.example")
KEY = b"k" * 32
TEMPLATES = (
    "",
    sketch([f"receipt {n}" for n in range(40)], KEY),
    sketch([f"receipt {n}" for n in range(5, 45)], KEY),
    sketch([f"other {n}" for n in range(40)], KEY),
)
"""None, two that are alike, one that is not."""
DOMAINS = ("acme.example", "acrne.example", "heron.example", None)


def signal(number: int, **fields: Any) -> Signal:
    """A signal with an own id; `fields` replace the defaults."""
    mailbox = fields.pop("mailbox_id", MailboxId("gmail-1"))
    message = ProviderMessageId(f"m{number:03d}")
    base: dict[str, Any] = {
        "id": signal_id(mailbox, message),
        "mailbox_id": mailbox,
        "provider_message_id": message,
        "received_at": START + timedelta(days=number),
        "message_id": f"{number}@acme.example",
        "digest": f"digest{number}",
        "sender": Address(Personal("jobs@acme.example"), Personal("Acme")),
        "subject": Personal("About your application"),
        "authenticity": Authenticity.PASS,
        "kind": Kind.APPLICATION_CONFIRMATION,
        "confidence": 0.99,
        "evidence": Personal("We have received your application."),
        "company": Personal("Acme"),
        "role": Personal("Backend Engineer"),
        "domain": "acme.example",
    }
    return Signal(**(base | fields))


def invitation(
    action: InterviewAction = InterviewAction.INVITE, start: datetime | None = None, **more: Any
) -> InterviewNotice:
    """An interview notice."""
    return InterviewNotice(action=action, start_at=start, **more)


@st.composite
def rulings(draw: st.DrawFn) -> Ruled:
    """What rules make of a mail, nothing included."""
    return Ruled(
        at=START + timedelta(days=draw(st.integers(-1, 20))),
        names=(Personal("rule"),),
        kind=draw(st.none() | st.sampled_from(list(Kind))),
        stage=draw(st.none() | st.sampled_from(list(Stage))),
        tags=draw(st.sampled_from([(), (Personal("dream"),), (Personal("Dream"), Personal("far"))])),
        ignore=draw(st.booleans()) and draw(st.booleans()),
        notify=draw(st.booleans()),
    )


@st.composite
def signals(draw: st.DrawFn, number: int) -> Signal:
    """One random signal."""
    kind = draw(st.sampled_from([*Kind, None]))
    sent = draw(st.booleans()) and draw(st.booleans())
    notice = None
    if kind is Kind.INTERVIEW_INVITATION and draw(st.booleans()):
        notice = InterviewNotice(
            action=draw(st.sampled_from(list(InterviewAction))),
            start_at=draw(st.none() | st.sampled_from([START + timedelta(days=day) for day in (3, 5, 8)])),
            zone=draw(st.none() | st.sampled_from(["America/New_York", "Asia/Riyadh", "Nowhere/At_All"])),
            type=draw(st.sampled_from(list(InterviewType))),
            uid=draw(st.none() | st.sampled_from(["uid-1", "uid-2"])),
            sequence=draw(st.integers(0, 2)),
        )
    company = draw(st.none() | st.sampled_from(COMPANIES))
    role = draw(st.none() | st.sampled_from(ROLES))
    domain = draw(st.sampled_from(DOMAINS))
    copy_of = draw(st.none() | st.integers(0, 4))
    return signal(
        number,
        mailbox_id=MailboxId(draw(st.sampled_from(["gmail-1", "import-2"]))),
        received_at=START + timedelta(days=draw(st.integers(0, 12)), hours=draw(st.integers(0, 2))),
        message_id=draw(st.sampled_from(["", f"{number}@x", "shared@x"])) if copy_of is None else f"copy{copy_of}@x",
        digest=f"d{number}" if copy_of is None else f"dc{copy_of}",
        thread_id=draw(st.none() | st.sampled_from(["t1", "t2", "t3"])),
        references=tuple(draw(st.lists(st.sampled_from(["shared@x", "1@x", "2@x"]), max_size=2))),
        sender=Address(Personal(draw(st.sampled_from(SENDERS))), Personal("Ann")),
        domain=domain,
        sent=sent,
        kind=Kind.OTHER if sent else kind,
        detail=draw(st.none() | st.sampled_from(list(Detail))),
        confidence=draw(st.sampled_from([0.5, 0.9, 0.96, 0.99])),
        company=Personal(company) if company else None,
        role=Personal(role) if role else None,
        requisition_id=draw(st.none() | st.sampled_from(["R-1", "R-2"])),
        interview=notice,
        mode=draw(st.sampled_from([*[AutomationMode.SMART] * 5, AutomationMode.REVIEW])),
        error="could not be read" if kind is None and not sent else None,
        urgent=draw(st.booleans()),
        deadline=draw(st.none() | st.sampled_from(["2026-10-01", "2026-09-09T12:00", "9999-12-31", "soon"])),
        promised=draw(st.none() | st.sampled_from(["2026-09-20", "9999-12-31", "soon"])),
        template="" if sent else draw(st.sampled_from(TEMPLATES)),
        off=draw(st.just(()) | st.lists(st.sampled_from(list(Ability)), unique=True, max_size=2).map(tuple)),
        ruled=draw(st.none() | rulings()),
    )


@st.composite
def facts(draw: st.DrawFn, max_signals: int = 7, max_acts: int = 6) -> list[Fact]:
    """A set of facts: signals and acts about them, about each other, and about nothing."""
    made: list[Fact] = [draw(signals(number)) for number in range(draw(st.integers(0, max_signals)))]
    for number in range(draw(st.integers(0, max_acts))):
        made.append(draw(acts(number, [fact_id(fact) for fact in made] or ["nobody"])))
    return made


@st.composite
def acts(draw: st.DrawFn, number: int, ids: list[Any]) -> Fact:
    """One random act about any of `ids`, or about what does not exist."""
    about = draw(st.sampled_from([*ids, "nobody", f"act{number}"]))
    other = draw(st.sampled_from([*ids, "nobody"]))
    base: dict[str, Any] = {
        "id": ActId(f"act{number}"),
        "at": START + timedelta(days=draw(st.integers(0, 13)), minutes=1),
    }
    sort = draw(st.sampled_from([*SORTS, Undo]))
    return draw(act_of(sort, base, about, other, [*ids, "nobody"]))


SORTS: tuple[type[Act], ...] = (
    Confirm,
    Ignore,
    Revert,
    Correct,
    Link,
    Split,
    Merge,
    MarkPrimary,
    NotTheSame,
    SetStage,
    Add,
    Edit,
    Note,
    Tag,
    Untag,
    ApplyRules,
    Archive,
    Unarchive,
    SetRound,
    DropRound,
    SetDeadline,
    DropDeadline,
    BlockSender,
    TrustDomain,
)
"""Every sort of act but Undo."""
TAGS = st.sampled_from([Personal("Remote"), Personal("remote"), Personal("dream job")])
STARTS = st.sampled_from([START + timedelta(days=day, hours=5) for day in (3, 5, 8, 9)])
DUE = st.sampled_from(["2026-10-01", "2026-10-08T12:00"])


def act_of(sort: Any, base: dict[str, Any], about: Any, other: Any, ids: list[Any]) -> st.SearchStrategy[Any]:
    """Acts of one sort about `about`, with `other` or any of `ids` where they name more."""
    companies = st.sampled_from([Personal(each) for each in COMPANIES])
    roles = st.sampled_from([Personal(""), *(Personal(each) for each in ROLES)])
    some, fields = st.none(), dict[str, st.SearchStrategy[Any]]()
    any_fact = st.sampled_from(ids)
    round_fields: dict[str, st.SearchStrategy[Any]] = {
        "start_at": some | STARTS | st.just(""),
        "duration_min": some | st.sampled_from([0, 45]),
        "round_type": some | st.sampled_from(list(InterviewType)),
    }
    match sort.__name__:
        case "Confirm":
            fields = {"application": some | st.just(other)}
        case "Correct":
            fields = {
                "kind": some | st.sampled_from(list(Kind)),
                "detail": some | st.sampled_from(["", *Detail]),
                "company": some | companies,
                "role": some | roles,
                "requisition_id": some | st.sampled_from(["R-1", "R-2", ""]),
                "deadline": some | DUE,
                "urgent": some | st.booleans(),
                "action": some | st.sampled_from(list(InterviewAction)),
                **round_fields,
            }
        case "Link":
            fields = {"application": st.just(other)}
        case "Split":
            first, about = about, other
            fields = {"signals": st.lists(any_fact, min_size=1, max_size=3).map(lambda found: (first, *found))}
        case "Merge" | "NotTheSame":
            fields = {"other": st.just(other)}
        case "SetStage":
            fields = {"stage": st.sampled_from(list(Stage))}
        case "Add":
            return st.builds(Add, **{key: st.just(value) for key, value in base.items()}, company=companies, role=roles)
        case "BlockSender" | "TrustDomain":
            senders = st.sampled_from([Personal(each) for each in (*(SENDERS if sort is BlockSender else ()), *AT)])
            return st.builds(sort, **{key: st.just(value) for key, value in base.items()}, sender=senders)
        case "Edit":
            fields = {
                "company": some | companies,
                "role": some | roles,
                "requisition_id": some | st.sampled_from(["R-1", "R-2", ""]),
                "on_hold": some | st.booleans(),
                "urgent": some | st.booleans(),
            }
        case "Note":
            fields = {"text": st.just(Personal("called them")), "written_at": some | st.just(START)}
        case "Tag" | "Untag":
            fields = {"tag": TAGS}
        case "SetRound":
            status = some | st.sampled_from([InterviewStatus.SCHEDULED, InterviewStatus.CANCELLED])
            fields = {"which": some | any_fact, "status": status, **round_fields}
        case "SetDeadline":
            kinds = st.sampled_from([Kind.ASSESSMENT, Kind.OFFER])
            fields = {"which": some | any_fact, "due": DUE, "kind": kinds}
        case "ApplyRules":
            fields = {"ruled": rulings()}
        case "DropRound" | "DropDeadline":
            fields = {"which": any_fact}
        case _:
            pass
    fixed = {key: st.just(value) for key, value in base.items()} | {"about": st.just(about)}
    return st.builds(sort, **fixed, **fields)


@st.composite
def lessons(draw: st.DrawFn) -> list[Fact]:
    """Mail of few senders and templates about many employers, corrections of some of it, and what takes them back."""
    made: list[Fact] = []
    for number in range(draw(st.integers(2, 7))):
        own = draw(st.booleans())
        employer = Personal(draw(st.sampled_from(["Zenith", "Borealis", "Quay", "Ibex"])))
        made.append(
            signal(
                number,
                received_at=START + timedelta(days=draw(st.integers(0, 12))),
                sender=Address(Personal(draw(st.sampled_from(SENDERS))), Personal("")),
                domain="acme.example" if own else None,
                company=draw(st.none() | st.just(employer)),
                role=draw(st.none() | st.sampled_from([Personal(each) for each in ROLES])),
                thread_id=draw(st.none() | st.sampled_from(["t1", "t2"])),
                kind=draw(st.sampled_from([Kind.STATUS_UPDATE, Kind.REJECTION, Kind.APPLICATION_CONFIRMATION])),
                confidence=draw(st.sampled_from([0.5, 0.96, 0.99])),
                digest=draw(st.sampled_from([f"d{number}", "same"])),
                template=draw(st.sampled_from(TEMPLATES)),
                ruled=draw(st.none() | rulings()),
            )
        )
    mail = [fact_id(fact) for fact in made]
    for number in range(draw(st.integers(1, 4))):
        base: dict[str, Any] = {"id": ActId(f"act{number}"), "at": START + timedelta(days=20 + draw(st.integers(0, 3)))}
        about = draw(st.sampled_from(mail))
        corrected = draw(st.sampled_from([Kind.OTHER, Kind.REJECTION, Kind.OFFER, Kind.INTERVIEW_INVITATION]))
        named = Personal(draw(st.sampled_from(["Right Ltd", "Zenith"])))
        made.append(
            draw(
                st.sampled_from(
                    [
                        Correct(**base, about=about, kind=corrected),
                        Correct(**base, about=about, kind=corrected, company=named),
                        Correct(**base, about=about, company=named, role=Personal("Right role")),
                        draw(acts(number, [*mail, *(f"act{each}" for each in range(number))])),
                    ]
                )
            )
        )
    return made


def rule(id_: str, when: str = "", **more: Any) -> Rule:
    """A rule named like its id."""
    companies = tuple(Personal(each) for each in more.pop("companies", ()))
    made = Rule(id=id_, at=START, name=Personal(id_), filter=parse(when) if when else None, companies=companies)
    return replace(made, **more)


def rules(*every: Rule) -> Rules:
    return Rules(version=3, rules=every)


FILTERS = st.sampled_from(["", "From: jobs@*", "From: *@acme.example", "Subject: news", "Subject: new\nExclude: offer"])
RULES = st.builds(
    rule,
    st.sampled_from("abcdefgh"),
    FILTERS,
    kinds=st.sampled_from([(), (Kind.OFFER,), (Kind.OFFER, Kind.STATUS_UPDATE)]),
    companies=st.sampled_from([(), ("acme",), ("acme labs",)]),
    mailboxes=st.sampled_from([(), (MailboxId("gmail-1"),)]),
    kind=st.none() | st.sampled_from([Kind.OFFER, Kind.REJECTION]),
    stage=st.none() | st.sampled_from([Stage.APPLIED, Stage.REJECTED]),
    tag=st.none() | st.just(Personal("x")),
    on=st.booleans(),
) | st.builds(
    rule, st.sampled_from("abcdefgh"), FILTERS, ignore=st.just(True), kinds=st.sampled_from([(), (Kind.OFFER,)])
)
RULE_LISTS = st.lists(RULES, max_size=5, unique_by=lambda each: each.id).map(lambda every: rules(*every))
