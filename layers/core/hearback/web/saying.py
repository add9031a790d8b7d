"""The acts a person can do to one application, by the names of their routes: what each takes, and what is told after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hearback.model.act import (
    MOST_BESIDE,
    Act,
    Archive,
    DropDeadline,
    DropRound,
    Edit,
    MarkPrimary,
    Merge,
    Note,
    NotTheSame,
    SetDeadline,
    SetRound,
    SetStage,
    Split,
    Tag,
    Unarchive,
    Untag,
)
from hearback.model.application import Application, InterviewStatus, Stage
from hearback.model.errors import Permanent
from hearback.model.ids import FactId
from hearback.model.signal import InterviewType, Kind
from hearback.web.fields import TEXT, Fields

Find = Callable[[str], Application]
"""An application of the person's by id. NotFound."""
TICK: Final = "tick:"
"""Begins the name of a box that ticks something; its id follows."""
MOST_TAGS: Final = 20


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to do to an application."""

    act: type[Act]
    told: str
    """What is told once it is done."""
    fields: Callable[[Application, Fields, Find], Mapping[str, Any]] = lambda *_: {}
    """What the act says beside what it is about. Permanent: it cannot be."""

    @property
    def type(self) -> str:
        """The act's name, as stored and in the API."""
        return str(self.act.__dataclass_fields__["type"].default)


def said(verb: Verb, it: Application, fields: Fields, find: Find, base: Mapping[str, Any]) -> Any:
    """The act of `verb` on `it`. `base`: id, time and batch."""
    about, *beside = it.anchors
    given: dict[str, Any] = {"about": about, "beside": tuple(beside[:MOST_BESIDE])}
    return verb.act(**base, **given | dict(verb.fields(it, fields, find)))


