"""What a person's choices for a mailbox make of its mail: what is not opened, what is not kept, what is stamped on a signal.

Preferences and rules hold as the plan lets them now. What was switched off and what rules made of a mail are stamped on the
signal, as the automation mode is: the fold never asks what the choices are by now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from hearback.mailboxes.protocols import Glimpse
from hearback.model.ids import PersonId
from hearback.model.ledger import LeftOut
from hearback.model.mailbox import Mailbox, Preferences, Provider, Reads
from hearback.model.message import Address
from hearback.model.person import Person
from hearback.model.plan import within
from hearback.model.rule import Rules
from hearback.model.signal import Ability, Ruled, Signal
from hearback.pipeline import rules as ruling
from hearback.pipeline.groups import MAX_REFERENCES, thread_key
from hearback.pipeline.names import same_company
from hearback.reading import scope, senders
from hearback.reading.read import Reading
from hearback.sync import rulebook
from hearback.sync.rooms import Rooms

FIRST_WORDS: Final = 300
"""Of an imported mail stand for the snippet a provider gives."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What holds for one mailbox now."""

    rooms: Rooms
    mailbox: Mailbox
    preferences: Preferences
    rules: Rules
    tracked: Callable[[], scope.Tracked]
    """The companies on the board, looked up at the first call."""

    @property
    def narrow(self) -> bool:
        """Whether sender, subject and first words may be enough not to open a mail that a search has found."""
        ignoring = any(each.on and each.ignore and not each.needs_opening for each in self.rules.rules)
        return ignoring or scope.narrows(self.preferences)

    def unopened(self, glimpse: Glimpse, *, known_thread: bool) -> LeftOut | None:
        """Why the mail is not to be opened; None: open it."""
        sender = scope.address_of(glimpse.sender)
        return self._unopened(
            scope.Sight(
                sender=sender,
                subject=glimpse.subject,
                words=glimpse.snippet,
                own=sender.address == self.mailbox.address,
                known_thread=known_thread,
                folders=glimpse.folders,
            )
        )

    def _unopened(self, sight: scope.Sight) -> LeftOut | None:
        found = scope.unopened(self.preferences, sight, self.tracked)
        if found is None and not sight.own:
            mail = ruling.Seen(mailbox=self.mailbox.id, sender=sight.sender, subject=sight.subject)
            return LeftOut.RULE if ruling.ignored_unopened(self.rules, mail) else None
        return found

    def opened(self, reading: Reading) -> LeftOut | None:
        """Why nothing is to be kept of a mail that was opened; None: keep what is worth it.

        An export has nobody who could be asked for a mail's head alone: there all is decided here.
        """
        message, signal = reading.message, reading.signal
        exported = self.mailbox.provider is Provider.IMPORT
        asked = self.preferences.reads is Reads.TRACKED or (exported and scope.narrows(self.preferences))
        known = asked and self._in_known_thread(signal)
        if exported:
            found = self._unopened(
                scope.Sight(
                    sender=message.sender,
                    subject=message.subject,
                    words=message.text[:FIRST_WORDS],
                    own=message.sent,
                    known_thread=known,
                )
            )
            if found is not None:
                return found
        return scope.opened(self.preferences, known_thread=known, is_tracked=self._is_tracked(signal))

    def _is_tracked(self, signal: Signal) -> bool:
        if self.preferences.reads is not Reads.TRACKED:
            return True
        if signal.domain is not None and signal.domain in self.tracked().domains:
            return True
        return any(same_company(signal.company or "", each) for each in self.tracked().names)

    def _in_known_thread(self, signal: Signal) -> bool:
        keys = [f"mid:{each}" for each in signal.references[:MAX_REFERENCES]]
        if signal.thread_id:
            keys.append(thread_key(signal.mailbox_id, signal.thread_id))
        return bool(keys) and bool(self.rooms.store.facts.touched(self.mailbox.person_id, keys))

    def ruled(self, signal: Signal) -> Ruled | None:
        """What the rules make of a mail as it reads with what the person has taught so far."""
        if signal.sent or not self.rules.rules:
            return None
        lessons = self.rooms.store.facts.lessons(self.mailbox.person_id).taught
        return ruling.ruling(self.rules, ruling.seen(ruling.as_taught(signal, lessons)))

    def stamped(self, signal: Signal, ruled: Ruled | None) -> Signal:
        """The signal with what holds now written on it."""
        off = tuple(each for each in Ability if not getattr(self.preferences, each.value))
        return replace(signal, off=off, ruled=ruled)


def choices_of(rooms: Rooms, person: Person, mailbox: Mailbox) -> Choices:
    """What holds for `mailbox` now."""
    return Choices(
        rooms=rooms,
        mailbox=mailbox,
        preferences=within(person.plan, mailbox.preferences),
        rules=rulebook.holding(rooms, person),
        tracked=cache(lambda: _tracked(rooms, person.id)),
    )


def _tracked(rooms: Rooms, person: PersonId) -> scope.Tracked:
    """The applications on the board, archived ones too; leads are none yet."""
    applications = [each for each in rooms.store.projections.applications(person) if not each.is_lead]
    addresses = [Address(address) for each in applications for _, address in each.contacts]
    domains = {senders.employer_domain(each.domain) for each in addresses}
    return scope.Tracked(
        names=tuple(sorted({str(each.company) for each in applications if each.company})),
        domains=frozenset(each for each in domains if each is not None),
    )
