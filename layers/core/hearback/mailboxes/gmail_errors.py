"""What Gmail's refusals mean, in our words.

    429, 403 of a quota                → Throttled: later, when Gmail says so in a header or in the message
    5xx, an error page, no error of
    Gmail's at all (a proxy's 403)     → Transient: again
    an API that is switched off        → Transient: whoever runs the installation can mend it, no reconnect does
    a topic it may not publish to      → PushRefused: mail is found by looking again
    404                                → NotFound: the message, or the history, is gone
    401, 403 of rights, no mailbox     → NeedsPerson: reconnect, tick the box, ask the administrator
    400                                → Refused: the request itself is wrong

Sources: Gmail's guide "Resolve errors", and answers seen in the wild (the 403 and 429 of quota come in three shapes each).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from googleapiclient.errors import HttpError

from hearback.model.errors import NeedsPerson, NotFound, Permanent, PushRefused, Throttled, Transient

MOST_SECONDS: Final = 3600.0
"""No wait that a provider names is longer: it is asked again then."""
RECONNECT: Final = "Google does not let Hearback read this mailbox any more. Reconnect it in settings."
_DAY: Final = frozenset({"dailyLimitExceeded", "dailyLimitExceededUnreg"})
_QUOTA: Final = _DAY | {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "limitExceeded",
    "backendError",
    "RATE_LIMIT_EXCEEDED",
    "RESOURCE_EXHAUSTED",
}
_OFF: Final = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_SCOPES: Final = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_UNTIL: Final = re.compile(r"Retry after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)", re.IGNORECASE)


class Refused(Permanent):
    """Gmail calls the request itself wrong (400)."""


def in_our_words(error: HttpError) -> Exception:
    """The error that says what is to be done."""
    status, problem = error.status_code, _problem(error.content)
    if status >= 500:  # noqa: PLR2004  its own trouble
        return Transient(f"Gmail is busy ({status}).", retry_after_seconds=_wait(error.resp, ""))
    reasons, message = set(_reasons(problem)), str(problem.get("message", ""))
    if status == 429 or (status == 403 and reasons & _QUOTA):  # noqa: PLR2004  too many requests
        seconds = _wait(error.resp, message)
        if seconds is None and reasons & _DAY:
            seconds = MOST_SECONDS
        return Throttled("Gmail wants fewer requests for a while.", retry_after_seconds=seconds)
    if not problem:
        return Transient(f"Something other than Gmail answered ({status}).")
    if "PubSub" in message or "topicName" in message:
        return PushRefused("Gmail may not publish to the Pub/Sub topic; `hearback doctor` says what is wrong with it.")
    if reasons & _OFF:
        return Transient(
            "The Gmail API is switched off in the Google project; `hearback doctor` says how to switch it on."
        )
    if status == 404:  # noqa: PLR2004  gone
        return NotFound("Gmail has no such thing any more.")
    if reasons & _SCOPES:
        return NeedsPerson(
            "Google was not given the permission to let Hearback read this mailbox. "
            "Reconnect it in settings and leave that box ticked.",
            cause="missing_scopes",
        )
    if "domainPolicy" in reasons:
        return NeedsPerson(
            "The administrator of this account does not allow Hearback to read Gmail. Ask them to.",
            cause="admin_policy",
        )
    if "failedPrecondition" in reasons:
        return NeedsPerson(
            "This Google account has no Gmail mailbox that can be read. Reconnect it once it has.", cause="no_mailbox"
        )
    if status in {401, 403}:
        return NeedsPerson(RECONNECT)
    if status == 400:  # noqa: PLR2004  a request that is wrong
        return Refused(f"Gmail refused a request ({status}).")
    return Permanent(f"Gmail refused a request ({status}).")


def _problem(content: bytes) -> Mapping[str, Any]:
    """The error object of an answer; empty: it is none of Google's."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, dict) else {}


def _reasons(problem: Mapping[str, Any]) -> Iterator[str]:
    """Every name it gives for what is wrong."""
    yield str(problem.get("status", ""))
    for name in ("errors", "details"):
        listed = problem.get(name)
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict):
                yield str(each.get("reason", ""))


def _wait(headers: Mapping[str, str], message: str) -> float | None:
    """In how many seconds to come back: Retry-After (seconds, or a date by Google's own clock), else the message's word."""
    told = str(headers.get("retry-after", ""))
    if told.isdigit():
        return min(float(told), MOST_SECONDS)
    now = _moment(str(headers.get("date", ""))) or datetime.now(UTC)
    found = _UNTIL.search(message)
    until = _moment(told) or (datetime.fromisoformat(found[1]) if found else None)
    return None if until is None else min(max((until - now).total_seconds(), 0.0), MOST_SECONDS)


def _moment(told: str) -> datetime | None:
    """An HTTP date."""
    try:
        return parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return None
