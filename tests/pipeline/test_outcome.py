"""What settling a mail does, in one sentence a person can check."""

from __future__ import annotations

from typing import Any

import pytest

from hearback.model.application import Application, Stage, TimelineEntry
from hearback.model.ids import FactId, Personal
from hearback.pipeline.outcome import outcome

MAIL = FactId("mail")


def application(
    *facts: str, stage: Stage | None = Stage.APPLIED, company: str = "Acme", title: str = ""
) -> Application:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 1, tzinfo=UTC)
    lines = (TimelineEntry(at=at, fact=MAIL, title=title),) if title else ()
    named = tuple(FactId(each) for each in facts)
    return Application(facts=named, stage=stage, company=Personal(company), role=Personal("Engineer"), timeline=lines)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [], "Leaves it out: it is about no application."),
        ([], [application("mail")], "Starts an application: Acme · Engineer, Applied."),
        ([], [application("mail", stage=None)], "Starts a lead: Acme · Engineer."),
        (
            [application("a")],
            [application("a", "mail", stage=Stage.OFFER_EXTENDED)],
            "Moves Acme · Engineer from Applied to Offer Extended.",
        ),
        (
            [application("a", stage=None)],
            [application("a", "mail", stage=Stage.INTERVIEWING)],
            "Makes the lead Acme · Engineer an application: Interviewing.",
        ),
        (
            [application("a", stage=Stage.INTERVIEWING)],
            [application("a", "mail", stage=Stage.INTERVIEWING, title="Another interview round")],
            "Another interview round: Acme · Engineer stays Interviewing.",
        ),
        (
            [application("a", "mail"), application("b", company="Zenith")],
            [application("a", "b", "mail")],
            "Acme · Engineer stays Applied. It shows that Zenith · Engineer is the same application.",
        ),
        (
            [application("a")],
            [application("a", "mail", company="Zenith")],
            "Acme · Engineer stays Applied. It is then called Zenith · Engineer.",
        ),
    ],
)
def test_the_sentence(before: Any, after: Any, expected: str) -> None:
    """Found, moved, kept, joined, renamed."""
    assert outcome(before, after, MAIL) == expected
