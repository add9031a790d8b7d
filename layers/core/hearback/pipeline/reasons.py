"""Why a reminder is there and why at that hour, in sentences with the numbers behind them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hearback.pipeline.business_hours import known
from hearback.pipeline.habits import Whose
from hearback.pipeline.reminders import Occasion, Reminder
from hearback.pipeline.view import in_words

TITLES: Final = {
    Occasion.REPLY: "Say when you are available",
    Occasion.OFFER: "Answer the offer",
    Occasion.TEST: "Hand in the test",
    Occasion.THANK: "Thank them for the interview",
    Occasion.PROMISE_MISSED: "Ask about the announced answer",
    Occasion.AFTER_NEWS: "Ask how it stands",
    Occasion.AFTER_INTERVIEW: "Follow up after the interview",
    Occasion.AFTER_WRITING: "Follow up on your mail",
    Occasion.AFTER_APPLYING: "Follow up on your application",
    Occasion.GHOSTED: "Ask once more, or let it go",
}
_SINCE: Final = {
    Occasion.REPLY: "They asked {ago}, and no answer of yours is known here.",
    Occasion.OFFER: "The offer is to be answered by {at}.",
    Occasion.TEST: "The test is due {at}.",
    Occasion.THANK: "The interview ended {ago}. Thanks are best sent within a day.",
    Occasion.PROMISE_MISSED: "They said that they would answer by {day}, {ago}.",
    Occasion.AFTER_NEWS: "Their last news came on {day}, {ago}, and nothing since.",
    Occasion.AFTER_INTERVIEW: "Nobody has written since {day}, {ago}.",
    Occasion.AFTER_WRITING: "You wrote {ago}, and nobody has answered.",
    Occasion.AFTER_APPLYING: "Nobody has written since {day}, {ago}.",
    Occasion.GHOSTED: "Nothing was heard from them since {day}, {ago}.",
}
_WAITS: Final = {
    Occasion.REPLY: "They asked when you can talk.",
    Occasion.OFFER: "The offer is to be answered by {at}.",
    Occasion.TEST: "The test is due {at}.",
    Occasion.THANK: "Thanks are best sent within a day.",
    Occasion.PROMISE_MISSED: "They said that they would answer by {day}. If nothing comes:",
    Occasion.AFTER_NEWS: "If nothing new comes within ten days:",
    Occasion.AFTER_INTERVIEW: "If nobody writes for a week after the interview:",
    Occasion.AFTER_WRITING: "If nobody answers your mail within a week:",
    Occasion.AFTER_APPLYING: "If nobody writes within ten days:",
    Occasion.GHOSTED: "If they stay silent:",
}


def title(reminder: Reminder) -> str:
    """What to do, in a few words."""
    return TITLES[reminder.occasion]


def why(reminder: Reminder, now: datetime, zone: str) -> str:
    """What there is to write about, and since when. `zone` is the person's."""
    since = reminder.since
    words = (_SINCE if reminder.due_at <= now else _WAITS)[reminder.occasion]
    clock = known(reminder.zone) if reminder.whole_day else None
    local = since.astimezone(clock or ZoneInfo(zone))
    at = in_words(since, now, reminder.zone if reminder.whole_day else zone)
    told = at.rpartition(", ")[0] if reminder.whole_day else at
    return words.format(ago=_ago(now - since), at=told, day=f"{local.day} {local:%B}")


def when(reminder: Reminder, now: datetime, zone: str) -> str:
    """The best time: "Tomorrow, 4:00 PM", with the employer's clock beside it where it shows another."""
    best, there = reminder.best_at, known(reminder.zone)
    told = in_words(best, now, zone)
    if there is None or best.astimezone(there).utcoffset() == best.astimezone(ZoneInfo(zone)).utcoffset():
        return told
    return f"{told} ({in_words(best, now, reminder.zone).rpartition(', ')[2]} {place(reminder.zone)} time)"


def because(reminder: Reminder) -> str:
    """Why at that hour."""
    habit = reminder.habit
    if not _at(reminder, habit.hour):
        return (
            "The soonest in their working hours, so that it is in time."
            if reminder.in_time
            else "As soon as they are at work."
        )
    hours = f"between {_hour(habit.hour)} and {_hour(habit.hour + 1)}"
    if habit.whose is Whose.EMPLOYER:
        return f"In no hour do people there write to you more often than {hours}: {habit.count} of {habit.of} mails."
    if habit.whose is Whose.ALL:
        return f"In no hour do employers answer you more often than {hours}, their time: {habit.count} of {habit.of} mails."
    return "A working morning there; when they write is not known yet."


def place(zone: str) -> str:
    """What a zone is called for people: "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def _at(reminder: Reminder, hour: int) -> bool:
    local = reminder.best_at.astimezone(known(reminder.zone))
    return (local.hour, local.minute) == (hour, 0)


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}"  # noqa: PLR2004  noon


def _ago(passed: timedelta) -> str:
    if passed < timedelta(hours=1):
        return "just now"
    if passed.days == 0:
        hours = int(passed.total_seconds() // 3600)
        return f"{hours} hour{'' if hours == 1 else 's'} ago"
    return f"{passed.days} day{'' if passed.days == 1 else 's'} ago"
