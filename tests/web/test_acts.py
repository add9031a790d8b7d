"""What a person does on the application page and the board: every act reachable, told, and taken back from where it is told."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, ask, connected, install, mail, session
from hearback import wiring
from hearback.model.application import Application, Stage
from hearback.web.sign_in import csrf_token

RECEIPT = (
    "Dear Ann,\r\n\r\nThank you for applying to {company}. We have received your application for the {role} position."
)


def letter(number: int, text: str, company: str, role: str) -> bytes:
    subject = f"Your application for the {role} position at {company}"
    sender = f"{company} Careers <careers@{company.lower()}.example>"
    return mail(number, subject, text.format(company=company, role=role), sender=sender)


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    google[0].deliver(BOX, letter(1, RECEIPT, "Acme", "Data Engineer"))
    google[0].deliver(BOX, letter(2, RECEIPT, "Acme", "Data Engineer"))
    google[0].deliver(BOX, letter(3, RECEIPT, "Borealis", "Sales Lead"))
    connected(made, *google)
    return made


def every(here: wiring.Installation) -> dict[str, Application]:
    return {str(each.company): each for each in here.store.projections.applications(wiring.OWNER)}


def post(here: wiring.Installation, path: str, *, htmx: str = "", **form: str) -> dict[str, Any]:
    mine = session(here)
    headers = {"hx-request": "true", "hx-current-url": f"http://127.0.0.1:1{htmx}"} if htmx else {}
    return ask(here, "POST", path, cookie=mine, form={"csrf": csrf_token(mine), **form}, headers=headers)


def page(here: wiring.Installation, path: str) -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200, answer["body"]
    return html.unescape(answer["body"])


def send(here: wiring.Installation, body: Any) -> tuple[int, dict[str, Any]]:
    """One act over the JSON API."""
    mine = session(here)
    event_headers = {"content-type": "application/json", "x-csrf-token": csrf_token(mine)}
    answer = ask(here, "POST", "/api/acts", cookie=mine, headers=event_headers, body=json.dumps(body))
    return answer["statusCode"], json.loads(answer["body"])


def done(answer: dict[str, Any]) -> str:
    """What takes back what was just done, as the page it leads to says."""
    assert answer["statusCode"] == 303, html.unescape(answer.get("body", ""))
    found = re.search(r"[?&]act=([^&#]+)", answer["headers"]["location"])
    assert found is not None, answer["headers"]["location"]
    return found[1]


def refused(answer: dict[str, Any]) -> str:
    """Why it was not done, in words."""
    assert answer["statusCode"] == 422, answer
    return html.unescape(re.sub(r"<[^>]+>", " ", answer["body"]))


#: (route, form, what is seen of it in the application)
WORDS: list[tuple[str, dict[str, str], Any]] = [
    ("stage", {"stage": "interviewing"}, lambda it: it.stage is Stage.INTERVIEWING),
    (
        "edit",
        {"company": "Acme", "role": "Chief", "location": "Oslo"},
        lambda it: (it.role, it.location) == ("Chief", "Oslo"),
    ),
    (
        "edit",
        {"requisition_id": "R-9", "agency": "Hays", "on_hold": "yes"},
        lambda it: it.on_hold and it.agency == "Hays",
    ),
    ("note", {"text": "two\nlines"}, lambda it: it.timeline[-1].note == "two\nlines"),
    ("tag", {"tag": " #Dream  job "}, lambda it: it.tags == ("Dream job",)),
    ("archive", {}, lambda it: it.archived),
    (
        "round",
        {"start_at": "2026-11-03T14:30", "duration_min": "45", "round_type": "panel", "interviewers": "Ann, Ben"},
        lambda it: (
            it.interviews[0].start_at.isoformat() == "2026-11-03T14:30:00+01:00"
            and it.interviews[0].interviewers == ("Ann", "Ben")
        ),
    ),
    ("deadline", {"due": "2026-11-30", "kind": "offer"}, lambda it: it.deadlines[0].due == "2026-11-30"),
]


@pytest.mark.parametrize(("route", "form", "shows"), WORDS)
def test_each_act_is_told_with_an_undo_that_takes_it_back(
    here: wiring.Installation, route: str, form: dict[str, str], shows: Any
) -> None:
    """A plain form leads back to the page, which says what was done; its Undo leads back again and offers Redo."""
    it = every(here)["Acme"]
    before = it.timeline
    answer = post(here, f"/applications/{it.id}/{route}", back=f"/applications/{it.id}?write=x#top", **form)
    act = done(answer)
    assert answer["headers"]["location"].startswith(f"/applications/{it.id}?write=x&did=")
    assert shows(every(here)["Acme"])
    told = page(here, f"/applications/{it.id}?did={route}&act={act}")
    assert re.search(rf'<div id="told"[^>]*>.*?name="fact" value="{re.escape(act)}".*?Undo', told, re.DOTALL)
    undone = post(here, "/facts/undo", fact=act, back=f"/applications/{it.id}")
    assert undone["headers"]["location"].startswith(f"/applications/{it.id}?did=undone&act=")
    assert every(here)["Acme"].timeline == before
    assert post(here, "/facts/undo", fact=act)["headers"]["location"] == "/?did=already"
    assert "Redo" in page(here, f"/applications/{it.id}?did=undone&act={done(undone)}")
    done(post(here, "/facts/undo", fact=done(undone)))
    assert shows(every(here)["Acme"])


def test_htmx_is_told_what_was_done(here: wiring.Installation) -> None:
    """The page stays; an event says what, and the fragment it asks for has the Undo."""
    it = every(here)["Acme"]
    answer = post(here, f"/applications/{it.id}/tag", htmx=f"/applications/{it.id}", tag="dream")
    events = json.loads(answer["headers"]["hx-trigger"])
    assert answer["statusCode"] == 204
    assert set(events) == {"hearback-changed", "hearback-told"}
    told = page(here, f"/fragments/told?did=tag&act={events['hearback-told']['act']}")
    assert "Tagged." in told
    assert "Undo" in told


def test_no_address_puts_words_or_sites_on_a_page(here: wiring.Installation) -> None:
    """An unknown code tells nothing, an id that is none offers nothing, another site is not gone back to."""
    assert re.search(r'<div id="told"[^>]*></div>', page(here, "/?did=%3Cb%3Ewon&act=x"))
    assert "/facts/undo" not in page(here, '/fragments/told?did=tag&act="><b>').split("told")[1]
    it = every(here)["Acme"]
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = post(here, f"/applications/{it.id}/tag", back=back, tag=f"t{len(back)}")
        assert answer["headers"]["location"].startswith(f"/applications/{it.id}?did=tag")


def test_undoing_an_application_by_hand_leaves_its_page(here: wiring.Installation) -> None:
    """It is gone: the dashboard is shown, with Redo."""
    act = done(post(here, "/applications", company="Zenith", role="Clerk"))
    it = every(here)["Zenith"]
    undone = post(here, "/facts/undo", fact=act, back=f"/applications/{it.id}")
    assert undone["headers"]["location"].startswith("/?did=undone")
    done(post(here, "/facts/undo", fact=done(undone)))
    behind = post(here, "/facts/undo", fact=act, htmx=f"/applications/{it.id}")
    assert behind["headers"]["hx-redirect"].startswith("/?did=undone")


def test_only_acts_are_taken_back(here: wiring.Installation) -> None:
    """A mail is none: what it changed is reverted."""
    assert "Only what you did yourself" in refused(post(here, "/facts/undo", fact=every(here)["Acme"].facts[0]))


def test_split_and_back(here: wiring.Installation) -> None:
    """Tick a message, split: two applications; each page tells; Undo makes them one."""
    it = every(here)["Acme"]
    shown = page(here, f"/applications/{it.id}")
    ticks = re.findall(r'form="split" name="(tick:[^"]+)"', shown)
    assert len(ticks) == 2
    assert "Tick the messages" in refused(post(here, f"/applications/{it.id}/split"))
    both = dict.fromkeys(ticks, "1")
    assert "Something must stay" in refused(post(here, f"/applications/{it.id}/split", **both))
    assert "not in this application" in refused(post(here, f"/applications/{it.id}/split", **{"tick:nothing": "1"}))
    act = done(post(here, f"/applications/{it.id}/split", **{ticks[0]: "1"}))
    assert len(here.store.projections.applications(wiring.OWNER)) == 3
    assert "split 1 mail off" in page(here, f"/applications/{it.id}")
    done(post(here, "/facts/undo", fact=act))
    assert every(here)["Acme"].facts == it.facts


def test_merge_is_found_by_search_and_taken_apart_in_the_timeline(here: wiring.Installation) -> None:
    """Words find the other one; the main one can be changed; the timeline's Undo leaves no trace."""
    one, other = every(here)["Acme"], every(here)["Borealis"]
    assert "No other application has these words" in page(here, f"/applications/{one.id}?find=nowhere")
    found = page(here, f"/fragments/merge?id={one.id}&find=sales")
    assert f'name="other" value="{other.id}"' in found
    assert "this very application" in refused(post(here, f"/applications/{one.id}/merge", other=one.id))
    act = done(post(here, f"/applications/{one.id}/merge", other=other.id))
    merged = page(here, f"/applications/{one.id}")
    assert "Merged of 2" in merged
    (fact,) = re.findall(r"/primary\">.*?name=\"fact\" value=\"([^\"]+)\"", merged)
    done(post(here, f"/applications/{one.id}/primary", fact=fact))
    assert list(every(here)) == ["Borealis"]
    assert every(here)["Borealis"].id == other.id
    assert page(here, f"/applications/{one.id}").count("<h1>Borealis</h1>") == 1
    assert f'name="fact" value="{act}"' in page(here, f"/applications/{one.id}")
    done(post(here, "/facts/undo", fact=act))
    after = every(here)
    assert (after["Acme"].id, after["Borealis"].id) == (one.id, other.id)
    assert (after["Acme"].aliases, after["Borealis"].aliases) == ((), ())