def _stage(_it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    stage = fields.choice("stage", Stage)
    if stage is None:
        raise Permanent("Choose a stage first.")
    return {"stage": stage}


def _edit(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    names = ("company", "role", "location", "requisition_id", "agency")
    changes: dict[str, Any] = {name: fields.changed(name, getattr(it, name)) for name in names}
    for name in ("on_hold", "urgent"):
        value = fields.flag(name)
        changes[name] = None if value is getattr(it, name) else value
    if all(value is None for value in changes.values()):
        raise Permanent("Nothing was changed.")
    return changes


def _note(_it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    return {"text": fields.needed("text", TEXT, lines=True)}


def _tag(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    tag = fields.tag()
    if len(it.tags) >= MOST_TAGS and tag.casefold() not in {each.casefold() for each in it.tags}:
        raise Permanent(f"An application may have at most {MOST_TAGS} tags; take one off first.")
    return {"tag": tag}


def _untag(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    tag = fields.needed("tag")
    if tag.casefold() not in {each.casefold() for each in it.tags}:
        raise Permanent("It does not have this tag.")
    return {"tag": tag}


def _other(it: Application, fields: Fields, find: Find) -> Application:
    other = find(str(fields.needed("other")))
    if other.id == it.id:
        raise Permanent("That is this very application. Choose another one.")
    return other


def _merge(it: Application, fields: Fields, find: Find) -> Mapping[str, Any]:
    return {"other": _other(it, fields, find).anchors[0]}


def _primary(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    fact = fields.fact("fact")
    if fact is None or not any(fact in part.facts for part in it.parts):
        raise Permanent("Only one of the applications that were merged into this one can be its main one.")
    return {"about": fact, "beside": ()}


def _split(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    given = fields.values.get("signals")
    named = (
        given if isinstance(given, list) else [name.removeprefix(TICK) for name in fields.values if name[:5] == TICK]
    )
    lines = {entry.fact: entry for entry in it.timeline if not entry.by_person or entry.fact in it.facts}
    going = [FactId(str(each)) for each in dict.fromkeys(named)]
    if not going:
        raise Permanent("Tick the messages that are an application of their own, then split.")
    if any(each not in lines for each in going):
        raise Permanent("One of these messages is not in this application any more. Reload the page and tick again.")
    staying = [fact for fact in it.anchors if fact in lines and fact not in going]
    if not any(not lines[fact].sent for fact in staying):
        raise Permanent("Something must stay: leave at least one message that you received.")
    if all(lines[fact].sent for fact in going):
        raise Permanent("Mail that you sent is no application by itself. Tick a message you received, too.")
    return {"about": staying[0], "beside": tuple(staying[1 : 1 + MOST_BESIDE]), "signals": tuple(going)}


def _round(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    which = _which(fields, {each.fact for each in it.interviews}, "interview")
    start = fields.moment("start_at")
    if which is None and not start:
        raise Permanent("Say when the interview is.")
    return {
        "which": which,
        "start_at": start,
        "zone": fields.zone if start else None,
        "duration_min": fields.minutes("duration_min"),
        "round_type": fields.choice("round_type", InterviewType),
        "status": _status(fields),
        "interviewers": fields.people("interviewers"),
        "place": fields.text("place", 200),
        "video_link": fields.link("video_link"),
    }


def _status(fields: Fields) -> InterviewStatus | None:
    status = fields.choice("status", InterviewStatus)
    if status is InterviewStatus.HELD:
        raise Permanent("An interview is held once its time is over: there is nothing to set.")
    return status


def _drop_round(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    return {"which": _needed_which(fields, {each.fact for each in it.interviews}, "interview")}


def _deadline(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    which = _which(fields, {each.fact for each in it.deadlines}, "deadline")
    before = next((each for each in it.deadlines if each.fact == which), None)
    due = fields.due("due")
    if not due:
        raise Permanent("Say by when.")
    kind = fields.choice("kind", Kind) or (before.kind if before is not None else Kind.ASSESSMENT)
    if kind not in {Kind.ASSESSMENT, Kind.OFFER}:
        raise Permanent("A deadline is that of a test or of an offer.")
    return {"which": which, "due": due, "kind": kind}


def _drop_deadline(it: Application, fields: Fields, _find: Find) -> Mapping[str, Any]:
    return {"which": _needed_which(fields, {each.fact for each in it.deadlines}, "deadline")}


def put_into(target: Application, fact: FactId) -> dict[str, Any]:
    """What a Link or Confirm of a mail says of the application it belongs to. Permanent: it is there already."""
    if fact in target.facts:
        raise Permanent("It is in that application already. Choose another one.")
    first, *beside = target.anchors
    return {"about": fact, "application": first, "beside": tuple(beside[:MOST_BESIDE])}


def _which(fields: Fields, there: set[FactId], called: str) -> FactId | None:
    which = fields.fact("which")
    if which is not None and which not in there:
        raise Permanent(f"This {called} has changed meanwhile. Reload the page to see how it stands.")
    return which


def _needed_which(fields: Fields, there: set[FactId], called: str) -> FactId:
    which = _which(fields, there, called)
    if which is None:
        raise Permanent(f"Say which {called}.")
    return which


def _archive(it: Application, _fields: Fields, _find: Find) -> Mapping[str, Any]:
    if it.archived:
        raise Permanent("It is archived already.")
    return {}


def _unarchive(it: Application, _fields: Fields, _find: Find) -> Mapping[str, Any]:
    if not it.archived:
        raise Permanent("It is on the board already.")
    return {}


VERBS: Final[Mapping[str, Verb]] = {
    "stage": Verb(SetStage, "Stage set.", _stage),
    "edit": Verb(Edit, "Saved.", _edit),
    "note": Verb(Note, "Note added.", _note),
    "tag": Verb(Tag, "Tagged.", _tag),
    "untag": Verb(Untag, "Tag taken off.", _untag),
    "archive": Verb(Archive, "Archived.", _archive),
    "unarchive": Verb(Unarchive, "Back on the board.", _unarchive),
    "merge": Verb(Merge, "Merged into one.", _merge),
    "primary": Verb(MarkPrimary, "That is the main one now.", _primary),
    "apart": Verb(NotTheSame, "Kept apart. This will not be proposed again.", _merge),
    "split": Verb(Split, "Split off.", _split),
    "round": Verb(SetRound, "Interview saved.", _round),
    "drop-round": Verb(DropRound, "Interview removed.", _drop_round),
    "deadline": Verb(SetDeadline, "Deadline saved.", _deadline),
    "drop-deadline": Verb(DropDeadline, "Deadline removed.", _drop_deadline),
}
MANY: Final = ("archive", "unarchive", "tag", "untag", "stage")
"""What can be done to several applications in one go."""
