"""Figures, reminders, deadlines and insights as the JSON API gives them: times ISO 8601 in UTC, durations in seconds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hearback.model.application import Application
from hearback.pipeline.insights import Insight
from hearback.pipeline.responses import TARGET, ResponseTimes, Spread, first_answer
from hearback.sync.look_ahead import Ahead
from hearback.web.ahead import DueRow, ReminderRow, Shown


def figures(ahead: Ahead) -> dict[str, Any]:
    """Response Rate Efficiency, response times over all and per employer, and insights."""
    rate = ahead.rate
    return {
        "response_rate": {
            "answered": rate.answered,
            "eligible": rate.eligible,
            "share": rate.share,
            "strong": rate.strong,
            "target": list(TARGET),
        },
        "response_times": _times(ahead.times),
        "companies": [
            {
                "company": each.company,
                "applications": sorted(str(one.application.id) for one in each.correspondences),
                **_times(each.times),
            }
            for each in ahead.companies
        ],
        "insights": [_insight(each) for each in ahead.insights],
    }


def reminders(shown: Shown) -> dict[str, Any]:
    """Every reminder that is not put off, and those that are."""
    return {
        "reminders": [_reminder(each) for each in shown.every_reminder],
        "put_off": [{**_reminder(each), "hidden": until} for each, until in shown.put_off],
    }


def deadlines(shown: Shown) -> dict[str, Any]:
    """Every deadline that still asks for something, or passed in the last 14 days."""
    return {"deadlines": [_due(each) for each in shown.deadlines]}


def of_application(it: Application, ahead: Ahead) -> dict[str, Any]:
    """What is added to an application: its response time and engagement."""
    taken, score = first_answer(ahead.of(it)), ahead.engagement(it)
    return {
        "first_answer_seconds": _seconds(taken),
        "engagement": {
            "score": score.score,
            "parts": [
                {"name": each.name, "points": each.points, "most": each.most, "because": each.because}
                for each in score.parts
            ],
        }
        if score is not None
        else None,
    }


def _times(times: ResponseTimes) -> dict[str, Any]:
    return {"first_answer": _spread(times.first), "reply": _spread(times.replies)}


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    if spread is None:
        return None
    return {
        "count": spread.count,
        "median_seconds": _seconds(spread.median),
        "low_seconds": _seconds(spread.low),
        "high_seconds": _seconds(spread.high),
    }


def _insight(insight: Insight) -> dict[str, Any]:
    return {
        "name": insight.name,
        "text": insight.text,
        "counts": [
            {
                "label": each.label,
                "numerator": each.numerator,
                "denominator": each.denominator,
                "applications": [str(one.id) for one in each.applications],
                "others": [str(one.id) for one in each.others],
            }
            for each in insight.counts
        ],
    }


def _reminder(row: ReminderRow) -> dict[str, Any]:
    each = row.reminder
    return {
        "key": each.key,
        "application": each.application.id,
        "company": each.application.company,
        "occasion": each.occasion.value,
        "title": row.title,
        "why": row.why,
        "due": each.due_at.isoformat(),
        "best_time": each.best_at.isoformat(),
        "zone": each.zone,
        "because": row.because,
        "template": each.situation,
    }


def _due(row: DueRow) -> dict[str, Any]:
    each = row.due
    return {
        "application": each.application.id,
        "company": each.application.company,
        "kind": each.deadline.kind.value,
        "due": each.due_at.isoformat(),
        "overdue": each.overdue,
        "urgent": each.urgent,
    }


def _seconds(duration: timedelta | None) -> float | None:
    return duration.total_seconds() if duration is not None else None
