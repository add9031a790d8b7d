"""Google's own client library against the simulator: every call Hearback makes, each answer as documented."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httplib2
import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from fakes import BOX, RECEIPT, challenge, mail
from hearback.simulators.google import Google

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
METADATA = "https://www.googleapis.com/auth/gmail.metadata"
PUBSUB = "https://www.googleapis.com/auth/pubsub"
TOPIC, SUBSCRIPTION = "projects/p/topics/gmail", "projects/p/subscriptions/laptop"


def token(made: Google, scope: str = READONLY) -> str:
    """An access token for the mailbox, with the code exchanged as a server does it."""
    asked = {"scope": scope, "redirect_uri": "x", "code_challenge": challenge("v"), "access_type": "offline"}
    form = {
        "client_id": made.client_id,
        "client_secret": made.client_secret,
        "grant_type": "authorization_code",
        "code": made.authorize({**asked, "prompt": "consent"}, BOX),
        "code_verifier": "v",
        "redirect_uri": "x",
    }
    return str(json.loads(made.exchange(form).body)["access_token"])


class Client:
    """The library's resources with a token of these scopes."""

    def __init__(self, made: Google, root: str, scope: str = READONLY) -> None:
        self._root, self.token = root, token(made, scope)

    def _request(self, http: Any, *args: Any, **more: Any) -> HttpRequest:
        made = HttpRequest(http, *args, **more)
        made.headers["authorization"] = f"Bearer {self.token}"
        return made

    def of(self, name: str) -> Any:
        return build(
            name,
            "v1",
            http=httplib2.Http(timeout=5),
            client_options={"api_endpoint": self._root},
            requestBuilder=self._request,
            static_discovery=True,
        )

    @property
    def users(self) -> Any:
        return self.of("gmail").users()


@pytest.fixture
def client(made: Google, root: str) -> Iterator[Client]:
    yield Client(made, root)
    assert made.violations == []


def deliver(made: Google, number: int = 1, **more: Any) -> str:
    return made.deliver(BOX, mail(number, "Thank you for applying", RECEIPT), **more)


def test_the_profile(made: Google, client: Client) -> None:
    """Address, counts and where history stands."""
    deliver(made)
    answer = client.users.getProfile(userId="me").execute()
    stands = str(made.accounts[BOX].history_id)
    assert answer == {"emailAddress": BOX, "messagesTotal": 1, "threadsTotal": 1, "historyId": stands}


def test_the_labels(made: Google, client: Client) -> None:
    """Gmail's own and the person's."""
    made.own_labels["Label_1"] = "Jobs"
    found = {each["id"]: each["type"] for each in client.users.labels().list(userId="me").execute()["labels"]}
    assert (found["INBOX"], found["Label_1"]) == ("system", "user")


@pytest.mark.parametrize("size", [1, 2, 500])
def test_history_page_by_page(size: int, made: Google, client: Client) -> None:
    """In order, increasing and not contiguous, through the library's own paging."""
    ids = [deliver(made, number) for number in range(5)]
    history = client.users.history()
    request = history.list(userId="me", startHistoryId="1000", historyTypes=["messageAdded"], maxResults=size)
    records: list[Any] = []
    while request is not None:
        answer = request.execute()
        records += answer["history"]
        request = history.list_next(request, answer)
    assert [each["messagesAdded"][0]["message"]["id"] for each in records] == ids
    numbers = [int(each["id"]) for each in records]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] - numbers[0] > len(numbers)


def test_a_record_may_be_told_on_two_pages(made: Google, client: Client) -> None:
    """Every page begins with the last record of the one before, and there is an end."""
    ids = [deliver(made, number) for number in range(4)]
    made.history_overlap = 1
    history = client.users.history()
    request, found = history.list(userId="me", startHistoryId="1000", maxResults=2), []
    while request is not None:
        answer = request.execute()
        found.append([each["messages"][0]["id"] for each in answer["history"]])
        request = history.list_next(request, answer)
    assert found == [ids[0:2], ids[1:3], ids[2:4]]


