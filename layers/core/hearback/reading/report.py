"""A reading as the JSON line of `hearback read --json` (docs/commands.md): names and formats are a promise."""

from __future__ import annotations

from typing import Any

from hearback.model.signal import InterviewNotice, Kind
from hearback.reading.read import Reading


def line(reading: Reading) -> dict[str, Any]:
    """The object of one message."""
    signal, message = reading.signal, reading.message
    when = message.sent_at or message.received_at
    return {
        "message_id": message.message_id,
        "date": when.isoformat(),
        "from": str(message.sender.address) or str(message.sender.name),
        "subject": str(message.subject),
        "kind": (signal.kind or Kind.OTHER).value,
        "job_related": reading.job_related,
        "confidence": signal.confidence,
        "decision": "ignore" if signal.sent and signal.detail is None else reading.decision.value,
        "evidence": signal.evidence,
        "company": signal.company,
        "role": signal.role,
        "location": signal.location,
        "ats": signal.ats,
        "requisition_id": signal.requisition_id,
        "deadline": signal.deadline,
        "language": signal.language,
        "urgent": signal.urgent,
        "sent": signal.sent,
        "interview": _interview(signal.interview),
        "error": signal.error,
    }


def _interview(notice: InterviewNotice | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    return {
        "action": notice.action.value,
        "start": notice.start_at.isoformat() if notice.start_at is not None else None,
        "duration_min": notice.duration_min,
        "type": notice.type.value,
        "interviewers": list(notice.interviewers),
        "location": notice.location,
        "video_link": notice.video_link,
    }
