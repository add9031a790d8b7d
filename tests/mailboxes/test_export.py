"""Exports: mbox, Maildir, .eml, folders; the same mail has the same digest everywhere; memory stays flat."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from hearback.mailboxes import export

MAIL = b"From: a@b.example\nTo: me@c.example\nMessage-ID: <1@b>\nSubject: Hi\n\nHello\n"
OTHER = b"From: x@y.example\nTo: me@c.example\nMessage-ID: <2@y>\nSubject: Ho\n\nFrom here on it is different.\n"


def mbox(*mails: bytes) -> bytes:
    return b"".join(
        b"From x@y Mon Sep 07 10:00:00 2026\n" + mail.replace(b"\nFrom ", b"\n>From ") + b"\n" for mail in mails
    )


def test_an_mbox_gives_its_messages_in_order(tmp_path: Path) -> None:
    """Quoted "From " lines are restored."""
    (tmp_path / "a.mbox").write_bytes(mbox(MAIL, OTHER))
    one, two = export.messages(tmp_path / "a.mbox")
    assert (one.content.rstrip(b"\n"), two.content.rstrip(b"\n")) == (MAIL.rstrip(b"\n"), OTHER.rstrip(b"\n"))


def test_an_unquoted_from_line_in_a_body_is_no_new_message(tmp_path: Path) -> None:
    """Only a "From " line with a header under it begins a message."""
    body = b"From: a@b.example\nSubject: x\n\nHello\n\nFrom now on we write like this\nand not otherwise.\n"
    (tmp_path / "a.mbox").write_bytes(b"From x@y Mon Sep 07 10:00:00 2026\n" + body + b"\n")
    assert len(list(export.messages(tmp_path / "a.mbox"))) == 1


def test_the_same_mail_has_one_digest_everywhere(tmp_path: Path) -> None:
    """As .eml with CRLF, in an mbox, in a Maildir."""
    (tmp_path / "a.eml").write_bytes(MAIL.replace(b"\n", b"\r\n"))
    (tmp_path / "b.mbox").write_bytes(mbox(MAIL))
    (tmp_path / "box/cur").mkdir(parents=True)
    (tmp_path / "box/new").mkdir()
    (tmp_path / "box/tmp").mkdir()
    (tmp_path / "box/cur/1:2,S").write_bytes(MAIL)
    (tmp_path / "box/tmp/half").write_bytes(MAIL[:20])
    digests = [message.digest for message in export.messages(tmp_path)]
    assert len(digests) == 3
    assert len(set(digests)) == 1


def test_folders_are_read_by_name_and_other_files_left(tmp_path: Path) -> None:
    """Only mail files count; links are not followed."""
    (tmp_path / "b.eml").write_bytes(OTHER)
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "notes.txt").write_text("no mail")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [message.source.name for message in export.messages(tmp_path)] == ["a.eml", "b.eml"]


def test_a_missing_path_is_unreadable(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(export.Unreadable, match="does not exist"):
        list(export.messages(tmp_path / "nowhere"))


def test_the_owner_is_who_most_mail_came_to(tmp_path: Path) -> None:
    """Guessed from Delivered-To and To."""
    (tmp_path / "a.mbox").write_bytes(mbox(MAIL, OTHER))
    assert export.guess_owner(tmp_path / "a.mbox") == "me@c.example"


def test_a_message_over_the_cap_is_cut_and_keeps_its_own_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is over the cap is not held in memory; the digest is of all of it."""
    monkeypatch.setattr(export, "MAX_BYTES", 1000)
    for name, end in (("a", b"1"), ("b", b"2")):
        (tmp_path / f"{name}.eml").write_bytes(MAIL + b"x" * 200_000 + end)
    one, two = export.messages(tmp_path)
    assert len(one.content) < 70_000
    assert one.digest != two.digest


def test_memory_is_flat_in_the_size_of_a_mailbox(tmp_path: Path) -> None:
    """Reading a mailbox of 60 MB holds one message at a time."""
    with (tmp_path / "big.mbox").open("wb") as file:
        for number in range(600):
            file.write(mbox(MAIL.replace(b"<1@b>", f"<{number}@b>".encode()) + b"filler line\n" * 8500))
    tracemalloc.start()
    count = sum(1 for _ in export.messages(tmp_path / "big.mbox"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 600
    assert peak < 8 * 1024 * 1024
