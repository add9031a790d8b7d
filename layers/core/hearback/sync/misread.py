"""A mail that was read wrongly, as an example the person can read, change, save and send. Nothing is sent, nothing stored.

Bodies are not stored, so the mail is fetched anew where its provider still has it; else the example holds what the signal
does, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hearback.model.act import Correct
from hearback.model.budget import Budget
from hearback.model.errors import HearbackError, NotFound
from hearback.model.facts import Fact
from hearback.model.ids import FactId, PersonId
from hearback.model.mailbox import MailboxStatus, Provider
from hearback.model.message import Message
from hearback.model.signal import Signal
from hearback.pipeline.acts import said
from hearback.pipeline.grouping import fact_key
from hearback.reading import mime
from hearback.reading.redact import redacted, redacted_kept
from hearback.sync.rooms import Rooms

SECONDS: Final = 8.0
"""For the provider: a page is waited for."""
IMPORTED: Final = "This mail was imported, so it cannot be fetched again: only what Hearback has kept of it is here."
GONE: Final = "Your mailbox does not give this mail any more: only what Hearback has kept of it is here."
AWAY: Final = (
    "Your mailbox cannot be reached just now: only what Hearback has kept of the mail is here. Try again later."
)
WHOLE: Final = "The mail was fetched from your mailbox for this page. It is not stored."


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the person reads before anything else happens with it."""

    text: str
    whole: bool
    """The mail itself is in it, not only what was kept."""
    about: str
    """Where it comes from, in plain words."""


def example(rooms: Rooms, person: PersonId, fact: FactId) -> Example:
    """The redacted example of one mail. NotFound: there is no such mail of theirs."""
    components = rooms.store.facts.touched(person, [fact_key(fact)])
    facts = [each for component in components for each in component.facts]
    signal = next((each for each in facts if isinstance(each, Signal) and FactId(each.id) == fact), None)
    if signal is None:
        raise NotFound("That is not there any more. Reload the page to see how things stand.")
    message, about = _fetched(rooms, person, signal)
    if message is None:
        subject, text = (redacted_kept(str(each), signal) for each in (signal.subject, signal.evidence or ""))
    else:
        subject, text = redacted(message, signal)
    head = {
        "read as": f"{signal.kind or 'unreadable'}, {signal.confidence:.2f} sure",
        "detail": str(signal.detail or "-"),
        "should be": _corrected(facts, signal),
        "language": signal.language,
        "sender": f"applicant system {signal.ats}" if signal.ats else ("own domain" if signal.domain else "other"),
        "authenticity": str(signal.authenticity),
        "model": signal.model_version or "-",
        "whole mail": "yes" if message is not None else "no",
        "subject": subject,
    }
    lines = [f"{name}: {value}" for name, value in head.items()]
    return Example(text="\n".join([*lines, "", text, ""]), whole=message is not None, about=about)


def _fetched(rooms: Rooms, person: PersonId, signal: Signal) -> tuple[Message | None, str]:
    try:
        mailbox = rooms.store.mailboxes.get(person, signal.mailbox_id)
        if mailbox.provider is Provider.IMPORT:
            return None, IMPORTED
        if mailbox.status is not MailboxStatus.ACTIVE:
            return None, AWAY
        raw = rooms.within(Budget.of(SECONDS)).door(mailbox).fetch(signal.provider_message_id)
    except NotFound:
        return None, GONE
    except HearbackError:
        return None, AWAY
    return mime.parse(raw, frozenset({mailbox.address}), rooms.authserv_ids), WHOLE


def _corrected(facts: list[Fact], signal: Signal) -> str:
    """The kind the person said it is; an empty place to fill in where they have not."""
    word = said(each for each in facts if not isinstance(each, Signal)).word(FactId(signal.id))
    kinds = [each.kind for each in word.corrected if isinstance(each, Correct) and each.kind is not None]
    return str(kinds[-1]) if kinds else ""
