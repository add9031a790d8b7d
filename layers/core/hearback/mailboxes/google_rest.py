"""One JSON request to a Google API with a token, where no client library is wanted: Pub/Sub, and what `hearback doctor` asks."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Final

from hearback.model.errors import Transient

TIMEOUT_SECONDS: Final = 10.0
_MOST: Final = 4_000_000
_OFF: Final = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever the status."""

    status: int
    body: dict[str, Any] = field(repr=False)

    @property
    def good(self) -> bool:
        """Whether it is an answer and no error."""
        return self.status < 300  # noqa: PLR2004  the 2xx

    @property
    def reasons(self) -> frozenset[str]:
        """Google's words for what is wrong."""
        error = self.body.get("error")
        if not isinstance(error, dict):
            return frozenset()
        told = [*_dicts(error.get("errors")), *_dicts(error.get("details"))]
        return frozenset({str(error.get("status", "")), *(str(each.get("reason", "")) for each in told)})

    @property
    def message(self) -> str:
        """Google's sentence for what is wrong; for telling cases apart, not for showing."""
        error = self.body.get("error")
        return str(error.get("message", "")) if isinstance(error, dict) else ""

    @property
    def off(self) -> bool:
        """Whether the API is not switched on in the project."""
        return bool(self.reasons & _OFF)


def ask(url: str, token: str, body: dict[str, Any] | None = None, *, seconds: float = TIMEOUT_SECONDS) -> Answer:
    """GET, or POST of `body`. Transient: out of reach, busy (429, 5xx) or damaged. A server that says nothing is TimedOut."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)  # noqa: S310  Google's address or the simulator's
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310  as above
            return Answer(int(answer.status), _parsed(answer.read(_MOST)))
    except urllib.error.HTTPError as error:
        if error.code == 429 or error.code >= 500:  # noqa: PLR2004  busy
            raise Transient(f"Google is busy ({error.code}).") from error
        try:
            return Answer(error.code, _parsed(error.read(100_000)))
        except (Transient, OSError, http.client.HTTPException):
            return Answer(error.code, {})
    except TimeoutError as error:
        raise TimedOut("Google does not answer.") from error
    except urllib.error.URLError as error:
        raise (TimedOut if isinstance(error.reason, TimeoutError) else Transient)("Google is out of reach.") from error
    except (OSError, http.client.HTTPException) as error:
        raise Transient("Google is out of reach.") from error


class TimedOut(Transient):
    """The connection was made, and nothing came in the time there was."""


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise Transient("Google's answer was damaged.") from error
    if not isinstance(parsed, dict):
        raise Transient("Google's answer was damaged.")
    return parsed


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
