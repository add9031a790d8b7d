"""An import goes through an export twice: what the first stage settles, then what it leaves to the second."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from fakes import RECEIPT, install, mail
from hearback import wiring
from hearback.mailboxes.export import ExportedMessage
from hearback.model.ledger import Looked
from hearback.sync import importing
from hearback.sync.importing import Imported

NEWS = "Garden news: prune your roses now, water them weekly. Unsubscribe here. Prices from 4.99. Delivery in two days."


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    return install(tmp_path / "home", *google)


def exported(content: bytes, where: Path) -> ExportedMessage:
    return ExportedMessage(hashlib.sha256(content).hexdigest(), content, where)


def run(here: wiring.Installation, *messages: ExportedMessage) -> tuple[Imported, int]:
    """What the import did, and how often it went through the export."""
    passes = []

    def source() -> list[ExportedMessage]:
        passes.append(1)
        return list(messages)

    box = importing.import_mailbox(here.rooms, wiring.OWNER, "old@mail.example")
    return importing.import_messages(here.rooms, wiring.OWNER, box, source), len(passes)


def test_what_is_in_doubt_is_read_in_a_second_pass(here: wiring.Installation, tmp_path: Path) -> None:
    """A receipt needs the encoder for its company and role."""
    done, passes = run(here, exported(mail(1, "Thank you for applying to Acme", RECEIPT), tmp_path))
    assert (done.seen, done.opened, done.kept, passes) == (1, 1, 1, 2)


def test_where_nothing_is_in_doubt_one_pass_is_enough(here: wiring.Installation, tmp_path: Path) -> None:
    """Plain mail is settled by its words."""
    content = mail(1, "Garden news", NEWS).replace(b"Subject:", b"List-Unsubscribe: <https://x.example>\nSubject:")
    done, passes = run(here, exported(content, tmp_path))
    assert (done.opened, done.kept, passes) == (1, 0, 1)


def test_a_message_that_is_there_twice_is_read_once(here: wiring.Installation, tmp_path: Path) -> None:
    """Also where it is left to the second pass."""
    one = exported(mail(1, "Thank you for applying to Acme", RECEIPT), tmp_path)
    done, _ = run(here, one, one)
    assert (done.seen, done.opened) == (2, 1)
    assert [each.looked for each in here.store.ledger.entries(wiring.OWNER)] == [Looked.KEPT]


def test_an_import_that_stopped_between_the_passes_is_ended_by_the_next(
    here: wiring.Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the second pass did not reach has no line in the ledger."""
    one = exported(mail(1, "Thank you for applying to Acme", RECEIPT), tmp_path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(importing, "read", killed)
        with pytest.raises(KeyboardInterrupt):
            run(here, one)
    done, _ = run(here, one)
    assert (done.opened, done.kept) == (1, 1)
