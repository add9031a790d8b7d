"""The Email Inbox and its routes: everything works as plain forms, and answers a script with values."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import ask, session
from hearback import wiring
from hearback.model.ids import Personal, PersonId
from hearback.model.message import Address
from hearback.model.person import AutomationMode, Person
from hearback.model.signal import Kind, Signal
from hearback.settings import Settings
from hearback.sync.record import record
from hearback.web.sign_in import csrf_token
from waiting import board, letter, waiting

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def here(tmp_path: Path) -> wiring.Installation:
    made = wiring.build(
        Settings.model_validate({"home": tmp_path, "public_url": "http://127.0.0.1:1"}),
        clock=lambda: NOW + timedelta(days=1),
    )
    made.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin"))
    record(made.rooms, wiring.OWNER, board(NOW), silent=True)
    return made


def put(here: wiring.Installation, *signals: Signal) -> None:
    record(here.rooms, wiring.OWNER, signals, silent=True)


def page(here: wiring.Installation, path: str, status: int = 200) -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == status, answer["body"]
    return str(answer["body"])


def post(here: wiring.Installation, path: str, headers: dict[str, str] | None = None, **form: str) -> Any:
    mine = session(here)
    return ask(here, "POST", path, cookie=mine, form={**form, "csrf": csrf_token(mine)}, headers=headers)


def told(here: wiring.Installation, path: str, **form: str) -> Any:
    answer = post(here, path, SCRIPT, **form)
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])


def pending(here: wiring.Installation) -> list[str]:
    return [each.fact for each in here.store.projections.review(wiring.OWNER)]


def rows(shown: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'<li data-fact="([^"]+)"', shown)]


def form_of(shown: str) -> dict[str, str]:
    """The values of the detail's form, as a browser without script sends them."""
    form = re.search(r'<form id="review".*?</form>', shown, re.DOTALL)
    assert form is not None
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") != "radio" or re.search(r"\schecked", tag):
            fields[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, body in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    return fields


def test_what_is_at_stake_comes_first_and_is_shown_whole(here: wiring.Installation) -> None:
    """The interview before the receipt; what was read of it, why it waits, where it belongs, what would happen."""
    put(
        here,
        letter(200, Kind.APPLICATION_CONFIRMATION, "Quay", NOW),
        letter(201, Kind.INTERVIEW_INVITATION, "Aster", NOW),
    )
    shown = page(here, "/inbox")
    assert rows(shown) == ["gmail-1/w0201", "gmail-1/w0200"]
    for words in (
        "Invitation to talk: <mark>Data Engineer</mark> at <mark>Aster</mark>",
        "interview for <mark>Data Engineer</mark>",
        "only 70 % sure",
        "same company and role",
        "Moves Aster · Data Engineer from Applied to Interviewing.",
        "https://meet.example/abc-defg",
        "45 min",
        "Technical",
    ):
        assert words in shown
    assert "Smart would have" not in shown


def test_another_mail_is_selected_by_its_link(here: wiring.Installation) -> None:
    """Without script; one that waits no more says so and shows another."""
    put(here, letter(200, Kind.APPLICATION_CONFIRMATION, "Quay", NOW), letter(201, Kind.OFFER, "Aster", NOW))
    shown = page(here, "/inbox?item=gmail-1/w0200")
    assert 'data-fact="gmail-1/w0200" class="selected"' in shown
    assert "Starts an application: Quay · Data Engineer, Applied." in shown
    assert "waits no more" in page(here, "/inbox?item=gmail-1/w0999")


def test_the_list_is_shown_in_windows(here: wiring.Installation) -> None:
    """Fifty first, more on request; the count tells of all."""
    put(here, *waiting(NOW))
    shown = page(here, "/inbox")
    assert len(rows(shown)) == 50
    assert "Show more of 100" in shown
    assert len(rows(page(here, "/inbox/queue?shown=100"))) == 100
    for odd in ("-1", "0", "x", "99999", "²"):
        assert len(rows(page(here, f"/inbox/queue?shown={odd}"))) in {50, 100}


def test_a_plain_form_confirms_and_leads_back_with_an_undo(here: wiring.Installation) -> None:
    """As shown, corrected nothing; the page it leads to takes it back."""
    put(here, letter(201, Kind.INTERVIEW_INVITATION, "Aster", NOW))
    answer = post(here, "/review/confirm", **form_of(page(here, "/inbox")))
    assert answer["statusCode"] == 303
    assert pending(here) == []
    (application,) = [each for each in here.store.projections.applications(wiring.OWNER) if each.company == "Aster"]
    assert application.stage == "interviewing"
    assert [each.title for each in application.timeline[-1].settled] == ["You confirmed it"]
    back = page(here, answer["headers"]["location"])
    assert "1 mail settled." in back
    batch = re.search(r'name="fact" value="(batch-[0-9a-f]+)"', back)
    assert batch is not None
    undone = post(here, "/facts/undo", fact=batch[1], back="/inbox")
    assert undone["headers"]["location"].startswith("/inbox?did=undone")
    assert len(pending(here)) == 1


def test_every_field_can_be_corrected_in_place(here: wiring.Installation) -> None:
    """Kind, company, role, place, what it does, round, start in the person's time, minutes, link; one batch."""
    put(here, letter(201, Kind.STATUS_UPDATE, "Wrong", NOW))
    form = form_of(page(here, "/inbox")) | {
        "kind": "interview_invitation",
        "company": "Aster",
        "role": "Data Analyst",
        "location": "Cologne",
        "action": "confirm",
        "round_type": "panel",
        "start_at": "2026-12-01T14:30",
        "duration_min": "90",
        "video_link": "https://meet.example/x",
        "target": "new",
    }
    assert post(here, "/review/confirm", **form)["statusCode"] == 303
    (found,) = [each for each in here.store.projections.applications(wiring.OWNER) if each.role == "Data Analyst"]
    assert (found.company, found.location, found.stage) == ("Aster", "Cologne", "interviewing")
    (interview,) = found.interviews
    assert interview.start_at == datetime(2026, 12, 1, 13, 30, tzinfo=UTC)
    assert (interview.duration_min, interview.type, interview.video_link) == (90, "panel", "https://meet.example/x")


def test_a_deadline_is_corrected(here: wiring.Installation) -> None:
    """To another day."""
    put(here, letter(201, Kind.OFFER, "Aster", NOW))
    post(here, "/review/confirm", **(form_of(page(here, "/inbox")) | {"deadline": "2026-12-24"}))
    (found,) = [each for each in here.store.projections.applications(wiring.OWNER) if each.company == "Aster"]
    assert [each.due for each in found.deadlines] == ["2026-12-24"]


def test_what_was_not_changed_is_no_correction(here: wiring.Installation) -> None:
    """Also where the mail is read otherwise by the time the form is sent."""
    put(here, letter(201, Kind.INTERVIEW_INVITATION, "Aster", NOW))
    stale = form_of(page(here, "/inbox")) | {"kind": "offer", "was_kind": "offer", "role": "Old", "was_role": "Old"}
    post(here, "/review/confirm", **stale)
    (found,) = [each for each in here.store.projections.applications(wiring.OWNER) if each.company == "Aster"]
    assert (found.stage, found.role) == ("interviewing", "Data Engineer")
    assert here.store.facts.lessons(wiring.OWNER).taught == ()


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("start_at", "yesterday", 422),
        ("start_at", "0001-01-01T00:00", 422),
        ("duration_min", "-5", 422),
        ("duration_min", "99999", 422),
        ("deadline", "2026-02-31", 422),
        ("deadline", "someday", 422),
        ("video_link", "javascript:alert(1)", 422),
        ("kind", "party", 404),
        ("round_type", "party", 404),
    ],
)
def test_a_value_that_cannot_be_changes_nothing(field: str, value: str, status: int, here: wiring.Installation) -> None:
    """It says why; the mail still waits."""
    put(here, letter(201, Kind.INTERVIEW_INVITATION, "Aster", NOW))
    form = {"fact": "gmail-1/w0201", field: value}
    assert post(here, "/review/confirm", **form)["statusCode"] == status
    answer = post(here, "/review/confirm", SCRIPT, **form)
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (status, "application/json")
    assert json.loads(answer["body"])["error"]
    assert len(pending(here)) == 1


