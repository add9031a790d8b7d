"""What lies ahead, on the pages and in the API: reminders put off and brought back, deadlines, figures, insights, silence."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, ask, connected, install, mail, session
from hearback import wiring
from hearback.model.errors import NotFound
from hearback.model.ids import PersonId
from hearback.model.person import Person, Silence
from hearback.model.plan import Plan
from hearback.sync import look_ahead
from hearback.web.sign_in import csrf_token

HOSTILE = "Acme<script>"
TEST = "Dear Ann,\r\n\r\nPlease complete the online coding test for the Data Engineer position at Birch by {day}."


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    now = made.clock()
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT), received_at=now - timedelta(days=12))
    due = now + timedelta(days=1)
    test = TEST.format(day=f"{due.day} {due:%B} {due.year}")
    sender = "Birch Careers <careers@birch.example>"
    google[0].deliver(
        BOX, mail(2, "Your coding test at Birch", test, sender=sender), received_at=now - timedelta(days=1)
    )
    connected(made, *google)
    return made


def page(here: wiring.Installation, path: str = "/") -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200
    return str(answer["body"])


def part(here: wiring.Installation, name: str, path: str = "/") -> str:
    found = re.search(rf'<section id="part-{name}".*?</section>', page(here, path), re.DOTALL)
    assert found is not None
    return html.unescape(found[0])


def api(here: wiring.Installation, path: str) -> Any:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200
    return json.loads(answer["body"])


def post(here: wiring.Installation, path: str, person: PersonId = wiring.OWNER, **form: str) -> dict[str, Any]:
    mine = session(here, person)
    return ask(here, "POST", path, cookie=mine, form={"csrf": csrf_token(mine), **form})


def key_of(here: wiring.Installation, company: str = "Acme") -> str:
    (key,) = [each["key"] for each in api(here, "/api/reminders")["reminders"] if each["company"] == company]
    return str(key)


def of(here: wiring.Installation, company: str) -> str:
    every = here.store.projections.applications(wiring.OWNER)
    return next(f"/applications/{each.id}" for each in every if each.company == company)


def test_a_reminder_says_what_why_and_when_with_a_draft(here: wiring.Installation) -> None:
    """On the dashboard and on the application's page; the link is its template; the time lies ahead."""
    shown, mine = part(here, "reminders"), part(here, "ahead", of(here, "Acme"))
    for text in (shown, mine):
        assert "Follow up on your application" in text
        assert "12 days ago" in text
        assert "write=follow-up-after-applying#part-write" in text
    best = re.search(r'<time datetime="([^"]+)"', mine)
    assert best is not None
    assert datetime.fromisoformat(best[1]) > here.clock()
    draft = re.search(r'href="([^"]+#part-write)"', mine)
    assert draft is not None
    assert "data-draft-text" in part(here, "write", draft[1].partition("#")[0])


def test_a_deadline_is_listed_with_how_near_it_is(here: wiring.Installation) -> None:
    """Within two days it is urgent, here and as a mark of the application."""
    assert "urgent" in part(here, "deadlines")
    assert "Test or task" in part(here, "deadlines")
    assert "urgent" in api(here, of(here, "Birch").replace("/applications", "/api/applications"))["marks"]
    (due,) = api(here, "/api/deadlines")["deadlines"]
    assert (due["company"], due["urgent"], due["overdue"]) == ("Birch", True, False)


def test_a_reminder_put_off_is_hidden_until_then_and_can_be_brought_back(here: wiring.Installation) -> None:
    """It is listed among those put off, and one click shows it again."""
    key = key_of(here)
    assert post(here, "/reminders/put-off", key=key, days="3")["statusCode"] == 303
    ahead = look_ahead.look_ahead(here.rooms, wiring.OWNER)
    assert key not in {each.key for each in ahead.reminders}
    later = replace(ahead, now=ahead.now + timedelta(days=3, minutes=1))
    assert key in {each.key for each in later.reminders}
    assert "put off" in part(here, "reminders")
    assert post(here, "/reminders/bring-back", key=key)["statusCode"] == 303
    assert key == key_of(here)


def test_a_dismissed_reminder_stays_away(here: wiring.Installation) -> None:
    """For good, and new mail makes another."""
    post(here, "/reminders/put-off", key=key_of(here), days="")
    ahead = look_ahead.look_ahead(here.rooms, wiring.OWNER)
    later = replace(ahead, now=ahead.now + timedelta(days=5))
    assert "Acme" not in {each.application.company for each in later.reminders}
    assert "dismissed" in part(here, "reminders")


@pytest.mark.parametrize("days", ["0", "-1", "400", "9999", "x", "٣"])
def test_a_reminder_is_put_off_by_a_number_of_days(days: str, here: wiring.Installation) -> None:
    """Anything else changes nothing."""
    key = key_of(here)
    assert post(here, "/reminders/put-off", key=key, days=days)["statusCode"] in {404, 422}
    assert key == key_of(here)


def test_what_is_no_reminder_is_not_stored(here: wiring.Installation) -> None:
    """A key of nobody's, or of somebody else's, is 404 and leaves no setting."""
    key = key_of(here)
    here.store.people.put(Person(id=PersonId("eve")))
    assert post(here, "/reminders/put-off", key="after_applying:nobody")["statusCode"] == 404
    for path in ("/reminders/put-off", "/reminders/bring-back"):
        assert post(here, path, PersonId("eve"), key=key)["statusCode"] == 404
    for person in (wiring.OWNER, PersonId("eve")):
        assert not here.store.people.settings(person, "reminder:")