def test_doubles_are_proposed_until_they_are_settled(here: wiring.Installation) -> None:
    """On the dashboard and on both pages, with reasons; “Not the same” ends it, Undo brings it back."""
    done(post(here, "/applications", company="Acme", role="Night Porter"))
    done(post(here, "/applications", company="Acme"))
    added = next(each for each in here.store.projections.applications(wiring.OWNER) if each.role is None)
    it = next(each for each in here.store.projections.applications(wiring.OWNER) if each.role == "Data Engineer")
    for path in ("/", f"/applications/{added.id}", f"/applications/{it.id}"):
        assert "They are at the same company. One of them names no role. You added one of them by hand." in page(
            here, path
        )
    act = done(post(here, f"/applications/{it.id}/apart", other=added.id))
    assert "Maybe the same</h2>" not in page(here, f"/applications/{it.id}")
    assert "Maybe the same</h2>" not in page(here, f"/fragments/duplicates?id={it.id}")
    done(post(here, "/facts/undo", fact=act))
    assert "Maybe the same</h2>" in page(here, f"/fragments/duplicates?id={it.id}")
    for box in here.store.mailboxes.of_person(wiring.OWNER):
        off = replace(box.preferences, duplicate_detection=False)
        here.store.mailboxes.put(replace(box, preferences=off))
    assert "Maybe the same</h2>" not in page(here, "/")


