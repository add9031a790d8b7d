"""How Google says no: bodies, reasons and headers as its APIs send them. Each shape is made at the moment it is sent.

Gmail's quota has three shapes: 403 naming the metric, 429 "Resource has been exhausted", and "User-rate limit exceeded",
whose only word on when to come back may stand in the message. Retry-After comes as seconds, as a date, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

JSON: Final = "application/json; charset=UTF-8"
HTML: Final = "text/html; charset=UTF-8"
PROJECT_NUMBER: Final = "123456789012"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, ready to be sent."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def reply(status: int, answer: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """JSON as an answer."""
    return Reply(status, json.dumps(answer).encode(), {"content-type": JSON, **(headers or {})})


def problem(
    code: int,
    message: str,
    reason: str,
    status: str,
    *,
    domain: str = "global",
    details: Iterable[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """An error of a Google API, in the format it uses unless asked for another (v1)."""
    error: dict[str, Any] = {
        "code": code,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason}],
        "status": status,
    }
    if found := list(details):
        error["details"] = found
    return reply(code, {"error": error}, headers)


def _info(reason: str, **metadata: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "gmail.googleapis.com", "consumer": f"projects/{PROJECT_NUMBER}", **metadata},
    }


# quota


def quota_metric(limit: str = "Queries per minute per user", *, headers: Mapping[str, str] | None = None) -> Reply:
    """403: a limit of the project's is used up, named in the message."""
    text = (
        f"Quota exceeded for quota metric 'Queries' and limit '{limit}' of service 'gmail.googleapis.com' "
        f"for consumer 'project_number:{PROJECT_NUMBER}'."
    )
    return problem(
        403,
        text,
        "rateLimitExceeded",
        "PERMISSION_DENIED",
        domain="usageLimits",
        details=[_info("RATE_LIMIT_EXCEEDED", quota_metric="gmail.googleapis.com/queries", quota_limit=limit)],
        headers=headers,
    )


def user_rate_limit(*, code: int = 403, until: datetime | None = None) -> Reply:
    """The person's own limit. `until`: the message says when to come back; no header does."""
    text = "User Rate Limit Exceeded" if until is None else f"User-rate limit exceeded.  Retry after {_iso(until)}"
    status = "PERMISSION_DENIED" if code == 403 else "RESOURCE_EXHAUSTED"  # noqa: PLR2004  one of the two it comes with
    return problem(code, text, "userRateLimitExceeded", status, domain="usageLimits")


def exhausted(*, headers: Mapping[str, str] | None = None) -> Reply:
    """429: too much at once."""
    text = "Resource has been exhausted (e.g. check quota)."
    return problem(429, text, "rateLimitExceeded", "RESOURCE_EXHAUSTED", headers=headers)


def concurrent() -> Reply:
    """429: too many requests of one person in flight."""
    return problem(429, "Too many concurrent requests for user.", "rateLimitExceeded", "RESOURCE_EXHAUSTED")


def quota_exceeded() -> Reply:
    """403: a quota without a rate."""
    return problem(403, "Quota exceeded.", "quotaExceeded", "PERMISSION_DENIED", domain="usageLimits")


def daily_limit() -> Reply:
    """403: the project's day is used up."""
    return problem(403, "Daily Limit Exceeded", "dailyLimitExceeded", "PERMISSION_DENIED", domain="usageLimits")


def retry_seconds(seconds: int) -> dict[str, str]:
    """Retry-After in seconds."""
    return {"retry-after": str(seconds)}


def retry_date(now: datetime, seconds: int) -> dict[str, str]:
    """Retry-After as an HTTP date."""
    return {"retry-after": format_datetime((now + timedelta(seconds=seconds)).astimezone(UTC), usegmt=True)}


# rights


def unauthorized() -> Reply:
    """401: the access token is expired, revoked or made up."""
    text = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."
    return problem(401, text, "authError", "UNAUTHENTICATED", headers={"www-authenticate": 'Bearer realm="google"'})


def insufficient_scopes() -> Reply:
    """403: the grant lacks the scope of this call."""
    text = "Request had insufficient authentication scopes."
    return problem(
        403,
        text,
        "insufficientPermissions",
        "PERMISSION_DENIED",
        details=[_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")],
    )


def api_off() -> Reply:
    """403: the project has not turned the Gmail API on."""
    text = (
        f"Gmail API has not been used in project {PROJECT_NUMBER} before or it is disabled. Enable it by visiting "
        f"https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project={PROJECT_NUMBER} then retry."
    )
    return problem(
        403,
        text,
        "accessNotConfigured",
        "PERMISSION_DENIED",
        domain="usageLimits",
        details=[_info("SERVICE_DISABLED")],
    )


def domain_policy() -> Reply:
    """403: the organisation's administrator has turned such apps off."""
    return problem(403, "The domain administrators have disabled Gmail apps.", "domainPolicy", "PERMISSION_DENIED")


def no_mail_service() -> Reply:
    """400: the Google account has no mailbox."""
    return problem(400, "Mail service not enabled", "failedPrecondition", "FAILED_PRECONDITION")


def may_not_publish(topic: str) -> Reply:
    """403 at watch: Gmail has no right to publish to the topic."""
    text = f"Error sending test message to Cloud PubSub {topic} : User not authorized to perform this action."
    return problem(403, text, "forbidden", "PERMISSION_DENIED")


def no_topic(topic: str) -> Reply:
    """404 at watch: there is no such topic."""
    text = f"Error sending test message to Cloud PubSub {topic} : Resource not found (resource={topic.rpartition('/')[2]})."
    return problem(404, text, "notFound", "NOT_FOUND")


# requests and servers


def gone() -> Reply:
    """404: a message, thread or history that is not there (any more)."""
    return problem(404, "Requested entity was not found.", "notFound", "NOT_FOUND")


def wrong(message: str) -> Reply:
    """400: a request that cannot be understood."""
    return problem(400, message, "invalidArgument", "INVALID_ARGUMENT")


def backend(code: int = 503) -> Reply:
    """500 or 503: Google's own trouble."""
    if code == 500:  # noqa: PLR2004  the one with words of its own
        return problem(500, "Internal error encountered.", "backendError", "INTERNAL")
    return problem(code, "The service is currently unavailable.", "backendError", "UNAVAILABLE")


def proxy_page(code: int) -> Reply:
    """A page of the load balancer, or of whatever stands between: no JSON."""
    words = {502: "Bad Gateway", 504: "Gateway Timeout"}.get(code, "Sign in to this network")
    page = f"<!DOCTYPE html>\n<html lang=en><title>{words}</title><p><b>{code}.</b> {words}</html>"
    return Reply(code, page.encode(), {"content-type": HTML})


def oauth(code: int, error: str, description: str = "") -> Reply:
    """An error of the token endpoint."""
    return reply(code, {"error": error, **({"error_description": description} if description else {})})


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