def test_a_script_is_told_what_was_done_and_what_takes_it_back(here: wiring.Installation) -> None:
    """In words; with what still waits and the version its page then knows."""
    put(here, letter(200, Kind.OFFER, "Birch", NOW), letter(201, Kind.INTERVIEW_INVITATION, "Aster", NOW))
    answer = told(here, "/review/confirm", fact="gmail-1/w0201")
    assert answer["said"] == "Confirmed. Moves Aster · Data Engineer from Applied to Interviewing."
    assert answer["waiting"] == pending(here) == ["gmail-1/w0200"]
    assert answer["version"] == here.store.projections.version(wiring.OWNER)
    assert told(here, "/facts/undo", fact=answer["undo"])["said"] == "Taken back."
    assert len(pending(here)) == 2


def test_ticked_mail_is_settled_in_one_batch(here: wiring.Installation) -> None:
    """Without script by its boxes, with one by a list; one undo takes all of it back."""
    put(here, *waiting(NOW)[:5])
    facts = pending(here)
    answer = post(here, "/review/ignore", **{f"tick:{each}": "1" for each in facts[:2]}, facts="")
    assert "done=2" in answer["headers"]["location"]
    assert len(pending(here)) == 3
    done = told(here, "/review/confirm", facts="\n".join(facts[2:]))
    assert done["said"] == "Confirmed 3."
    assert pending(here) == []
    told(here, "/facts/undo", fact=done["undo"])
    assert len(pending(here)) == 3


