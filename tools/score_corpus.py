"""Score reading on a labelled mailbox (tests/reading/corpus/*.yaml): confusion matrix, details, what would be applied.

score_corpus.py FILE
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

import yaml

from hearback.model.ids import MailboxId, ProviderMessageId
from hearback.model.message import Origin, RawMessage
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


def build(raw: dict[str, Any]) -> bytes:
    """The message as bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = raw["from"], raw["to"], raw["subject"]
    mail["Date"] = format_datetime(datetime.fromisoformat(raw["date"]))
    mail["Message-ID"] = f"<{raw['id']}@corpus.example>"
    if raw.get("text") is not None:
        mail.set_content(raw["text"])
    if raw.get("html") is not None:
        (mail.add_alternative if raw.get("text") is not None else mail.set_content)(raw["html"], subtype="html")
    if raw.get("ics") is not None:
        mail.add_alternative(raw["ics"], subtype="calendar")
    return mail.as_bytes()


def readings(path: Path) -> list[tuple[dict[str, Any], Reading]]:
    """Every message with what is made of it."""
    messages = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    owners = Counter(parseaddr(raw["to"])[1].lower() for raw in messages)
    owner = owners.most_common(1)[0][0]
    context = Context(
        owners=frozenset({owner}), zone="Europe/London", mode=AutomationMode.SMART, privacy=PrivacyLevel.STANDARD
    )
    return [
        (
            raw["gold"],
            read(
                RawMessage(
                    mailbox_id=MailboxId("c"),
                    provider_message_id=ProviderMessageId(raw["id"]),
                    content=build(raw),
                    origin=Origin.IMPORTED,
                ),
                context,
            ),
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
