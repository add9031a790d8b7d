"""The eight functions with Lambda-shaped events on a real embedded installation: codes, partial batches, refusals."""

from __future__ import annotations

import ast
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from fakes import BOX, RECEIPT, connected, install, mail
from hearback import wiring
from hearback.local.functions import Context, load
from hearback.local.pumps import to_event
from hearback.model.errors import HearbackError, Permanent, Transient
from hearback.model.task import Lane
from hearback.queues import codec
from hearback.storage import stream
from hearback.sync import tickets

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted(folder.name for folder in (ROOT / "functions").iterdir() if folder.is_dir())
AUDIENCE, ACCOUNT = "https://hearback.example/push/gmail", "push@p.iam.gserviceaccount.com"


@pytest.fixture
def here(google: Any, tmp_path: Path) -> Any:
    made = install(tmp_path / "home", *google)
    wiring.use(made)
    yield made
    wiring._current.clear()


def call(function: str, event: dict[str, Any]) -> Any:
    return load(ROOT, function)(event, Context(function))


def http(body: str = "", headers: dict[str, str] | None = None, query: dict[str, str] | None = None) -> dict[str, Any]:
    return {"body": body, "headers": headers or {}, "queryStringParameters": query, "isBase64Encoded": False}


def signed_push(google: Any, **claims: Any) -> dict[str, Any]:
    google[0].push_to(None, audience=AUDIENCE, account=ACCOUNT)
    headers, body = google[0].push_request(BOX, google[0].accounts[BOX].history_id, **claims)
    return http(body.decode(), {name.lower(): value for name, value in headers.items()})


def test_a_signed_push_is_acknowledged_once_its_mail_is_queued(here: Any, google: Any) -> None:
    """204, and the reference waits in the queue."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    assert call("gmail_push", signed_push(google)) == {"statusCode": 204}
    assert here.queue.depth(Lane.LIVE) == 1


@pytest.mark.parametrize("claims", [{"email": "evil@x.example"}, {"aud": "other"}, {"exp": 1}])
def test_a_forged_or_expired_push_is_401(claims: dict[str, Any], here: Any, google: Any) -> None:
    """Nothing of it is parsed."""
    assert call("gmail_push", signed_push(google, **claims))["statusCode"] == 401


def test_a_malformed_push_of_ours_is_acknowledged(here: Any, google: Any) -> None:
    """It could never work and would come again for seven days."""
    event = signed_push(google)
    assert call("gmail_push", {**event, "body": "{not json"})["statusCode"] == 204
    for body in (base64.b64encode(b"\xff").decode(), "abcde"):
        assert call("gmail_push", {**event, "body": body, "isBase64Encoded": True})["statusCode"] == 204


def test_a_push_that_cannot_be_made_durable_is_503(here: Any, google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the queue out of reach Pub/Sub must send it again."""
    connected(here, *google)
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))

    def unreachable(*_: Any, **__: Any) -> None:
        raise Transient("The queue is out of reach.")

    monkeypatch.setattr(type(here.queue), "send", unreachable)
    assert call("gmail_push", signed_push(google))["statusCode"] == 503


