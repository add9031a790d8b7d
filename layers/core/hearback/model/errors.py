"""What can go wrong, and what is done about it.

    HearbackError
    ├── Transient      try again later (provider slow, store throttled); `retry_after_seconds` if known; Throttled: too much asked, QuotaSpent: not asked
    ├── Permanent      never will work: to the dead-letter queue, with its reason; PushRefused: the provider will not tell us
    ├── NeedsPerson    waits for the person (reconnect a mailbox, settle a review item)
    ├── NotFound       no such thing for this person (404); Hidden: not now, but it may come back
    └── Conflict       somebody else wrote first: read again and retry (409)

`OUTCOMES` is the one table from class to what a queue worker does and what a browser sees.
"""

from __future__ import annotations

import traceback
from enum import StrEnum
from pathlib import Path
from typing import Final


class HearbackError(Exception):
    """Base of every error Hearback raises on purpose. The text is fit to be shown to a person."""


class Transient(HearbackError):
    """Worth another try."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Throttled(Transient):
    """The provider's quota of this mailbox is used up for now."""


class QuotaSpent(Throttled):
    """By our own count: the provider was not even asked. To wait for it is no failure, and counts as no try."""


class Permanent(HearbackError):
    """No retry will help."""


class PushRefused(Permanent):
    """The provider does not tell us of new mail; whoever runs the installation can mend it, and mail is found all the same."""


class NeedsPerson(HearbackError):
    """Only the person can mend it. `cause` is the connection state shown to them."""

    def __init__(
        self, message: str, *, cause: str = "authentication_required", token_version: int | None = None
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.token_version = token_version
        """Which version of the mailbox's token was refused (0: there was none); None: it was not about a token."""


class NotFound(HearbackError):
    """Not there, or not theirs: the two are never told apart."""


class Hidden(NotFound):
    """Where Hearback never reads (Spam, Trash), but it may come out again: nothing final is noted of it."""


class Conflict(HearbackError):
    """A version condition failed: the writer must read again."""


class Fenced(Conflict):
    """The lease was lost to another worker; nothing of this attempt may be written."""


class CursorExpired(HearbackError):
    """The provider no longer knows our cursor: a bounded resync must follow, never a jump."""


class AccessDenied(HearbackError):
    """Who asks could not be verified (forged push, missing session)."""


class Outcome(StrEnum):
    """What a worker does with a task that ended in an error."""

    RETRY = "retry"
    DEAD_LETTER = "dead_letter"
    PARK = "park"
    DROP = "drop"


#: class → (outcome for a queued task, HTTP status). First match by isinstance, in this order.
OUTCOMES: Final[tuple[tuple[type[Exception], Outcome, int], ...]] = (
    (Fenced, Outcome.RETRY, 409),
    (Conflict, Outcome.RETRY, 409),
    (Transient, Outcome.RETRY, 503),
    (NeedsPerson, Outcome.PARK, 409),
    (CursorExpired, Outcome.RETRY, 503),
    (AccessDenied, Outcome.DEAD_LETTER, 401),
    (NotFound, Outcome.DROP, 404),
    (Permanent, Outcome.DEAD_LETTER, 422),
)


def outcome_of(error: Exception) -> Outcome:
    """What to do with a task that failed with `error`; an unknown error is retried, then dead-lettered."""
    return next((outcome for kind, outcome, _ in OUTCOMES if isinstance(error, kind)), Outcome.RETRY)


def status_of(error: Exception) -> int:
    """The HTTP status of `error`; 500 for one nobody expected."""
    return next((status for kind, _, status in OUTCOMES if isinstance(error, kind)), 500)


def place_of(error: BaseException) -> str:
    """Where `error` was raised, innermost first, fit for a log: files, lines and functions, no values and no text."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-4:])
    return " < ".join(f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames)
