"""docs/figures.md says what is shown: each of its blocks is an example, run here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from strategies import signal
from told import all_told, moment

from hearback.model.deciding import decide
from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.ledger import LedgerEntry, Looked
from hearback.model.mailbox import Frequency
from hearback.model.message import Authenticity
from hearback.model.person import Silence
from hearback.model.plan import Plan, poll_seconds
from hearback.model.signal import Kind
from hearback.pipeline import deadlines, engagement, figures, insights, reasons, reminders, responses
from hearback.pipeline.correspondence import Correspondence
from hearback.pipeline.view import view
from hearback.web.ahead import spread_in_words

DOC: Final = Path(__file__).resolve().parents[2] / "docs/figures.md"
TEXT: Final = DOC.read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


class Example(dict[str, Any]):
    """One block."""

    @property
    def now(self) -> datetime:
        return moment(self["now"])

    @property
    def zone(self) -> str:
        return str(self.get("zone", "UTC"))

    @property
    def silence(self) -> Silence:
        return Silence(**self.get("silence", {}))

    @property
    def correspondences(self) -> tuple[Correspondence, ...]:
        told = dict(self.get("applications", {}))
        for named, lines in self.get("repeat", {}).items():
            name, _, count = named.rpartition(" ")
            told |= {f"{name} {number}": lines for number in range(int(count))}
        return all_told(told)


def rate(example: Example) -> Any:
    found = responses.response_rate(example.correspondences, example.now)
    return {
        "answered": found.answered,
        "eligible": found.eligible,
        "share": f"{(found.share or 0) * 100:.0f} %",
        "strong": found.strong,
    }


def spread(which: str) -> Callable[[Example], Any]:
    def shown(example: Example) -> Any:
        return spread_in_words(getattr(responses.response_times(example.correspondences), which))

    return shown


def score(example: Example) -> Any:
    (one,) = example.correspondences
    found = engagement.engagement(one, example.now)
    assert found is not None
    return {each.name: each.points for each in found.parts} | {"score": found.score, "word": found.word}


def marked(mark: str) -> Callable[[Example], Any]:
    def shown(example: Example) -> Any:
        seen = [view(one.application, example.now, example.zone, example.silence) for one in example.correspondences]
        return [each.application.company for each in seen if mark in each.marks]

    return shown


def due(example: Example) -> Any:
    return [
        f"{each.application.company} {each.due_at:%Y-%m-%d %H:%M}"
        + (" overdue" if each.overdue else " urgent" if each.urgent else "")
        for each in deadlines.deadlines(example.correspondences, example.now, example.zone)
    ]


def standing(example: Example) -> list[reminders.Reminder]:
    found = reminders.reminders(example.correspondences, example.now, example.zone, example.silence)
    return [each for each in found if each.due_at <= example.now]


def to_write(example: Example) -> Any:
    return [
        f"{each.application.company}: {reasons.title(each)}, since {each.due_at:%Y-%m-%d %H:%M}"
        for each in standing(example)
    ]


def best_time(example: Example) -> Any:
    (each,) = standing(example)
    return [reasons.when(each, example.now, example.zone), reasons.because(each)]


def sentences(example: Example) -> Any:
    found = insights.insights(example.correspondences, example.now, example.zone, example.silence)
    return [each.text for each in found]


def rounds(example: Example) -> Any:
    applications = [one.application for one in example.correspondences]
    lines = []
    for each in figures.upcoming(applications, example.now, example.zone):
        chips = [each.round.starts_in, "Prepare Now" if each.round.prepare_now else None]
        lines.append(", ".join(filter(None, [each.application.company, each.round.when, *chips])))
    return lines


def stages(example: Example) -> Any:
    counts = figures.per_stage(one.application for one in example.correspondences)
    return {stage.value: count for stage, count in counts.items() if count}


def monitored(example: Example) -> Any:
    lines = []
    for number, line in enumerate(example["lines"]):
        looked, _, thread = line.partition(" in ")
        lines.append(
            LedgerEntry(
                mailbox_id=MailboxId("gmail-1"),
                provider_message_id=ProviderMessageId(f"m{number}"),
                at=moment("2026-03-02 09:00"),
                looked=Looked(looked),
                reason="",
                thread=thread,
            )
        )
    return len({line.conversation for line in lines} - {None})


def stale(example: Example) -> Any:
    seconds = poll_seconds(Plan(example["plan"]), Frequency(example["frequency"]))
    assert seconds is not None
    return f"after {2 * seconds // 60} minutes"


def sure(example: Example) -> Any:
    return [
        decide(
            signal(
                1,
                kind=Kind(each["kind"]),
                confidence=int(each["confidence"].removesuffix(" %")) / 100,
                authenticity=Authenticity.PASS,
            ),
            known=each.get("known", False),
        ).value
        for each in example["mails"]
    ]


SHOWN: Final[dict[str, Callable[[Example], Any]]] = {
    "response rate": rate,
    "time to first answer": spread("first"),
    "time to a reply": spread("replies"),
    "engagement": score,
    "ghosted": marked("ghosted"),
    "urgent": marked("urgent"),
    "deadlines": due,
    "reminders": to_write,
    "best time": best_time,
    "insights": sentences,
    "upcoming rounds": rounds,
    "stages": stages,
    "threads monitored": monitored,
    "not syncing": stale,
    "confidence": sure,
}


def loaded(block: str) -> Example:
    return Example(yaml.load(block, Loader=yaml.BaseLoader))  # noqa: S506  the loader that knows nothing but text


def plain(value: Any) -> Any:
    """As YAML's base loader gives it: every scalar is text."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_an_example_gives_what_it_says(number: int) -> None:
    """The block's mail, at its moment, shows what the document says."""
    example = typed(loaded(BLOCKS[number]))
    assert plain(example["gives"]) == plain(SHOWN[example["figure"]](example))


def typed(example: Example) -> Example:
    """Numbers and truths as such."""
    if "silence" in example:
        example["silence"] = {name: int(days) for name, days in example["silence"].items()}
    for each in example.get("mails", []):
        each["known"] = each.get("known") == "true"
    return example


def test_every_figure_has_an_example() -> None:
    """Each section has a block, and each figure that can be shown is in one."""
    parts = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)[1:]
    without = [name for name, text in zip(parts[::2], parts[1::2], strict=True) if "```yaml" not in text]
    assert not without
    assert {loaded(block)["figure"] for block in BLOCKS} == set(SHOWN)


def test_every_reminder_and_insight_is_in_its_table() -> None:
    """The tables name all there are."""
    for title in reasons.TITLES.values():
        assert f"| {title} |" in TEXT
    for part in ("Who writes", "How fast", "How often", "How far", "How recent"):
        assert f"| {part} |" in TEXT


def test_the_limits_are_those_of_the_code() -> None:
    """Numbers in the prose stand for constants."""
    for said in (
        f"{Silence().after_applying} days, or for {Silence().after_interview} once a round was held",
        f"within {responses.ANSWER_WINDOW.days} days",
        f"Target {responses.TARGET[0] * 100:.0f}–{responses.TARGET[1] * 100:.0f} %",
        f"{responses.STRONG * 100:.0f} % and more is marked strong",
    ):
        assert said in TEXT
