"""The person's word on senders: whose mail is left out, and whose domain they trust.

Each is an act (pipeline.standing): undone like any other, and in force at once for what waits and what comes. Mail of a
blocked sender is not opened where the gate sees the sender; where it is opened first (a first sync, an import) nothing of
it is kept. Once the sender is blocked no more, what was left out is looked at again (sync.looking_again).
"""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Final

from hearback.model.act import Act, BlockSender, TrustDomain
from hearback.model.errors import Permanent
from hearback.model.ids import Personal, PersonId
from hearback.model.lesson import SenderWord
from hearback.model.message import Address
from hearback.pipeline.standing import word_on
from hearback.reading import senders as known
from hearback.reading.read import Reading
from hearback.sync import batches
from hearback.sync.rooms import Rooms

_HEADER_LETTERS: Final = 1000
_DOMAIN: Final = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_LOCAL: Final = re.compile(r"[^\s@,;<>\"()]{1,64}")
_DOMAIN_LETTERS: Final = 253


def word_on_header(rooms: Rooms, person: PersonId, sender: str) -> SenderWord | None:
    """The word on whoever a From header names; None: there is none."""
    words = rooms.store.facts.lessons(person).senders
    if not words:
        return None
    name, address = parseaddr(sender[:_HEADER_LETTERS])
    address = (address if "@" in address else sender[:_HEADER_LETTERS]).strip().lower()
    return word_on(Address(Personal(address), Personal(name)), words)


def blocks(rooms: Rooms, person: PersonId, reading: Reading) -> bool:
    """Whether the person blocked whoever wrote this. What they wrote themselves is theirs."""
    if reading.message.sent:
        return False
    word = word_on(reading.message.sender, rooms.store.facts.lessons(person).senders)
    return word is not None and not word.trusted


def block(rooms: Rooms, person: PersonId, sender: Address) -> str:
    """Ignore this sender's mail; answers the batch that takes it back. Of an address from which mail of many employers
    comes only what comes under this name. Permanent: why it cannot be.
    """
    address = sender.address.lower()
    _of_mail(rooms, person, address)
    domain = address.rpartition("@")[2]
    shared = known.is_relay(domain)
    name = Personal(sender.name.strip()) if shared else None
    letters = "".join(each for each in (name or "").casefold() if each.isalnum())
    if shared and letters in {"", known.vendor_of(domain)}:
        raise Permanent(
            f"{address} carries mail of many employers, and this mail does not name one. Ignore such mail one by one."
        )
    return _say(rooms, person, BlockSender, Personal(address), name)


def block_written(rooms: Rooms, person: PersonId, text: str) -> str:
    """The same for what the person typed: an address or a domain."""
    written = text.strip().lower().removeprefix("@")
    if "@" in written:
        return block(rooms, person, Address(Personal(written)))
    return _say(rooms, person, BlockSender, _own_domain(written, "block"))


def trust(rooms: Rooms, person: PersonId, text: str) -> str:
    """Take whoever writes from this domain, and is proven to, for somebody the person is in a process with. Permanent."""
    return _say(rooms, person, TrustDomain, _own_domain(text.strip().lower().rpartition("@")[2], "trust"))


def _of_mail(rooms: Rooms, person: PersonId, address: str) -> None:
    local, at, domain = address.rpartition("@")
    if not (at and _LOCAL.fullmatch(local) and _is_domain(domain)):
        raise Permanent("That is no mail address. Write one like jobs@acme.com, or a domain like acme.com.")
    if any(each.address == address for each in rooms.store.mailboxes.of_person(person)):
        raise Permanent("That is your own address; what you write yourself is never ignored.")


def _own_domain(domain: str, verb: str) -> Personal:
    """A domain as a word is about it: one where whoever has an address belongs together."""
    if not _is_domain(domain) or known.registrable(f"x.{domain}") == f"x.{domain}":
        raise Permanent("That is no domain of anybody's. Write one like acme.com.")
    if known.is_freemail(domain):
        raise Permanent(f"At {domain} anybody can have an address, so you cannot {verb} all of it.")
    if known.is_relay(domain):
        raise Permanent(f"{domain} carries mail of many employers, so you cannot {verb} all of it.")
    return Personal(f"@{domain}")


def _is_domain(text: str) -> bool:
    return len(text) <= _DOMAIN_LETTERS and _DOMAIN.fullmatch(text) is not None


def _say(
    rooms: Rooms,
    person: PersonId,
    what: type[BlockSender | TrustDomain],
    sender: Personal,
    name: Personal | None = None,
) -> str:
    batch = batches.Batch(rooms.clock())
    if what is TrustDomain:
        act: Act = TrustDomain(**batch.base(), sender=sender)
    else:
        act = BlockSender(**batch.base(), sender=sender, name=name)
    batches.record_all(rooms, person, [act])
    return batch.id
