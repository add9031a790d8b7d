"""The emulator as a process of its own, the front before it, and a Hearback that knows nothing of either."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # front.py beside the tests

from front import Front

from fakes import BOX, Posted
from hearback import wiring
from hearback.model.person import Person
from hearback.settings import Settings
from hearback.simulators.serve import serve

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = ROOT / ".build/peers/node_modules/@inbox-zero/emulate/dist/index.js"
CLIENT, SECRET = "hearback.apps.example", "a-client-secret"
REDIRECT = "http://127.0.0.1:1/connect/google/callback"


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[str]:
    """Its address. One mailbox, one OAuth client with its exact redirect."""
    node = shutil.which("node")
    assert node is not None, "node is missing; install Node.js 20 or later"
    assert EMULATOR.is_file(), "the emulator is not installed; run `make peers`"
    seed = tmp_path / "seed.json"
    client = {"client_id": CLIENT, "client_secret": SECRET, "name": "Hearback", "redirect_uris": [REDIRECT]}
    seed.write_text(json.dumps({"google": {"users": [{"email": BOX, "name": "Ann"}], "oauth_clients": [client]}}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [node, str(EMULATOR), "--service", "google", "--port", str(port), "--seed", str(seed)]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        assert process.poll() is None, "the emulator ended at once"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def front(emulator: str) -> Front:
    return Front(emulator, BOX)


@pytest.fixture
def here(front: Front, tmp_path: Path) -> Iterator[Any]:
    """An installation whose Google is the emulator; its mailbox is not connected yet."""
    with serve(front.app()) as root:
        settings = Settings.model_validate(
            {
                "home": tmp_path / "home",
                "google_root": root,
                "google_client": f"{CLIENT}:{SECRET}",
                "gmail_topic": "projects/p/topics/t",
                "public_url": "http://127.0.0.1:1",
            }
        )
        (tmp_path / "home").mkdir()
        made = wiring.build(settings, publisher=Posted())
        made.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
        yield made
