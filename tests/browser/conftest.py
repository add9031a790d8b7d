"""A real Chromium and a running demo."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    found = next(
        (
            path
            for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
            if (path := shutil.which(name))
        ),
        None,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sign-in link of a demo in which mail arrives every three seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("demo")
    env = {**os.environ, "HEARBACK_HOME": str(home), "HEARBACK_PORT": str(port), "HEARBACK_OPEN": "0"}
    command = [str(Path(sys.executable).with_name("hearback")), "demo", "--mail-every", "3"]
    with (home.parent / "demo.err").open("wb") as err:
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=err, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready http://127.0.0.1:"), (home.parent / "demo.err").read_text()
        yield line.split()[1]
        process.terminate()
        process.wait(15)


@pytest.fixture
def page(chromium: Any, demo: str) -> Iterator[Any]:
    """The demo's dashboard, signed in; what its console complains of is in `problems`."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.problems = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("console", lambda message: opened.problems.append(message.text) if message.type == "error" else None)
    opened.goto(demo, timeout=120_000)  # its first sync may hold the machine's only cores
    opened.wait_for_selector("#part-board", timeout=60_000)
    opened.wait_for_selector(".sync:not(:has(progress))", timeout=120_000)  # the first sync is done
    yield opened
    context.close()
