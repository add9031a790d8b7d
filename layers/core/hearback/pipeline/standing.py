"""How a sender stands with the person: blocked, trusted, or neither (decision 18).

Of several words on one sender the most particular counts (an address before its domain, a domain before the one above
it), of equals the latest. Names are what components are found by when a word changes; they are wider than the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hearback.model.act import BlockSender, TrustDomain
from hearback.model.ids import FactId, Personal
from hearback.model.lesson import SenderWord
from hearback.model.message import Address, Authenticity
from hearback.model.signal import Signal
from hearback.pipeline.acts import Said, Word

_LABELS: Final = 2
"""Of a domain in a name: the rest would be as many names as the domain has labels."""


def words_of(spoken: Said) -> tuple[SenderWord, ...]:
    """What the acts that hold say of senders."""
    return tuple(
        SenderWord(
            act=FactId(act.id),
            at=act.at,
            sender=act.sender,
            name=act.name if isinstance(act, BlockSender) else None,
            trusted=isinstance(act, TrustDomain),
        )
        for act in spoken.all
        if isinstance(act, BlockSender | TrustDomain)
    )


def word_on(sender: Address, words: Iterable[SenderWord]) -> SenderWord | None:
    """The word that counts for this sender; None: there is none."""
    return max(
        (each for each in words if _means(each, sender)),
        key=lambda each: (not each.sender.startswith("@"), each.name is not None, len(each.sender), each.at, each.act),
        default=None,
    )


def _means(word: SenderWord, sender: Address) -> bool:
    if not word.sender.startswith("@"):
        named = word.name is None or word.name.strip().casefold() == sender.name.strip().casefold()
        return named and word.sender == sender.address
    return bool(sender.domain) and f".{sender.domain}".endswith(f".{word.sender[1:]}")


def blocked(signal: Signal, word: Word, words: Sequence[SenderWord]) -> SenderWord | None:
    """The word by which this mail is left out; None: its sender is not blocked, or the person said something of the mail."""
    if signal.sent or word.vouched or word.ignored is not None or word.reverted is not None:
        return None
    found = word_on(signal.sender, words)
    return found if found is not None and not found.trusted else None


def trusted(signal: Signal, words: Sequence[SenderWord]) -> bool:
    """Whether it comes from a domain the person trusts, as the receiving provider confirms."""
    if signal.sent or signal.authenticity is not Authenticity.PASS:
        return False
    found = word_on(signal.sender, words)
    return found is not None and found.trusted


def names(sender: Address) -> tuple[Personal, ...]:
    """The names under which mail of this sender is found again."""
    if not sender.address:
        return ()
    return (sender.address, *((_wide(sender.domain),) if sender.domain else ()))


def name_of(said_of: Personal) -> Personal:
    """The name under which all mail is found that a word (or a lesson) about this address or domain can mean."""
    return _wide(said_of[1:]) if said_of.startswith("@") else said_of


def _wide(domain: str) -> Personal:
    return Personal("@" + ".".join(domain.split(".")[-_LABELS:]))