def test_history_that_is_too_old(made: Google, client: Client) -> None:
    """404; what stood there when it was forgotten is good again."""
    deliver(made)
    made.expire_history()
    with pytest.raises(HttpError) as raised:
        client.users.history().list(userId="me", startHistoryId="1000").execute()
    assert raised.value.status_code == 404
    now = client.users.getProfile(userId="me").execute()["historyId"]
    assert "history" not in client.users.history().list(userId="me", startHistoryId=now).execute()


def test_history_says_all_four_things_that_happen(made: Google, client: Client) -> None:
    """Arrived, labelled, moved, deleted; a message that is gone is told by its ids all the same."""
    id_ = deliver(made)
    made.move(BOX, id_, "Label_1")
    made.move(BOX, id_, "archive")
    made.delete(BOX, id_)
    records = client.users.history().list(userId="me", startHistoryId="1000").execute()["history"]
    kinds = ["messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"]
    assert [next(kind for kind in kinds if kind in each) for each in records] == kinds
    assert {each["messages"][0]["id"] for each in records} == {id_}
    assert records[1]["labelsAdded"][0]["labelIds"] == ["Label_1"]


@pytest.mark.parametrize("place", ["messages", "threads"])
def test_lists_page_by_page(place: str, made: Google, client: Client) -> None:
    """Newest first, with a search."""
    ids = [deliver(made, number) for number in range(3)]
    resource = getattr(client.users, place)()
    request, found = resource.list(userId="me", q="from:acme.example", maxResults=2), []
    while request is not None:
        answer = request.execute()
        found += [each["id"] for each in answer[place]]
        request = resource.list_next(request, answer)
    assert sorted(found) == sorted(ids)


def test_a_list_of_nothing(client: Client) -> None:
    """Has no list in it."""
    assert client.users.messages().list(userId="me", q="subject:none").execute() == {"resultSizeEstimate": 0}


@pytest.mark.parametrize("form", ["minimal", "metadata", "full", "raw"])
def test_a_message(form: str, made: Google, client: Client) -> None:
    """What each format holds."""
    id_ = deliver(made)
    more = {"metadataHeaders": ["From", "Subject"]} if form == "metadata" else {}
    answer = client.users.messages().get(userId="me", id=id_, format=form, **more).execute()
    assert (answer["id"], answer["threadId"], answer["labelIds"]) == (id_, id_, ["INBOX"])
    if form == "raw":
        assert base64.urlsafe_b64decode(answer["raw"]) == mail(1, "Thank you for applying", RECEIPT)
    headers = [each["name"] for each in answer.get("payload", {}).get("headers", ())]
    assert headers[:2] == {"metadata": ["From", "Subject"], "full": ["Authentication-Results", "From"]}.get(form, [])
    assert ("data" in answer.get("payload", {}).get("body", {})) == (form == "full")


def test_a_thread(made: Google, client: Client) -> None:
    """Oldest first."""
    ids = [deliver(made, number, thread_key="t") for number in (1, 2)]
    answer = client.users.threads().get(userId="me", id=ids[0], format="minimal").execute()
    assert [each["id"] for each in answer["messages"]] == ids


def test_watch_and_stop(made: Google, client: Client) -> None:
    """For a week, told at once; stopped, nothing is told."""
    made.push_to(None, audience="a", account="b")
    body = {"topicName": TOPIC, "labelIds": ["SPAM"], "labelFilterBehavior": "exclude"}
    answer = client.users.watch(userId="me", body=body).execute()
    assert int(answer["expiration"]) == int(made.clock().timestamp() + 7 * 86400) * 1000
    assert len(made.take_pushes()) == 1
    deliver(made, labels=("SPAM",))
    deliver(made, 2)
    assert len(made.take_pushes()) == 1
    assert not client.users.stop(userId="me").execute()
    deliver(made, 3)
    assert made.take_pushes() == []


def test_a_topic_that_gmail_may_not_publish_to(made: Google, client: Client) -> None:
    """Is refused at watch, as one that is not there."""
    made.pubsub.makes_topics = False
    body = {"topicName": TOPIC}
    with pytest.raises(HttpError) as raised:
        client.users.watch(userId="me", body=body).execute()
    assert raised.value.status_code == 404
    made.pubsub.add_topic(TOPIC, gmail_may_publish=False)
    with pytest.raises(HttpError) as raised:
        client.users.watch(userId="me", body=body).execute()
    assert (raised.value.status_code, "Cloud PubSub" in raised.value.reason) == (403, True)


