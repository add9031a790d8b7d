"""The Reading settings: per mailbox what is read, where, what mail may do, and custom filters; a wider choice offers a rescan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from hearback.mailboxes.protocols import Folder
from hearback.model.budget import Budget
from hearback.model.errors import HearbackError
from hearback.model.filter import written
from hearback.model.ids import MailboxId
from hearback.model.mailbox import ARCHIVE, INBOX, SENT, Mailbox, MailboxStatus, Preferences, Provider, Reads
from hearback.model.plan import FEATURE_LABELS, PLAN_LABELS, Feature, Plan, allows, cheapest, within
from hearback.model.signal import Ability
from hearback.pipeline.filters import parse_all, parse_items
from hearback.sync import plans, rescan
from hearback.sync.preferences import choose
from hearback.web import pages
from hearback.web.app import not_found
from hearback.web.faults import Faults
from hearback.web.router import asked_now, done, page, router

LABELS: Final = {
    Reads.ALL: ("All job-related", "Recommended. Whatever is about your job search, and nothing else."),
    Reads.SENDERS: ("Specific senders only", "Of the job-related mail, what these senders write."),
    Reads.BOARDS: (
        "Job boards and recruiter domains",
        "Of the job-related mail, what job boards, applicant systems, test and calendar vendors and addresses like careers@… send, and whom you name below.",
    ),
    Reads.KEYWORDS: (
        "Specific keywords",
        "Of the job-related mail, what has one of these in its subject or first words.",
    ),
    Reads.TRACKED: (
        "Threads with tracked companies",
        "Of the job-related mail, what is about a company on your board; a new one only after you added it. What an applicant system sends is opened to see whom it is about.",
    ),
}
ABILITIES: Final = {
    Ability.UPDATE_STATUSES: ("Update statuses from email", "Off: mail joins its application and moves no stage."),
    Ability.DETECT_INTERVIEWS: ("Detect interview scheduling", "Off: no interviews are taken from mail."),
    Ability.FLAG_URGENT: ("Flag urgent recruiter messages", "Off: nothing is marked urgent."),
    Ability.DUPLICATE_DETECTION: ("Duplicate detection", "Off: the same mail in two mailboxes counts twice."),
}
FOLDERS: Final = {
    INBOX: ("Inbox", ""),
    SENT: ("Sent Items", "Your own replies in threads about applications are read in any case."),
    ARCHIVE: ("Archive", "Mail that is neither in the inbox nor sent."),
}
LABELS_SECONDS: Final = 5.0
"""For the provider to list labels: a page is waited for."""
AWAY: Final = "Your mailbox does not tell its labels just now. Those you chose are kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One mailbox's form as it is shown: as it was stored, or as it was just filled in."""

    preferences: Preferences
    senders: str
    keywords: str
    filters: str
    faults: Faults


@router.get("/settings/reading")
def reading_settings() -> Response[str]:
    """The Reading settings of all mailboxes."""
    return _page({})


