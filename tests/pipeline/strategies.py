"""Facts that meet: few companies, threads, senders and days, so that random sets interact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from hearback.model.act import Add, Archive, Confirm, Correct, Edit, Ignore, Link, Merge, Note, Revert, SetStage, Undo
from hearback.model.application import Stage
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import ActId, MailboxId, Personal, ProviderMessageId, signal_id
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Detail, InterviewAction, InterviewNotice, InterviewType, Kind, Signal
from hearback.pipeline.templates import sketch

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
COMPANIES = ("Acme", "Acme Labs", "Meta", "Metaverse", "Blue Heron", "Blue Heron Insurance")
ROLES = ("Backend Engineer", "Senior Backend Engineer", "Data Analyst")
SENDERS = ("jobs@acme.example", "ann@heron.example")
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
def signals(draw: st.DrawFn, number: int) -> Signal:
    """One random signal."""
    kind = draw(st.sampled_from([*Kind, None]))
    sent = draw(st.booleans()) and draw(st.booleans())
    notice = None
    if kind is Kind.INTERVIEW_INVITATION and draw(st.booleans()):
        notice = InterviewNotice(
            action=draw(st.sampled_from(list(InterviewAction))),
            start_at=draw(st.none() | st.sampled_from([START + timedelta(days=day) for day in (3, 5, 8)])),
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
        error="could not be read" if kind is None and not sent else None,
        urgent=draw(st.booleans()),
        deadline=draw(st.none() | st.just("2026-10-01")),
        template="" if sent else draw(st.sampled_from(TEMPLATES)),
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
    company = Personal(draw(st.sampled_from(COMPANIES)))
    return draw(
        st.sampled_from(
            [
                Confirm(**base, about=about, application=draw(st.none() | st.just(other))),
                Ignore(**base, about=about),
                Revert(**base, about=about),
                Correct(**base, about=about, kind=draw(st.none() | st.sampled_from(list(Kind))), company=company),
                Link(**base, about=about, application=other),
                Merge(**base, about=about, other=other),
                SetStage(**base, about=about, stage=draw(st.sampled_from(list(Stage)))),
                Add(**base, company=company, role=Personal("Backend Engineer")),
                Edit(**base, about=about, company=company),
                Note(**base, about=about, text=Personal("called them")),
                Archive(**base, about=about),
                Undo(**base, about=about),
            ]
        )
    )


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
