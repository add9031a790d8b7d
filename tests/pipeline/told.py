"""Applications told in lines, as docs/figures.md and tests tell them; folded as mail is.

    2026-03-02 09:00 receipt                                  a system's receipt (also: news, under review, delayed, …)
    2026-03-09 15:00 invitation from Anna Brandt              written by hand
    2026-03-09 15:00 invitation for 2026-03-16 16:00 in America/New_York
    2026-03-02 09:00 receipt answer by 2026-03-20             an announced answer; of a test or an offer: due 2026-03-20
    2026-03-02 09:00 receipt through greenhouse               by an applicant system
    2026-03-12 08:00 sent                                     the person's own mail
    2026-03-12 08:00 set rejected · added · archived          the person's acts

Times are UTC; those of interviews are local to the zone named, else UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from strategies import signal

from hearback.model.act import Add, Archive, SetStage
from hearback.model.application import Application, Stage
from hearback.model.facts import Fact
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.message import Address
from hearback.model.signal import Detail, InterviewAction, InterviewNotice, Kind
from hearback.pipeline.correspondence import Correspondence, correspondence
from hearback.pipeline.folding import fold

MAIL: Final[dict[str, dict[str, Any]]] = {
    "receipt": {"kind": Kind.APPLICATION_CONFIRMATION},
    "news": {"kind": Kind.STATUS_UPDATE},
    "under review": {"kind": Kind.STATUS_UPDATE, "detail": Detail.UNDER_REVIEW},
    "on hold": {"kind": Kind.STATUS_UPDATE, "detail": Detail.ON_HOLD},
    "delayed": {"kind": Kind.STATUS_UPDATE, "detail": Detail.DELAYED},
    "advanced": {"kind": Kind.STATUS_UPDATE, "detail": Detail.ADVANCED},
    "withdrawal acknowledged": {"kind": Kind.STATUS_UPDATE, "detail": Detail.WITHDRAWAL_ACKNOWLEDGED},
    "test": {"kind": Kind.ASSESSMENT},
    "invitation": {"kind": Kind.INTERVIEW_INVITATION},
    "asks for times": {"kind": Kind.INTERVIEW_INVITATION},
    "cancelled": {"kind": Kind.INTERVIEW_INVITATION},
    "offer": {"kind": Kind.OFFER},
    "rejection": {"kind": Kind.REJECTION},
    "outreach": {"kind": Kind.RECRUITER_OUTREACH},
    "sent": {
        "kind": Kind.OTHER,
        "sent": True,
        "sender": Address(Personal("me@mail.example"), Personal("Robin Mathur")),
    },
}
_ACTIONS: Final = {
    "invitation": InterviewAction.INVITE,
    "asks for times": InterviewAction.REQUEST_AVAILABILITY,
    "cancelled": InterviewAction.CANCEL,
}
_LINE: Final = re.compile(
    rf"(?P<at>\d{{4}}-\d\d-\d\d \d\d:\d\d) (?P<what>urgent )?(?P<mail>{'|'.join(MAIL)}|added|archived|set \w+)"
    r"(?: for (?P<start>\d{4}-\d\d-\d\d \d\d:\d\d))?(?: in (?P<zone>\w+/\w+))?(?: lasting (?P<minutes>\d+))?"
    r"(?: (?P<by>due|answer by) (?P<day>\S+))?(?: through (?P<ats>\w+))?(?: from (?P<name>[\w ]+))?"
)


def moment(text: str) -> datetime:
    """A minute in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(company: str, lines: Sequence[str]) -> Application:
    """The one application (or lead) these lines make."""
    (application,) = fold(facts(company, lines)).applications
    return application


def all_told(companies: Mapping[str, Sequence[str]]) -> tuple[Correspondence, ...]:
    """The mail of every company's application."""
    return tuple(correspondence(told(company, lines)) for company, lines in companies.items())


def facts(company: str, lines: Sequence[str]) -> list[Fact]:
    """One fact a line, all of one thread."""
    made: list[Fact] = []
    for number, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        assert found is not None, f"not a line: {line!r}"
        made.append(_act(company, number, found, made) if found["mail"] not in MAIL else _mail(company, number, found))
    return made


def _mail(company: str, number: int, found: re.Match[str]) -> Fact:
    name, slug = found["name"], company.lower().replace(" ", "-")
    domain = f"{slug}.example"
    sender = Address(Personal(f"{name.split(' ')[0].lower()}@{domain}"), Personal(name)) if name else None
    fields: dict[str, Any] = {
        "sender": sender or Address(Personal(f"no-reply@{domain}"), Personal(company)),
        "domain": domain,
        **MAIL[found["mail"]],
    }
    action = _ACTIONS.get(found["mail"])
    if action is not None:
        zone = found["zone"]
        start = found["start"] and datetime.fromisoformat(found["start"]).replace(tzinfo=ZoneInfo(zone or "UTC"))
        minutes = int(found["minutes"]) if found["minutes"] else None
        fields["interview"] = InterviewNotice(action=action, start_at=start or None, zone=zone, duration_min=minutes)
    return signal(
        number,
        id=f"gmail-1/{slug}-{number}",
        provider_message_id=f"{slug}-{number:03d}",
        message_id=f"{number}@{domain}",
        digest=f"{slug}{number}",
        received_at=moment(found["at"]),
        thread_id=slug,
        company=Personal(company),
        role=Personal("Data Engineer"),
        urgent=found["what"] is not None,
        deadline=found["day"] if found["by"] == "due" else None,
        promised=found["day"] if found["by"] == "answer by" else None,
        ats=found["ats"],
        **fields,
    )


def _act(company: str, number: int, found: re.Match[str], made: Sequence[Fact]) -> Fact:
    base: dict[str, Any] = {"id": ActId(f"act-{company}-{number}"), "at": moment(found["at"])}
    if found["mail"] == "added":
        return Add(**base, company=Personal(company), role=Personal("Data Engineer"))
    about = FactId(made[0].id)
    if found["mail"] == "archived":
        return Archive(**base, about=about)
    return SetStage(**base, about=about, stage=Stage(found["mail"].removeprefix("set ")))
