"""The Rules settings: rules are written, ordered, tried, applied and taken back there; what is wrong is said at its place."""

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
from hearback.model.plan import Plan
from hearback.model.rule import Rule
from hearback.model.signal import Kind
from hearback.model.stage import Stage
from hearback.sync import rulebook
from hearback.sync.sync_now import sync_now
from hearback.web.sign_in import csrf_token

PAGE = "/settings/rules"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> wiring.Installation:
    made = install(tmp_path / "home", *google)
    connected(made, *google)
    return made


def get(here: wiring.Installation, path: str = PAGE) -> str:
    answer = ask(here, "GET", path.partition("#")[0], cookie=session(here))
    assert answer["statusCode"] == 200, answer["body"]
    return html.unescape(str(answer["body"]))


def post(here: wiring.Installation, path: str, **form: str) -> Any:
    mine = session(here)
    version = str(rulebook.stored(here.rooms, wiring.OWNER).version)
    return ask(here, "POST", path, cookie=mine, form={"csrf": csrf_token(mine), "version": version, **form})


def add(here: wiring.Installation, name: str, **form: str) -> Any:
    return post(here, PAGE, name=name, **form)


def rules(here: wiring.Installation) -> tuple[Rule, ...]:
    return rulebook.stored(here.rooms, wiring.OWNER).rules


def arrive(here: wiring.Installation, google: Any, number: int, company: str) -> None:
    content = mail(
        number,
        f"Thank you for applying to {company}",
        RECEIPT.replace("Acme", company),
        sender=f"{company} <jobs@{company.lower()}.example>",
    )
    google[0].deliver(BOX, content)
    sync_now(here.rooms, wiring.OWNER)
    work_all(here)


def board(here: wiring.Installation) -> dict[str | None, tuple[str | None, tuple[str, ...]]]:
    return {each.company: (each.stage, each.tags) for each in here.store.projections.applications(wiring.OWNER)}


def faults(answer: Any, field: str) -> str:
    assert answer["statusCode"] == 422
    found = re.search(rf'id="{field}-faults" role="alert">(.*?)</div>', answer["body"], re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_a_rule_is_added_with_all_it_names_and_does(here: wiring.Installation) -> None:
    """It is stored as it was written, and shown in words."""
    answer = add(
        here,
        "  Dream   jobs ",
        filter="from: *@acme.example / Exclude: news",
        companies='Acme, "B, C"',
        kind="offer",
        stage="technical_round",
        tag=" dream ",
        notify="on",
        **{"kind:status_update": "on", "kind:offer": "on", "mailbox:none": "on"},
    )
    assert answer["statusCode"] == 303
    (made,) = rules(here)
    assert (made.name, str(made.filter), made.companies) == (
        "Dream jobs",
        "From: *@acme.example\nExclude: news",
        ("Acme", "B, C"),
    )
    assert (made.kinds, made.mailboxes) == ((Kind.STATUS_UPDATE, Kind.OFFER), ())
    assert (made.kind, made.stage, made.tag, made.notify, made.ignore) == (
        Kind.OFFER,
        Stage.TECHNICAL_ROUND,
        "dream",
        True,
        False,
    )
    shown = get(here)
    for words in (
        "1. Dream jobs",
        "From: *@acme.example",
        "Kind: Status update, Offer",
        'Company: Acme, "B, C"',
        "It is “Offer”",
        "It moves its application to Technical Round",
        "Its application is tagged “dream”",
        "Notify me",
    ):
        assert f">{words}<" in shown


def test_editing_changes_that_rule_in_its_place(here: wiring.Installation) -> None:
    """The form holds what it says; its id and order stay."""
    for name in ("one", "two"):
        add(here, name, filter="Subject: a", tag=name)
    one, _ = rules(here)
    shown = get(here, f"{PAGE}?edit={one.id}")
    assert "Edit “one”" in shown
    assert "Subject: a</textarea>" in shown
    post(here, PAGE, id=one.id, name="uno", filter="Subject: b", ignore="on")
    assert [(each.name, str(each.filter), each.ignore) for each in rules(here)] == [
        ("uno", "Subject: b", True),
        ("two", "Subject: a", False),
    ]
    assert rules(here)[0].id == one.id
    assert post(here, PAGE, id="none", name="x", filter="Subject: b", ignore="on")["statusCode"] == 404


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"filter": "Subject: a\nForm: b", "tag": "x"}, "filter", "Line 2, column 1:"),
        ({"companies": 'a, "b', "tag": "x"}, "companies", "These quotes do not end."),
        ({"tag": "x"}, "filter", "It would fit all mail."),
        ({"filter": "Subject: a"}, "does", "It does nothing yet."),
        ({"filter": "Subject: a", "ignore": "on", "tag": "x"}, "does", "neither filed nor told"),
        ({"name": " ", "filter": "Subject: a", "tag": "x"}, "name", "no name yet"),
    ],
)
def test_what_is_no_rule_is_shown_at_its_place(
    form: dict[str, str], field: str, words: str, here: wiring.Installation
) -> None:
    """And what was typed stays."""
    answer = post(here, PAGE, **{"name": "mine", **form})
    assert words in faults(answer, field)
    assert html.escape(form.get("filter", ""), quote=False) in answer["body"]
    assert rules(here) == ()


