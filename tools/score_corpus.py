"""Score reading on a labelled mailbox (corpus/messages/*.yaml): confusion matrix, details, what would be applied.

score_corpus.py FILE
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from encoder import mail

from hearback.model.person import AutomationMode, PrivacyLevel
from hearback.pipeline.names import continues, same_company, same_role
from hearback.reading.read import Context, Reading, read

NAMES = {
    "application_confirmation": "conf",
    "status_update": "stat",
    "assessment": "asse",
    "interview_invitation": "intv",
    "offer": "offr",
    "rejection": "rejc",
    "recruiter_outreach": "outr",
    "other": "othr",
}


def readings(path: Path) -> list[tuple[dict[str, Any], Reading]]:
    """Every message with what is made of it."""
    messages = mail.load(path)
    context = Context(
        owners=frozenset(map(mail.owner, messages)),
        zone="Europe/London",
        mode=AutomationMode.SMART,
        privacy=PrivacyLevel.STANDARD,
    )
    return [
        (
            raw["gold"],
            read(mail.message(raw), context),
        )
        for raw in messages
    ]


def main(path: Path) -> None:
    """Print the figures."""
    found = readings(path)
    matrix = Counter((gold["kind"], (reading.signal.kind or "unread")) for gold, reading in found)
    kinds = list(NAMES)
    print("gold \\ said " + " ".join(NAMES[kind] for kind in kinds))
    for gold in kinds:
        print(f"{gold[:11]:11}  " + " ".join(f"{matrix[gold, said]:4}" for said in kinds))
    right = sum(gold["kind"] == reading.signal.kind for gold, reading in found)
    print(f"kind right {right}/{len(found)} = {right / len(found):.3f}")
    job = [(gold, reading) for gold, reading in found if gold["kind"] != "other"]
    print(f"job mail called other {sum(reading.signal.kind == 'other' for _, reading in job)} of {len(job)}")
    print(
        f"other called job mail {sum(reading.job_related for gold, reading in found if gold['kind'] == 'other')} of {len(found) - len(job)}"
    )
    applied = [(gold, reading) for gold, reading in found if reading.decision == "apply" and not reading.signal.sent]
    wrong = sum(gold["kind"] != reading.signal.kind for gold, reading in applied)
    print(f"applied by Smart {len(applied)}, of these wrong {wrong}")
    both = [(gold, reading.signal) for gold, reading in job if reading.signal.kind == gold["kind"]]
    companies = [(gold["company"], signal.company) for gold, signal in both if gold.get("company")]
    roles = [(gold["role"], signal.role) for gold, signal in both if gold.get("role")]
    good = sum(bool(said) and (same_company(want, said) or continues(want, said)) for want, said in companies)
    print(
        f"company {good}/{len(companies)}  role {sum(bool(said) and same_role(want, said) for want, said in roles)}/{len(roles)}"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