def test_rounds_and_deadlines_are_changed_and_removed(here: wiring.Installation) -> None:
    """What was added by hand is listed with its forms; a stale one is refused in words."""
    it = every(here)["Acme"]
    done(post(here, f"/applications/{it.id}/round", start_at="2026-11-03T14:30"))
    fact = every(here)["Acme"].interviews[0].fact
    form = page(here, f"/applications/{it.id}?round={fact}")
    assert 'value="2026-11-03T14:30"' in form
    done(post(here, f"/applications/{it.id}/round", which=fact, start_at="2026-11-04T09:00", status="cancelled"))
    (changed,) = every(here)["Acme"].interviews
    assert (changed.start_at.isoformat(), changed.status) == ("2026-11-04T09:00:00+01:00", "cancelled")
    assert "has changed meanwhile" in refused(post(here, f"/applications/{it.id}/drop-round", which=fact))
    done(post(here, f"/applications/{it.id}/drop-round", which=changed.fact))
    assert every(here)["Acme"].interviews == ()
    done(post(here, f"/applications/{it.id}/deadline", due="2026-11-30"))
    due = every(here)["Acme"].deadlines[0].fact
    assert 'value="2026-11-30"' in page(here, f"/applications/{it.id}?deadline={due}")
    done(post(here, f"/applications/{it.id}/deadline", which=due, due="2026-12-01T17:00"))
    assert "1 Dec 2026, 17:00" in page(here, f"/applications/{it.id}")
    done(post(here, f"/applications/{it.id}/drop-deadline", which=every(here)["Acme"].deadlines[0].fact))
    assert every(here)["Acme"].deadlines == ()


