"""The canonical export: no surrogate ids, no run times, sorted; two stores with the same facts export the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from hearback.model.application import Application, Folded, ReviewItem, Settled
from hearback.model.ledger import UNDATED, LedgerEntry
from hearback.model.lesson import Taught
from hearback.model.mailbox import Mailbox
from hearback.model.signal import Ruled
from hearback.pipeline.view import ApplicationView, RoundView, view


def export(
    folded: Folded, *, owner: str, mailboxes: Sequence[Mailbox], ledger: Iterable[LedgerEntry], as_of: datetime
) -> dict[str, Any]:
    """Everything held about the person, as of `as_of`."""
    names = {each.id: f"{each.provider}:{each.address}" for each in mailboxes}
    seen = [view(each, as_of, "UTC") for each in folded.applications]
    return {
        "owner": owner,
        "as_of": _at(as_of),
        "applications": _sorted(_application(each) for each in seen if not each.application.is_lead),
        "leads": _sorted(_application(each) for each in seen if each.application.is_lead),
        "review": [_review(each) for each in folded.review],
        **({"left_out": [_review(each) for each in folded.left_out]} if folded.left_out else {}),
        "mailboxes": sorted(
            ({"provider": each.provider.value, "address": each.address, "label": each.label} for each in mailboxes),
            key=lambda each: (each["provider"], each["address"]),
        ),
        "ledger": sorted(
            (
                {
                    "mailbox": names.get(each.mailbox_id, ""),
                    "id": each.provider_message_id,
                    "date": _at(each.at) if each.at != UNDATED else None,
                    "looked": each.looked.value,
                    "reason": each.reason,
                }
                for each in ledger
            ),
            key=lambda each: (each["mailbox"], each["date"] or "", each["id"]),
        ),
    }


def canonical_bytes(exported: dict[str, Any]) -> bytes:
    """The export as bytes: sorted keys, UTF-8, one trailing newline."""
    return json.dumps(exported, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _sorted(applications: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        applications,
        key=lambda each: (
            each["first_contact"] or "",
            each["company"] or "",
            each["role"] or "",
            json.dumps(each, sort_keys=True),
        ),
    )


def _application(seen: ApplicationView) -> dict[str, Any]:
    it: Application = seen.application
    return {
        "company": it.company,
        "role": it.role,
        "location": it.location,
        "requisition_id": it.requisition_id,
        "ats": list(it.ats),
        "agency": it.agency,
        "stage": it.stage.value if it.stage is not None else None,
        "marks": list(seen.marks),
        "archived": it.archived,
        **({"tags": list(it.tags)} if it.tags else {}),
        "stage_history": [
            {"stage": each.stage.value, "at": _at(each.at), "message_id": each.message_id} for each in it.stage_history
        ],
        "message_ids": list(it.message_ids),
        "interviews": [_interview(each) for each in seen.rounds if each.interview.start_at is not None],
        "next_interview": _at(seen.next_round.interview.start_at) if seen.next_round is not None else None,
        "deadlines": [{"due": each.due, "kind": each.kind.value} for each in it.deadlines],
        "contacts": [{"name": name, "address": address} for name, address in it.contacts],
        "timeline": [
            {
                "at": _at(each.at),
                "title": each.title,
                "by_person": each.by_person,
                "kind": each.kind.value if each.kind else None,
                "subject": each.subject,
                "sender": each.sender,
                "evidence": each.evidence,
                "confidence": each.confidence,
                **({"why": each.why} if each.why else {}),
                "note": each.note,
                "reverted": each.reverted,
                **_settled(each.settled),
                **_taught(each.taught),
                **_ruled(each.ruled),
            }
            for each in it.timeline
        ],
        "first_contact": _at(it.first_contact_at),
        "last_contact": _at(it.last_contact_at),
    }


def _interview(seen: RoundView) -> dict[str, Any]:
    """A round with a time; that somebody asked when one is available is no interview yet."""
    it = seen.interview
    return {
        "start": it.start_at.isoformat() if it.start_at is not None else None,
        "zone": it.zone,
        "duration_min": it.duration_min,
        "type": it.type.value,
        "status": seen.status.value,
        "message_id": it.message_id,
        "video_link": it.video_link,
        "location": it.location,
        "interviewers": list(it.interviewers),
    }


def _review(item: ReviewItem) -> dict[str, Any]:
    return {
        "at": _at(item.at),
        "kind": item.kind.value if item.kind else None,
        "confidence": item.confidence,
        "reason": item.reason,
        "company": item.company,
        "role": item.role,
        "subject": item.subject,
        "sender": item.sender,
        "evidence": item.evidence,
        **_taught(item.taught),
        **_ruled(item.ruled),
    }


def _settled(settled: Sequence[Settled]) -> dict[str, Any]:
    """What the person said of the mail; nothing is written where they did not."""
    lines = [{"at": _at(each.at), "title": each.title} for each in settled]
    return {"settled": lines} if lines else {}


def _taught(taught: Sequence[Taught]) -> dict[str, Any]:
    """What the person's corrections of other mail decided; nothing is written where there are none."""
    lines = [
        {"at": _at(each.at), "kind": each.kind.value if each.kind else None, "company": each.company, "role": each.role}
        for each in taught
    ]
    return {"taught": lines} if lines else {}


def _ruled(ruled: Ruled | None) -> dict[str, Any]:
    """What the person's rules made of it; nothing is written where there are none."""
    if ruled is None:
        return {}
    line = {
        "names": list(ruled.names),
        "kind": ruled.kind.value if ruled.kind else None,
        "stage": ruled.stage.value if ruled.stage else None,
        "tags": list(ruled.tags),
        "ignore": ruled.ignore,
    }
    return {"ruled": line}


def _at(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment is not None else None
