"""`hearback up` killed in the middle of a first sync and started again ends where an undisturbed one does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fakes import grant
from hearback import wiring
from hearback.local import demo, serve
from hearback.model.mailbox import Provider
from hearback.model.task import Lane
from hearback.settings import Settings
from hearback.simulators import story
from hearback.simulators.google import Google
from hearback.simulators.google_app import app as google_app
from hearback.simulators.serve import serve as serve_simulator
from hearback.sync import connect

HEARBACK = str(Path(sys.executable).with_name("hearback"))
AS_OF = "2026-11-24T12:00:00+00:00"


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[Google, str, str]]:
    """The story's Gmail: (google, root, address)."""
    made = Google(seed=3)
    made.quota_units = 10**9
    told = story.load(now=datetime.now(UTC))
    demo.fill(made, told)
    with serve_simulator(google_app(made)) as root:
        yield made, root, told.gmail_address


def settings(home: Path, google: tuple[Google, str, str]) -> Settings:
    made, root, _ = google
    return Settings.model_validate(
        {"home": home, "google_root": root, "google_client": f"{made.client_id}:{made.client_secret}", "port": 1}
    )


def connect_mailbox(home: Path, google: tuple[Google, str, str]) -> None:
    """Grant access and queue the first sync, as the settings page does."""
    made, root, address = google
    home.mkdir()
    installation = wiring.build(settings(home, google))
    serve.ensure_person(installation.store, "Europe/Berlin")
    given = grant(made, root, address)
    connect.connected(installation.rooms, wiring.OWNER, Provider.GMAIL, given, label="Primary job search")


def start(home: Path, google: tuple[Google, str, str]) -> subprocess.Popen[str]:
    made, root, _ = google
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "HEARBACK_HOME": str(home),
        "HEARBACK_PORT": str(port),
        "HEARBACK_OPEN": "0",
        "HEARBACK_GOOGLE_ROOT": root,
        "HEARBACK_GOOGLE_CLIENT": f"{made.client_id}:{made.client_secret}",
        "TZ": "Europe/Berlin",
    }
    process = subprocess.Popen([HEARBACK, "up"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready ")
    return process


def finished(home: Path, google: tuple[Google, str, str]) -> bool:
    installation = wiring.build(settings(home, google))
    (mailbox,) = installation.store.mailboxes.of_person(wiring.OWNER)
    waiting = installation.queue.depth(Lane.LIVE) + installation.queue.depth(Lane.BACKFILL)
    return mailbox.backfill is None and mailbox.cursor is not None and waiting == 0


def run_until_finished(home: Path, google: tuple[Google, str, str]) -> None:
    process = start(home, google)
    until = time.monotonic() + 60
    while not finished(home, google):
        assert time.monotonic() < until, "the first sync did not finish"
        time.sleep(0.3)
    process.terminate()
    process.wait(15)


def export(home: Path) -> bytes:
    env = {**os.environ, "HEARBACK_HOME": str(home)}
    return subprocess.run([HEARBACK, "export", "--as-of", AS_OF], env=env, capture_output=True, check=True).stdout


def test_kill_9_in_a_first_sync_loses_and_doubles_nothing(google: tuple[Google, str, str], tmp_path: Path) -> None:
    """Same final export as without."""
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    for home in (calm, killed):
        connect_mailbox(home, google)
    run_until_finished(calm, google)
    for delay in (0.15, 0.3):
        process = start(killed, google)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        _let_go(killed, google)
    run_until_finished(killed, google)
    assert len(export(calm)) > 20_000
    assert export(killed) == export(calm)


def _let_go(home: Path, google: tuple[Google, str, str]) -> None:
    """What a killed worker held comes back when its time is over; the test does not wait three minutes for that."""
    import sqlite3

    for file, statement in (
        ("queue.db", "UPDATE task SET visible_at = 0"),
        ("store.db", "UPDATE lease SET expires_at = 0"),
    ):
        with sqlite3.connect(home / file) as db:
            db.execute(statement)
