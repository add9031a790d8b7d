"""HEARBACK_HOME: the folder that holds an embedded installation, and the lock that keeps it to one server."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hearback.model.errors import Permanent

DEMO_MARK: Final = "demo"
LOCK: Final = "lock"


def prepare(home: Path) -> Path:
    """Make the folder, readable by its owner only. Permanent: it cannot be made or written."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.chmod(0o700)
    except OSError as error:
        raise Permanent(f"{home} cannot be used as HEARBACK_HOME: {error.strerror}.") from error
    if not os.access(home, os.W_OK):
        raise Permanent(f"{home} cannot be written; choose another HEARBACK_HOME.")
    return home


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the home for one server. Permanent: another one is running on it. The kernel frees it when we die."""
    with (prepare(home) / LOCK).open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Permanent(
                f"Hearback is running on {home} already; stop it first or choose another HEARBACK_HOME."
            ) from error
        yield


def is_demo(home: Path) -> bool:
    """Whether what is in this home is the demo's made-up person."""
    return (home / DEMO_MARK).exists()


def for_demo(home: Path) -> Path:
    """Where the demo may live: the home itself if it is empty or the demo's own, else a folder beside the real data."""
    if is_demo(home) or not home.exists() or not any(entry.name != LOCK for entry in home.iterdir()):
        return home
    return home / "demo-home"


def clear_demo(home: Path) -> bool:
    """Remove the demo's made-up data so that a real person's can move in; False: there was none."""
    if not is_demo(home):
        return False
    with locked(home):
        _empty(home)
    return True


def start_demo(home: Path) -> None:
    """Empty a demo home and mark it. Call it under the lock."""
    _empty(home)
    (home / DEMO_MARK).touch()


def _empty(home: Path) -> None:
    for entry in home.iterdir():
        if entry.name == LOCK:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