def test_what_a_batch_leaves_is_told_with_the_reason(here: wiring.Installation) -> None:
    """Mail that nobody can read waits on."""
    put(here, letter(200, None, "Broken", NOW), letter(201, Kind.OFFER, "Aster", NOW))
    answer = told(here, "/review/confirm", facts="\n".join(pending(here)))
    assert "1 still waits: It could not be read: say what it is first (Edit)." in answer["said"]
    assert [fact for fact, _ in answer["left"]] == ["gmail-1/w0200"]


def test_nothing_ticked_says_so(here: wiring.Installation) -> None:
    """Rather than that something is gone."""
    answer = post(here, "/review/confirm", facts="")
    assert answer["statusCode"] == 422
    assert "Tick what you mean first" in answer["body"]


def test_too_many_fields_are_refused_in_words(here: wiring.Installation) -> None:
    """Not with a failure of ours."""
    answer = post(here, "/review/ignore", **{f"tick:{number}": "1" for number in range(300)})
    assert answer["statusCode"] == 422


def test_all_of_one_sort_are_found_and_ticked(here: wiring.Installation) -> None:
    """By a link without script, by a list with one."""
    put(here, *waiting(NOW))
    (mass, *_) = [each.fact for each in here.store.projections.review(wiring.OWNER) if "massmail" in each.address]
    found = json.loads(page(here, f"/inbox/sort?fact={mass}"))["facts"]
    assert len(found) == 12
    shown = page(here, f"/inbox?item={mass}&sort=1&shown=100")
    assert len(re.findall(r'type="checkbox"[^>]* checked', shown)) == 12
    assert "Tick all 12 of this sort" in shown


def test_an_application_is_found_by_words_and_linked(here: wiring.Installation) -> None:
    """From all of the person's; the form sends the fact that names it."""
    put(here, letter(201, Kind.OFFER, "Unknown", NOW))
    shown = page(here, "/inbox?item=gmail-1/w0201&q=ceda+engineer")
    target = re.search(r'name="target" value="([^"]+)"><strong>Cedar · Data Engineer</strong>', shown)
    assert target is not None
    assert "No application of yours" in page(here, "/inbox?item=gmail-1/w0201&q=zzz")
    assert "Cedar" in page(here, "/inbox/targets?fact=gmail-1/w0201&q=cedar")
    answer = told(here, "/review/confirm", fact="gmail-1/w0201", target=target[1])
    assert "Moves Cedar · Data Engineer from Applied to Offer Extended." in answer["said"]


def test_the_outcome_of_another_choice_is_told_and_nothing_is_done(here: wiring.Installation) -> None:
    """For the fields as they stand in the form."""
    put(here, letter(201, Kind.OFFER, "Aster", NOW))
    before = here.store.projections.version(wiring.OWNER)
    form = form_of(page(here, "/inbox"))
    assert told(here, "/review/outcome", **(form | {"kind": "rejection"}))["told"].endswith("from Applied to Rejected.")
    assert told(here, "/review/outcome", **(form | {"target": "new"}))["told"].startswith("Starts an application")
    assert told(here, "/review/outcome", **(form | {"kind": "other"}))["told"].startswith("Leaves it out")
    assert here.store.projections.version(wiring.OWNER) == before


