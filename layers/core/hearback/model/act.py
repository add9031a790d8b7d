"""What the person said or did. Acts are facts beside signals; the fold reads both.

An act points at an application by one of its facts (`about`): a signal or the act that added it by hand.
Whatever application holds that fact is meant, so a merge, a late mail or a shuffle never strands an act; where that fact
was moved out by a later act, the application it stood in when the person acted is (pipeline.anchors).
In acts that give a value anew, None leaves a field as it is; an empty text (of a number, 0) empties it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from hearback.model.application import InterviewStatus, Stage
from hearback.model.ids import ActId, FactId, Personal
from hearback.model.moment import Moment
from hearback.model.signal import Detail, InterviewAction, InterviewType, Kind, Ruled


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    id: ActId
    at: Moment
    """Aware UTC: the moment the person acted. An act settles all mail received before it."""
    batch: str | None = None
    """Acts done in one go share it and are taken back in one go; their ids are those of `in_batch`."""
    beside: tuple[FactId, ...] = ()
    """Other facts of the application it names (`application` of a mail's, else `about`), at most MOST_BESIDE: meant where
    that one was moved out of it since.
    """


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
    """What the message really says; None leaves a field as it was read. The fields are those of Signal and InterviewNotice."""

    type: Literal["correct"] = "correct"
    about: FactId
    kind: Kind | None = None
    detail: Detail | Literal[""] | None = None
    company: Personal | None = None
    role: Personal | None = None
    location: Personal | None = None
    requisition_id: str | None = None
    agency: Personal | None = None
    deadline: str | None = None
    urgent: bool | None = None
    action: InterviewAction | None = None
    start_at: datetime | Literal[""] | None = None
    """Aware; of the interview, as the rest that follows."""
    zone: str | None = None
    duration_min: int | None = None
    round_type: InterviewType | None = None
    interviewers: tuple[Personal, ...] | None = None
    place: Personal | None = None
    video_link: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(_Act):
    """The signal belongs to the application that holds `application`; never overwritten by matching."""

    type: Literal["link"] = "link"
    about: FactId
    application: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(_Act):
    """These signals (or what was added by hand) are an application of their own, out of the one that holds `about`.

    Matching never joins them with mail received before the act; later mail may follow them.
    """

    type: Literal["split"] = "split"
    about: FactId
    signals: tuple[FactId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(_Act):
    """Two applications are one; the one that holds `about` is primary: its wording and id are shown. Undone by Undo."""

    type: Literal["merge"] = "merge"
    about: FactId
    other: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPrimary(_Act):
    """Of the applications merged into one, the one that held `about` is primary."""

    type: Literal["mark_primary"] = "mark_primary"
    about: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheSame(_Act):
    """Two applications are two: matching does not join them, and nobody proposes it again."""

    type: Literal["not_the_same"] = "not_the_same"
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
    """The person's wording of an application's fields."""

    type: Literal["edit"] = "edit"
    about: FactId
    company: Personal | None = None
    role: Personal | None = None
    location: Personal | None = None
    requisition_id: str | None = None
    agency: Personal | None = None
    on_hold: bool | None = None
    urgent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(_Act):
    """A note in the timeline. To change one is to undo it and write another in its place, in one batch."""

    type: Literal["note"] = "note"
    about: FactId
    text: Personal
    written_at: datetime | None = None
    """Of a note in the place of another: where in the timeline that one stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(_Act):
    """A word of the person's own on an application."""

    type: Literal["tag"] = "tag"
    about: FactId
    tag: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Untag(_Act):
    """Takes a tag off, however it is capitalised."""

    type: Literal["untag"] = "untag"
    about: FactId
    tag: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRules(_Act):
    """This is what the person's rules make of the signal, whatever they made of it when it came.

    It is no word on the mail itself: such a word (Confirm, Ignore, Revert, Correct, Link) outranks it, before it or after.
    """

    type: Literal["apply_rules"] = "apply_rules"
    about: FactId
    ruled: Ruled


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive(_Act):
    """Out of the board; the history stays. Later mail that asks something of the person brings it back."""

    type: Literal["archive"] = "archive"
    about: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Unarchive(_Act):
    """Back on the board."""

    type: Literal["unarchive"] = "unarchive"
    about: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRound(_Act):
    """An interview as the person says: a new one, or (`which`) the one that this fact said or changed."""

    type: Literal["set_round"] = "set_round"
    about: FactId
    which: FactId | None = None
    start_at: datetime | Literal[""] | None = None
    """Aware, with the offset that holds on that day at the place meant."""
    zone: str | None = None
    duration_min: int | None = None
    round_type: InterviewType | None = None
    status: InterviewStatus | None = None
    interviewers: tuple[Personal, ...] | None = None
    place: Personal | None = None
    video_link: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRound(_Act):
    """There is no such interview."""

    type: Literal["drop_round"] = "drop_round"
    about: FactId
    which: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDeadline(_Act):
    """A deadline as the person says: a new one, or (`which`) the one that this fact said or changed."""

    type: Literal["set_deadline"] = "set_deadline"
    about: FactId
    due: str
    """ISO date or date-time."""
    kind: Kind = Kind.ASSESSMENT
    """Of what: a test or an offer."""
    which: FactId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDeadline(_Act):
    """There is no such deadline."""

    type: Literal["drop_deadline"] = "drop_deadline"
    about: FactId
    which: FactId


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSender(_Act):
    """Mail of this sender is none of the job search: what waits is left out, what comes from now on is not kept.

    It is no word on any one mail: a word of the person's on a mail outranks it.
    """

    type: Literal["block_sender"] = "block_sender"
    sender: Personal
    """An address, lower-case; or "@" and a domain: every address there and below it."""
    name: Personal | None = None
    """Only mail under this display name: at an address from which many write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustDomain(_Act):
    """Whoever writes from here, and is proven to, is somebody the person is in a process with (model.deciding: KNOWN)."""

    type: Literal["trust_domain"] = "trust_domain"
    sender: Personal
    """"@" and a domain: every address there and below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(_Act):
    """Takes another act back, exactly. An Undo can itself be undone."""

    type: Literal["undo"] = "undo"
    about: FactId


Act = (
    Confirm
    | Ignore
    | Revert
    | Correct
    | Link
    | Split
    | Merge
    | MarkPrimary
    | NotTheSame
    | SetStage
    | Add
    | Edit
    | Note
    | Tag
    | Untag
    | ApplyRules
    | Archive
    | Unarchive
    | SetRound
    | DropRound
    | SetDeadline
    | DropDeadline
    | BlockSender
    | TrustDomain
    | Undo
)

MOST_BESIDE: Final = 8
POINTS: Final = ("about", "application", "other", "which")
"""Where an act names one fact; `signals` names several."""


def named(act: Act) -> tuple[FactId, ...]:
    """Every fact the act names, each once, `about` first; those `beside` it are not named."""
    single = [FactId(value) for name in POINTS if (value := getattr(act, name, None)) is not None]
    return tuple(dict.fromkeys([*single, *getattr(act, "signals", ())]))


def renamed(act: Act, of: Callable[[FactId], FactId], *, only: tuple[str, ...] = (*POINTS, "signals", "beside")) -> Act:
    """The act with each fact it names (in the fields `only`) replaced by what `of` makes of it."""
    changes: dict[str, Any] = {
        name: of(FactId(value)) for name in POINTS if name in only and (value := getattr(act, name, None)) is not None
    }
    for name in ("signals", "beside"):
        if name in only and (several := getattr(act, name, ())):
            changes[name] = tuple(dict.fromkeys(of(each) for each in several))
    changes = {name: value for name, value in changes.items() if value != getattr(act, name)}
    return replace(act, **changes) if changes else act


def in_batch(batch: str, number: int) -> ActId:
    """The id of a batch's act, counted from 0: so whoever knows the batch finds its acts."""
    return ActId(f"{batch}.{number}")
