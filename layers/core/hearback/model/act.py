"""What the person said or did. Acts are facts beside signals; the fold reads both.

An act points at an application by one of its facts (`about`): a signal or the act that added it by hand.
Whatever application holds that fact is meant, so a merge, a late mail or a shuffle never strands an act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hearback.model.application import Stage
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.signal import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    id: ActId
    at: datetime
    """Aware UTC: the moment the person acted. An act settles all mail received before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(_Act):
    """The pending signal is right; it joins the application of `application`, or (None) the one it matches, else its own."""

    type: Literal["confirm"] = "confirm"
    about: FactId
    application: FactId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore(_Act):
    """The signal is not about an application and will not appear again."""

    type: Literal["ignore"] = "ignore"
    about: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Revert(_Act):
    """Undo of an automatic change: the signal stays in the timeline but no longer moves anything."""

    type: Literal["revert"] = "revert"
    about: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(_Act):
    """What the message really says; None leaves a field as it was read."""

    type: Literal["correct"] = "correct"
    about: FactId
    kind: Kind | None = None
    company: Personal | None = None
    role: Personal | None = None
    start_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(_Act):
    """The signal belongs to the application that holds `application`; never overwritten by matching."""

    type: Literal["link"] = "link"
    about: FactId
    application: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(_Act):
    """Two applications are one; the one that holds `about` is primary. Undone by Undo."""

    type: Literal["merge"] = "merge"
    about: FactId
    other: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStage(_Act):
    """The person's word on where the application stands."""

    type: Literal["set_stage"] = "set_stage"
    about: FactId
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Add(_Act):
    """An application entered by hand."""

    type: Literal["add"] = "add"
    company: Personal
    role: Personal | None = None
    location: Personal | None = None
    stage: Stage = Stage.APPLIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(_Act):
    """The person's wording of an application's fields; None leaves a field alone."""

    type: Literal["edit"] = "edit"
    about: FactId
    company: Personal | None = None
    role: Personal | None = None
    location: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(_Act):
    """A note in the timeline."""

    type: Literal["note"] = "note"
    about: FactId
    text: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive(_Act):
    """Out of the board; the history stays."""

    type: Literal["archive"] = "archive"
    about: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(_Act):
    """Takes another act back, exactly. An Undo can itself be undone."""

    type: Literal["undo"] = "undo"
    about: FactId


Act = Confirm | Ignore | Revert | Correct | Link | Merge | SetStage | Add | Edit | Note | Archive | Undo
