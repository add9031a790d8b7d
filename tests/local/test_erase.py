"""`hearback erase`: asks, takes --yes, leaves nothing that opens, and a new person can begin."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from hearback.local import home as homes

HEARBACK = Path(sys.executable).with_name("hearback")
MAIL = b"From: Acme <jobs@acme.example>\nTo: a@b.example\nSubject: Thank you for applying to Acme\nMessage-ID: <1@x>\nDate: Mon, 07 Sep 2026 10:00:00 +0000\n\nThank you for applying. We have received your application for the Data Engineer position.\n"


def hearback(home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "HEARBACK_HOME": str(home), "TZ": "Europe/Berlin"}
    return subprocess.run(
        [str(HEARBACK), *arguments], env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "a.eml").write_bytes(MAIL)
    made = tmp_path / "home"
    hearback(made, "import", str(tmp_path / "a.eml"), "--owner", "a@b.example")
    return made


def applications(home: Path) -> list[str]:
    return [each["company"] for each in json.loads(hearback(home, "export").stdout)["applications"]]


def test_scripts_say_yes(home: Path) -> None:
    """Without it and without a terminal nothing happens; with it the receipt is printed and nothing opens any more."""
    refused = hearback(home, "erase")
    assert (refused.returncode, b"--yes" in refused.stderr) == (1, True)
    assert applications(home) == ["Acme"]
    keys = set((home / "keys").iterdir())
    done = hearback(home, "erase", "--yes")
    assert done.returncode == 0, done.stderr
    assert b"mailboxes 1  providers not reached 0" in done.stdout
    assert len(keys - set((home / "keys").iterdir())) == 1
    again = hearback(home, "erase", "--yes")
    assert (again.returncode, again.stderr.count(b"\n")) == (1, 1)


@pytest.mark.parametrize(("typed", "left"), [(b"erase everything\n", False), (b"yes\n", True)])
def test_a_person_is_asked_to_type_it(typed: bytes, left: bool, home: Path) -> None:
    """Only the words themselves erase."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "HEARBACK_HOME": str(home)}
    with subprocess.Popen(
        [str(HEARBACK), "erase"], env=env, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.write(ours, typed)
        _, said = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert b"cannot be undone" in said
    assert (process.returncode == 1) is left
    assert (
        b"There is nothing" in hearback(home, "explain", "acme").stderr
        or hearback(home, "explain", "acme").returncode != 0
    ) is not left


def test_after_erasing_one_begins_anew(home: Path, tmp_path: Path) -> None:
    """The same mail imported again is new mail of a new person."""
    hearback(home, "erase", "--yes")
    hearback(home, "import", str(tmp_path / "a.eml"), "--owner", "a@b.example")
    assert applications(home) == ["Acme"]


def test_a_running_server_is_stopped_first(home: Path) -> None:
    """Two processes never erase and write at once."""
    with homes.locked(home):
        refused = hearback(home, "erase", "--yes")
    assert refused.returncode == 1
    assert b"running" in refused.stderr
    assert applications(home) == ["Acme"]
