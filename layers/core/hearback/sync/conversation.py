"""The whole thread of a mail, fetched from its mailbox while the person waits, as text. Nothing of it is stored or logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hearback.model.budget import Budget
from hearback.model.errors import NeedsPerson, NotFound, Permanent
from hearback.model.ids import FactId, PersonId
from hearback.model.mailbox import Mailbox, MailboxStatus, Provider
from hearback.model.message import Message, RawMessage
from hearback.model.signal import Signal
from hearback.pipeline.grouping import fact_key
from hearback.reading import mime
from hearback.reading.showing import Block, blocks, first_words
from hearback.sync.rooms import Rooms

SECONDS: Final = 8.0
"""For the provider: a page is waited for."""
NEWEST: Final = 50
"""Messages shown of a long thread."""
MOST: Final = 30_000
"""Characters shown of one message."""
MOST_IN_ALL: Final = 400_000
"""Characters shown of a thread, the newest first: an answer of a function is at most 6 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message of a thread as it is shown."""

    message: Message
    blocks: tuple[Block, ...]
    begins: str
    """Its first new words, for where it is folded."""
    cut: bool
    """There is more of it than is shown."""
    asked: bool
    """It is the mail whose thread was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread as its mailbox has it now, newest last."""

    letters: tuple[Letter, ...]
    older: int = 0
    """Messages before those shown."""
    hidden: int = 0
    """Messages in Spam or Trash, and drafts."""


class NoThread(Permanent):
    """The mail came by an export, or its mailbox is disconnected: there is nobody to ask."""


def signal_of(rooms: Rooms, person: PersonId, fact: FactId) -> Signal:
    """What is kept of a mail. NotFound: there is no such mail of theirs."""
    components = rooms.store.facts.touched(person, [fact_key(fact)])
    facts = (each for component in components for each in component.facts)
    found = next((each for each in facts if isinstance(each, Signal) and FactId(each.id) == fact), None)
    if found is None:
        raise NotFound("That is not there any more. Reload the page to see how things stand.")
    return found


def thread_of(rooms: Rooms, mailbox: Mailbox, signal: Signal) -> Thread:
    """The thread of `signal`, asked for as live work.

    NotFound: the mailbox has it no more; Throttled; Transient: slow or away; NeedsPerson: reconnect; NoThread.
    """
    if mailbox.provider is Provider.IMPORT:
        raise NoThread("This mail came in by an export, so there is no mailbox to ask for the rest of its thread.")
    if mailbox.status is MailboxStatus.DISCONNECTED:
        raise NoThread("This mailbox is disconnected, so Hearback cannot ask it for the thread.")
    if mailbox.status is not MailboxStatus.ACTIVE:
        raise NeedsPerson(mailbox.cause or "Hearback has no access to this mailbox any more.")
    if signal.thread_id is None:
        raise NotFound("The mailbox did not say which thread this mail belongs to.")
    found = rooms.within(Budget.of(SECONDS)).door(mailbox).conversation(signal.thread_id)
    newest = found.messages[-NEWEST:]
    letters: list[Letter] = []
    left = MOST_IN_ALL
    for raw in reversed(newest):
        letter = _letter(rooms, mailbox, raw, signal, min(left, MOST))
        left -= min(len(letter.message.text), left, MOST)
        letters.append(letter)
    return Thread(letters=tuple(reversed(letters)), older=len(found.messages) - len(newest), hidden=found.hidden)


def _letter(rooms: Rooms, mailbox: Mailbox, raw: RawMessage, signal: Signal, most: int) -> Letter:
    message = mime.parse(raw, frozenset({mailbox.address}), rooms.authserv_ids, shown=True)
    shown = blocks(message, most=most)
    return Letter(
        message=message,
        blocks=shown,
        begins=first_words(shown),
        cut=len(message.text) > most,
        asked=raw.provider_message_id == signal.provider_message_id,
    )
