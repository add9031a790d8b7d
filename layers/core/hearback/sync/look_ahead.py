"""What a person's applications show and ask for now: figures, deadlines, reminders, insights. Read, never stored.

What is stored is what the person put off, one sealed setting a reminder, and after how much silence they call an
application ghosted. A reminder put off is no act: it says nothing about an application, and the fold need not know it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from hearback.model.application import Application
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import PersonId
from hearback.model.person import Person, Silence
from hearback.pipeline import deadlines, engagement, insights, reminders, responses
from hearback.pipeline.correspondence import Correspondence, all_of, correspondence
from hearback.pipeline.reminders import Reminder
from hearback.sync.rooms import Rooms

_PREFIX: Final = "reminder:"
FORGOTTEN_AFTER: Final = timedelta(days=90)
"""What was put off is forgotten then, unless its reminder still stands."""
LONGEST: Final = 365
"""Days: of silence, or until a reminder comes back."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """The person's word on a reminder: not before `until`, or (None) not at all."""

    at: datetime
    until: datetime | None

    def hides(self, now: datetime) -> bool:
        """Whether the reminder is left out at `now`."""
        return self.until is None or now < self.until


@dataclass(frozen=True)
class Ahead:
    """A person's applications at a moment. Each figure is worked out when it is first asked for."""

    person: Person
    now: datetime
    correspondences: tuple[Correspondence, ...]
    """Archived ones too; leads too."""
    put_off: Mapping[str, PutOff]

    @cached_property
    def rate(self) -> responses.ResponseRate:
        """Response Rate Efficiency."""
        return responses.response_rate(self.correspondences, self.now)

    @cached_property
    def times(self) -> responses.ResponseTimes:
        """Response times over all applications."""
        return responses.response_times(self.correspondences)

    @cached_property
    def companies(self) -> Sequence[responses.CompanyTimes]:
        """Response times per employer."""
        return responses.by_company(self.correspondences)

    @cached_property
    def deadlines(self) -> Sequence[deadlines.DueView]:
        """What must be answered by when."""
        return deadlines.deadlines(self.correspondences, self.now, self.person.zone)

    @cached_property
    def standing(self) -> Sequence[Reminder]:
        """Every reminder there is reason for, those put off too."""
        return reminders.reminders(self.correspondences, self.now, self.person.zone, self.person.silence)

    @cached_property
    def reminders(self) -> Sequence[Reminder]:
        """Those that are shown."""
        return [each for each in self.standing if not self._hidden(each)]

    @cached_property
    def hidden(self) -> Sequence[tuple[Reminder, PutOff]]:
        """Those put off, and how."""
        return [(each, self.put_off[each.key]) for each in self.standing if self._hidden(each)]

    @cached_property
    def insights(self) -> Sequence[insights.Insight]:
        """Sentences the numbers suffice for."""
        return insights.insights(self.correspondences, self.now, self.person.zone, self.person.silence)

    def engagement(self, application: Application) -> engagement.Engagement | None:
        """The score of one of them."""
        one = self.of(application)
        return engagement.engagement(one, self.now)

    def of(self, application: Application) -> Correspondence:
        """The mail of one of them."""
        return self._by_fact.get(application.facts[0]) or correspondence(application)

    @cached_property
    def _by_fact(self) -> Mapping[str, Correspondence]:
        return {each.application.facts[0]: each for each in self.correspondences}

    def _hidden(self, reminder: Reminder) -> bool:
        word = self.put_off.get(reminder.key)
        return word is not None and word.hides(self.now)


def look_ahead(rooms: Rooms, person: PersonId, applications: Iterable[Application] | None = None) -> Ahead:
    """The person's applications now; `applications` are all of theirs, where they have been read already. NotFound: erased."""
    owner = rooms.store.people.get(person)
    found = rooms.store.projections.applications(person) if applications is None else applications
    return Ahead(owner, rooms.clock(), all_of(found), _put_off(rooms, person))


def put_off(rooms: Rooms, person: PersonId, key: str, *, days: int | None) -> None:
    """Leave a reminder out for so many days (None: for good). NotFound: there is no such reminder now."""
    ahead = look_ahead(rooms, person)
    keys = {each.key for each in ahead.standing}
    if key not in keys or (days is not None and not 1 <= days <= LONGEST):
        raise NotFound("That reminder is not there any more. Reload the page to see how things stand.")
    until = ahead.now + timedelta(days=days) if days is not None else None
    value = {"at": ahead.now.isoformat(), "until": until.isoformat() if until is not None else None}
    rooms.store.people.put_setting(person, _PREFIX + key, json.dumps(value).encode())
    for old, word in ahead.put_off.items():
        if old not in keys and ahead.now - word.at > FORGOTTEN_AFTER:
            rooms.store.people.put_setting(person, _PREFIX + old, None)


def bring_back(rooms: Rooms, person: PersonId, key: str) -> None:
    """Show a reminder again that was put off. NotFound: it was not."""
    if rooms.store.people.setting(person, _PREFIX + key) is None:
        raise NotFound("That reminder was not put off. Reload the page to see how things stand.")
    rooms.store.people.put_setting(person, _PREFIX + key, None)


def call_ghosted(rooms: Rooms, person: PersonId, silence: Silence) -> None:
    """Mark applications as ghosted after this much silence from now on. Permanent: a number is none of days."""
    if not all(1 <= days <= LONGEST for days in (silence.after_applying, silence.after_interview)):
        raise Permanent(f"Choose between 1 and {LONGEST} days.")
    owner = rooms.store.people.get(person)
    rooms.store.people.put(replace(owner, silence=silence))


def _put_off(rooms: Rooms, person: PersonId) -> dict[str, PutOff]:
    found: dict[str, PutOff] = {}
    for name, body in rooms.store.people.settings(person, _PREFIX):
        value = json.loads(body)
        until = value["until"]
        found[name.removeprefix(_PREFIX)] = PutOff(
            datetime.fromisoformat(value["at"]), datetime.fromisoformat(until) if until is not None else None
        )
    return found
