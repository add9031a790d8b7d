"""`hearback import` of a generated mailbox: messages a second, memory. Arguments: number of messages (default 3,000)."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from hearback.simulators import story

HEARBACK = Path(sys.executable).with_name("hearback")


def write(path: Path, count: int) -> None:
    """The story's mail among ordinary noise of 25 KB each."""
    told = story.load(now=datetime(2026, 11, 24, 9, tzinfo=UTC))
    filler = "\n".join(f"Line {number} of an ordinary newsletter about gardens and trains." for number in range(400))
    with path.open("wb") as file:
        for message in told.gmail:
            file.write(story.as_mbox(message))
        for number in range(count - len(told.gmail)):
            head = f"From: News <news@letters{number % 50}.example>\nTo: {told.gmail_address}\nSubject: Issue {number}\nMessage-ID: <{number}@letters.example>\nDate: Mon, 07 Sep 2026 10:00:00 +0000\n\n"
            file.write(b"From x@y Mon Sep 07 10:00:00 2026\n" + head.encode() + filler.encode() + b"\n\n")


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "box.mbox"
        write(path, count)
        env = {**os.environ, "HEARBACK_HOME": str(Path(folder) / "home")}
        started = time.perf_counter()
        done = subprocess.run(
            [str(HEARBACK), "import", str(path), "--owner", "marlene.osei@gmail.example"],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"{path.stat().st_size / 2**20:.0f} MB, {count} messages: {count / seconds:.0f}/s, peak RSS {peak:.0f} MB"
        )
        print(done.stdout.strip())


main()
