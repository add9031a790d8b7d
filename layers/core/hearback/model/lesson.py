"""What the person's acts say about mail elsewhere, until they take it back: how mail of one sender and template is to be
read (a correction), and whose mail is left out or known (a word on a sender).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hearback.model.ids import FactId, Personal
from hearback.model.signal import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Mail of this sender in this template is of this kind, because the person said so of one. Derived, never written by hand."""

    act: FactId
    """The Correct that says so; undoing it undoes the lesson."""
    at: datetime
    about: FactId
    """The mail they corrected."""
    subject: Personal
    """Its subject, to be told apart by."""
    sender: Personal
    """Its sender's address, lower-case."""
    template: str
    read: Kind | None
    """What it was read as: the mistake."""
    kind: Kind
    forged: bool = False
    """It failed authentication: what is said of a forged copy is not said of the genuine mail it copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderWord:
    """What the person said of a sender (BlockSender, TrustDomain). Derived, never written by hand."""

    act: FactId
    """The act that says so; undoing it undoes the word."""
    at: datetime
    sender: Personal
    """An address, lower-case; or "@" and a domain, with all below it."""
    name: Personal | None = None
    """Only mail under this display name."""
    trusted: bool
    """False: blocked."""

    @property
    def about(self) -> FactId:
        """What it is kept under: the act itself."""
        return self.act


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """All that the person's acts say about mail elsewhere, at a version that grows whenever it changes."""

    version: int = 0
    taught: tuple[Lesson, ...] = ()
    senders: tuple[SenderWord, ...] = ()
    spreading: tuple[Personal, ...] = ()
    """Names of senders (pipeline.standing.names) about whom it changed and some of whose mail may not be folded again yet."""

    @property
    def all(self) -> tuple[Lesson | SenderWord, ...]:
        """What every fold takes."""
        return (*self.taught, *self.senders)


NO_LESSONS: Final = Lessons()
"""Nothing was ever taught."""


def lessons(version: int, kept: Iterable[Lesson | SenderWord], spreading: Iterable[Personal]) -> Lessons:
    """What a store keeps, sorted into lessons and words on senders."""
    held = tuple(kept)
    return Lessons(
        version=version,
        taught=tuple(each for each in held if isinstance(each, Lesson)),
        senders=tuple(each for each in held if isinstance(each, SenderWord)),
        spreading=tuple(spreading),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """That a correction of another mail decided something about this one: what the person is told, and can take back."""

    act: FactId
    at: datetime
    about: FactId
    subject: Personal
    kind: Kind | None = None
    company: Personal | None = None
    role: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """How a change moves the lessons on."""

    learned: tuple[Lesson | SenderWord, ...] = ()
    """New or different; one about the same mail is replaced."""
    forgotten: tuple[FactId, ...] = ()
    """What lessons were kept under that are none any more."""
    spreading: tuple[Personal, ...] = ()
    """Names of senders whose mail elsewhere must be folded again."""
    settled: tuple[Personal, ...] = ()
    """Names of those whose mail has been."""
