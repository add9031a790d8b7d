"""Ignored senders are not opened, trusted domains are; and what was left out is looked at again when they are ignored no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, REJECTION, connected, install, mail, work_all
from hearback import wiring
from hearback.mailboxes.export import ExportedMessage
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.errors import Permanent
from hearback.model.ids import Personal
from hearback.model.ledger import LeftOut, Looked
from hearback.model.message import Address
from hearback.sync import batches, importing, notified, senders

ACME = Address(Personal("careers@acme.example"), Personal("Acme Careers"))
NOISE = "Hi,\r\n\r\nhere is our monthly letter about gardening.\r\n"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    connected(made, *google)
    return made


def arrives(here: wiring.Installation, google: Any, content: bytes) -> None:
    google[0].deliver(BOX, content)
    notified.gmail(here.rooms, BOX, str(google[0].accounts[BOX].history_id))
    work_all(here)


def stages(here: wiring.Installation) -> list[tuple[str | None, str | None]]:
    return sorted((each.company, each.stage) for each in here.store.projections.applications(wiring.OWNER))


def lines(here: wiring.Installation) -> list[tuple[Looked, str]]:
    return [(each.looked, each.reason) for each in here.store.ledger.entries(wiring.OWNER)]


def test_mail_of_an_ignored_sender_is_not_opened(
    here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger says that it was seen, and why no more; its body is never fetched."""
    senders.block(here.rooms, wiring.OWNER, ACME)

    def fetch(*_: Any) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(GmailDoor, "fetch", fetch)
    arrives(here, google, mail(1, "Thank you for applying to Acme", RECEIPT))
    assert lines(here) == [(Looked.SEEN, LeftOut.BLOCKED)]
    assert stages(here) == []


def test_ignored_no_more_what_came_meanwhile_is_looked_at(here: wiring.Installation, google: Any) -> None:
    """Nothing is lost, and the ledger says what it became; who is still ignored stays so."""
    batch = senders.block(here.rooms, wiring.OWNER, ACME)
    senders.block_written(here.rooms, wiring.OWNER, "borealis.example")
    arrives(here, google, mail(1, "Thank you for applying to Acme", RECEIPT))
    other = RECEIPT.replace("Acme", "Borealis")
    arrives(here, google, mail(2, "Thank you for applying to Borealis", other, sender="B <jobs@borealis.example>"))
    arrives(here, google, mail(3, "Your application at Acme", REJECTION))
    batches.undo(here.rooms, wiring.OWNER, batch)
    work_all(here)
    assert stages(here) == [("Acme", "rejected")]
    assert sorted(lines(here)) == [
        (Looked.KEPT, "about an application"),
        (Looked.KEPT, "about an application"),
        (Looked.SEEN, LeftOut.BLOCKED),
    ]


def test_what_is_opened_first_is_not_kept(google: Any, tmp_path: Path) -> None:
    """A first sync opens what its search finds; of an ignored sender nothing stays but the line."""
    made = install(tmp_path / "home", *google)
    senders.block(made.rooms, wiring.OWNER, ACME)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), thread_key="acme")
    connected(made, *google)
    assert lines(made) == [(Looked.OPENED, LeftOut.BLOCKED)]
    assert list(made.store.facts.known(wiring.OWNER, [each.id for each in made.store.facts.all(wiring.OWNER)])) != []
    assert made.store.projections.applications(wiring.OWNER) == []


def test_an_import_keeps_nothing_of_an_ignored_sender(here: wiring.Installation, tmp_path: Path) -> None:
    """Nor does it become an application later."""
    senders.block(here.rooms, wiring.OWNER, ACME)
    box = importing.import_mailbox(here.rooms, wiring.OWNER, "me@import.example")
    exported = [ExportedMessage("1", mail(1, "Thank you for applying to Acme", RECEIPT), tmp_path)]
    done = importing.import_messages(here.rooms, wiring.OWNER, box, lambda: exported)
    assert (done.opened, done.kept) == (1, 0)
    assert lines(here) == [(Looked.OPENED, LeftOut.BLOCKED)]


def test_mail_from_a_trusted_domain_is_opened_whatever_it_says_outside(here: wiring.Installation, google: Any) -> None:
    """The gate would leave it closed; what it says inside still decides."""
    arrives(here, google, mail(1, "Gardening", NOISE, sender="News <news@acme.example>"))
    senders.trust(here.rooms, wiring.OWNER, "acme.example")
    arrives(here, google, mail(2, "Gardening", NOISE, sender="News <news@acme.example>"))
    assert sorted(each for each, _ in lines(here)) == [Looked.OPENED, Looked.SEEN]
    assert stages(here) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no domain"),
        ("acme", "no domain"),
        ("co.uk", "no domain"),
        ("a b@acme.com", "no mail address"),
        ("@", "no domain"),
        ("gmail.com", "anybody can have an address"),
        ("greenhouse.io", "many employers"),
        ("no-reply@us.greenhouse-mail.io", "many employers"),
        (BOX, "your own address"),
        ("x" * 300 + ".com", "no domain"),
    ],
)
def test_what_cannot_be_ignored_says_why(text: str, why: str, here: wiring.Installation) -> None:
    """In words, and nothing is ignored."""
    with pytest.raises(Permanent, match=why):
        senders.block_written(here.rooms, wiring.OWNER, text)
    assert here.store.facts.lessons(wiring.OWNER).senders == ()


@pytest.mark.parametrize("text", ["gmail.com", "ann@gmail.com", "greenhouse.io", "com", "", "co.uk"])
def test_what_cannot_be_trusted_says_why(text: str, here: wiring.Installation) -> None:
    """Nobody trusts everybody who writes through a relay or free mail."""
    with pytest.raises(Permanent):
        senders.trust(here.rooms, wiring.OWNER, text)


@pytest.mark.parametrize("name", ["", "Greenhouse", " greenhouse "])
def test_a_relay_that_names_no_employer_is_not_ignored(name: str, here: wiring.Installation) -> None:
    """Every employer's mail would be."""
    with pytest.raises(Permanent, match="many employers"):
        senders.block(here.rooms, wiring.OWNER, Address(Personal("no-reply@greenhouse.io"), Personal(name)))


def test_of_a_relay_only_the_employer_named_is_ignored(here: wiring.Installation, google: Any) -> None:
    """Another employer's mail from the same address still comes."""
    relay = "no-reply@us.greenhouse-mail.io"
    senders.block(here.rooms, wiring.OWNER, Address(Personal(relay), Personal("Acme Hiring Team")))
    arrives(here, google, mail(1, "Thank you for applying to Acme", RECEIPT, sender=f"Acme hiring team <{relay}>"))
    assert lines(here) == [(Looked.SEEN, LeftOut.BLOCKED)]
    other = RECEIPT.replace("Acme", "Borealis")
    arrives(here, google, mail(2, "Thank you for applying to Borealis", other, sender=f"Borealis <{relay}>"))
    assert stages(here) == [("Borealis", "applied")]
