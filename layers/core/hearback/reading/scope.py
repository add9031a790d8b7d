"""What the person chose to have read (FEATURES 2.2, 2.5). It only narrows what the gate opens, and never reads more.

Decided before opening wherever sender, subject and first words say enough. Only "Threads with tracked companies" may have to
open a mail to see whom it is about: what an applicant system or a board sends is anybody's. The person's own replies in a
thread about an application belong to it, whoever else is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr

from hearback.model import pattern
from hearback.model.ids import Personal
from hearback.model.ledger import LeftOut
from hearback.model.mailbox import EVERYWHERE, PLACES, Preferences, Reads
from hearback.model.message import Address
from hearback.reading import gate, senders


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """The companies on the person's board."""

    names: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()
    """Registrable, of people there who wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is known of a mail before it is opened."""

    sender: Address
    subject: str
    words: str
    """Its first words."""
    own: bool = False
    """The mailbox's owner wrote it."""
    known_thread: bool = False
    """Its thread is about an application."""
    folders: tuple[str, ...] = ()
    """Where it lies, in the words of Preferences.folders; empty: not told."""


def address_of(sender: str) -> Address:
    """The address in a From header, or a bare one."""
    name, address = parseaddr(sender[: gate.SENDER_LETTERS])
    plain = (address if "@" in address else sender[: gate.SENDER_LETTERS]).strip().lower()
    return Address(Personal(plain), Personal(name))


def narrows(preferences: Preferences) -> bool:
    """Whether there is mail a search may find and the person does not want read. A provider is asked for the well-known folders
    alone, and for others it is not.
    """
    named = not set(preferences.folders) <= PLACES | {EVERYWHERE}
    return named or preferences.reads is not Reads.ALL or bool(preferences.filters)


def unopened(preferences: Preferences, mail: Sight, tracked: Callable[[], Tracked]) -> LeftOut | None:
    """Why a mail is not to be opened; None: nothing known of it so far speaks against it."""
    if mail.own and mail.known_thread:
        return None
    if not mail.known_thread and mail.folders and not {*mail.folders, EVERYWHERE} & set(preferences.folders):
        return LeftOut.FOLDER
    found = _chosen(preferences, mail, tracked)
    if found is None and preferences.filters:
        wanted = any(each.fits(mail.sender, mail.subject) for each in preferences.filters)
        return None if wanted else LeftOut.FILTER
    return found


def _chosen(preferences: Preferences, mail: Sight, tracked: Callable[[], Tracked]) -> LeftOut | None:
    named = any(pattern.of_sender(each, mail.sender) for each in preferences.senders)
    match preferences.reads:
        case Reads.ALL:
            return None
        case Reads.SENDERS:
            return None if named else LeftOut.SENDER
        case Reads.BOARDS:
            return None if named or _recruits(mail.sender) else LeftOut.BOARD
        case Reads.KEYWORDS:
            text = f"{mail.subject[: pattern.SUBJECT_LETTERS]} . {mail.words[: pattern.SNIPPET_LETTERS]}"
            said = any(pattern.in_text(each, text) for each in preferences.keywords)
            return None if said else LeftOut.KEYWORD
        case Reads.TRACKED:
            return None if mail.known_thread or _may_be_tracked(mail, tracked()) else LeftOut.TRACKED


def _recruits(sender: Address) -> bool:
    """A job board, an applicant system, a vendor of tests or of scheduling, or an address that recruits."""
    domain = sender.domain
    return bool(domain) and (senders.is_relay(domain) or gate.recruits(sender.address))


def _may_be_tracked(mail: Sight, tracked: Tracked) -> bool:
    domain = mail.sender.domain
    if domain and senders.is_relay(domain):
        return bool(tracked.names)  # whom it is about stands inside
    if domain and senders.registrable(domain) in tracked.domains:
        return True
    text = f"{mail.sender.name} . {mail.subject} . {mail.words}"[: pattern.SNIPPET_LETTERS]
    return any(pattern.of_company(each.replace(pattern.ANY, " "), text) for each in tracked.names)


def opened(preferences: Preferences, *, known_thread: bool, is_tracked: bool) -> LeftOut | None:
    """Why nothing is to be kept of a mail that was opened; `is_tracked`: its company is on the person's board."""
    if preferences.reads is not Reads.TRACKED or known_thread or is_tracked:
        return None
    return LeftOut.TRACKED
