"""A whole mailbox of the corpus: its mail as a door hands it over, and as signals of a perfect reader or of the real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml
from encoder import mail

from hearback.model.ids import FactId, MailboxId, Personal, ProviderMessageId, signal_id
from hearback.model.message import Origin, RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.model.signal import Detail, InterviewAction, InterviewNotice, InterviewType, Kind, Signal
from hearback.reading import calendar, mime, senders
from hearback.reading.read import Context, envelope, read

BOX: Final = MailboxId("corpus")
SURE: Final = 0.999
"""Of a perfect reader."""


@dataclass(frozen=True)
class Mailbox:
    """One person's mail, in order of its parts."""

    name: str
    mails: Sequence[Mapping[str, Any]]
    zone: str = "Europe/London"
    acts: Mapping[str, Detail] | None = None
    """What the person's own mail does, as the author says: id → withdraws or accepts."""

    @cached_property
    def owner(self) -> str:
        """The address most mail goes to."""
        written_to = [mail.owner(dict(each)) for each in self.mails if not each.get("sent")]
        return max(sorted(set(written_to)), key=written_to.count)

    @cached_property
    def threads(self) -> Mapping[str, str]:
        """Mail id → its provider's thread: mails connected by references share one."""
        parent: dict[str, str] = {}

        def root(name: str) -> str:
            while parent.setdefault(name, name) != name:
                name = parent[name]
            return name

        for each in self.mails:
            for reference in each.get("references") or []:
                parent[root(reference)] = root(_name(each))
        return {each["id"]: root(_name(each)) for each in self.mails}

    @property
    def context(self) -> Context:
        """How it is read."""
        return Context(
            owners=frozenset({self.owner}),
            zone=self.zone,
            mode=AutomationMode.SMART,
            privacy=PrivacyLevel.STANDARD,
        )

    def raw(self, each: Mapping[str, Any]) -> RawMessage:
        """As an import hands it over."""
        return RawMessage(
            mailbox_id=BOX,
            provider_message_id=ProviderMessageId(str(each["id"])),
            content=mail.as_bytes(dict(each)),
            thread_id=self.threads[each["id"]],
            origin=Origin.IMPORTED,
        )

    def delivered(self) -> list[Mapping[str, Any]]:
        """In the order in which it came in: late mail late."""
        return sorted(self.mails, key=lambda each: (_moment(each.get("received") or each["date"]), each["id"]))

    def gold(self, each: Mapping[str, Any]) -> Signal:
        """What a perfect reader says of one mail."""
        message = mime.parse(self.raw(each), self.context.owners, frozenset())
        said = each["gold"]
        found = replace(
            envelope(message, self.context),
            kind=Kind(said["kind"]),
            detail=Detail(said["detail"]) if said.get("detail") else None,
            confidence=SURE,
            evidence=_personal(said.get("evidence")),
            language=str(each.get("lang") or "en"),
            urgent=bool(said.get("urgent")),
            company=_personal(said.get("company")),
            role=_personal(said.get("role")),
            ats=senders.vendor_of(message.sender.domain),
            requisition_id=_text(said.get("requisition_id")),
            deadline=_text(said.get("deadline")),
            interview=_notice(said.get("interview")),
        )
        if found.interview is not None:
            entry = calendar.notice(message.calendars, self.zone, self.context.owners)
            if entry is not None:
                found = replace(found, interview=replace(found.interview, uid=entry.uid, sequence=entry.sequence))
        if each.get("sent"):
            found = replace(found, detail=(self.acts or {}).get(each["id"]))
        return found

    def read(self, each: Mapping[str, Any]) -> Signal:
        """What Hearback says of one mail."""
        reading = read(self.raw(each), self.context)
        return reading.kept or reading.signal


def load(folder: Path) -> tuple[Mailbox, Mapping[str, Any]]:
    """A whole mailbox and the end state its author expects."""
    expected: Mapping[str, Any] = yaml.load((folder / "expected.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    mails = [each for file in sorted(folder.glob("part*.yaml")) for each in mail.load(file)]
    return Mailbox(folder.name, mails, zone=ZONES.get(folder.name, "Europe/London"), acts=acts_of(expected)), expected


ZONES: Final = {"us": "America/Chicago", "uk": "Europe/London", "dach": "Europe/Vienna"}
"""Where their people live."""
_DOES: Final = {"withdrawn": Detail.WITHDRAWS, "accepted": Detail.ACCEPTS}


def acts_of(expected: Mapping[str, Any]) -> Mapping[str, Detail]:
    """What the person's own mail does: the stage that the author lets it cause."""
    steps = [step for each in expected["applications"] for step in each["stage_history"]]
    return {step["message"]: _DOES[step["stage"]] for step in steps if step["stage"] in _DOES}


def fact(each: Mapping[str, Any]) -> FactId:
    """The fact id of a mail's signal."""
    return FactId(signal_id(BOX, ProviderMessageId(str(each["id"]))))


def _name(each: Mapping[str, Any]) -> str:
    return str(each.get("message_id") or each["id"])


def _notice(said: Mapping[str, Any] | None) -> InterviewNotice | None:
    if not said:
        return None
    start = said.get("start")
    return InterviewNotice(
        action=InterviewAction(said["action"]),
        start_at=datetime.fromisoformat(str(start)) if start else None,
        duration_min=said.get("duration_min"),
        type=InterviewType(said.get("type") or "other"),
        interviewers=tuple(Personal(str(each)) for each in said.get("interviewers") or ()),
        location=_personal(said.get("location")),
        video_link=_personal(said.get("video_link")),
    )


def _personal(value: object) -> Personal | None:
    return Personal(str(value)) if value else None


def _text(value: object) -> str | None:
    return str(value) if value else None


def _moment(value: object) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.astimezone(UTC)


def address(field: str) -> str:
    """The bare address of a header."""
    return parseaddr(field)[1].lower()