def test_a_second_topic_needs_a_stop_first(client: Client) -> None:
    """One a mailbox and developer."""
    client.users.watch(userId="me", body={"topicName": TOPIC}).execute()
    with pytest.raises(HttpError) as raised:
        client.users.watch(userId="me", body={"topicName": f"{TOPIC}2"}).execute()
    assert raised.value.status_code == 400


def test_a_request_that_google_does_not_know_is_refused(made: Google, root: str) -> None:
    """And noted, so that no test passes with one."""
    found = Client(made, root)
    with pytest.raises(HttpError) as raised:
        found.users.watch(userId="me", body={"topic": TOPIC}).execute()
    assert raised.value.status_code == 400
    assert made.violations == ["gmail.users.watch: body.topic is not known"]


def test_a_grant_without_the_scope_is_told_from_a_dead_one(made: Google, root: str) -> None:
    """403 and 401."""
    found = Client(made, root, "openid email")
    with pytest.raises(HttpError) as raised:
        found.users.getProfile(userId="me").execute()
    assert (raised.value.status_code, b"ACCESS_TOKEN_SCOPE_INSUFFICIENT" in raised.value.content) == (403, True)
    made.revoke_of(BOX)
    with pytest.raises(HttpError) as raised:
        found.users.getProfile(userId="me").execute()
    assert raised.value.status_code == 401


def test_the_metadata_scope_neither_searches_nor_opens(made: Google, root: str) -> None:
    """Headers and history only."""
    id_ = deliver(made)
    messages = Client(made, root, METADATA).users.messages()
    assert messages.get(userId="me", id=id_, format="metadata").execute()["payload"]["headers"]
    for request in (messages.get(userId="me", id=id_, format="raw"), messages.list(userId="me", q="x")):
        with pytest.raises(HttpError) as raised:
            request.execute()
        assert raised.value.status_code == 403


def test_notifications_are_pulled_and_acknowledged(made: Google, root: str) -> None:
    """What a laptop does that nobody can push to."""
    made.pubsub.subscribe(SUBSCRIPTION, TOPIC)
    Client(made, root).users.watch(userId="me", body={"topicName": TOPIC}).execute()
    subscriptions = Client(made, root, PUBSUB).of("pubsub").projects().subscriptions()
    (received,) = subscriptions.pull(subscription=SUBSCRIPTION, body={"maxMessages": 10}).execute()["receivedMessages"]
    told = json.loads(base64.urlsafe_b64decode(received["message"]["data"]))
    assert told == {"emailAddress": BOX, "historyId": made.accounts[BOX].history_id}
    body = {"ackIds": [received["ackId"]]}
    assert subscriptions.acknowledge(subscription=SUBSCRIPTION, body=body).execute() == {}
    assert subscriptions.pull(subscription=SUBSCRIPTION, body={"maxMessages": 10}).execute() == {}
    assert made.violations == []


def test_a_setup_can_be_looked_at(made: Google, root: str) -> None:
    """Topic, who may publish to it, subscription, own rights; one that is not there is 404."""
    made.pubsub.add_topic(TOPIC)
    made.pubsub.subscribe(SUBSCRIPTION, TOPIC)
    made.pubsub.lacks.add("pubsub.topics.get")
    projects = Client(made, root, PUBSUB).of("pubsub").projects()
    (binding,) = projects.topics().getIamPolicy(resource=TOPIC).execute()["bindings"]
    assert binding["members"] == ["serviceAccount:gmail-api-push@system.gserviceaccount.com"]
    assert projects.subscriptions().get(subscription=SUBSCRIPTION).execute()["topic"] == TOPIC
    body = {"permissions": ["pubsub.topics.get", "pubsub.topics.publish"]}
    held = projects.topics().testIamPermissions(resource=TOPIC, body=body).execute()["permissions"]
    assert held == ["pubsub.topics.publish"]
    for request, status in (
        (projects.topics().get(topic=TOPIC), 403),
        (projects.topics().getIamPolicy(resource=f"{TOPIC}2"), 404),
    ):
        with pytest.raises(HttpError) as raised:
            request.execute()
        assert raised.value.status_code == status
    assert made.violations == []
