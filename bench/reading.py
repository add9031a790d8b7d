"""How right reading is, on labelled mail: bench/reading.py [FILE…] (default: every hand the weights were not trained on)

Prints the figures of docs/reading.md with 95 % intervals (bootstrap over mails), per class, language and hand, and two
simple baselines on the same mail: a keyword list, and a list of senders. Then the time a mail takes.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from encoder import mail  # noqa: E402  found through the line above

from hearback.model.person import AutomationMode, PrivacyLevel  # noqa: E402
from hearback.pipeline.names import same_company  # noqa: E402
from hearback.pipeline.titles import same_role  # noqa: E402
from hearback.reading import encoder, mime, senders  # noqa: E402
from hearback.reading.read import Context, Reading, read  # noqa: E402

KINDS: Final = encoder.KINDS
ROUNDS: Final = 400
OWNED: Final = 10
"""An address so many mails go to is the reader's own; a few mails of a hand are written by the reader, or to lists."""
GRAVE: Final = ("interview_invitation", "offer")


@dataclass(frozen=True)
class Row:
    """One labelled mail and what was made of it."""

    hand: str
    raw: dict[str, Any]
    reading: Reading
    seconds: float

    @property
    def gold(self) -> dict[str, Any]:
        """What is right."""
        found: dict[str, Any] = self.raw["gold"]
        return found

    @property
    def said(self) -> str:
        """The kind it was read as."""
        return self.reading.signal.kind or "other"

    @property
    def language(self) -> str:
        """As labelled."""
        return str(self.raw.get("lang") or "en")