def test_a_note_is_changed_in_its_place(here: wiring.Installation) -> None:
    """The old one is gone from the timeline, one Undo brings it back, Delete takes the new one out."""
    it = every(here)["Acme"]
    old = done(post(here, f"/applications/{it.id}/note", text="call on Mnoday"))
    done(post(here, f"/applications/{it.id}/tag", tag="later"))
    batch = done(post(here, "/facts/rewrite", fact=old, text="call on Monday"))
    assert notes(here) == ["call on Monday"]
    assert every(here)["Acme"].timeline[-1].note == "later"
    assert post(here, "/facts/rewrite", fact=old, text="x")["statusCode"] == 404
    done(post(here, "/facts/undo", fact=batch))
    assert notes(here) == ["call on Mnoday"]
    done(post(here, "/facts/undo", fact=old))
    assert notes(here) == []


def notes(here: wiring.Installation) -> list[str]:
    return [str(each.note) for each in every(here)["Acme"].timeline if each.title == "You added a note"]


def test_what_is_ticked_is_done_in_one_go_and_undone_in_one(here: wiring.Installation) -> None:
    """Archive, find them archived, bring back one; tag and stage as well; what is so already is left alone."""
    ids = {f"tick:{each.id}": "1" for each in every(here).values()}
    assert set(re.findall(r'form="many" name="([^"]+)"', page(here, "/"))) == set(ids)
    tagged = done(post(here, "/applications/many", do="tag", tag="autumn", **ids))
    assert all(each.tags == ("autumn",) for each in every(here).values())
    assert page(here, "/?q=autumn").count('class="card"') == 2
    done(post(here, "/facts/undo", fact=tagged))
    assert all(each.tags == () for each in every(here).values())
    staged = done(post(here, "/applications/many", do="stage", stage="withdrawn", **ids))
    assert {each.stage for each in every(here).values()} == {"withdrawn"}
    done(post(here, "/facts/undo", fact=staged))
    batch = done(post(here, "/applications/many", do="archive", **ids))
    assert post(here, "/applications/many", do="archive", **ids)["headers"]["location"] == "/?did=nothing"
    assert page(here, "/").count('class="card"') == 0
    shown = page(here, "/?show=archived")
    assert all(name in shown for name in ids)
    one = every(here)["Acme"].id
    done(post(here, "/applications/many", do="unarchive", back="/?show=archived", **{f"tick:{one}": "1"}))
    assert [each.archived for each in every(here).values()].count(True) == 1
    assert f'name="fact" value="{batch}"' in page(here, f"/applications/{one}")
    undone = done(post(here, "/facts/undo", fact=batch))
    assert not any(each.archived for each in every(here).values())
    done(post(here, "/facts/undo", fact=undone))
    assert every(here)["Borealis"].archived


