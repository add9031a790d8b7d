"""Moments that are compared often: aware datetimes which, once read from the store, are in Python's own UTC.

pydantic gives every datetime that it reads a time zone object of its own, and two of those are compared twelve times slower than
two in `datetime.UTC`. It is the same moment, and the same bytes when it is stored again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def in_own_utc(at: datetime) -> datetime:
    """The same moment; one that is told in another zone stays as it is told."""
    return at.replace(tzinfo=UTC) if at.tzinfo is not None and not at.utcoffset() else at


Moment = Annotated[datetime, AfterValidator(in_own_utc)]
