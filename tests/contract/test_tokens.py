"""A mailbox's tokens as they lie in the store: unreadable without the key, and of no use in anybody else's place."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fakes import grant
from hearback import wiring
from hearback.model.errors import NotFound, Permanent
from hearback.model.ids import MailboxId, PersonId
from hearback.model.mailbox import Mailbox, Provider
from hearback.model.person import Person
from hearback.queues.sqlite import SqliteQueue
from hearback.settings import Settings
from hearback.storage.dynamodb import DynamoStore
from hearback.storage.keys_file import FileKeys
from hearback.storage.keys_kms import KmsKeys
from hearback.storage.sqlite import SqliteStore
from hearback.sync import connect

ANN, BEN = PersonId("ann"), PersonId("ben")
ONE, OTHER = MailboxId("gmail-1"), MailboxId("gmail-2")
SECRET = json.dumps(
    {"refresh_token": "1//canary-refresh", "access_token": "ya29.canary-access", "expires_at": 1}
).encode()


@dataclass
class Raw:
    """The stored bytes themselves, past everything that opens them."""

    store: Any
    folder: Path

    @property
    def _table(self) -> Any:
        return getattr(self.store.people, "_table", None)

    def token(self, person: PersonId, mailbox: MailboxId) -> bytes:
        if self._table is not None:
            return bytes(self._table.get(f"P#{person}", f"TOKEN#{mailbox}")["body"]["B"])
        with self.store.people._db.read() as db:
            found = db.execute("SELECT body FROM secret WHERE person = ? AND mailbox = ?", (person, mailbox)).fetchone()
        return bytes(found[0])

    def put(self, person: PersonId, mailbox: MailboxId, body: bytes) -> None:
        if self._table is not None:
            item = self._table.get(f"P#{person}", f"TOKEN#{mailbox}")
            self._table.put({**item, "body": {"B": body}})
            return
        with self.store.people._db.write() as db:
            db.execute("UPDATE secret SET body = ? WHERE person = ? AND mailbox = ?", (body, person, mailbox))

    def everything(self) -> bytes:
        """Every byte that is kept: database, write-ahead log, queue, keys; or all items of both tables."""
        if self._table is None:
            return b"".join(file.read_bytes() for file in sorted(self.folder.rglob("*")) if file.is_file())
        client = self._table.client
        return b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in (self._table.name, "keys")
            for item in client.scan(TableName=table)["Items"]
            for field in item.values()
            for value in field.values()
        )


@pytest.fixture
def raw(store: Any, tmp_path: Path) -> Raw:
    """Ann with two mailboxes, Ben with one, each with a token of its own."""
    for person, box in ((ANN, ONE), (ANN, OTHER), (BEN, ONE)):
        store.mailboxes.put_secret(person, box, SECRET + f" {person} {box}".encode(), expected=0)
    return Raw(store, tmp_path)


def written(secret: str) -> list[bytes]:
    """The ways in which a token could stand somewhere."""
    plain = secret.encode()
    return [
        plain,
        plain[::-1],
        plain.hex().encode(),
        *(base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)),
    ]


def test_no_token_of_a_real_connection_is_stored_in_clear(store: Any, google: Any, tmp_path: Path) -> None:
    """Consent, first token, renewed token, disconnect: at every stage the stored bytes hold neither of them, in no writing."""
    settings = Settings.model_validate(
        {
            "home": tmp_path,
            "google_root": google[1],
            "google_client": f"{google[0].client_id}:{google[0].client_secret}",
        }
    )
    keys = store.people._db.keys if hasattr(store.people, "_db") else store.people._table.keys
    here = wiring.Installation(
        settings=settings, store=store, keys=keys, queue=SqliteQueue(tmp_path / "queue.db", wiring.now)
    )
    box = connect.connected(here.rooms, ANN, Provider.GMAIL, grant(*google), label="Primary job search")
    seen = _look(here, store, box, tmp_path)
    _expire(store, box)
    here.rooms.door(box).cursor_now()
    seen |= _look(here, store, box, tmp_path)
    assert len(seen) == 3  # one refresh token, two access tokens
    connect.disconnect(here.rooms, ANN, box.id)
    assert store.mailboxes.secret(ANN, box.id) is None
    _absent(Raw(store, tmp_path).everything(), seen)


def _look(here: wiring.Installation, store: Any, box: Mailbox, folder: Path) -> set[str]:
    secret = json.loads(store.mailboxes.secret(ANN, box.id)[0])
    tokens = {str(secret["refresh_token"]), str(secret["access_token"])}
    _absent(Raw(store, folder).everything(), tokens)
    return tokens


def _absent(stored: bytes, tokens: set[str]) -> None:
    assert len(stored) > 500
    assert not [token for token in tokens for each in written(token) if each in stored]


def _expire(store: Any, box: Mailbox) -> None:
    held, version = store.mailboxes.secret(ANN, box.id)
    store.mailboxes.put_secret(
        ANN, box.id, json.dumps(json.loads(held) | {"expires_at": time.time() - 1}).encode(), expected=version
    )


def test_a_token_that_stands_there_in_clear_is_found(store: Any, tmp_path: Path) -> None:
    """The search above sees what it looks for: sealed it is not there, unsealed it is."""
    store.mailboxes.put_secret(ANN, ONE, SECRET, expected=0)
    raw = Raw(store, tmp_path)
    assert b"canary-refresh" not in raw.everything()
    raw.put(ANN, ONE, SECRET)
    assert b"canary-refresh" in raw.everything()


PLACES: dict[str, bytes | Callable[[Raw], bytes]] = {
    "another person's, of a mailbox of the same name": lambda raw: raw.token(BEN, ONE),
    "the person's own, of another mailbox": lambda raw: raw.token(ANN, OTHER),
    "nothing": b"",
    "a token in clear": SECRET,
    "cut short": lambda raw: raw.token(ANN, ONE)[:-1],
    "longer": lambda raw: raw.token(ANN, ONE) + b"x",
    "said to be packed otherwise": lambda raw: _flipped(raw, 0),
    "with another nonce": lambda raw: _flipped(raw, 1),
    "altered at its beginning": lambda raw: _flipped(raw, 13),
    "altered at its end": lambda raw: _flipped(raw, -1),
}


def _flipped(raw: Raw, place: int) -> bytes:
    body = bytearray(raw.token(ANN, ONE))
    body[place] ^= 3
    return bytes(body)


@pytest.mark.parametrize("what", PLACES)
def test_in_a_tokens_place_only_that_token_opens(what: str, raw: Raw) -> None:
    """What lies there is bound to person, mailbox and purpose; anything else is refused and shows nothing of itself."""
    found = PLACES[what]
    raw.put(ANN, ONE, found if isinstance(found, bytes) else found(raw))
    with pytest.raises(Permanent) as refused:
        raw.store.mailboxes.secret(ANN, ONE)
    assert "canary" not in str(refused.value)


def test_people_whose_tokens_were_swapped_both_lose_access(raw: Raw) -> None:
    """Neither reads the other's; who was not touched still opens."""
    anns, bens = raw.token(ANN, ONE), raw.token(BEN, ONE)
    raw.put(ANN, ONE, bens)
    raw.put(BEN, ONE, anns)
    for person in (ANN, BEN):
        with pytest.raises(Permanent):
            raw.store.mailboxes.secret(person, ONE)
    assert raw.store.mailboxes.secret(ANN, OTHER)[0].startswith(SECRET)


