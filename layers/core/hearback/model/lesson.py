"""What a correction teaches: how mail of one sender and template is to be read, until the person takes it back."""

from __future__ import annotations

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
class Lessons:
    """All lessons of a person, at a version that grows whenever they change."""

    version: int = 0
    taught: tuple[Lesson, ...] = ()
    spreading: tuple[Personal, ...] = ()
    """Senders whose lessons changed and some of whose mail may not be folded again yet."""


NO_LESSONS: Final = Lessons()
"""Nothing was ever taught."""


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

    learned: tuple[Lesson, ...] = ()
    """New or different; one about the same mail is replaced."""
    forgotten: tuple[FactId, ...] = ()
    """Mails about which there is no lesson any more."""
    spreading: tuple[Personal, ...] = ()
    """Senders whose mail elsewhere must be folded again."""
    settled: tuple[Personal, ...] = ()
    """Senders whose mail has been."""
