"""The Gmail door through the real client library, against the simulated Google over HTTP."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from fakes import BOX, RECEIPT, challenge, grant, mail
from hearback.mailboxes import gmail_calls, google_oauth
from hearback.mailboxes.gmail import GmailDoor
from hearback.mailboxes.google_oauth import READONLY, GoogleClient, GoogleConnector
from hearback.mailboxes.protocols import Wanted
from hearback.mailboxes.quota import InMemory, Quota
from hearback.model.budget import Budget
from hearback.model.errors import (
    Conflict,
    CursorExpired,
    Hidden,
    NeedsPerson,
    NotFound,
    Permanent,
    QuotaSpent,
    Throttled,
    Transient,
)
from hearback.model.ids import ProviderMessageId
from hearback.model.mailbox import Preferences
from hearback.queues import batch


class Tokens:
    """A token cache under a version condition."""

    def __init__(self, secret: bytes) -> None:
        self.secret, self.version, self.saves = secret, 1, 0

    def load(self) -> tuple[bytes, int] | None:
        return self.secret, self.version

    def save(self, secret: bytes, expected: int) -> int:
        if expected != self.version:
            raise Conflict("newer")
        self.secret, self.version, self.saves = secret, expected + 1, self.saves + 1
        return self.version


@pytest.fixture
def tokens(google: Any) -> Tokens:
    return Tokens(grant(*google).secret)


@pytest.fixture
def door(google: Any, tokens: Tokens) -> GmailDoor:
    made, root = google
    return GmailDoor(BOX, tokens, GoogleClient(made.client_id, made.client_secret, root), "projects/p/topics/t")


def deliver(google: Any, number: int = 1, **more: Any) -> ProviderMessageId:
    return ProviderMessageId(google[0].deliver(BOX, mail(number, "Thank you for applying", RECEIPT), **more))


def test_changes_since_a_cursor_are_found_once(google: Any, door: GmailDoor) -> None:
    """What arrived after the cursor is in the changes, and nothing after the next one."""
    cursor = door.cursor_now()
    id_ = deliver(google)
    found = door.changes(cursor, Preferences())
    assert (found.ids, found.more) == ((id_,), False)
    assert door.changes(found.cursor, Preferences()).ids == ()


def test_an_expired_cursor_is_said_to_be_expired(google: Any, door: GmailDoor) -> None:
    """Gmail's 404 on history is CursorExpired, never an empty answer."""
    google[0].expire_history_before = 10**9
    with pytest.raises(CursorExpired):
        door.changes("5", Preferences())


def test_history_that_lags_behind_its_push_is_looked_at_again(google: Any, door: GmailDoor) -> None:
    """Empty history with a later hint is `behind`."""
    cursor = door.cursor_now()
    google[0].history_lag_seconds = 60
    deliver(google)
    hint = str(google[0].accounts[BOX].history_id)
    assert door.changes(cursor, Preferences(), hint=hint).behind is True


def test_mail_shown_after_its_id_was_named_is_found(google: Any, door: GmailDoor) -> None:
    """Gmail names an id, shows nothing up to it, and shows the mail at the next look."""
    google[0].history_ahead = True
    cursor = door.cursor_now()
    google[0].history_lag_seconds = 60
    id_ = deliver(google)
    hint = str(google[0].accounts[BOX].history_id)
    looked = door.changes(cursor, Preferences())
    assert looked.ids == ()
    assert not door.covers(looked.cursor, hint)
    pushed = door.changes(looked.cursor, Preferences(), hint=hint)
    assert (pushed.ids, pushed.behind, pushed.unsure, pushed.cursor) == ((), False, True, looked.cursor)
    show(google)
    assert door.changes(pushed.cursor, Preferences(), hint=hint).ids == (id_,)


def show(google: Any) -> None:
    """All history is visible now."""
    account = google[0].accounts[BOX]
    account.history = [replace(each, visible_at=google[0].clock()) for each in account.history]