def test_nothing_ticked_or_nothing_known_is_said(here: wiring.Installation) -> None:
    """And an application that is gone stops all of it."""
    assert "Tick the applications" in refused(post(here, "/applications/many", do="archive"))
    assert "one of: archive" in refused(post(here, "/applications/many", do="burn", **{"tick:x": "1"}))
    known = {f"tick:{every(here)['Acme'].id}": "1", "tick:nobody": "1"}
    assert post(here, "/applications/many", do="archive", **known)["statusCode"] == 404
    assert not every(here)["Acme"].archived
    many = {f"tick:{number}": "1" for number in range(300)}
    assert "at most 180" in refused(post(here, "/applications/many", do="archive", **many))


def test_a_mail_is_corrected_moved_and_ignored(here: wiring.Installation) -> None:
    """Its page shows all of it; only what was changed is a correction; each is told and undone."""
    it, other = every(here)["Acme"], every(here)["Borealis"]
    fact = it.facts[0]
    shown = page(here, f"/mail?fact={fact}")
    fields = dict(re.findall(r'<input name="(\w+)" value="([^"]*)"', shown))
    assert (fields["company"], fields["role"]) == ("Acme", "Data Engineer")
    form = {"fact": fact, "kind": "application_confirmation", "urgent": "no", **fields}
    assert "Nothing was changed" in refused(post(here, "/facts/correct", **form))
    act = done(post(here, "/facts/correct", **(form | {"location": "Oslo", "kind": "offer", "deadline": "2026-12-01"})))
    assert every(here)["Acme"].location == "Oslo"
    assert every(here)["Acme"].deadlines[0].due == "2026-12-01"
    assert "You corrected it" in page(here, f"/applications/{it.id}")
    done(post(here, "/facts/undo", fact=act))
    assert every(here)["Acme"].deadlines == ()
    assert "already" in refused(post(here, "/facts/link", fact=fact, application=it.id))
    moved = post(here, "/facts/link", fact=fact, application=other.id)
    assert moved["headers"]["location"].startswith(f"/applications/{other.id}?did=link")
    assert fact in every(here)["Borealis"].facts
    done(post(here, "/facts/undo", fact=done(moved)))
    ignored = done(post(here, "/facts/ignore", fact=fact))
    assert fact not in every(here)["Acme"].facts
    done(post(here, "/facts/undo", fact=ignored))
    assert every(here)["Acme"].facts == it.facts
    assert ask(here, "GET", "/mail?fact=nobody", cookie=session(here))["statusCode"] == 404


HOSTILE: list[tuple[str, dict[str, str], str]] = [
    ("stage", {"stage": "hired"}, "must be one of"),
    ("stage", {}, "Choose a stage"),
    ("tag", {"tag": "  "}, "empty"),
    ("tag", {"tag": "x" * 31}, "at most 30"),
    ("tag", {"tag": "a, b"}, "without commas"),
    ("untag", {"tag": "nothing"}, "does not have this tag"),
    ("note", {"text": "y" * 2001}, "at most 2000"),
    ("edit", {"company": "z" * 121}, "at most 120"),
    ("edit", {"company": "Acme"}, "Nothing was changed"),
    ("edit", {"on_hold": "maybe"}, "yes or no"),
    ("round", {}, "Say when"),
    ("round", {"start_at": "tomorrow"}, "2026-11-30T14:30"),
    ("round", {"start_at": "9999-01-01T00:00"}, "between 2000 and 2100"),
    ("round", {"start_at": "2026-11-03T14:30", "duration_min": "-5"}, "whole number of minutes"),
    ("round", {"start_at": "2026-11-03T14:30", "duration_min": "٤٥"}, "whole number of minutes"),
    ("round", {"start_at": "2026-11-03T14:30", "video_link": "javascript:alert(1)"}, "https://"),
    ("round", {"start_at": "2026-11-03T14:30", "video_link": "https://user@evil.example/"}, "https://"),
    ("round", {"start_at": "2026-11-03T14:30", "interviewers": ",".join("abcdefghijklm")}, "at most 12"),
    ("round", {"start_at": "2026-11-03T14:30", "status": "held"}, "nothing to set"),
    ("round", {"start_at": "2026-11-03T14:30", "which": "nothing"}, "changed meanwhile"),
    ("deadline", {"due": "2026-02-30"}, "day of the calendar"),
    ("deadline", {"due": "2026-11-30", "kind": "rejection"}, "test or of an offer"),
    ("primary", {"fact": "nothing"}, "merged into this one"),
    ("unarchive", {}, "on the board already"),
]