def test_rules_are_moved_switched_and_deleted(here: wiring.Installation) -> None:
    """Each by its button; the first has none up, the last none down."""
    for name in ("a", "b", "c"):
        add(here, name, filter="Subject: x", tag=name)
    a, _, c = rules(here)
    post(here, f"{PAGE}/{c.id}/move", by="up")
    assert [each.name for each in rules(here)] == ["a", "c", "b"]
    shown = get(here)
    assert 'aria-label="Move “a” up"' not in shown
    assert 'aria-label="Move “b” down"' not in shown
    assert 'aria-label="Move “c” up"' in shown
    post(here, f"{PAGE}/{a.id}/switch", on="")
    assert [each.on for each in rules(here)] == [False, True, True]
    assert ">Off<" in get(here)
    post(here, f"{PAGE}/{a.id}/switch", on="1")
    post(here, f"{PAGE}/{c.id}/delete")
    assert [each.name for each in rules(here)] == ["a", "b"]
    assert post(here, f"{PAGE}/{c.id}/delete")["statusCode"] == 404


def test_a_page_that_is_too_old_changes_nothing(here: wiring.Installation) -> None:
    """It says that the rules have changed meanwhile."""
    add(here, "a", filter="Subject: x", tag="t")
    answer = post(here, f"{PAGE}/{rules(here)[0].id}/delete", version="0")
    assert answer["statusCode"] == 409
    assert "have changed meanwhile" in answer["body"]
    assert post(here, PAGE, name="b", filter="Subject: x", tag="t", version="x" * 30)["statusCode"] == 409
    assert len(rules(here)) == 1


def test_a_rule_that_never_counts_says_which_is_in_its_way(here: wiring.Installation) -> None:
    """Beside the rule."""
    add(here, "wide", filter="From: acme.example", ignore="on")
    add(here, "narrow", filter="From: jobs@acme.example", tag="x")
    assert "This rule never does anything: “wide”, before it, fits all of its mail" in get(here)


def test_a_rule_is_tried_before_it_is_saved(here: wiring.Installation, google: Any) -> None:
    """Its form stays, nothing is stored, nothing is changed."""
    arrive(here, google, 1, "Acme")
    answer = add(here, "mine", filter="From: acme.example", kind="offer", **{"try": "1"})
    assert answer["statusCode"] == 200
    shown = html.unescape(answer["body"])
    assert "1 mail of before fits; 1 would change." in shown
    assert "Thank you for applying to Acme" in shown
    assert "Applied → <strong>Offer Extended</strong>" in shown
    assert "From: acme.example</textarea>" in shown
    assert (rules(here), board(here)) == ((), {"Acme": ("applied", ())})


def test_a_dry_run_is_applied_and_taken_back(here: wiring.Installation, google: Any) -> None:
    """It lists sender, subject, kind, company, before and after; contradictions with an example."""
    arrive(here, google, 1, "Acme")
    arrive(here, google, 2, "Zenith")
    add(here, "first", filter="From: jobs@*", kind="offer")
    add(here, "second", filter="From: zenith.example", kind="rejection", tag="far")
    shown = get(here, f"{PAGE}/dry-run")
    assert "2 mails of before fit; 2 would change. Nothing was changed by this." in shown
    assert "“first” and “second” say different kinds, of 1 mail, such as “Thank you for applying to Zenith”" in shown
    assert "none → <strong>far</strong>" in shown
    assert "Application received → <strong>Offer</strong>" in shown
    answer = post(here, f"{PAGE}/apply")
    assert "The rules were applied to 2 mails." in get(here, answer["headers"]["location"])
    assert board(here) == {"Acme": ("offer_extended", ()), "Zenith": ("offer_extended", ("far",))}
    undo = re.search(r'action="(/settings/rules/applied/[^"]+/undo)"', get(here))
    assert undo is not None
    answer = post(here, undo[1])
    assert "That was taken back" in get(here, answer["headers"]["location"])
    assert board(here) == {"Acme": ("applied", ()), "Zenith": ("applied", ())}
    assert "taken back</span>" in get(here)
    assert "There was nothing to change" in get(here, f"{PAGE}?applied=0")
    assert post(here, f"{PAGE}/apply", version="1")["statusCode"] == 409


