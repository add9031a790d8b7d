"""The Reading settings: what is chosen holds, what cannot be read is shown at its place, a wider choice offers a rescan."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, ask, connected, install, mail, session, work_all
from hearback import wiring
from hearback.mailboxes.gmail import GmailDoor
from hearback.model.errors import Transient
from hearback.model.mailbox import Mailbox, Preferences, Reads
from hearback.model.plan import Plan
from hearback.pipeline.filters import parse_all
from hearback.sync import importing
from hearback.sync.sync_now import sync_now
from hearback.web.sign_in import csrf_token

PAGE = "/settings/reading"
ALL = {"reads": "all", "folder:inbox": "on"} | dict.fromkeys(
    ("update_statuses", "detect_interviews", "flag_urgent", "duplicate_detection"), "on"
)


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    connected(made, *google)
    return made


def box(here: wiring.Installation) -> Mailbox:
    (found,) = [each for each in here.store.mailboxes.of_person(wiring.OWNER) if each.address == BOX]
    return found


def get(here: wiring.Installation, path: str = PAGE) -> str:
    answer = ask(here, "GET", path, cookie=session(here))
    assert answer["statusCode"] == 200, answer["body"]
    return str(answer["body"])


def post(here: wiring.Installation, path: str, **form: str) -> Any:
    mine = session(here)
    return ask(here, "POST", path, cookie=mine, form={"csrf": csrf_token(mine), **form})


def save(here: wiring.Installation, **form: str) -> Any:
    return post(here, f"{PAGE}/{box(here).id}", **{**ALL, **form})


def faults(answer: Any, field: str) -> str:
    assert answer["statusCode"] == 422
    found = re.search(rf'id="box-[^"]*-{field}-faults" role="alert">(.*?)</div>', answer["body"], re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def plan(here: wiring.Installation, to: Plan) -> None:
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=to))


def test_what_is_chosen_is_stored_and_shown_again(here: wiring.Installation) -> None:
    """Every field; what is not ticked is off."""
    answer = save(
        here,
        reads="senders",
        senders='*@acme.example, "a, b"',
        keywords="offer",
        filters="from: x@* / Subject: interview\n\nExclude: news",
        flag_urgent="",
        **{"folder:archive": "on"},
    )
    assert answer["statusCode"] == 303
    assert box(here).preferences == Preferences(
        reads=Reads.SENDERS,
        senders=("*@acme.example", "a, b"),  # type: ignore[arg-type]
        keywords=("offer",),  # type: ignore[arg-type]
        filters=parse_all("From: x@*\nSubject: interview\n\nExclude: news"),
        folders=("inbox", "archive"),
        flag_urgent=False,
    )
    shown = html.unescape(get(here))
    assert '*@acme.example, "a, b"</textarea>' in shown
    assert "From: x@*\nSubject: interview\n\nExclude: news</textarea>" in shown
    assert re.search(r'value="senders" checked', shown)
    assert re.search(r'name="folder:archive" checked', shown)
    assert not re.search(r'name="flag_urgent" checked', shown)
    assert get(here).count('name="update_statuses" checked') == 1


def test_what_cannot_be_read_is_shown_at_its_place(here: wiring.Installation) -> None:
    """Line, column, the letters marked, what was meant; what was typed stays, and nothing is stored."""
    before = box(here)
    answer = save(here, filters="Subject: ok\nForm: <b>", senders="@acme.example")
    said = faults(answer, "filters")
    assert "Line 2, column 1:" in said
    assert "<mark>Form</mark>: <b>" in said
    assert "Did you mean “From:”?" in said
    assert "<mark>@acme.example</mark>" in faults(answer, "senders")
    assert "Form: &lt;b&gt;</textarea>" in answer["body"]
    assert "<b>" not in answer["body"]
    assert re.search(r'aria-describedby="[^"]*-filters-faults"[^>]*aria-invalid="true"', answer["body"])
    assert box(here) == before


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"reads": "senders"}, "senders"),
        ({"reads": "keywords"}, "keywords"),
        ({"folder:inbox": "", "x": ""}, "folders"),
    ],
)
def test_a_choice_that_reads_nothing_is_refused(form: dict[str, str], field: str, here: wiring.Installation) -> None:
    """Beside the field that is empty."""
    whole = {name: value for name, value in (ALL | form).items() if name != "folder:inbox" or form.get(name) != ""}
    answer = post(here, f"{PAGE}/{box(here).id}", **whole)
    assert "nothing would be read" in faults(answer, field)


def test_a_wider_choice_offers_to_look_again_and_does(here: wiring.Installation, google: Any) -> None:
    """With how many were left out; a narrower choice offers nothing."""
    narrow = save(here, filters="Subject: zenith")
    assert "wider" not in narrow["headers"]["location"]
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    sync_now(here.rooms, wiring.OWNER)
    work_all(here)
    wide = save(here)
    shown = get(here, wide["headers"]["location"].partition("#")[0])
    assert "This reads more than before. 1 earlier message was left out" in shown
    again = post(here, f"{PAGE}/{box(here).id}/rescan")
    assert "1 message will be looked at again" in get(here, again["headers"]["location"].partition("#")[0])
    assert '<progress max="100" value="0"' in get(here, "/fragments/header")
    work_all(here)
    assert [each.company for each in here.store.projections.applications(wiring.OWNER)] == ["Acme"]
    assert "left out by your choices" not in get(here)


def test_a_plan_without_filters_keeps_them_and_says_that_they_are_paused(here: wiring.Installation) -> None:
    """What else is saved meanwhile does not touch them; other folders likewise."""
    save(here, filters="Subject: acme", **{"folder:archive": "on"})
    plan(here, Plan.FREE)
    shown = get(here)
    assert "are part of Premium Pro. Yours are kept and paused" in shown
    assert "Subject: acme" in shown
    assert 'name="filters"' not in shown
    assert 'name="folder:' not in shown
    assert save(here, reads="boards")["statusCode"] == 303
    kept = box(here).preferences
    assert (kept.reads, kept.filters, kept.folders) == (Reads.BOARDS, parse_all("Subject: acme"), ("inbox", "archive"))
    paused = get(here, "/settings/plan")
    assert "custom filters</strong>" in paused
    assert "Custom filters and rules are part of Premium Pro" in paused
    plan(here, Plan.PREMIUM_PRO)
    assert "Subject: acme</textarea>" in get(here)


def test_labels_are_chosen_by_name(here: wiring.Installation, google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of the provider on demand; those chosen stay where they are not shown, and where they cannot be told."""
    google[0].own_labels |= {"Label_1": "Jobs", "Label_2": "Other"}
    assert "Label_1" not in get(here)
    shown = get(here, f"{PAGE}?labels={box(here).id}")
    assert "<strong>Jobs</strong>" in shown
    save(here, **{"folder:Label_1": "on"})
    assert box(here).preferences.folders == ("inbox", "Label_1")
    assert '<input type="hidden" name="folder:Label_1" value="on">' in get(here)
    assert re.search(r'name="folder:Label_1" checked', get(here, f"{PAGE}?labels={box(here).id}"))

    def away(_: Any) -> None:
        raise Transient("away")

    monkeypatch.setattr(GmailDoor, "folders", away)
    answer = get(here, f"{PAGE}?labels={box(here).id}")
    assert "does not tell its labels" in answer
    assert '<input type="hidden" name="folder:Label_1" value="on">' in answer


