"""Reading as shipped, both stages, on labelled mail: floors under what was measured, so that no change loses it unseen.

The hands are ones the weights were trained on: no measure of how right reading is (docs/reading.md has that), only an alarm.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import Origin, RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.reading import encoder
from hearback.reading.read import Context, Reading, read
from hearback.simulators import story

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from encoder import mail  # noqa: E402  beside the package, not in it


def context(owner: str) -> Context:
    """A person in Berlin, Smart mode."""
    return Context(
        owners=frozenset({owner}), zone="Europe/Berlin", mode=AutomationMode.SMART, privacy=PrivacyLevel.STANDARD
    )


def test_the_encoder_is_installed() -> None:
    """The shipped weights load; without them half of what follows would measure the first stage alone."""
    assert encoder.installed() is not None


def told() -> Iterator[tuple[str, Reading]]:
    """The demo's story: gold kind and reading of every mail."""
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    made = story.load(now=now)
    for owner, messages in (
        (made.gmail_address, itertools.chain(made.gmail, made.live(now))),
        (made.outlook_address, made.outlook),
    ):
        for message in messages:
            raw = RawMessage(
                mailbox_id=MailboxId("m"),
                provider_message_id=ProviderMessageId(message.id),
                content=message.content,
                origin=Origin.IMPORTED,
            )
            yield str(message.expect["kind"]), read(raw, context(owner))


def test_the_demo_story_stays_readable() -> None:
    """153 ordinary mails."""
    found = [(gold, reading.signal.kind) for gold, reading in told()]
    assert len(found) >= 150
    assert sum(gold == said for gold, said in found) / len(found) >= 0.95


@pytest.mark.parametrize(("hand", "floor"), [("blind_1", 0.85), ("usual", 0.9), ("people_seven", 0.85)])
def test_labelled_mail_gets_no_worse(hand: str, floor: float) -> None:
    """Share of kinds right."""
    mails = mail.load(ROOT / f"corpus/messages/{hand}.yaml")
    right = sum(raw["gold"]["kind"] == read(mail.message(raw), context(mail.owner(raw))).signal.kind for raw in mails)
    assert right / len(mails) >= floor


def test_the_evidence_stands_in_the_mail() -> None:
    """Verbatim, whichever stage found it."""
    for raw in mail.load(ROOT / "corpus/messages/phone.yaml"):
        found = read(mail.message(raw), context(mail.owner(raw)))
        if found.signal.evidence:
            whole = " ".join(f"{found.message.subject} {found.message.text}".split())
            assert " ".join(found.signal.evidence.split()) in whole


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("test", "test"),
        ("Testing", "This is the first part. There is a picture in the second."),
        ("Saying hi", "I only write to say hi."),
        ("Re: Saying hi", "And I answer your hi."),
        ("PDF with an odd name", "Attaching a PDF, to see how the message looks and which encoding it gets."),
        ("commit 214", "Fixed the parser test, reviewed by Bo. Applied to trunk."),
        ("", "xx xxxx xxx"),
    ],
)
def test_a_mail_about_nothing_is_no_job_mail(subject: str, text: str) -> None:
    """Trial mails, greetings, machines."""
    raw = {"id": "1", "from": "a@b.example", "to": "me@home.example", "subject": subject, "text": text}
    found = read(mail.message({**raw, "date": "2026-03-09T09:00:00+01:00"}), context("me@home.example"))
    assert not found.job_related