def test_what_a_rule_decided_is_said_beside_the_mail_and_left_out_there(here: wiring.Installation, google: Any) -> None:
    """On the application's page, and in the Email Inbox for what is left out."""
    add(here, "mine", filter="From: acme.example", kind="offer", tag="x")
    add(here, "out", companies="Zenith", ignore="on")
    arrive(here, google, 1, "Acme")
    arrive(here, google, 2, "Zenith")
    (found,) = here.store.projections.applications(wiring.OWNER)
    page = get(here, f"/applications/{found.id}")
    assert "Your rule “mine”: “Offer”, moves" not in page
    assert "Your rule “mine”: “Offer”, tagged “x”." in page
    assert 'form="unrule-line-1"' in page
    assert '<span class="chip tag">x' in page
    assert json.loads(get(here, f"/api/applications/{found.id}"))["tags"] == ["x"]
    assert post(here, "/facts/unrule", fact=found.facts[0])["statusCode"] == 303
    assert board(here) == {"Acme": ("applied", ())}
    inbox = get(here, "/inbox")
    assert "Your rule “out”: ignored." in inbox
    (left_out,) = here.store.projections.left_out(wiring.OWNER)
    post(here, "/facts/unrule", fact=left_out.fact)
    assert board(here) == {"Acme": ("applied", ()), "Zenith": ("applied", ())}
    assert post(here, "/facts/unrule", fact="none")["statusCode"] == 404


def test_a_plan_without_rules_keeps_and_pauses_them(here: wiring.Installation) -> None:
    """They are shown, may be switched off and deleted, and nothing else."""
    add(here, "mine", filter="Subject: a", tag="x")
    here.store.people.put(replace(here.store.people.get(wiring.OWNER), plan=Plan.FREE))
    shown = get(here)
    assert "are part of Premium Pro. Yours are kept and paused" in shown
    assert ">Paused<" in shown
    assert '<h2 id="edit-title">' not in shown
    assert "Rules: 1" in get(here, "/settings/plan")
    assert add(here, "more", filter="Subject: b", tag="x")["statusCode"] == 422
    assert ask(here, "GET", f"{PAGE}/dry-run", cookie=session(here))["statusCode"] == 422
    assert json.loads(get(here, "/api/rules"))["paused"] is True
    post(here, f"{PAGE}/{rules(here)[0].id}/switch", on="")
    assert post(here, f"{PAGE}/{rules(here)[0].id}/switch", on="1")["statusCode"] == 422
    post(here, f"{PAGE}/{rules(here)[0].id}/delete")
    assert rules(here) == ()


def test_the_rules_and_a_dry_run_are_in_the_json_api(here: wiring.Installation, google: Any) -> None:
    """With what never counts, and what would change."""
    arrive(here, google, 1, "Acme")
    add(here, "wide", filter="From: acme.example", kind="offer")
    add(here, "narrow", filter="From: jobs@acme.example", kind="rejection")
    found = json.loads(get(here, "/api/rules"))
    assert [(each["name"], each["does"]) for each in found["rules"]] == [
        ("wide", {"kind": "offer"}),
        ("narrow", {"kind": "rejection"}),
    ]
    assert [(each["lost"], each["never"]) for each in found["shadowed"]] == [(["kind"], True)]
    tried = json.loads(get(here, "/api/rules/dry-run"))
    assert (tried["fitting"], [each["company"] for each in tried["changes"]]) == (1, ["Acme"])
    assert {"what": "Kind", "before": "Application received", "after": "Offer"} in tried["changes"][0]["changes"]
    assert [each["mails"] for each in tried["conflicts"]] == [1]