def test_ignoring_a_sender_leaves_out_all_of_theirs_and_is_undone(here: wiring.Installation) -> None:
    """They are listed as left out, with a way back."""
    put(here, *waiting(NOW))
    (mass, *_) = [each.fact for each in here.store.projections.review(wiring.OWNER) if "massmail" in each.address]
    answer = told(here, "/review/ignore-sender", fact=mass)
    assert answer["said"] == "Mail of Talent Scouts is ignored from now on. 12 that waited are gone."
    assert len(answer["waiting"]) == 88
    shown = page(here, "/inbox")
    assert "12 mails left out" in shown
    assert "You ignore mail of this sender." in shown
    told(here, "/facts/undo", fact=answer["undo"])
    assert len(pending(here)) == 100


def test_a_sender_of_many_employers_cannot_be_ignored_as_a_whole(here: wiring.Installation) -> None:
    """It says why, and the mail still waits."""
    relay = letter(200, Kind.OFFER, "Aster", NOW)
    put(here, replace(relay, sender=Address(Personal("no-reply@us.greenhouse-mail.io")), domain=None))
    answer = post(here, "/review/ignore-sender", SCRIPT, fact="gmail-1/w0200")
    assert answer["statusCode"] == 422
    assert "many employers" in json.loads(answer["body"])["error"]
    assert len(pending(here)) == 1


def test_review_everything_says_what_smart_would_have_done(here: wiring.Installation) -> None:
    """On each item; and that nothing changes until it is confirmed."""
    here.store.people.put(Person(id=wiring.OWNER, zone="Europe/Berlin", mode=AutomationMode.REVIEW))
    sure = letter(200, Kind.INTERVIEW_INVITATION, "Aster", NOW, confidence=0.99, mode=AutomationMode.REVIEW)
    put(here, sure, letter(201, Kind.APPLICATION_CONFIRMATION, "Quay", NOW, mode=AutomationMode.REVIEW))
    shown = page(here, "/inbox")
    assert "nothing changes an application until you confirm it" in shown
    assert "Smart would have applied it.</strong> Aster · Data Engineer: Moved to Interviewing" in shown
    assert "Smart would have asked you, too.</strong> Hearback is only 70 % sure" in page(
        here, "/inbox?item=gmail-1/w0201"
    )
    assert "Tick the 1 that Smart would have applied" in shown
    assert json.loads(page(here, "/inbox/sort?smart=1"))["facts"] == ["gmail-1/w0200"]
    assert len(re.findall(r'type="checkbox"[^>]* checked', page(here, "/inbox?smart=1"))) == 1


def test_hostile_mail_is_shown_as_text(here: wiring.Installation) -> None:
    """In rows, details, the form, the answer to a script, and as a link that is none."""
    evil = "<script>alert(1)</script>"
    bad = letter(200, Kind.INTERVIEW_INVITATION, "Aster", NOW, role=evil)
    put(here, replace(bad, company=Personal(f'"{evil}'), subject=Personal(f"{evil} at Aster")))
    for path in ("/inbox", "/inbox/queue", "/inbox/item?fact=gmail-1/w0200", "/inbox/targets?fact=gmail-1/w0200&q=e"):
        assert evil not in page(here, path)
    assert form_of(page(here, "/inbox"))["role"] == evil


@pytest.mark.parametrize("path", ["/inbox/item", "/inbox/targets", "/inbox/sort"])
def test_another_persons_mail_is_not_there(path: str, here: wiring.Installation) -> None:
    """As mail that never was; their list is empty."""
    put(here, letter(200, Kind.OFFER, "Aster", NOW))
    here.store.people.put(Person(id=PersonId("eve")))
    eve = session(here, PersonId("eve"))
    assert ask(here, "GET", f"{path}?fact=gmail-1/w0200", cookie=eve)["statusCode"] == 404
    assert "Aster" not in ask(here, "GET", "/inbox?item=gmail-1/w0200&q=aster", cookie=eve)["body"]