def test_a_setting_in_a_tokens_place_does_not_open(raw: Raw) -> None:
    """The same person, key and name, but sealed for another purpose."""
    raw.store.people.put_setting(ANN, ONE, SECRET)
    if raw._table is not None:
        body = bytes(raw._table.get(f"P#{ANN}", f"SET#{ONE}")["body"]["B"])
    else:
        with raw.store.people._db.read() as db:
            body = bytes(db.execute("SELECT body FROM setting WHERE person = ? AND name = ?", (ANN, ONE)).fetchone()[0])
    raw.put(ANN, ONE, body)
    with pytest.raises(Permanent):
        raw.store.mailboxes.secret(ANN, ONE)


@pytest.fixture
def without_keys(raw: Raw, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The same store, opened by an installation that never had its keys: another master key, another KMS key."""
    if raw._table is None:
        stolen = tmp_path / "stolen"
        stolen.mkdir()
        keys = FileKeys(stolen)
        store: Any = SqliteStore(tmp_path / "store.db", keys)
    else:
        aws = request.getfixturevalue("aws")
        if "others" not in aws:
            aws["dynamodb"].create_table(
                TableName="others",
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "person", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "person", "KeyType": "HASH"}],
            )
            aws["others"] = aws["kms"].create_key()["KeyMetadata"]["Arn"]
        theirs = KmsKeys("others", aws["others"], aws["dynamodb"], aws["kms"])
        theirs.erase(ANN)
        keys, store = theirs, DynamoStore(raw._table.name, theirs, aws["dynamodb"])  # type: ignore[assignment]
    return keys, store


def test_without_the_persons_key_a_stolen_store_says_nothing(without_keys: Any) -> None:
    """There is no key, and one of one's own does not help."""
    keys, store = without_keys
    with pytest.raises(NotFound):
        store.mailboxes.secret(ANN, ONE)
    keys.create(ANN)
    with pytest.raises(Permanent):
        store.mailboxes.secret(ANN, ONE)


def test_an_erased_persons_token_opens_no_more(raw: Raw) -> None:
    """Not even from a backup of the store: its key is gone, and a new one of the same person is another."""
    kept = raw.token(ANN, ONE)
    raw.store.people.erase(ANN)
    raw.store.people.put(Person(id=ANN))
    raw.store.mailboxes.put_secret(ANN, ONE, b"new", expected=0)
    raw.put(ANN, ONE, kept)
    with pytest.raises(Permanent):
        raw.store.mailboxes.secret(ANN, ONE)
    assert raw.store.mailboxes.secret(BEN, ONE)[0].startswith(SECRET)


def test_one_persons_wrapped_key_is_no_other_persons(tmp_path: Path, aws: dict[str, Any]) -> None:
    """A key file or item that is copied into another person's place does not open: it is wrapped for its person."""
    files = FileKeys(tmp_path)
    files.create(ANN)
    files.create(BEN)
    files._file(ANN).write_bytes(files._file(BEN).read_bytes())
    with pytest.raises(Permanent):
        FileKeys(tmp_path).get(ANN)
    items = KmsKeys("keys", aws["key"], aws["dynamodb"], aws["kms"])
    for person in (ANN, BEN):
        items.create(person)
    bens = aws["dynamodb"].get_item(TableName="keys", Key={"person": {"S": BEN}})["Item"]
    aws["dynamodb"].put_item(TableName="keys", Item={**bens, "person": {"S": ANN}})
    with pytest.raises(Permanent):
        KmsKeys("keys", aws["key"], aws["dynamodb"], aws["kms"]).get(ANN)


def test_keys_on_disk_are_the_owners_alone(tmp_path: Path) -> None:
    """Folder 0700, files 0600, whatever the umask."""
    before = os.umask(0)
    try:
        FileKeys(tmp_path).create(ANN)
    finally:
        os.umask(before)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()} == {0o600}
