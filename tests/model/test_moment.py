"""Moments read from the store are the same moments, in Python's own UTC, and stored again as the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from hearback.model.moment import Moment

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@pytest.mark.parametrize("told", ["2026-03-02T09:00:00Z", "2026-03-02T09:00:00.120000Z", "2026-03-02T09:00:00+02:00"])
def test_a_moment_keeps_its_bytes(told: str) -> None:
    """In whichever zone it was told."""
    assert MOMENT.dump_json(MOMENT.validate_json(f'"{told}"')).decode() == f'"{told}"'


def test_a_moment_in_utc_is_in_pythons_own() -> None:
    """Two of them are compared without asking a time zone."""
    assert MOMENT.validate_json('"2026-03-02T09:00:00Z"').tzinfo is UTC


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    """Nine o'clock in Berlin is not nine o'clock in Greenwich."""
    assert MOMENT.validate_json('"2026-03-02T09:00:00+01:00"') == datetime(2026, 3, 2, 8, tzinfo=UTC)
