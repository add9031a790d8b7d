"""From which certainty a signal acts, and what never acts by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hearback.model.deciding import decide
from hearback.model.ids import MailboxId, Personal, ProviderMessageId, SignalId
from hearback.model.message import Authenticity, Origin
from hearback.model.person import AutomationMode
from hearback.model.signal import Decision, Kind, Signal

ACTING = (AutomationMode.SMART, AutomationMode.AUTOMATIC)


def _signal(**fields: Any) -> Signal:
    base: dict[str, Any] = {
        "id": SignalId("s"),
        "mailbox_id": MailboxId("box"),
        "provider_message_id": ProviderMessageId("1"),
        "received_at": datetime(2026, 3, 9, tzinfo=UTC),
        "kind": Kind.REJECTION,
        "confidence": 1.0,
        "authenticity": Authenticity.PASS,
    }
    return Signal(**(base | fields))


@pytest.mark.parametrize("mode", ACTING)
def test_what_is_sure_and_authenticated_acts(mode: AutomationMode) -> None:
    """Unless the person reviews everything."""
    assert Decision.APPLY is decide(_signal(), mode)


def test_in_review_mode_nothing_acts() -> None:
    """However sure it is."""
    assert Decision.REVIEW is decide(_signal(), AutomationMode.REVIEW)


@pytest.mark.parametrize("mode", ACTING)
@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize("known", [False, True])
def test_failed_authentication_never_acts(mode: AutomationMode, origin: Origin, known: bool) -> None:
    """Not in an import, not in a thread that is known."""
    signal = _signal(authenticity=Authenticity.FAIL, origin=origin)
    assert Decision.REVIEW is decide(signal, mode, known=known)


def test_live_mail_that_nobody_vouches_for_waits() -> None:
    """The receiving provider said nothing."""
    assert Decision.REVIEW is decide(_signal(authenticity=Authenticity.NONE))


def test_imported_mail_without_a_verdict_acts() -> None:
    """Its owner vouches for it."""
    assert Decision.APPLY is decide(_signal(authenticity=Authenticity.NONE, origin=Origin.IMPORTED))


@pytest.mark.parametrize("mode", ACTING)
@pytest.mark.parametrize("known", [False, True])
def test_what_is_in_doubt_never_acts(mode: AutomationMode, known: bool) -> None:
    """Though it is sure, authenticated and in a thread that is known."""
    assert Decision.REVIEW is decide(
        _signal(doubt=Personal("The address looks like acme.com but is not.")), mode, known=known
    )


def test_what_is_about_something_else_is_left_out_in_doubt_or_not() -> None:
    """Nobody need review spam."""
    assert Decision.IGNORE is decide(_signal(kind=Kind.OTHER, doubt=Personal("It has signs of a scam.")))