def rows(files: Sequence[Path]) -> list[Row]:
    """Read every mail."""
    found = []
    for file in files:
        mails = mail.load(file)
        written_to = Counter(map(mail.owner, mails))
        context = Context(
            owners=frozenset(each for each, count in written_to.items() if count >= OWNED),
            zone="Europe/London",
            mode=AutomationMode.SMART,
            privacy=PrivacyLevel.STANDARD,
        )
        for raw in mails:
            message = mail.message(raw)
            began = time.perf_counter()
            made = read(message, context)
            found.append(Row(file.stem, raw, made, time.perf_counter() - began))
    return found


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 of the kinds that occur; pairs are (gold, said)."""
    values = []
    for kind in KINDS:
        if not any(gold == kind for gold, _ in pairs):
            continue
        hit = sum(gold == said == kind for gold, said in pairs)
        wrong = sum((gold == kind) != (said == kind) for gold, said in pairs)
        values.append(2 * hit / (2 * hit + wrong) if hit else 0.0)
    return sum(values) / len(values) if values else 0.0


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _job(found: Sequence[Row]) -> list[Row]:
    return [row for row in found if row.gold["kind"] != "other"]


def _applied(found: Sequence[Row]) -> list[Row]:
    return [row for row in found if row.reading.decision == "apply" and not row.reading.signal.sent]


def _start(row: Row) -> bool:
    wanted = row.gold["interview"].get("start")
    notice = row.reading.signal.interview
    got = notice.start_at if notice else None
    if wanted is None or got is None:
        return (wanted is None) == (got is None)
    return datetime.fromisoformat(str(wanted)) == got


def _interviews(found: Sequence[Row]) -> list[Row]:
    return [row for row in found if row.gold.get("interview") and row.reading.signal.interview is not None]


def calibration_error(found: Sequence[Row]) -> float | None:
    """Expected calibration error over ten bins of confidence."""
    bins: dict[int, list[Row]] = {}
    for row in found:
        bins.setdefault(min(int(row.reading.signal.confidence * 10), 9), []).append(row)
    if not found:
        return None
    return sum(
        abs(sum(row.said == row.gold["kind"] for row in each) - sum(row.reading.signal.confidence for row in each))
        for each in bins.values()
    ) / len(found)


FIGURES: Final[dict[str, Callable[[Sequence[Row]], float | None]]] = {
    "kind, macro-F1": lambda found: macro_f1([(row.gold["kind"], row.said) for row in found]),
    "kind right": lambda found: _share([row.gold["kind"] == row.said for row in found]),
    "interview and offer recall, review counts": lambda found: _share(
        [row.said == row.gold["kind"] or row.reading.decision == "review" for row in found if row.gold["kind"] in GRAVE]
    ),
    "applied by Smart, right": lambda found: _share([row.said == row.gold["kind"] for row in _applied(found)]),
    "job mail applied by Smart": lambda found: _share([row.reading.decision == "apply" for row in _job(found)]),
    "job-related recall": lambda found: _share([row.reading.job_related for row in _job(found)]),
    "job-related precision": lambda found: _share(
        [row.gold["kind"] != "other" for row in found if row.reading.job_related]
    ),
    "company": lambda found: _share(
        [
            row.reading.signal.company is not None and same_company(row.gold["company"], row.reading.signal.company)
            for row in _job(found)
            if row.gold.get("company")
        ]
    ),
    "role": lambda found: _share(
        [
            row.reading.signal.role is not None and same_role(row.gold["role"], row.reading.signal.role)
            for row in _job(found)
            if row.gold.get("role")
        ]
    ),
    "requisition": lambda found: _share(
        [
            (row.gold.get("requisition_id") or None) == row.reading.signal.requisition_id
            for row in _job(found)
            if row.gold.get("requisition_id") or row.reading.signal.requisition_id
        ]
    ),
    "interview start": lambda found: _share([_start(row) for row in _interviews(found)]),
    "interview action": lambda found: _share(
        [row.gold["interview"]["action"] == row.reading.signal.interview.action for row in _interviews(found)]  # type: ignore[union-attr]
    ),
    "interview link": lambda found: _share(
        [
            (row.gold["interview"].get("video_link") or None) == row.reading.signal.interview.video_link  # type: ignore[union-attr]
            for row in _interviews(found)
        ]
    ),
    "evidence overlaps": lambda found: _share(
        [
            _overlap(str(row.gold["evidence"]), str(row.reading.signal.evidence or ""))
            for row in _job(found)
            if row.gold.get("evidence") and row.said == row.gold["kind"]
        ]
    ),
    "calibration error": calibration_error,
}


def _overlap(wanted: str, got: str) -> bool:
    """Whether half of the words of the shorter one are in the other."""
    a, b = set(wanted.lower().split()), set(got.lower().split())
    return bool(a and b) and len(a & b) >= 0.5 * min(len(a), len(b))


def _of_kind(kind: str) -> tuple[Callable[[Sequence[Row]], float | None], ...]:
    """Precision, recall and F1 of one kind."""

    def precision(found: Sequence[Row]) -> float | None:
        return _share([row.gold["kind"] == kind for row in found if row.said == kind])

    def recall(found: Sequence[Row]) -> float | None:
        return _share([row.said == kind for row in found if row.gold["kind"] == kind])

    def f1(found: Sequence[Row]) -> float | None:
        hit = sum(row.gold["kind"] == row.said == kind for row in found)
        wrong = sum((row.gold["kind"] == kind) != (row.said == kind) for row in found)
        return 2 * hit / (2 * hit + wrong) if hit or wrong else None

    return precision, recall, f1


def source(row: Row) -> str:
    """What sort of sender a mail comes from."""
    domain = row.reading.message.sender.domain
    if senders.vendor_of(domain):
        return "applicant system"
    if senders.is_board(domain):
        return "job board"
    if senders.is_vendor(domain):
        return "tests, scheduling"
    return "free mail" if senders.is_freemail(domain) else "own domain"


def interval(found: Sequence[Row], figure: Callable[[Sequence[Row]], float | None]) -> str:
    """The figure with its 95 % interval."""
    value = figure(found)
    if value is None:
        return "–"
    dice = random.Random(5)  # noqa: S311  draws, no secret
    drawn = sorted(each for _ in range(ROUNDS) if (each := figure(dice.choices(found, k=len(found)))) is not None)
    return f"{value:.3f} ({drawn[int(0.025 * len(drawn))]:.3f}–{drawn[int(0.975 * len(drawn)) - 1]:.3f})"


_WORDS: Final = (
    (
        "rejection",
        (
            "unfortunately",
            "regret",
            "other candidates",
            "not been successful",
            "leider",
            "malheureusement",
            "lamentamos",
        ),
    ),
    ("offer", ("pleased to offer", "job offer", "offer letter", "angebot", "offre d'emploi", "oferta")),
    (
        "interview_invitation",
        ("interview", "schedule a call", "vorstellungsgespräch", "entretien", "entrevista", "colloquio"),
    ),
    ("assessment", ("assessment", "coding challenge", "take-home", "test")),
    (
        "application_confirmation",
        ("thank you for applying", "received your application", "application received", "eingang ihrer bewerbung"),
    ),
    ("recruiter_outreach", ("came across your profile", "your background", "opportunity")),
    ("status_update", ("application status", "under review", "your application")),
)


def by_keywords(raw: dict[str, Any]) -> str:
    """The usual list: the first phrase that occurs."""
    text = f"{raw['subject']} {raw.get('text') or raw.get('html')}".lower()
    return next((kind for kind, words in _WORDS if any(word in text for word in words)), "other")


def by_sender(raw: dict[str, Any]) -> str:
    """Whatever an applicant system or job board sends is job mail; which kind, the keywords say."""
    domain = mime.parse(mail.message(raw), frozenset(), frozenset()).sender.domain
    if not (senders.is_relay(domain) or senders.is_board(domain)):
        return "other"
    said = by_keywords(raw)
    return said if said != "other" else "status_update"


def main(names: list[str]) -> None:
    """Print everything."""
    loaded = encoder.installed()
    trained = json.loads((ROOT / "layers/core/hearback/reading/weights.json").read_text())["hands"]
    if loaded:
        trained += json.loads((ROOT / "layers/model/hearback_encoder/encoder.json").read_text())["hands"]
    files = [Path(name) for name in names] or [
        file
        for folder in ("corpus/blind", "corpus/messages")
        for file in sorted((ROOT / folder).glob("*.yaml"))
        if file.stem not in trained
    ]
    if not files:
        sys.exit("The shipped weights were trained on every hand; name files that they have not seen.")
    found = rows(files)
    print(f"{len(found)} mails by {len(files)} hands; second stage {loaded.version if loaded else 'not installed'}")
    english = [row for row in found if row.language == "en"]
    foreign = [row for row in found if row.language != "en"]
    for title, group in (("all", found), ("English", english), ("other languages", foreign)):
        print(f"\n{title}: {len(group)}")
        for name, figure in FIGURES.items() if group else ():
            print(f"  {name:42} {interval(group, figure)}")
    print("\ngold \\ said   " + " ".join(kind[:6] for kind in KINDS))
    for gold in KINDS:
        cells = (sum(row.gold["kind"] == gold and row.said == said for row in found) for said in KINDS)
        print(f"{gold[:12]:12}  " + " ".join(f"{cell:6}" for cell in cells))
    print("\nby kind: precision, recall, F1")
    for kind in KINDS:
        print(f"  {kind:26} " + "  ".join(interval(found, each) for each in _of_kind(kind)))
    for title, key in (
        ("hand", lambda row: row.hand),
        ("language", lambda row: row.language),
        ("source", source),
    ):
        print(f"\nby {title}: mails, right, macro-F1")
        for name in sorted({key(row) for row in found}):
            own = [row for row in found if key(row) == name]
            pairs = [(row.gold["kind"], row.said) for row in own]
            print(f"  {name:20} {len(own):4}  {_share([a == b for a, b in pairs]):.3f}  {macro_f1(pairs):.3f}")
    print("\nbaselines, macro-F1")
    for name, rule in (("keyword list", by_keywords), ("sender list", by_sender)):
        print(f"  {name:20} {macro_f1([(row.gold['kind'], rule(row.raw)) for row in found]):.3f}")
    times = sorted(1000 * row.seconds for row in found[1:])
    print(f"\na mail, both stages: p50 {statistics.median(times):.1f} ms  p99 {times[int(0.99 * len(times))]:.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