def test_mail_that_comes_between_two_pages_of_one_moment_is_found(
    google: Any, door: GmailDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last page names ids that no page shows."""
    monkeypatch.setattr("hearback.mailboxes.gmail.PAGE", 2)
    google[0].history_frozen = True
    cursor = door.cursor_now()
    early = [deliver(google, number) for number in range(3)]
    first = door.changes(cursor, Preferences())
    between = deliver(google, 4)
    last = door.changes(first.cursor, Preferences())
    assert ([*first.ids, *last.ids], last.more) == (early, False)
    assert door.changes(last.cursor, Preferences()).ids == (between,)


def test_a_history_whose_last_page_is_empty_is_read(google: Any, door: GmailDoor) -> None:
    """What the pages before it showed is passed."""
    cursor = door.cursor_now()
    deliver(google)
    reached = google[0].accounts[BOX].history_id
    last = door.changes(f"{cursor}~{reached}:1", Preferences())
    assert (last.ids, last.cursor) == ((), str(reached))


def test_what_was_deleted_is_a_sign_that_history_is_shown(google: Any, door: GmailDoor) -> None:
    """A push about it is no reason to look again."""
    id_ = deliver(google)
    cursor = door.cursor_now()
    google[0].delete(BOX, id_)
    found = door.changes(cursor, Preferences(), hint=str(google[0].accounts[BOX].history_id))
    assert (found.ids, found.behind, found.unsure) == ((), False, False)


def large(number: int) -> bytes:
    """A mail of 120 KB of text."""
    return mail(number, "Thank you for applying", "\r\n".join(f"Line {each} of a long letter." for each in range(5000)))


def test_a_text_too_large_for_its_thread_is_fetched_by_itself(google: Any, door: GmailDoor) -> None:
    """Gmail tells only an id of it there."""
    id_ = google[0].deliver(BOX, large(1))
    google[0].calls.clear()
    (told,) = door.conversation(id_).messages
    assert b"Line 4999 of a long letter." in told.content
    assert google[0].calls == {"threads.get": 1, "messages.get": 1}


def test_of_a_thread_of_large_texts_the_newest_are_fetched(google: Any, door: GmailDoor) -> None:
    """The page is waited for: the others are told without their text."""
    first, *_ = [google[0].deliver(BOX, large(number), thread_key="t") for number in range(5)]
    google[0].calls.clear()
    told = door.conversation(first).messages
    assert [b"Line 4999" in each.content for each in told] == [False, False, True, True, True]
    assert google[0].calls["messages.get"] == 3


def test_a_large_file_is_left_where_it_is(google: Any, door: GmailDoor) -> None:
    """An attachment is named and never opened."""
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "Ann <ann@acme.example>", "Papers", "<papers@acme.example>"
    made.set_content("Here they are.")
    made.add_attachment("x" * 200_000, filename="notes.txt")
    id_ = google[0].deliver(BOX, made.as_bytes())
    google[0].calls.clear()
    (told,) = door.conversation(id_).messages
    assert b"xxxx" not in told.content
    assert google[0].calls == {"threads.get": 1}


def test_spam_is_never_told(google: Any, door: GmailDoor) -> None:
    """Mail in Spam or Trash is in no change and cannot be fetched."""
    cursor = door.cursor_now()
    id_ = deliver(google, labels=("SPAM",))
    assert door.changes(cursor, Preferences()).ids == ()
    with pytest.raises(Hidden):
        door.fetch(id_)
    (seen,) = door.glimpse([id_])
    assert seen.hidden


@pytest.mark.parametrize("place", ["SPAM", "TRASH"])
def test_mail_rescued_from_where_nobody_reads_is_a_change(place: str, google: Any, door: GmailDoor) -> None:
    """Leaving Spam or Trash is as good as arriving; going there, or being read or starred, is none."""
    id_ = deliver(google, labels=(place,))
    other = deliver(google, 2)
    cursor = door.cursor_now()
    google[0].relabel(BOX, other, add=("STARRED",), remove=("UNREAD",))
    google[0].relabel(BOX, other, add=(place,), remove=("INBOX",))
    assert door.changes(cursor, Preferences()).ids == ()
    google[0].relabel(BOX, id_, add=("INBOX",), remove=(place,))
    for folders in (("inbox",), ("all",)):
        assert door.changes(cursor, Preferences(folders=folders)).ids == (id_,)


def test_mail_moved_into_a_chosen_folder_is_a_change(google: Any, door: GmailDoor) -> None:
    """A label that was chosen counts, another does not."""
    id_ = deliver(google)
    cursor = door.cursor_now()
    google[0].relabel(BOX, id_, add=("Label_7",), remove=("INBOX",))
    assert door.changes(cursor, Preferences(folders=("Label_7",))).ids == (id_,)
    assert door.changes(cursor, Preferences(folders=("Label_8",))).ids == ()


def refuse_page(google: Any) -> None:
    body = json.dumps(
        {"error": {"code": 400, "message": "Invalid pageToken", "errors": [{"reason": "invalidArgument"}]}}
    )
    google[0].faults.append((400, {"content-type": "application/json"}, body.encode()))


def test_a_refused_page_of_history_begins_that_history_again(google: Any, door: GmailDoor) -> None:
    """The page token is given up, not the mailbox; without one a 400 stays an error."""
    cursor = door.cursor_now()
    id_ = deliver(google)
    refuse_page(google)
    assert door.changes(f"{cursor}:old-token", Preferences()).ids == (id_,)
    refuse_page(google)
    with pytest.raises(Permanent):
        door.changes(cursor, Preferences())


@pytest.mark.parametrize("by_thread", [False, True])
def test_a_refused_page_of_a_listing_begins_it_again(by_thread: bool, google: Any, door: GmailDoor) -> None:
    """As with history."""
    deliver(google)
    wanted = Wanted(since=datetime.now(UTC) - timedelta(days=1), by_thread=by_thread)
    refuse_page(google)
    assert len(door.listing(wanted, Preferences(), page="old-token").glimpses) == 1
    refuse_page(google)
    with pytest.raises(Permanent):
        door.listing(wanted, Preferences())


def test_a_listing_holds_what_was_received_in_its_span(google: Any, door: GmailDoor) -> None:
    """Every message of a thread by itself, or the thread once; nothing from before or after."""
    now = datetime.now(UTC)
    ids = [deliver(google, n, thread_key="t", received_at=now - timedelta(days=10 * n)) for n in (1, 2, 3)]
    span = {"since": now - timedelta(days=25), "until": now - timedelta(days=5)}
    assert [each.id for each in door.listing(Wanted(**span), Preferences()).glimpses] == ids[:2]  # type: ignore[arg-type]
    (thread,) = door.listing(Wanted(**span, by_thread=True), Preferences()).glimpses  # type: ignore[arg-type]
    assert thread.thread_id == ids[0]


def test_a_gmail_that_hangs_is_given_up_in_seconds(google: Any, tokens: Tokens) -> None:
    """A request takes no longer than what is left of the task's time, and none is begun with nothing left."""
    made, _ = google
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = GoogleClient(made.client_id, made.client_secret, f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(Transient):
            GmailDoor(BOX, tokens, client, None, budget=Budget.of(1.0)).cursor_now()
        with pytest.raises(Transient):
            GmailDoor(BOX, tokens, client, None, budget=Budget.of(0.1)).cursor_now()
        assert time.monotonic() - started < 3
    assert gmail_calls.TIMEOUT_SECONDS + google_oauth.TIMEOUT_SECONDS < batch.TASK_SECONDS - batch.RESERVE_SECONDS


def test_a_message_is_fetched_whole(google: Any, door: GmailDoor) -> None:
    """Fetch gives the bytes, the provider's time and the thread."""
    raw = door.fetch(deliver(google))
    assert raw.content == mail(1, "Thank you for applying", RECEIPT)
    assert raw.received_at is not None
    assert raw.thread_id


def test_a_glimpse_opens_nothing(google: Any, door: GmailDoor) -> None:
    """Sender, subject, snippet; messages that are gone are left out."""
    id_ = deliver(google)
    (seen,) = door.glimpse([id_, ProviderMessageId("gone")])
    assert "careers@acme.example" in seen.sender
    assert seen.subject == "Thank you for applying"


def test_snippets_are_words_not_markup(google: Any, door: GmailDoor) -> None:
    """Gmail escapes them; whoever looks for "R&D" or "we'd" must find it, in whatever way it was told."""
    id_ = ProviderMessageId(google[0].deliver(BOX, mail(1, "Role", "We'd like you for R&D")))
    wanted = Wanted(since=datetime.now(UTC) - timedelta(days=1), by_thread=True)
    told = [door.listing(wanted, Preferences()).glimpses[0].snippet, door.glimpse([id_])[0].snippet]
    assert [str(each) for each in [*told, door.fetch(id_).snippet]] == ["We'd like you for R&D"] * 3


def test_a_sender_with_letters_of_their_own_is_seen(google: Any, door: GmailDoor) -> None:
    """Internationalised addresses have no ASCII form; the mail is looked at all the same."""
    sender = "Jörg Groß <jörg@groß.example>"
    id_ = ProviderMessageId(google[0].deliver(BOX, mail(1, "Zusage", "Guten Tag", sender=sender)))
    assert door.glimpse([id_])[0].sender == sender


def test_half_a_character_is_no_obstacle(google: Any, door: GmailDoor) -> None:
    """A snippet cut within an emoji."""
    body = b'{"id": "1", "threadId": "1", "snippet": "Congratulations \\ud83c"}'
    google[0].faults.append((200, {"content-type": "application/json"}, body))
    assert door.glimpse([ProviderMessageId("1")])[0].snippet.encode() == b"Congratulations ?"


@pytest.mark.parametrize(
    "body",
    [
        b'{"history": [{"messagesAdded": [{"message": {"threadId": "1"}}]}], "historyId": "2000"}',
        b'{"history": [{"labelsAdded": [{"labelIds": ["INBOX"]}]}], "historyId": "2000"}',
        b'{"history": [{"messagesAdded": {"message": {"id": "1"}}}], "historyId": "2000"}',
        b'{"history": [], "historyId": 2000}',
    ],
)
def test_history_that_cannot_be_read_is_asked_for_again(body: bytes, google: Any, door: GmailDoor) -> None:
    """A change without a message is not passed over: the cursor stays where it was."""
    google[0].faults.append((200, {"content-type": "application/json"}, body))
    with pytest.raises(Transient):
        door.changes("1000", Preferences())


def test_what_gmail_adds_to_its_answers_is_let_pass(google: Any, door: GmailDoor) -> None:
    """A new field is no damage."""
    body = b'{"emailAddress": "a@b.example", "historyId": "2000", "novelty": [1]}'
    google[0].faults.append((200, {"content-type": "application/json"}, body))
    assert door.cursor_now() == "2000"


def test_a_gone_message_is_not_found(google: Any, door: GmailDoor) -> None:
    """Deleted between list and get."""
    id_ = deliver(google)
    google[0].delete(BOX, id_)
    with pytest.raises(NotFound):
        door.fetch(id_)


def test_listings_page_through_everything(google: Any, door: GmailDoor) -> None:
    """Searches and the whole listing find the message."""
    deliver(google)
    since = datetime.now(UTC) - timedelta(days=30)
    found = {
        each.id
        for query in (*door.searches(since, datetime.now(UTC)), None)
        for each in door.listing(Wanted(since=since, query=query), Preferences()).glimpses
    }
    assert len(found) == 1


def test_a_refused_token_is_renewed_once(google: Any, door: GmailDoor, tokens: Tokens) -> None:
    """An access token that Google forgot is refreshed and stored, unseen by the caller."""
    door.cursor_now()
    google[0].access.clear()
    assert door.cursor_now()
    assert tokens.saves == 1


def test_a_refused_token_that_another_worker_has_renewed_is_not_renewed_again(
    google: Any, door: GmailDoor, tokens: Tokens
) -> None:
    """The newer one is in the store."""
    made, root = google
    door.cursor_now()
    google[0].access.clear()
    other = GmailDoor(BOX, tokens, GoogleClient(made.client_id, made.client_secret, root), None)
    other.cursor_now()
    asked = tokens.load

    def late() -> tuple[bytes, int] | None:  # this worker had read the old one before
        tokens.load = asked  # type: ignore[method-assign]
        return old, 1

    old = json.dumps({**json.loads(tokens.secret), "access_token": "forgotten"}).encode()
    tokens.load = late  # type: ignore[method-assign]
    assert door.cursor_now()
    assert tokens.saves == 1


def test_a_revoked_grant_needs_the_person(google: Any, door: GmailDoor) -> None:
    """invalid_grant is NeedsPerson, not a retry."""
    google[0].grants.clear()
    google[0].access.clear()
    with pytest.raises(NeedsPerson) as raised:
        door.cursor_now()
    assert raised.value.token_version == 1


def test_the_loser_of_a_refresh_race_uses_the_winners_token(google: Any, door: GmailDoor, tokens: Tokens) -> None:
    """Two workers refresh at once: one save wins, the other reads again."""
    secret = json.loads(tokens.secret)
    tokens.secret = json.dumps({**secret, "expires_at": 0}).encode()
    original = tokens.save
    beaten: list[bool] = []

    def save(new: bytes, expected: int) -> int:
        if not beaten:
            beaten.append(True)
            original(new, expected)
        return original(new, expected)

    tokens.save = save  # type: ignore[method-assign]
    assert door.cursor_now()
    assert tokens.saves == 1


def test_a_watch_says_when_it_ends_and_is_stopped(google: Any, door: GmailDoor) -> None:
    """Watch registers for a week; unwatch ends it, twice without harm; revoke gives the grant back."""
    watch = door.watch()
    assert watch is not None
    assert timedelta(days=6) < watch.expires_at - datetime.now(UTC) <= timedelta(days=7)
    door.unwatch(watch)
    assert google[0].accounts[BOX].watch_until is None
    door.revoke()
    door.revoke()
    assert not google[0].grants


def test_unticked_scopes_are_noticed(google: Any) -> None:
    """A consent without the right to read is missing_scopes."""
    google[0].untick = {READONLY}
    with pytest.raises(NeedsPerson) as raised:
        grant(*google)
    assert raised.value.cause == "missing_scopes"


@pytest.mark.parametrize(("verifier", "nonce"), [("other", "n"), ("v", "other")])
def test_an_answer_for_another_sign_in_is_refused(verifier: str, nonce: str, google: Any) -> None:
    """PKCE verifier and nonce must be those of this sign-in."""
    made, root = google
    asked = {"scope": f"{READONLY} openid email", "redirect_uri": "x", "code_challenge": challenge("v"), "nonce": "n"}
    code = made.authorize(asked, BOX)
    with pytest.raises(NeedsPerson):
        GoogleConnector(GoogleClient(made.client_id, made.client_secret, root)).redeem(
            code=code, verifier=verifier, redirect_uri="x", nonce=nonce
        )


def test_a_refusal_for_the_rate_drains_the_mailboxs_quota(google: Any) -> None:
    """Another door of the same mailbox does not even ask, until Retry-After is over."""
    made, root = google
    record, now = InMemory(), [1_000_000.0]
    quota = Quota(record, lambda: now[0], lambda _: None)
    client = GoogleClient(made.client_id, made.client_secret, root)
    tokens = Tokens(grant(made, root).secret)
    made.faults.add("exhausted_429_seconds", call="getProfile")
    with pytest.raises(Throttled):
        GmailDoor(BOX, tokens, client, None, quota=quota).cursor_now()
    with pytest.raises(QuotaSpent):
        GmailDoor(BOX, tokens, client, None, quota=quota, budget=Budget.of(2)).cursor_now()
    assert made.calls["getProfile"] == 1
    now[0] += 7.1
    assert GmailDoor(BOX, tokens, client, None, quota=quota).cursor_now()


@pytest.mark.parametrize(
    ("labels", "folders", "found"),
    [
        (("INBOX",), ("inbox",), True),
        ((), ("inbox",), False),
        ((), ("inbox", "archive"), True),
        (("Label_7",), ("archive",), True),
        (("Label_7", "INBOX"), ("archive",), False),
        (("Label_7",), ("Label_7",), True),
        (("INBOX",), ("Label_7",), False),
        (("SENT",), ("inbox",), True),
        ((), ("all",), True),
    ],
)
def test_only_mail_in_the_chosen_folders_is_a_change(
    labels: tuple[str, ...], folders: tuple[str, ...], found: bool, google: Any, door: GmailDoor
) -> None:
    """Sent mail is told in any case: a reply belongs to its thread."""
    cursor = door.cursor_now()
    id_ = deliver(google, labels=labels)
    assert bool(door.changes(cursor, Preferences(folders=folders)).ids) is found
    (seen,) = door.glimpse([id_])
    assert (set(folders) & set(seen.folders) != set()) is (found and folders != ("all",) and labels != ("SENT",))


def test_mail_that_is_archived_comes_into_the_archive(google: Any, door: GmailDoor) -> None:
    """Where that is read; starring moves nothing."""
    id_ = deliver(google)
    cursor = door.cursor_now()
    google[0].relabel(BOX, id_, remove=("INBOX",))
    assert door.changes(cursor, Preferences(folders=("archive",))).ids == (id_,)
    cursor = door.cursor_now()
    google[0].relabel(BOX, id_, add=("STARRED",))
    assert door.changes(cursor, Preferences(folders=("archive",))).ids == ()


def test_a_search_looks_into_the_chosen_folders(google: Any, door: GmailDoor) -> None:
    """As far as Gmail's search has words for them; the listing of every message holds one's own mail, too."""
    ids = {
        name: deliver(google, labels=labels) for name, labels in (("in", ("INBOX",)), ("out", ("SENT",)), ("away", ()))
    }
    since = datetime.now(UTC) - timedelta(days=1)

    def listed(*folders: str, **more: Any) -> set[str]:
        wanted = Wanted(since=since, **more)
        found = {each.id for each in door.listing(wanted, Preferences(folders=folders)).glimpses}
        return {name for name, id_ in ids.items() if id_ in found}

    assert listed("inbox", query="from:acme.example") == {"in"}
    assert listed("inbox") == {"in", "out"}
    assert listed("archive", "sent", by_thread=True) == {"out", "away"}
    assert listed("inbox", "Label_7", query="from:acme.example") == {"in", "out", "away"}


def test_the_persons_own_labels_are_told_by_name(google: Any, door: GmailDoor) -> None:
    """Gmail's own are none of them."""
    google[0].own_labels |= {"Label_2": "jobs/rejected", "Label_1": "Jobs"}
    assert [(each.id, str(each.name)) for each in door.folders()] == [("Label_1", "Jobs"), ("Label_2", "jobs/rejected")]
