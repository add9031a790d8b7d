"""One person with very many applications, on SQLite: bench/scale.py [APPLICATIONS] (default 2,000, ten mails each)

The time to record one more mail where it touches little and where it touches most, to open the pages and fetch the dashboard's
parts, and to fold the largest component again; how large components get, as more applications share agencies, big employers
and names.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

from matching.crowd import Crowd  # noqa: E402  as above

from fakes import ask, session  # noqa: E402  found through the line above
from hearback import wiring  # noqa: E402
from hearback.model.ids import MailboxId, Personal, ProviderMessageId, signal_id  # noqa: E402
from hearback.model.ledger import LedgerEntry, Looked  # noqa: E402
from hearback.model.mailbox import Mailbox, Provider, SyncRun  # noqa: E402
from hearback.model.person import Person  # noqa: E402
from hearback.model.signal import Signal  # noqa: E402
from hearback.pipeline.folding import fold_component  # noqa: E402
from hearback.pipeline.grouping import components  # noqa: E402
from hearback.settings import Settings  # noqa: E402
from hearback.sync.record import record  # noqa: E402
from hearback.web.dashboard import PARTS  # noqa: E402

RUNS: Final = 5


def crowd(applications: int) -> list[Signal]:
    """All their mail."""
    return list(Crowd(ROOT / "corpus/messages", applications).signals())


def took(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Milliseconds, the median of some runs."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def again(signal: Signal, number: int) -> Signal:
    """One more mail like `signal`."""
    provider = ProviderMessageId(f"more{number:04d}")
    return replace(
        signal,
        id=signal_id(signal.mailbox_id, provider),
        provider_message_id=provider,
        message_id=f"{provider}@crowd.example",
        digest=str(provider),
    )


def looked_at(here: wiring.Installation, messages: int) -> None:
    """A mailbox in which so many messages were looked at, one in ten of them in a push of its own, the rest in a first sync."""
    box, now = MailboxId("gmail-1"), here.clock()
    here.store.mailboxes.put(
        Mailbox(id=box, person_id=wiring.OWNER, provider=Provider.GMAIL, address=Personal("ann@mail.example"))
    )
    runs = [SyncRun(mailbox_id=box, started_at=now - timedelta(days=80), reason="first_sync")]
    runs += [
        SyncRun(mailbox_id=box, started_at=now - timedelta(minutes=each), reason="push")
        for each in range(messages // 10)
    ]
    for run in runs:
        here.store.ledger.add_run(wiring.OWNER, run)
    sorts = (Looked.KEPT, Looked.OPENED, *8 * (Looked.SEEN,))
    lines = [
        LedgerEntry(
            mailbox_id=box,
            provider_message_id=ProviderMessageId(f"looked{each:06d}"),
            at=now - timedelta(minutes=each),
            looked=sorts[each % 10],
            reason="" if sorts[each % 10] is Looked.KEPT else "not about a job search",
            run=runs[each + 1 if each + 1 < len(runs) else 0].name,
            units=5,
            thread=f"t{each // 30}" if sorts[each % 10] is Looked.KEPT else None,
        )
        for each in range(messages)
    ]
    here.store.ledger.note(wiring.OWNER, lines)


def main() -> None:
    """Print everything."""
    applications = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print("applications   mails   components   largest, in mails")
    for some in (100, 300, 1000, applications):
        sizes = sorted(map(len, components(crowd(some))))
        print(f"{some:12} {sum(sizes):7} {len(sizes):12}   {', '.join(map(str, reversed(sizes[-4:])))}")
    signals = crowd(applications)
    parts = sorted(components(signals), key=len)
    print("\nmails   applications   fold again, ms")
    for part in (parts[len(parts) // 2], *parts[-3:]):
        made = fold_component(part, ())
        print(f"{len(part):5} {len(made.applications):14} {took(lambda part=part: fold_component(part, ()), 3):16.1f}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        here = wiring.build(Settings.model_validate({"home": home, "public_url": "http://127.0.0.1:1"}))
        here.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
        began = time.perf_counter()
        for part in parts:
            record(here.rooms, wiring.OWNER, [each for each in part if isinstance(each, Signal)], silent=True)
        print(f"\nrecorded {len(signals)} mails, a component at a time, in {time.perf_counter() - began:.0f} s")
        numbers = iter(range(10_000))
        for name, part in (("median", parts[len(parts) // 2]), ("second largest", parts[-2]), ("largest", parts[-1])):
            like = next(each for each in reversed(part) if isinstance(each, Signal) and not each.sent)
            spent = took(
                lambda like=like: record(here.rooms, wiring.OWNER, [again(like, next(numbers))], silent=True), 3
            )
            print(f"one more mail, {name} component ({len(part)} mails): {spent:.0f} ms")
        cookie = session(here)
        some = here.store.projections.applications(wiring.OWNER)
        fragments = [f"/fragments/{name}" for name in (*PARTS, "duplicates")]
        looked_at(here, 10 * applications)
        pages = ("/inbox", "/settings/integrations", "/settings/history", "/settings/activity")
        for path in ("/", *fragments, f"/applications/{some[0].id}", f"/applications/{some[-1].id}", *pages):
            answers: list[Any] = []
            spent = took(lambda path=path, answers=answers: answers.append(ask(here, "GET", path, cookie=cookie)))
            shown = "/applications/…" if path.startswith("/applications/") else path
            print(f"GET {shown}: {spent:.0f} ms, {len(answers[0]['body']) // 1024} KB, {answers[0]['statusCode']}")


if __name__ == "__main__":
    main()