def test_wrong_and_hostile_values_are_refused_in_words(here: wiring.Installation) -> None:
    """Each says which field and what it takes, and nothing is recorded."""
    it = every(here)["Acme"]
    version = here.store.projections.version(wiring.OWNER)
    for route, form, why in HOSTILE:
        assert why in refused(post(here, f"/applications/{it.id}/{route}", **form)), (route, form)
    assert here.store.projections.version(wiring.OWNER) == version


def test_what_nobody_types_is_left_out(here: wiring.Installation) -> None:
    """Control characters and marks that turn text round; script is shown as text."""
    it = every(here)["Acme"]
    done(post(here, f"/applications/{it.id}/tag", tag="a\x00\u202eb"))
    done(post(here, f"/applications/{it.id}/tag", tag="<b>c</b>"))
    assert every(here)["Acme"].tags == ("<b>c</b>", "ab")
    assert "&lt;b&gt;c&lt;/b&gt;" in ask(here, "GET", "/", cookie=session(here))["body"]


def test_twenty_tags_are_enough(here: wiring.Installation) -> None:
    """The next is refused; one that is there already is not."""
    it = every(here)["Acme"]
    for number in range(20):
        done(post(here, f"/applications/{it.id}/tag", tag=f"tag {number}"))
    assert "at most 20 tags" in refused(post(here, f"/applications/{it.id}/tag", tag="one more"))
    done(post(here, f"/applications/{it.id}/tag", tag="TAG 3"))


def test_the_json_api_does_the_same(here: wiring.Installation) -> None:
    """One address; what it answers takes it back; refusals are JSON."""
    it, other = every(here)["Acme"], every(here)["Borealis"]
    status, answer = send(here, {"type": "set_stage", "application": it.id, "stage": "offer_extended"})
    assert (status, every(here)["Acme"].stage) == (200, "offer_extended")
    status, answer = send(here, {"type": "undo", "act": answer["act"]})
    assert (status, every(here)["Acme"].stage) == (200, it.stage)
    status, _ = send(here, {"type": "undo", "act": answer["act"]})
    assert every(here)["Acme"].stage == "offer_extended"
    status, answer = send(here, {"type": "tag", "applications": [it.id, other.id], "tag": "both"})
    assert answer["act"].startswith("batch-")
    send(here, {"type": "undo", "act": answer["act"]})
    assert every(here)["Acme"].tags == ()
    status, answer = send(here, {"type": "split", "application": it.id, "signals": [it.facts[1]]})
    assert len(here.store.projections.applications(wiring.OWNER)) == 3
    send(here, {"type": "undo", "act": answer["act"]})
    status, answer = send(here, {"type": "correct", "fact": it.facts[0], "interviewers": ["x"], "company": "Acme AG"})
    assert status == 200
    status, answer = send(here, {"type": "add", "company": "Zenith", "stage": "interviewing"})
    assert every(here)["Zenith"].stage == "interviewing"
    for wrong in ({"type": "burn"}, {"type": "tag", "application": it.id}, {"type": "tag", "applications": "all"}, []):
        status, answer = send(here, wrong)
        assert (status, set(answer)) == (422, {"error"}), wrong
    assert send(here, {"type": "archive", "application": "nobody"})[0] == 404
    mine = session(here)
    for text in (None, "[" * 90_000, '"' + "x" * 100_000 + '"', "{"):
        answer = ask(here, "POST", "/api/acts", cookie=mine, headers={"x-csrf-token": csrf_token(mine)}, body=text)
        assert answer["statusCode"] == 422
    listed = json.loads(page(here, f"/api/applications/{it.id}"))
    assert {"tags", "archived", "deadlines", "timeline"} <= set(listed)
    assert listed["timeline"][0]["fact"] in it.facts
