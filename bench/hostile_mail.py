"""Reading of the whole hostile corpus (tests/reading/hostile.py): crashes, what was dropped, and CPU time a message.

`--forced`: every message is taken for an interview invitation, so that every step reads it. Arguments: parts of names.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reading"))

from hostile import Hostile, catalogue

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import Message, RawMessage
from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.model.signal import Decision, Kind
from hearback.reading import read as reader
from hearback.reading import second
from hearback.reading.kinds import Judgement
from hearback.reading.read import Context, Reading, read
from hearback.reading.second import Pointed

LIMIT_MS = 250
CONTEXT = Context(
    owners=frozenset({"me@home.example"}),
    zone="Europe/Berlin",
    mode=AutomationMode.SMART,
    privacy=PrivacyLevel.STANDARD,
    authserv_ids=frozenset({"mx.receiver.example"}),
)


def raw(content: bytes) -> RawMessage:
    """As a live door hands it over."""
    return RawMessage(mailbox_id=MailboxId("box"), provider_message_id=ProviderMessageId("1"), content=content)


def forced(judge: Callable[[Message, Judgement], tuple[Judgement, Pointed]]) -> None:
    """Take every message for an invitation."""

    def invited(message: Message, first: Judgement) -> tuple[Judgement, Pointed]:
        judgement, pointed = judge(message, first)
        return replace(judgement, kind=Kind.INTERVIEW_INVITATION), pointed

    second.judge = invited


def outcome(reading: Reading) -> str:
    """What became of a message, in a word: a fault caught by the reader counts as a crash."""
    signal = reading.signal
    if (signal.error or "").startswith(reader.FAILED):
        return "crashed"
    if signal.kind is None:
        return "unread, for review" if signal.error and reading.decision is Decision.REVIEW else "dropped"
    return "read"


def main() -> None:
    """Print the figures."""
    wanted = [each for each in sys.argv[1:] if not each.startswith("-")]
    if "--forced" in sys.argv:
        forced(second.judge)
    mails = [each for each in catalogue() if not wanted or any(word in str(each) for word in wanted)]
    for each in [*mails[:: max(len(mails) // 40, 1)]]:  # whatever is loaded at first use
        read(raw(each.build()), CONTEXT)
    gc.collect()
    gc.freeze()  # the catalogue of all mails is no cost of one
    took: list[tuple[float, Hostile]] = []
    outcomes: Counter[str] = Counter()
    for each in mails:
        message = raw(each.build())
        started = time.thread_time()
        try:
            outcomes[outcome(read(message, CONTEXT))] += 1
        except Exception as error:  # noqa: BLE001  a crash is what is counted here
            outcomes["crashed"] += 1
            print(f"CRASH {each}: {type(error).__name__}: {error}")
        took.append(((time.thread_time() - started) * 1000, each))
    took.sort(key=lambda one: one[0], reverse=True)
    times = [milliseconds for milliseconds, _ in took]
    print(f"{len(mails)} hostile messages of {len({each.family for each in mails})} families")
    print(f"crashed {outcomes.pop('crashed', 0)}, dropped {outcomes.pop('dropped', 0)}, ", end="")
    print(", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())))
    print(f"CPU ms: p50 {times[len(times) // 2]:.0f}, p99 {times[len(times) // 100]:.0f}, max {times[0]:.0f}; ", end="")
    print(f"over {LIMIT_MS} ms: {sum(1 for each in times if each > LIMIT_MS)}")
    shown = 10 if "--all" not in sys.argv else len(took)
    for milliseconds, each in took[:shown]:
        print(f"{milliseconds:8.0f}  {each}")


main()
