"""The time zone of this machine, as an IANA name."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hearback.model.errors import Permanent


def of_machine() -> str:
    """The machine's zone; UTC where it does not say."""
    candidates = [os.environ.get("TZ", "")]
    try:
        candidates.append(str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2])
        candidates.append(Path("/etc/timezone").read_text(encoding="ascii").strip())
    except OSError:
        pass
    return next((name for name in candidates if name and _known(name)), "UTC")


def checked(name: str) -> str:
    """`name` if it is a zone. Permanent otherwise."""
    if not _known(name):
        raise Permanent(f"{name!r} is no time zone; use an IANA name such as Europe/Berlin.")
    return name


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
