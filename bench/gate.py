"""What the gate opens and misses, on labelled mail: bench/gate.py [--half=develop|report] [--missed] [--queries]

Recall of job mail per language and kind with 95 % intervals (Wilson), and the share of other mail that is opened, for
  gate     sender, subject and the first 150 characters, as live mail is decided on;
  search   the provider's searches over the whole mail (whole words, no stems);
  both     either of them;
  sync     a first sync at Gmail: the searches, or the snippet alone (threads are listed without sender and subject).
Terms of gate.txt were chosen on every second file ("develop"); the figures that count are those of the others ("report").
Then: how much honest job mail an imitated sender or signs of a scam would hold back, and how many scams.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from encoder import mail  # noqa: E402  found through the line above

from hearback.model.message import Message  # noqa: E402
from hearback.reading import gate, gate_words, imitation, scams, searches, senders  # noqa: E402

SNIPPET: Final = 150
PLAIN: Final = ("plain", "plain_2", "life", "noten", "notmulti")
_SCAM: Final = re.compile(r"scam|truffa|estafa|arnaque|golpe|oszust|oplicht", re.IGNORECASE)
"""What authors called such mails in their ids."""
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Row:
    """One labelled mail and which ways find it."""

    hand: str
    raw: dict[str, Any]
    message: Message
    found: dict[str, bool]

    @property
    def kind(self) -> str:
        """As labelled."""
        return str(self.raw["gold"]["kind"])

    @property
    def language(self) -> str:
        """As labelled."""
        return str(self.raw.get("lang") or "en")


def words(text: str) -> str:
    """What a search index holds of a text: its words, each between spaces."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


ANYWHERE: Final = [words(term) for term in gate_words.searched(gate_words.ANYWHERE, stems=False)]
IN_LETTERS: Final = [words(term) for term in gate_words.searched(gate_words.IN_LETTERS, stems=False)]
BULK: Final = [words(term) for term in gate_words.mailings()[0]]
BULK_FROM: Final = [words(term) for term in gate_words.mailings()[1]]


def search_finds(raw: dict[str, Any], message: Message) -> bool:
    """Whether one of the searches would find a mail: by its sender's domain, or by a word in it."""
    domain = message.sender.domain
    if senders.vendor_of(domain) or senders.is_vendor(domain):
        return True
    text = words(f"{raw['from']} {raw['subject']} {message.text} {message.quoted}")
    if not senders.is_alert(message.sender.address) and any(term in text for term in ANYWHERE):
        return True
    mailing = any(term in text for term in BULK) or any(term in words(message.sender.address) for term in BULK_FROM)
    return not mailing and any(term in text for term in IN_LETTERS)


def opened(sender: str, subject: str, snippet: str) -> bool:
    """The gate's decision, for a person who has no application yet."""
    return gate.decide(sender, subject, snippet, known_domains=frozenset(), known_thread=False).open


def rows(files: Iterable[Path]) -> list[Row]:
    """Every mail that the person did not write, decided on."""
    made = []
    for file in files:
        for raw in mail.load(file):
            message = mail.parsed(raw)
            if message.sent:
                continue
            snippet = " ".join(message.text.split())[:SNIPPET]
            by_gate, by_search = opened(raw["from"], raw["subject"], snippet), search_finds(raw, message)
            found = {
                "gate": by_gate,
                "search": by_search,
                "both": by_gate or by_search,
                "sync": by_search or opened("", "", snippet),
            }
            made.append(Row(file.stem, raw, message, found))
    return made


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    z, share = 1.96, hits / of
    middle, spread = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max((middle - spread) / (1 + z * z / of), 0.0), (middle + spread) / (1 + z * z / of)


def share(values: Sequence[bool]) -> str:
    """A share with its interval."""
    if not values:
        return "–"
    low, high = wilson(sum(values), len(values))
    return f"{sum(values) / len(values):.3f} ({low:.2f}–{high:.2f})"


def table(title: str, groups: Iterable[tuple[str, Sequence[Row]]]) -> None:
    """One line a group, one column a way."""
    print(f"\n{title:34} mails  " + "  ".join(f"{way:19}" for way in ("gate", "search", "both", "sync")))
    for name, group in groups:
        cells = "  ".join(
            f"{share([row.found[way] for row in group]):19}" for way in ("gate", "search", "both", "sync")
        )
        print(f"  {name:32} {len(group):5}  {cells}")


def grouped(found: Sequence[Row], key: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """Rows by a key, in its order."""
    return [(name, [row for row in found if key(row) == name]) for name in sorted({key(row) for row in found})]


def half(files: Sequence[Path], name: str | None) -> list[Path]:
    """Every second file by name; all of them where no half is named."""
    return list(files) if name is None else list(files[::2] if name == "develop" else files[1::2])


def by_machine(row: Row) -> str:
    """Who writes: what the gate takes for a person, or a machine and a desk."""
    return "people" if gate.written_by_a_person(str(row.raw["from"])) else "machines and desks"


def figures(found: Sequence[Row]) -> None:
    """Recall, then what is opened for nothing."""
    job, other = [row for row in found if row.kind != "other"], [row for row in found if row.kind == "other"]
    table(
        "job mail found", [("all", job), *grouped(job, lambda row: row.language), *grouped(job, lambda row: row.kind)]
    )
    plain = [row for row in other if row.hand in PLAIN]
    table("other mail opened", [("all (most of it near misses)", other), *grouped(other, lambda row: row.language)])
    table("of it plain mail", [("all", plain), *grouped(plain, lambda row: row.hand), *grouped(plain, by_machine)])


def held_back(found: Sequence[Row]) -> None:
    """Honest job mail that would wait for the person, and scams that a reading as an offer would not let act."""
    job = [row for row in found if row.kind != "other"]
    offers = [row for row in job if row.kind == "offer"]
    named = [row for row in found if row.kind == "other" and _SCAM.search(str(row.raw["id"]))]
    print("\nheld back, whatever the reading")
    for name, group, test in (
        ("job mail, for its sender", job, lambda row: imitation.doubt(row.message.sender)),
        ("offers, for signs of a scam", offers, lambda row: scams.doubt(row.message)),
        ("scams, for signs of one", named, lambda row: scams.doubt(row.message)),
        (
            "scams, for sender or signs",
            named,
            lambda row: imitation.doubt(row.message.sender) or scams.doubt(row.message),
        ),
    ):
        hits = [bool(test(row)) for row in group]
        print(f"  {name:32} {sum(hits):5} of {len(hits):5}  {share(hits)}")


def main(arguments: Sequence[str]) -> None:
    """Print everything."""
    options = dict(each.removeprefix("--").partition("=")[::2] for each in arguments)
    if "queries" in options:
        print("\n".join(searches.gmail_queries(30)))
    files = [
        *sorted((ROOT / "corpus/messages").glob("*.yaml")),
        *sorted((ROOT / "corpus/mailboxes").glob("*/part*.yaml")),
    ]
    files.sort(key=lambda file: file.stem)
    for name in (options["half"],) if "half" in options else ("develop", "report", None):
        found = rows(half(files, name))
        print(f"\n== {name or 'all files'}: {len(found)} mails")
        figures(found)
        held_back(found)
        if "missed" in options:
            for row in found:
                if row.kind != "other" and not row.found[options["missed"] or "gate"]:
                    print(
                        row.hand,
                        row.language,
                        row.kind,
                        row.raw["from"],
                        "|",
                        row.raw["subject"],
                        "|",
                        row.message.text[:SNIPPET],
                    )


if __name__ == "__main__":
    main(sys.argv[1:])