@pytest.mark.parametrize("refusal", [Transient("The store refused."), Permanent("The store cannot take this.")])
def test_only_what_cannot_be_parsed_is_acknowledged_and_left(
    refusal: HearbackError, here: Any, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any other error of a good push or notification makes the provider send it again."""

    def refuse(*_: Any, **__: Any) -> None:
        raise refusal

    monkeypatch.setattr(type(here.store.directory), "find", refuse)
    assert call("gmail_push", signed_push(google))["statusCode"] >= 422
    notice = http(json.dumps({"value": [{"subscriptionId": "s", "resourceData": {"id": "AAMk"}}]}))
    assert call("graph_webhook", notice)["statusCode"] >= 422


def test_the_graph_handshake_echoes_text_only(here: Any) -> None:
    """The token comes back as text/plain; one that could be script is refused."""
    answer = call("graph_webhook", http(query={"validationToken": "abc 123"}))
    assert (answer["statusCode"], answer["body"], answer["headers"]["content-type"]) == (200, "abc 123", "text/plain")
    for token in ("<script>", "a" * 3000, "x&y", 'a"b', "a'b"):
        assert call("graph_webhook", http(query={"validationToken": token}))["statusCode"] == 400


def test_graph_notifications_are_queued_only_with_their_client_state(here: Any, google: Any) -> None:
    """Known and right: queued. Unknown or wrong: 202 and nothing else. Nonsense: 400."""
    box = connected(here, *google)
    here.store.directory.add("subscription", "sub-1", wiring.OWNER, box.id)
    here.store.people.put_setting(wiring.OWNER, "client_state:sub-1", b"secret")

    def notice(**fields: Any) -> dict[str, Any]:
        return http(
            json.dumps(
                {
                    "value": [
                        {"subscriptionId": "sub-1", "clientState": "secret", "resourceData": {"id": "AAMk"}, **fields}
                    ]
                }
            )
        )

    assert call("graph_webhook", notice())["statusCode"] == 202
    assert here.queue.depth(Lane.LIVE) == 1
    for wrong in ({"clientState": "guess"}, {"clientState": None}, {"subscriptionId": "other"}):
        assert call("graph_webhook", notice(**wrong))["statusCode"] == 202
    assert here.queue.depth(Lane.LIVE) == 1
    assert call("graph_webhook", notice(lifecycleEvent="missed"))["statusCode"] == 202
    (first, second) = here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
    assert {type(codec.decode(each.body)).__name__ for each in (first, second)} == {"MessageRef", "CatchUp"}
    assert call("graph_webhook", http("{nonsense"))["statusCode"] == 400


def test_only_failed_records_of_a_batch_come_back(here: Any, google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One good reference, one whose provider is slow: only the latter is named."""
    connected(here, *google)
    for number in (1, 2):
        google[0].deliver(BOX, mail(number, "Thank you for applying to Acme", RECEIPT))
    call("gmail_push", signed_push(google))
    batch = here.queue.receive(lane=Lane.LIVE, visibility_seconds=60)
    assert len(batch) == 2
    google[0].faults.append((503, {}, b"{}"))
    failures = call("classify", to_event(batch))["batchItemFailures"]
    assert [each["itemIdentifier"] for each in failures] == [batch[0].id]


def test_a_task_that_is_none_is_a_dead_letter(here: Any) -> None:
    """Nonsense in the queue is kept with its reason and does not come back."""
    record = {
        "messageId": "1",
        "receiptHandle": "r",
        "body": "{}",
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:local:0:q",
        "awsRegion": "local",
        "messageAttributes": {},
        "md5OfBody": "",
    }
    assert call("classify", {"Records": [record]})["batchItemFailures"] == []
    (dead,) = here.queue.dead_letters()
    assert "no task" in dead.reason


def test_a_live_connection_needs_a_ticket_and_hears_of_changes(here: Any, google: Any) -> None:
    """A ticket connects once; an outbox entry is told to the connection, ids only; a gone connection is forgotten."""

    def socket(route: str, ticket: str = "") -> dict[str, Any]:
        return {
            "requestContext": {"routeKey": route, "connectionId": "c1"},
            "queryStringParameters": {"ticket": ticket},
        }

    assert call("live", socket("$connect"))["statusCode"] == 401
    ticket = tickets.issue(here.store, wiring.OWNER, here.clock())
    assert call("live", socket("$connect", ticket))["statusCode"] == 200
    assert call("live", socket("$connect", ticket))["statusCode"] == 401
    google[0].deliver(BOX, mail(1, "Thank you for applying to Acme", RECEIPT))
    connected(here, *google)
    call("notify", stream.to_event(here.store.outbox.pending()))
    messages = [json.loads(data) for _, data in here.publisher.sent]
    assert "application.changed" in {each["topic"] for each in messages}
    assert "Acme" not in str(messages)
    assert not here.store.outbox.pending()
    assert call("live", socket("$disconnect"))["statusCode"] == 200
    assert not here.store.people.settings(wiring.OWNER, "connection:")


def test_the_schedule_names_what_it_does_not_know(here: Any) -> None:
    """An unknown schedule is an error, not silence."""
    assert call("schedule", {"schedule": "sweep"}) == {"mailboxes": 0, "outbox": 0}
    assert call("schedule", {"schedule": "renew"}) == {"mailboxes": 0, "lapsing": 0}
    with pytest.raises(Exception, match="no schedule"):
        call("schedule", {"schedule": "tea"})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_handlers_are_thin(function: str) -> None:
    """Under 40 lines, no vendor client, no other function."""
    source = (ROOT / "functions" / function / "handler.py").read_text()
    assert len(source.splitlines()) < 42
    imported = {
        name.name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    imported |= {
        (node.module or "").split(".")[0] for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)
    }
    assert imported <= {"__future__", "typing", "base64", "hearback", "aws_lambda_powertools"}


def test_queues_wait_six_timeouts_for_functions_that_have_time_for_a_task() -> None:
    """Visibility is six times the function's timeout, and a task and what settles it fit into one."""
    from hearback.local import template
    from hearback.queues import batch

    wired = template.wiring(ROOT / "template.yaml")
    assert len(wired.queues) == 3
    for each in wired.queues:
        assert each.visibility_seconds == 6 * wired.timeouts[each.function]
        assert wired.timeouts[each.function] >= 2 * batch.TASK_SECONDS


def test_the_template_grants_no_wildcards_and_no_scans() -> None:
    """Least privilege: no Scan, no Purge, no "dynamodb:*"; every function of the tree is deployed."""
    from hearback.local import template

    resources = template.load(ROOT / "template.yaml")["Resources"]
    deployed = [each for each in resources.values() if each["Type"] == "AWS::Serverless::Function"]
    assert sorted(template._folder(each) for each in deployed) == FUNCTIONS
    for each in deployed:
        for policy in each["Properties"]["Policies"]:
            for statement in policy["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert not [action for action in actions if "*" in action or "Scan" in action or "Purge" in action]


def test_functions_that_let_tasks_rest_may_do_so_on_their_own_queues() -> None:
    """Changing a message's visibility is a right of its own on SQS."""
    from hearback.local import template

    resources = template.load(ROOT / "template.yaml")["Resources"]
    for name, each in resources.items():
        if each["Type"] != "AWS::Serverless::Function":
            continue
        statements = [one for policy in each["Properties"]["Policies"] for one in policy["Statement"]]
        granted = [one["Resource"] for one in statements if "ChangeMessage" in str(one["Action"])]
        events = each["Properties"].get("Events", {}).values()
        read = [event["Properties"]["Queue"] for event in events if event["Type"] == "SQS"]
        flat = [queue for one in granted for queue in (one if isinstance(one, list) else [one])]
        assert flat == read, name
