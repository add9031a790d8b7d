"""Which mail sits in which application, beside the candidacy its author says it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hearback.model.application import Folded
from hearback.model.ids import ApplicationId, FactId
from matching.mailbox import Mailbox, fact

RIGHT: Final = "linked right"
WRONG: Final = "linked wrong"
WAITING: Final = "waiting in review"
SUGGESTED: Final = "the right one suggested"
MISLED: Final = "a wrong one suggested"
APART: Final = "in an application of its own"
NOWHERE: Final = "nowhere"


@dataclass
class Links:
    """Verdicts on the mail of one person, each a count, with every one that is not right in words."""

    verdicts: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    """Of mail that waits: what is suggested first."""
    strangers: int = 0
    """Mail about no application that sits in one."""
    candidacies: int = 0
    threads: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, other: Links) -> None:
        """Take the counts of `other`."""
        self.verdicts += other.verdicts
        self.sent += other.sent
        self.waiting += other.waiting
        self.strangers += other.strangers
        self.candidacies += other.candidacies
        self.threads += other.threads


def candidacy(each: Mapping[str, Any]) -> str | None:
    """What the author says the mail is about: an application, or a lead that stays one."""
    found = each.get("application") or each.get("lead")
    return str(found) if found else None


def judge(box: Mailbox, folded: Folded) -> Links:
    """A candidacy is the application that holds most of its mail; of two in one application the smaller is wrong there."""
    names: Mapping[FactId, Mapping[str, Any]] = {fact(each): each for each in box.mails}
    waiting = {each.fact for each in folded.review}
    first = {each.fact: each.suggestion for each in folded.review}
    home: dict[FactId, ApplicationId] = {}
    shared: Counter[tuple[str, ApplicationId]] = Counter()
    for number, application in enumerate(folded.applications):
        for id_ in application.facts:
            if id_ in names and id_ not in waiting:
                home[id_] = ApplicationId(str(number))
                if (about := candidacy(names[id_])) is not None:
                    shared[about, home[id_]] += 1
    of: dict[ApplicationId, str] = {}
    for (about, application_id), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if application_id not in of and about not in of.values():
            of[application_id] = about
    links = Links(
        candidacies=len({candidacy(each) for each in box.mails} - {None}),
        threads=len({box.threads[each["id"]] for each in box.mails if candidacy(each)}),
    )
    for id_, each in names.items():
        about = candidacy(each)
        if about is None:
            links.strangers += id_ in home
            if id_ in home:
                links.lines.append(f"{each['id']} is about no application and sits in one of {_in(of, home[id_])}")
            continue
        verdict = _verdict(about, of, home.get(id_), waits=id_ in waiting)
        if verdict == WAITING and (suggested := first.get(id_)) is not None and suggested in home:
            links.waiting[SUGGESTED if of.get(home[suggested]) == about else MISLED] += 1
        (links.sent if each.get("sent") else links.verdicts)[verdict] += 1
        if verdict != RIGHT:
            where = f" ({_in(of, home[id_])})" if verdict == WRONG else ""
            why = next((f": {item.reason}" for item in folded.review if item.fact == id_), "")
            links.lines.append(f"{each['id']} of {about}: {verdict}{where}{why}")
    return links


def _verdict(about: str, of: Mapping[ApplicationId, str], home: ApplicationId | None, *, waits: bool) -> str:
    if home is None:
        return WAITING if waits else NOWHERE
    if of.get(home) == about:
        return RIGHT
    return WRONG if home in of else APART


def _in(of: Mapping[ApplicationId, str], home: ApplicationId) -> str:
    return of.get(home, "its own")
