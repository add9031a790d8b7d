"""`hearback import` and `hearback export`: the same mail is the same bytes, however it came and whatever was killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hearback.simulators import story

HEARBACK = Path(sys.executable).with_name("hearback")
AS_OF = "2026-11-24T12:00:00+00:00"


def hearback(home: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "HEARBACK_HOME": str(home), "TZ": "Europe/Berlin"}
    done = subprocess.run([str(HEARBACK), *arguments], env=env, capture_output=True, timeout=120, check=False)
    if check:
        assert done.returncode == 0, done.stderr.decode()
    return done


@pytest.fixture(scope="module")
def told() -> story.Story:
    return story.load(now=datetime(2026, 11, 24, 9, tzinfo=UTC))


@pytest.fixture(scope="module")
def mbox(told: story.Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("story") / "gmail.mbox"
    path.write_bytes(b"".join(story.as_mbox(message) for message in told.gmail))
    return path


@pytest.fixture(scope="module")
def once(mbox: Path, told: story.Story, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """The home of one plain import, and its export."""
    home = tmp_path_factory.mktemp("once")
    hearback(home, "import", str(mbox), "--owner", told.gmail_address, "--as-of", AS_OF)
    return home, hearback(home, "export", "--json").stdout


def test_an_import_makes_applications_in_several_stages(once: tuple[Path, bytes]) -> None:
    """The story's employers are there, in at least four stages."""
    applications = json.loads(once[1])["applications"]
    assert len(applications) >= 9
    assert len({each["stage"] for each in applications}) >= 4


def test_a_second_import_changes_nothing(
    once: tuple[Path, bytes], mbox: Path, told: story.Story, tmp_path: Path
) -> None:
    """The export after importing twice is the same bytes."""
    for _ in range(2):
        hearback(tmp_path, "import", str(mbox), "--owner", told.gmail_address, "--as-of", AS_OF)
    assert hearback(tmp_path, "export", "--json").stdout == once[1]


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_with_duplicates_gives_the_same_bytes(
    seed: int, once: tuple[Path, bytes], mbox: Path, told: story.Story, tmp_path: Path
) -> None:
    """Any order with repeats exports the same bytes."""
    ids = [
        line.split("<")[1].split(">")[0]
        for line in mbox.read_text().splitlines()
        if line.lower().startswith("message-id:")
    ]
    dice = random.Random(seed)
    order = ids + dice.sample(ids, 30)
    dice.shuffle(order)
    (tmp_path / "order.json").write_text(json.dumps(order))
    home = tmp_path / "home"
    hearback(
        home,
        "import",
        str(mbox),
        "--owner",
        told.gmail_address,
        "--as-of",
        AS_OF,
        "--order",
        str(tmp_path / "order.json"),
    )
    assert hearback(home, "export", "--json").stdout == once[1]


def test_nothing_of_the_mail_is_found_in_clear(once: tuple[Path, bytes], told: story.Story) -> None:
    """No sender, subject or body text stands in any byte under HEARBACK_HOME."""
    stored = b"".join(file.read_bytes() for file in sorted(once[0].rglob("*")) if file.is_file())
    assert len(stored) > 50_000
    words = [
        b"Quillmark",
        b"Pemberly",
        b"marlene.osei",
        b"Tidewater",
        b"Sofia Brandt",
        b"Senior Backend",
        b"application for",
        b"Unfortunately",
        b"Vorstellung",
    ]
    for message in told.gmail:
        head = message.content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        words += [
            line.partition(": ")[2].encode()[:40]
            for line in head.splitlines()
            if line.startswith(("Subject: ", "From: ")) and len(line) > 20
        ]
    assert [word for word in words if word in stored] == []


def test_a_killed_import_run_again_gives_the_same_bytes(mbox: Path, told: story.Story, tmp_path: Path) -> None:
    """Kill -9 in the middle, at several moments, then again: the export is that of an undisturbed import."""
    big = tmp_path / "big.mbox"
    extra = b"".join(
        b"From x@y Mon Sep 07 10:00:00 2026\n"
        + f"From: Shop <news@shop{n}.example>\nTo: {told.gmail_address}\nSubject: Order {n}\nMessage-ID: <o{n}@shop.example>\nDate: Mon, 07 Sep 2026 10:00:00 +0000\n\nYour order {n} has shipped.\n\n".encode()
        for n in range(1500)
    )
    big.write_bytes(mbox.read_bytes() + extra)
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    arguments = ("import", str(big), "--owner", told.gmail_address, "--as-of", AS_OF)
    hearback(calm, *arguments)
    env = {**os.environ, "HEARBACK_HOME": str(killed), "TZ": "Europe/Berlin"}
    kills = 0
    for delay in (0.9, 1.1, 1.4):
        process = subprocess.Popen(
            [str(HEARBACK), *arguments], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(delay)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    assert kills > 0
    hearback(killed, *arguments)
    assert hearback(killed, "export", "--json").stdout == hearback(calm, "export", "--json").stdout


def test_an_unreadable_path_is_exit_2_with_one_line(tmp_path: Path) -> None:
    """A path that is not there is said in one line, without a trace."""
    for command in ("import", "read"):
        done = hearback(tmp_path / "home", command, str(tmp_path / "nowhere.mbox"), check=False)
        assert done.returncode == 2
        assert done.stderr.decode().strip().splitlines() == [f"hearback: {tmp_path / 'nowhere.mbox'} does not exist."]


def test_an_empty_mailbox_is_said_to_be_empty(tmp_path: Path) -> None:
    """An empty file is no error: it holds no messages."""
    (tmp_path / "empty.mbox").write_bytes(b"")
    done = hearback(tmp_path / "home", "import", str(tmp_path / "empty.mbox"))
    assert b"holds no messages" in done.stdout
    assert b"seen 0" in done.stdout


def test_read_gives_a_line_for_every_message(mbox: Path, told: story.Story, tmp_path: Path) -> None:
    """One JSON object a line, in input order, with all promised fields."""
    done = hearback(tmp_path, "read", str(mbox), "--json", "--owner", told.gmail_address)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(told.gmail)
    promised = "message_id date from subject kind job_related confidence decision evidence company role location ats requisition_id deadline language urgent sent interview error"
    assert set(lines[0]) == set(promised.split())


def test_explain_prints_the_evidence(once: tuple[Path, bytes]) -> None:
    """The fold of an application is told with the sentences behind it."""
    told_lines = hearback(once[0], "explain", "quillmark").stdout.decode()
    assert "Moved to Applied" in told_lines
    assert "“" in told_lines


def test_export_as_csv_is_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    """A company that is a formula is quoted."""
    mail = b"From: =cmd Careers <jobs@evil.example>\nTo: a@b.example\nSubject: Thank you for applying to =HYPERLINK\nMessage-ID: <1@x>\nDate: Mon, 07 Sep 2026 10:00:00 +0000\n\nThank you for applying. We have received your application for the Data Engineer position.\n"
    (tmp_path / "a.eml").write_bytes(mail)
    home = tmp_path / "home"
    hearback(home, "import", str(tmp_path / "a.eml"), "--owner", "a@b.example", "--mode", "automatic")
    rows = hearback(home, "export", "--csv").stdout.decode().splitlines()[1:]
    assert rows
    assert not any(line.startswith(("=", "+", "@")) for line in rows)
