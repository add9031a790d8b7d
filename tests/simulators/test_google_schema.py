"""The check against the discovery documents finds what is wrong; what it lets pass is as documented."""

from __future__ import annotations

from typing import Any

import pytest

from hearback.simulators import google_schema

GMAIL = google_schema.gmail()
ME = {"userId": "me"}

REQUESTS: dict[str, tuple[str, dict[str, str], list[tuple[str, str]], Any]] = {
    "an unknown parameter": ("messages.list", ME, [("query", "x")], None),
    "a number that is none": ("messages.list", ME, [("maxResults", "many")], None),
    "a number below its range": ("messages.list", ME, [("maxResults", "-1")], None),
    "a history id of 65 bits": ("history.list", ME, [("startHistoryId", str(2**64))], None),
    "a value outside its enumeration": ("messages.get", {**ME, "id": "1"}, [("format", "mime")], None),
    "a parameter given twice": ("messages.list", ME, [("q", "a"), ("q", "b")], None),
    "a truth that is none": ("messages.list", ME, [("includeSpamTrash", "yes")], None),
    "a path parameter that is missing": ("messages.get", ME, [], None),
    "a path parameter in the query": ("messages.get", ME, [("id", "1")], None),
    "a body where none belongs": ("stop", ME, [], {"a": 1}),
    "an unknown field of a body": ("watch", ME, [], {"topic": "projects/p/topics/t"}),
    "a field of the wrong type": ("watch", ME, [], {"labelIds": "INBOX"}),
    "a field outside its enumeration": ("watch", ME, [], {"labelFilterBehavior": "only"}),
}
ANSWERS: dict[str, tuple[str, Any]] = {
    "an unknown field": ("getProfile", {"address": "a@b.example"}),
    "a number of 64 bits that is no string": ("getProfile", {"historyId": 17}),
    "a string where a number belongs": ("getProfile", {"messagesTotal": "17"}),
    "a truth where a number belongs": ("getProfile", {"messagesTotal": True}),
    "a number out of its range": ("getProfile", {"messagesTotal": 2**31}),
    "an unknown field deep inside": ("history.list", {"history": [{"messagesAdded": [{"message": {"label": "X"}}]}]}),
    "a list that is none": ("messages.list", {"messages": {}}),
    "an object that is none": ("messages.get", []),
    "a value outside its enumeration": ("labels.list", {"labels": [{"type": "own"}]}),
    "bytes that are not base64": ("messages.get", {"raw": "a b!"}),
    "a body where none belongs": ("stop", {}),
    "no body where one belongs": ("watch", None),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_wrong_request_is_found(name: str) -> None:
    """One thing wrong, one problem that names the method."""
    call, path, query, body = REQUESTS[name]
    problems = GMAIL.request(f"gmail.users.{call}", path, query, body)
    assert problems
    assert all(each.startswith(f"gmail.users.{call}: ") for each in problems)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_wrong_answer_is_found(name: str) -> None:
    """As above; the place inside is named."""
    call, body = ANSWERS[name]
    (problem,) = GMAIL.answer(f"gmail.users.{call}", body)
    assert problem.startswith(f"gmail.users.{call}: ")


def test_a_right_request_has_no_problem() -> None:
    """Repeated where the document says so, with the parameters every method takes."""
    query = [("historyTypes", "messageAdded"), ("historyTypes", "labelAdded"), ("alt", "json"), ("maxResults", "500")]
    assert GMAIL.request("gmail.users.history.list", ME, [*query, ("startHistoryId", str(2**64 - 1))], None) == []


def test_a_right_answer_has_no_problem() -> None:
    """Parts within parts included."""
    part = {"partId": "", "mimeType": "text/plain", "body": {"size": 3, "data": "YWJj"}, "parts": [{"partId": "0"}]}
    body = {"id": "1", "internalDate": "1790000000000", "labelIds": ["INBOX"], "payload": part}
    assert GMAIL.answer("gmail.users.messages.get", body) == []


def test_names_of_topics_and_subscriptions_have_a_form() -> None:
    """Pub/Sub says it as a pattern."""
    api = google_schema.pubsub()
    good, bad = "projects/p/subscriptions/s", "projects/p/topics/s"
    method = "pubsub.projects.subscriptions.pull"
    assert api.request(method, {"subscription": good}, [], {"maxMessages": 10}) == []
    assert len(api.request(method, {"subscription": bad}, [], {"maxMessages": 10})) == 1