def test_an_import_has_no_folders_and_is_imported_again(here: wiring.Installation) -> None:
    """What was left out of it is read then."""
    importing.import_mailbox(here.rooms, wiring.OWNER, "old@mail.example")
    shown = get(here)
    assert shown.count("<legend>Folders</legend>") == 1
    assert shown.count("<legend>What to read</legend>") == 2


def test_another_persons_mailbox_and_made_up_choices_are_not_found(here: wiring.Installation) -> None:
    """Neither says which it is."""
    assert post(here, f"{PAGE}/gmail-none", **ALL)["statusCode"] == 404
    assert save(here, reads="everything")["statusCode"] == 404
    assert post(here, f"{PAGE}/gmail-none/rescan")["statusCode"] == 404


def test_the_preferences_are_in_the_json_api(here: wiring.Installation) -> None:
    """As they were chosen, with what is paused of them; a filter can be checked."""
    save(here, filters="Subject: acme", reads="boards")
    plan(here, Plan.FREE)
    (found,) = json.loads(get(here, "/api/mailboxes"))["mailboxes"]
    assert (found["reads"], found["filters"], found["paused"]) == ("boards", ["Subject: acme"], ["filters"])
    checked = json.loads(post(here, "/api/filters/check", text="Subject: a\nForm: b")["body"])
    assert [(each["line"], each["column"], each["length"]) for each in checked["problems"]] == [(2, 1, 4)]
    assert json.loads(post(here, "/api/filters/check", text="subject:a")["body"]) == {
        "filters": ["Subject: a"],
        "problems": [],
    }
