"""The demo's made-up person: YAML under story/, told relative to the day it is run, as RFC 5322 messages.

    person.yaml    name, addresses, zone
    gmail.yaml     the past of the Gmail mailbox
    outlook.yaml   the past of the other mailbox, which comes as an export
    live.yaml      what arrives while the demo runs, in order (no `at`)
    endless.yaml   made-up employers and arcs for when live.yaml is told: mail never stops arriving

Placeholders in texts: {{day:-3}} “Thursday, 12 November”, {{date:-3}} “12 November 2026”, {{short:-3}} “12/11/2026”,
{{iso:-3}}, {{ics:-3 14:00}} (local time in iCalendar form); days count from the day the mail is delivered in.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from hearback.model.errors import Permanent

FOLDER: Final = Path(__file__).parent / "story"
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([a-z_]+)(?::([^}]*))?\s*\}\}")
_AT: Final = re.compile(r"([+-]?\d+)d (\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMessage:
    """One message of the story, ready to be delivered."""

    id: str
    content: bytes = field(repr=False)
    received_at: datetime
    sent: bool
    thread: str
    expect: Mapping[str, Any]
    """What a reader should make of it: kind, company, role."""

    @property
    def digest(self) -> str:
        """As mailboxes.export gives it."""
        return hashlib.sha256(self.content.replace(b"\r\n", b"\n").rstrip(b"\n")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The whole story; `gmail` and `outlook` are the past, oldest first."""

    name: str
    zone: str
    gmail_address: str
    outlook_address: str
    gmail: tuple[StoryMessage, ...]
    outlook: tuple[StoryMessage, ...]
    _live: tuple[Mapping[str, Any], ...]
    _endless: Mapping[str, Any]

    def live(self, now: datetime) -> Iterator[StoryMessage]:
        """What arrives while the demo runs, dated as it is taken."""
        builder = _Builder(self.gmail_address, self.name, ZoneInfo(self.zone), now)
        builder.learn(self.gmail)
        for raw in self._live:
            yield builder.build(raw)

    def endless(self, now: datetime) -> Iterator[StoryMessage]:
        """New employers, arc after arc, without end; the same ones in every run."""
        builder = _Builder(self.gmail_address, self.name, ZoneInfo(self.zone), now)
        for raw in _arcs(self._endless):
            yield builder.build(raw)


def load(*, now: datetime, folder: Path = FOLDER) -> Story:
    """Read the story as of `now`. Permanent: a file is missing or malformed."""
    person = _read(folder / "person.yaml")
    zone = ZoneInfo(person["zone"])
    gmail, outlook = person["mailboxes"]["gmail"], person["mailboxes"]["outlook"]

    def past(name: str, address: str) -> tuple[StoryMessage, ...]:
        builder = _Builder(address, person["name"], zone, now)
        built = [builder.build(raw) for raw in _read(folder / name)["messages"]]
        return tuple(sorted(built, key=lambda message: message.received_at))

    return Story(
        name=person["name"],
        zone=person["zone"],
        gmail_address=gmail,
        outlook_address=outlook,
        gmail=past("gmail.yaml", gmail),
        outlook=past("outlook.yaml", outlook),
        _live=tuple(_read(folder / "live.yaml")["messages"]),
        _endless=_read(folder / "endless.yaml"),
    )


def as_mbox(message: StoryMessage) -> bytes:
    """The message as it stands in an mbox, "From " lines quoted (mboxrd)."""
    body = message.content.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
    quoted = re.sub(rb"^(>*From )", rb">\1", body, flags=re.MULTILINE)
    stamp = message.received_at.astimezone(UTC).strftime("%a %b %d %H:%M:%S +0000 %Y")
    return b"From story@xxx " + stamp.encode() + b"\n" + quoted + b"\n"


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_yaml_loader())  # noqa: S506  a safe loader, by another name
    except (OSError, yaml.YAMLError) as error:
        raise Permanent(f"The demo's {path.name} cannot be read: {error}.") from error
    if not isinstance(data, dict):
        raise Permanent(f"The demo's {path.name} holds no mapping.")
    return data


def _yaml_loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster, where it was built


def render(text: str, moment: datetime, values: Mapping[str, str]) -> str:
    """Fill the placeholders of `text`; days count from `moment`."""

    def fill(found: re.Match[str]) -> str:
        name, argument = found[1], found[2]
        if argument is None:
            return values[name]
        if name == "ics":
            days, _, clock = argument.partition(" ")
            hour, _, minute = clock.partition(":")
            return f"{moment + timedelta(days=int(days)):%Y%m%d}T{int(hour):02d}{minute}00"
        day = moment + timedelta(days=int(argument))
        return {
            "day": f"{day:%A}, {day.day} {day:%B}",
            "date": f"{day.day} {day:%B} {day:%Y}",
            "short": f"{day:%d/%m/%Y}",
            "iso": f"{day:%Y-%m-%d}",
        }[name]

    return _PLACEHOLDER.sub(fill, text)