def test_old_words_on_reminders_are_forgotten(here: wiring.Installation) -> None:
    """After 90 days, where the reminder is gone; one that still stands is kept."""
    old = {"at": (here.clock() - timedelta(days=91)).isoformat(), "until": None}
    key = key_of(here)
    for name in ("after_applying:gone", key):
        here.store.people.put_setting(wiring.OWNER, f"reminder:{name}", json.dumps(old).encode())
    post(here, "/reminders/put-off", key=key_of(here, "Birch"), days="1")
    kept = {name for name, _ in here.store.people.settings(wiring.OWNER, "reminder:")}
    assert kept == {f"reminder:{key}", f"reminder:{key_of_hidden(here, 'Birch')}"}


def key_of_hidden(here: wiring.Installation, company: str) -> str:
    (key,) = [each["key"] for each in api(here, "/api/reminders")["put_off"] if each["company"] == company]
    return str(key)


def test_a_plan_without_drafts_has_reminders_without_a_link(here: wiring.Installation) -> None:
    """Reminders are in every plan; drafts are not."""
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    shown = part(here, "reminders")
    assert "Follow up on your application" in shown
    assert "part-write" not in shown


def test_silence_means_ghosted_when_the_person_says_so(here: wiring.Installation) -> None:
    """Twelve days are not enough by default; with ten days they are, on the page, in the API and among the reminders."""
    assert "ghosted" not in part(here, "board")
    answer = post(here, "/settings/reminders", after_applying="10", after_interview="5")
    assert answer["headers"]["location"] == "/settings/reminders?saved=1"
    assert here.store.people.get(wiring.OWNER).silence == Silence(after_applying=10, after_interview=5)
    assert "ghosted" in part(here, "board")
    assert "ghosted" in api(here, of(here, "Acme").replace("/applications", "/api/applications"))["marks"]
    assert "Ask once more, or let it go" in part(here, "reminders")
    assert 'value="10"' in page(here, "/settings/reminders")


@pytest.mark.parametrize(("first", "second"), [("0", "5"), ("10", "366"), ("", "5"), ("ten", "5"), ("10", "-5")])
def test_silence_is_a_number_of_days(first: str, second: str, here: wiring.Installation) -> None:
    """The page says so, keeps what was typed, and nothing changes."""
    answer = post(here, "/settings/reminders", after_applying=first, after_interview=second)
    assert answer["statusCode"] == 422
    assert "Choose between 1 and 365 days" in answer["body"]
    assert f'value="{first}"' in answer["body"]
    assert here.store.people.get(wiring.OWNER).silence == Silence()


def test_the_api_gives_the_figures_the_page_shows(here: wiring.Installation) -> None:
    """Rate, times, engagement with its parts; durations in seconds."""
    figures = api(here, "/api/figures")
    assert figures["response_rate"] == {
        "answered": 0,
        "eligible": 0,
        "share": None,
        "strong": False,
        "target": [0.7, 0.85],
    }
    assert figures["insights"] == []
    every = {each["company"]: each for each in api(here, "/api/applications")["applications"]}
    score = every["Acme"]["engagement"]
    assert score["score"] == sum(each["points"] for each in score["parts"])
    assert f"<strong>{score['score']}</strong> of 100" in part(here, "ahead", of(here, "Acme"))
    (reminder,) = [each for each in api(here, "/api/reminders")["reminders"] if each["company"] == "Acme"]
    assert reminder["template"] == "follow-up-after-applying"
    assert datetime.fromisoformat(reminder["best_time"]) > here.clock()


@pytest.mark.parametrize("name", ["health", "reminders", "deadlines", "insights"])
def test_each_part_comes_alone(name: str, here: wiring.Installation) -> None:
    """The fragment is the part, without a frame."""
    mine = session(here)
    answer = ask(here, "GET", f"/fragments/{name}", cookie=mine)
    assert answer["body"].lstrip().startswith(f'<section id="part-{name}"')
    assert answer["body"].strip() in ask(here, "GET", "/", cookie=mine)["body"]


def test_the_part_of_an_application_comes_alone(here: wiring.Installation) -> None:
    """As on its page; of a foreign application there is none."""
    path = of(here, "Acme")
    answer = ask(here, "GET", f"/fragments/ahead?id={path.rpartition('/')[2]}", cookie=session(here))
    assert answer["body"].lstrip().startswith('<section id="part-ahead"')
    assert ask(here, "GET", "/fragments/ahead?id=nobody", cookie=session(here))["statusCode"] == 404


def test_applications_can_be_sorted_by_engagement(here: wiring.Installation) -> None:
    """The table shows the score, the most engaged first."""
    table = page(here, "/?view=table&sort=engagement")
    scores = [int(each) for each in re.findall(r'<td>(\d+) <span class="muted">(?:quiet|warm|engaged)', table)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)


def test_what_is_hostile_in_a_name_is_text(here: wiring.Installation) -> None:
    """A company that is a script is shown as one."""
    mine = session(here)
    form = {"csrf": csrf_token(mine), "company": HOSTILE}
    ask(here, "POST", f"{of(here, 'Acme')}/edit", cookie=mine, form=form)
    shown = page(here)
    assert HOSTILE not in shown
    assert "Acme&lt;script&gt;" in shown


def test_an_erased_person_has_nothing_ahead(here: wiring.Installation) -> None:
    """NotFound, and no setting stays."""
    post(here, "/reminders/put-off", key=key_of(here), days="1")
    here.store.people.erase(wiring.OWNER)
    with pytest.raises(NotFound):
        look_ahead.look_ahead(here.rooms, wiring.OWNER)
