"""What settling a mail does, in words: the applications before and after, compared."""

from __future__ import annotations

from collections.abc import Sequence

from hearback.model.application import Application
from hearback.model.ids import FactId
from hearback.pipeline.stages import LABELS
from hearback.pipeline.supposed import called

NOTHING = "Leaves it out: it is about no application."


def outcome(before: Sequence[Application], after: Sequence[Application], mail: FactId) -> str:
    """One sentence: "Moves Acme · Engineer from Applied to Interviewing."."""
    home = next((each for each in after if mail in each.facts), None)
    if home is None:
        return NOTHING
    others = set(home.facts) - {mail}
    joined = [each for each in before if others & set(each.facts)]
    if not joined:
        name = _name(home)
        return f"Starts a lead: {name}." if home.stage is None else f"Starts an application: {name}, {_stage(home)}."
    was = max(joined, key=lambda each: len(others & set(each.facts)))
    return f"{_moved(was, home, mail)}{_made_one(joined, was)}{_renamed(was, home)}"


def _moved(was: Application, home: Application, mail: FactId) -> str:
    name = _name(was)
    if was.stage is None and home.stage is not None:
        return f"Makes the lead {name} an application: {_stage(home)}."
    if was.stage is not home.stage:
        return f"Moves {name} from {_stage(was)} to {_stage(home)}."
    line = next((each.title for each in home.timeline if each.fact == mail), "")
    what = f"{line}: " if line and not line.startswith("Moved to") else ""
    return f"{what}{name} stays {_stage(home)}."


def _made_one(joined: Sequence[Application], was: Application) -> str:
    more = [_name(each) for each in joined if each is not was]
    return f" It shows that {' and '.join(more)} is the same application." if more else ""


def _renamed(was: Application, home: Application) -> str:
    return "" if _name(was) == _name(home) else f" It is then called {_name(home)}."


def _name(application: Application) -> str:
    return called(application.company, application.role)


def _stage(application: Application) -> str:
    return "a lead" if application.stage is None else LABELS[application.stage]