class _Builder:
    """Builds one mailbox's messages; replies refer to what was built before."""

    def __init__(self, owner: str, name: str, zone: ZoneInfo, now: datetime) -> None:
        self._owner, self._name, self._zone = owner, name, zone
        self._today = now.astimezone(zone)
        self._references: dict[str, tuple[str, ...]] = {}

    def learn(self, messages: Iterable[StoryMessage]) -> None:
        """Let later messages reply to these."""
        for message in messages:
            head = message.content.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
            found = re.search(r"^Message-ID: (<[^>]+>)", head, re.MULTILINE)
            if found:
                self._references[message.id] = (found[1],)

    def build(self, raw: Mapping[str, Any]) -> StoryMessage:
        """One message. Its texts are told from the day of the story's `now`."""
        values = raw.get("values", {})
        received_at = self._received_at(raw.get("at"))
        sent = raw.get("folder") == "sent"
        sender = render(raw["from"], self._today, values)
        address = parseaddr(sender)[1]
        mail = EmailMessage(policy=SMTP)
        if not sent:
            mail["Received"] = f"from mail.{_domain(address)} by mx.google.com; {format_datetime(received_at)}"
            mail["Authentication-Results"] = _authentication(raw.get("auth", "pass"), _domain(address))
        mail["From"] = sender
        mail["To"] = render(raw.get("to", f"{self._name} <{self._owner}>"), self._today, values)
        mail["Subject"] = render(raw["subject"], self._today, values)
        mail["Date"] = format_datetime(received_at.astimezone(self._zone))
        message_id = f"<{raw['id']}.{self._today:%y%m%d}@{_domain(address)}>"
        mail["Message-ID"] = message_id
        earlier = self._references.get(raw.get("reply_to", ""), ())
        if earlier:
            mail["In-Reply-To"] = earlier[-1]
            mail["References"] = " ".join(earlier)
        self._references[raw["id"]] = (*earlier, message_id)
        if raw.get("list"):
            mail["List-Unsubscribe"] = f"<mailto:unsubscribe@{_domain(address)}>"
            mail["List-Id"] = f"<news.{_domain(address)}>"
        self._body(mail, raw, values)
        _fix_boundaries(mail, raw["id"])
        return StoryMessage(
            id=raw["id"],
            content=mail.as_bytes(),
            received_at=received_at,
            sent=sent,
            thread=raw.get("thread") or raw["id"],
            expect=raw.get("expect") or {},
        )

    def _received_at(self, at: str | None) -> datetime:
        if at is None:
            return datetime.now(UTC).replace(microsecond=0)
        found = _AT.fullmatch(at)
        if found is None:
            raise Permanent(f"The demo story has a malformed time: {at!r}.")
        day = self._today + timedelta(days=int(found[1]))
        return day.replace(hour=int(found[2]), minute=int(found[3]), second=0, microsecond=0).astimezone(UTC)

    def _body(self, mail: EmailMessage, raw: Mapping[str, Any], values: Mapping[str, str]) -> None:
        text, html, ics = (raw.get(part) for part in ("text", "html", "ics"))
        if text is not None:
            mail.set_content(render(text, self._today, values))
        if html is not None:
            rendered = render(html, self._today, values)
            if text is None:
                mail.set_content(rendered, subtype="html")
            else:
                mail.add_alternative(rendered, subtype="html")
        if ics is not None:
            calendar = render(ics, self._today, values).replace("\r\n", "\n").replace("\n", "\r\n")
            method = re.search(r"^METHOD:(\w+)", calendar, re.MULTILINE)
            mail.add_alternative(calendar, subtype="calendar", params={"method": method[1] if method else "REQUEST"})


def _fix_boundaries(mail: EmailMessage, seed: str) -> None:
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{hashlib.sha256(f'{seed}{number}'.encode()).hexdigest()[:24]}")


def _domain(address: str) -> str:
    return address.rpartition("@")[2] or "unknown.example"


def _authentication(result: str, domain: str) -> str:
    if result == "none":
        return "mx.google.com; none"
    return (
        f"mx.google.com; dkim={result} header.i=@{domain}; spf={result} smtp.mailfrom={domain}; "
        f"dmarc={result} header.from={domain}"
    )


def _arcs(endless: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Interleaved arcs: three employers are under way at a time, each tells its messages in order."""
    dice = random.Random(90)  # noqa: S311  a story, not a secret
    numbers = itertools.count(1)

    def arc() -> Iterator[dict[str, Any]]:
        number = next(numbers)
        employer = endless["employers"][(number - 1) % len(endless["employers"])]
        values = {**employer, "role": dice.choice(endless["roles"]), "round": str(number)}
        thread = f"endless-{number}"
        for position, template in enumerate(dice.choice(endless["arcs"])):
            yield {
                **template,
                "id": f"{thread}-{position}",
                "thread": thread,
                "reply_to": f"{thread}-{position - 1}" if template.get("reply") else "",
                "values": values,
            }

    under_way = [arc() for _ in range(3)]
    while True:
        slot = dice.randrange(len(under_way))
        message = next(under_way[slot], None)
        if message is None:
            under_way[slot] = arc()
        else:
            yield message
