"""What `hearback explain` says of an application, on a whole chain of reschedules."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from matching.mailbox import load  # noqa: E402  beside the package, not in it

from hearback.local.explaining import story  # noqa: E402
from hearback.pipeline.folding import fold  # noqa: E402


def told(company: str) -> list[str]:
    """The story of an application of the mailbox "us"."""
    box, expected = load(ROOT / "corpus/mailboxes/us")
    signals = [box.gold(each) for each in box.mails]
    folded = fold(signals)
    it = next(each for each in folded.applications if each.company == company and not each.is_lead)
    own = [each for each in signals if each.id in it.facts]
    as_of = datetime.fromisoformat(str(expected["as_of"]))
    return list(story(it, own, folded.review, as_of, "America/Chicago"))


def test_every_mail_says_why_it_is_here() -> None:
    """Each line of the timeline is followed by its reason."""
    lines = told("Cartwheel Home Health")
    mails = [line for line in lines if "[mail, " in line or "[your mail]" in line]
    assert len(mails) == len([line for line in lines if "here because: " in line])
    assert any("here because: same thread" in line for line in lines)


def test_a_chain_of_reschedules_is_one_round_with_its_history() -> None:
    """Invited, moved twice, confirmed: each with the mail that did it, then how it stands."""
    lines = told("Cartwheel Home Health")
    rounds = lines[lines.index("  Interviews") + 1 :]
    assert rounds[0] == "    Wed 21 Oct, 9:00 AM · other · held"
    assert [next(word for word in ("invited to", "moved to", "confirmed") if word in line) for line in rounds[1:5]] == [
        "invited to",
        "moved to",
        "moved to",
        "confirmed",
    ]
    assert "2026-10-09  invited to Thu 15 Oct, 09:30  (Cartwheel / Product Designer)" in rounds[1]


def test_stages_are_told_with_their_evidence() -> None:
    """The sentence that moved it stands below."""
    lines = told("Cartwheel Home Health")
    moved = next(number for number, line in enumerate(lines) if "Moved to Rejected" in line)
    assert any(line.strip().startswith("“") for line in lines[moved : moved + 3])