@router.post("/settings/reading/<id>")
def choose_reading(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Store the choices for one mailbox, or show what in them cannot be read."""
    asked = asked_now()
    mailbox = asked.rooms.store.mailboxes.get(asked.who, MailboxId(id))
    plan = asked.rooms.store.people.get(asked.who).plan
    typed = _filled_in(mailbox, plan, asked.form)
    if typed.faults.of:
        return _page({mailbox.id: typed}, status=422)
    chosen = choose(asked.rooms, asked.who, mailbox.id, typed.preferences)
    more = f"&wider={'folders' if chosen.folders else '1'}" if chosen.wider else ""
    return done(f"/settings/reading?saved={mailbox.id}{more}#box-{mailbox.id}")


@router.post("/settings/reading/<id>/rescan")
def read_again(id: str) -> Response[str]:  # noqa: A002  the name in the route
    """Look again at what an earlier choice left out."""
    asked = asked_now()
    count = rescan.rescan(asked.rooms, asked.who, MailboxId(id), folders=asked.form.get("folders") == "1")
    return done(f"/settings/reading?again={id}&count={count}#box-{id}")


def _page(typed: Mapping[MailboxId, Typed], *, status: int = 200) -> Response[str]:
    asked = asked_now()
    plan = asked.rooms.store.people.get(asked.who).plan
    cards = [
        _card(each, plan, typed.get(each.id))
        for each in asked.rooms.store.mailboxes.of_person(asked.who)
        if each.status is not MailboxStatus.DISCONNECTED
    ]
    values: dict[str, Any] = {
        "cards": cards,
        "reads": LABELS,
        "abilities": ABILITIES,
        "filters_included": allows(plan, Feature.FILTERS_AND_RULES),
        "folders_included": allows(plan, Feature.ALL_FOLDERS),
        "filters_plan": PLAN_LABELS[cheapest(Feature.FILTERS_AND_RULES)],
        "folders_plan": PLAN_LABELS[cheapest(Feature.ALL_FOLDERS)],
        "filters_name": FEATURE_LABELS[Feature.FILTERS_AND_RULES],
    }
    return page("reading.html", status=status, page="settings", **values)


def _card(mailbox: Mailbox, plan: Plan, typed: Typed | None) -> dict[str, Any]:
    asked = asked_now()
    shown = typed or _stored(mailbox.preferences)
    imported = mailbox.provider is Provider.IMPORT
    labels: list[Folder] = []
    note = ""
    if not imported and asked.query.get("labels") == mailbox.id and allows(plan, Feature.ALL_FOLDERS):
        labels, note = _labels(mailbox)
    known = {each.id for each in labels} | set(FOLDERS)
    return {
        "mailbox": mailbox,
        "name": pages.PROVIDERS[mailbox.provider],
        "imported": imported,
        "typed": shown,
        "faults": shown.faults.shown,
        "folders": [] if imported else [(id_, *text) for id_, text in FOLDERS.items()],
        "labels": labels,
        "labels_shown": bool(labels) or asked.query.get("labels") == mailbox.id,
        "labels_note": note,
        "kept": [each for each in shown.preferences.folders if each not in known],
        "saved": asked.query.get("saved") == mailbox.id,
        "wider": asked.query.get("wider", "") if asked.query.get("saved") == mailbox.id else "",
        "again": asked.query.get("count", "0") if asked.query.get("again") == mailbox.id else None,
        "left_out": len(rescan.left_out(asked.rooms, asked.who, mailbox.id)),
        "paused": plans.is_paused(asked.rooms, mailbox),
    }


def _labels(mailbox: Mailbox) -> tuple[list[Folder], str]:
    """The labels the mailbox has, asked of its provider, or why they are not told."""
    asked = asked_now()
    try:
        return list(asked.rooms.within(Budget.of(LABELS_SECONDS)).door(mailbox).folders()), ""
    except HearbackError:
        return [], AWAY


def _stored(preferences: Preferences) -> Typed:
    return Typed(
        preferences=preferences,
        senders=written(preferences.senders),
        keywords=written(preferences.keywords),
        filters="\n\n".join(str(each) for each in preferences.filters),
        faults=Faults(),
    )


def _filled_in(mailbox: Mailbox, plan: Plan, form: Mapping[str, str]) -> Typed:
    """The form as preferences. What the plan does not include, or the form does not show, stays as it was."""
    before, faults = mailbox.preferences, Faults()
    try:
        reads = Reads(form.get("reads", before.reads))
    except ValueError:
        raise not_found() from None
    senders = faults.read("senders", form.get("senders", ""), partial(parse_items, senders=True), before.senders)
    keywords = faults.read("keywords", form.get("keywords", ""), partial(parse_items, senders=False), before.keywords)
    filters, text = before.filters, form.get("filters", "")
    if allows(plan, Feature.FILTERS_AND_RULES):
        filters = faults.read("filters", text, parse_all, before.filters)
    if reads is Reads.SENDERS and not form.get("senders", "").strip():
        faults.say("senders", "Nobody is named yet, so nothing would be read.", "at least one sender")
    if reads is Reads.KEYWORDS and not form.get("keywords", "").strip():
        faults.say("keywords", "No keyword is written yet, so nothing would be read.", "at least one keyword")
    folders = _folders(mailbox, plan, form)
    if not folders:
        faults.say("folders", "No folder is chosen, so nothing would be read.", "at least one folder")
    preferences = replace(
        before,
        reads=reads,
        senders=senders,
        keywords=keywords,
        filters=filters,
        folders=folders or before.folders,
        update_statuses=form.get(Ability.UPDATE_STATUSES) == "on",
        detect_interviews=form.get(Ability.DETECT_INTERVIEWS) == "on",
        flag_urgent=form.get(Ability.FLAG_URGENT) == "on",
        duplicate_detection=form.get(Ability.DUPLICATE_DETECTION) == "on",
    )
    return Typed(
        preferences=preferences,
        senders=form.get("senders", ""),
        keywords=form.get("keywords", ""),
        filters=text,
        faults=faults,
    )


def _folders(mailbox: Mailbox, plan: Plan, form: Mapping[str, str]) -> tuple[str, ...]:
    if mailbox.provider is Provider.IMPORT or not allows(plan, Feature.ALL_FOLDERS):
        return mailbox.preferences.folders
    chosen = {name.removeprefix("folder:")[:100] for name in form if name.startswith("folder:")}
    return (*(each for each in FOLDERS if each in chosen), *sorted(chosen - set(FOLDERS)))


def as_json(mailbox: Mailbox, plan: Plan) -> dict[str, Any]:
    """A mailbox with what is read of it, as the JSON API gives it."""
    chosen = mailbox.preferences
    return {
        "id": mailbox.id,
        "provider": mailbox.provider.value,
        "address": mailbox.address,
        "label": mailbox.label,
        "status": mailbox.status.value,
        "reads": chosen.reads.value,
        "senders": list(chosen.senders),
        "keywords": list(chosen.keywords),
        "folders": list(chosen.folders),
        "filters": [str(each) for each in chosen.filters],
        "paused": [
            name for name in ("folders", "filters") if getattr(within(plan, chosen), name) != getattr(chosen, name)
        ],
        **{each.value: getattr(chosen, each.value) for each in Ability},
    }
