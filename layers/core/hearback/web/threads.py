"""The thread of a mail, live: fetched from its mailbox when it is looked at, shown as text, never stored; and its way into Gmail.

The page stands at once and fetches the messages behind it; without JavaScript a link does. A failure is a state of the
page with what to do, never a dead end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response

from hearback.model.errors import HearbackError, NeedsPerson, NotFound, Permanent, Throttled, Transient
from hearback.model.ids import FactId
from hearback.model.mailbox import Mailbox, Provider
from hearback.model.signal import Signal
from hearback.sync import conversation, status
from hearback.web import pages
from hearback.web.router import asked_now, meanwhile, page, router

_HEX: Final = re.compile(r"[0-9a-f]{1,16}")
_TAKEOUT: Final = re.compile(r"\d{1,20}")


@dataclass(frozen=True, slots=True)
class Away:
    """Why the thread is not shown, and what can be done."""

    state: str
    """gone | slow | limited | reconnect | none"""
    title: str
    text: str


@router.get("/thread")
def show_thread() -> Response[str]:
    """The page of a thread; with `now=1` its messages, too."""
    asked = asked_now()
    signal = conversation.signal_of(asked.rooms, asked.who, FactId(asked.query.get("fact", "")))
    mailbox = asked.rooms.store.mailboxes.get(asked.who, signal.mailbox_id)
    every = asked.rooms.store.projections.applications(asked.who)
    home = next((each for each in every if FactId(signal.id) in each.facts), None)
    messages = _messages(mailbox, signal) if asked.query.get("now") else {"thread": None, "away": None, "waits": True}
    return page("thread.html", page="dashboard", home=home, **_shown(mailbox, signal), **messages)


@router.get("/thread/messages")
def thread_messages() -> Response[str]:
    """The messages alone, for the page that stands already."""
    asked = asked_now()
    signal = conversation.signal_of(asked.rooms, asked.who, FactId(asked.query.get("fact", "")))
    mailbox = asked.rooms.store.mailboxes.get(asked.who, signal.mailbox_id)
    return page("parts/thread.html", page="", **_shown(mailbox, signal), **_messages(mailbox, signal))


def _shown(mailbox: Mailbox, signal: Signal) -> dict[str, Any]:
    return {
        "mailbox": mailbox,
        "signal": signal,
        "fact": signal.id,
        "provider": pages.PROVIDERS[mailbox.provider],
        "outside": outside(mailbox, signal),
    }


def _messages(mailbox: Mailbox, signal: Signal) -> dict[str, Any]:
    asked = asked_now()
    thread, away = None, None
    try:
        with meanwhile():
            thread = conversation.thread_of(asked.rooms, mailbox, signal)
    except HearbackError as error:
        if isinstance(error, NeedsPerson):
            status.require_person(asked.rooms, asked.who, mailbox.id, error)
        away = _away(error, pages.PROVIDERS[mailbox.provider])
    return {"thread": thread, "away": away, "waits": False}


def _away(error: HearbackError, name: str) -> Away:
    if isinstance(error, NeedsPerson):
        return Away(
            "reconnect",
            "The mailbox must be reconnected first",
            f"{name} does not let Hearback read this mailbox any more. Reconnect it in settings, then look again.",
        )
    if isinstance(error, Throttled):
        seconds = error.retry_after_seconds
        wait = "a minute" if seconds is None or seconds <= 60 else f"{round(seconds / 60)} minutes"  # noqa: PLR2004
        return Away(
            "limited",
            f"{name} wants fewer requests just now",
            f"So much was read of this mailbox that {name} asks for a pause. Nothing is lost. Try again in {wait}.",
        )
    if isinstance(error, NotFound):
        return Away(
            "gone",
            "This conversation is not in your mailbox any more",
            "It was deleted, or lies in Spam or Trash, which Hearback never reads. What Hearback derived from it stays.",
        )
    if isinstance(error, Transient):
        return Away(
            "slow",
            f"{name} does not answer just now",
            "It is slow or out of reach. Nothing is lost. Try again in a moment.",
        )
    return Away("none", "The conversation cannot be fetched", str(error) if isinstance(error, Permanent) else "")


def outside(mailbox: Mailbox, signal: Signal) -> str:
    """Where the mailbox's own program shows the thread; empty: nowhere.

    `authuser` names the account whatever others are signed in, in whatever order; `#all` finds a thread in any folder.
    A thread that has no id of Gmail's is searched for by the Message-ID. Google Takeout writes ids in decimal.
    """
    thread = signal.thread_id or ""
    if mailbox.provider is Provider.IMPORT and _TAKEOUT.fullmatch(thread):
        thread = f"{int(thread):x}"
    elif mailbox.provider is not Provider.GMAIL:
        return ""
    if _HEX.fullmatch(thread):
        where = f"all/{thread}"
    elif signal.message_id:
        where = f"search/{quote(f'rfc822msgid:{signal.message_id}', safe='')}"
    else:
        return ""
    return f"https://mail.google.com/mail/?authuser={quote(mailbox.address, safe='')}#{where}"
