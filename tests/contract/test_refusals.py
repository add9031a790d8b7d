"""A store, a key service or a queue that refuses (rights, expired credentials, a disabled key) loses no mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hearback.model.errors import NotFound, Permanent, Transient
from hearback.model.ids import MailboxId, PersonId, ProviderMessageId
from hearback.model.task import Lane, MessageRef
from hearback.queues.sqs import SqsQueue
from hearback.storage.dynamodb import DynamoStore
from hearback.storage.keys_file import FileKeys
from hearback.storage.keys_kms import KmsKeys

ANN = PersonId("ann")
REFUSALS = [
    "AccessDeniedException",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "ResourceNotFoundException",
]
KEY_REFUSALS = [*REFUSALS, "KMSInvalidStateException", "DisabledException", "NotFoundException"]


class Refusing:
    """A client of which every call is refused with `code`, unless `real` answers it."""

    def __init__(self, code: str, real: Any = None, refused: frozenset[str] = frozenset()) -> None:
        self._code, self._real, self._refused = code, real, refused

    def __getattr__(self, name: str) -> Any:
        if self._real is not None and name not in self._refused:
            return getattr(self._real, name)

        def refuse(**_: Any) -> None:
            answer = {"Error": {"Code": self._code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            raise ClientError(answer, name)  # type: ignore[arg-type]

        return refuse


@pytest.mark.parametrize("code", REFUSALS)
def test_a_table_that_refuses_is_tried_again(code: str) -> None:
    """Reading, writing and transactions alike: what is mended outside is Transient, and the text says where to look."""
    store = DynamoStore("table", KmsKeys("keys", "key", Refusing(code), Refusing(code)), Refusing(code))  # type: ignore[arg-type]
    table = store.people._table
    for call in (
        lambda: table.get("a", "b"),
        lambda: list(table.query("a")),
        lambda: table.put({}),
        lambda: table.transact([({}, "moved")]),
    ):
        with pytest.raises(Transient, match=code):
            call()


@pytest.mark.parametrize("code", ["ValidationException", "ItemCollectionSizeLimitExceededException"])
def test_a_request_that_is_wrong_in_itself_is_given_up(code: str) -> None:
    """No number of tries makes an item smaller."""
    table = DynamoStore("table", KmsKeys("keys", "key"), Refusing(code)).people._table  # type: ignore[arg-type]
    with pytest.raises(Permanent):
        table.put({})


@pytest.mark.parametrize("code", KEY_REFUSALS)
def test_a_key_that_is_refused_is_tried_again_and_nothing_is_written_in_clear(code: str, aws: dict[str, Any]) -> None:
    """Denied, disabled or scheduled for deletion: Transient for old and new people, and no item appears."""
    kms = Refusing(code, aws["kms"], frozenset({"decrypt", "generate_data_key"}))
    known, stranger = PersonId(f"known-{code}"), PersonId(f"stranger-{code}")
    KmsKeys("keys", aws["key"], aws["dynamodb"], aws["kms"]).create(known)
    keys = KmsKeys("keys", aws["key"], aws["dynamodb"], kms)  # type: ignore[arg-type]
    for call in (lambda: keys.get(known), lambda: keys.create(known), lambda: keys.create(stranger)):
        with pytest.raises(Transient, match=code):
            call()
    with pytest.raises(NotFound):
        keys.get(stranger)


def test_a_wrapped_key_that_was_changed_is_given_up(aws: dict[str, Any]) -> None:
    """What KMS cannot unwrap stays so."""
    kms = Refusing("InvalidCiphertextException", aws["kms"], frozenset({"decrypt"}))
    KmsKeys("keys", aws["key"], aws["dynamodb"], aws["kms"]).create(ANN)
    with pytest.raises(Permanent, match="restore"):
        KmsKeys("keys", aws["key"], aws["dynamodb"], kms).get(ANN)  # type: ignore[arg-type]


def test_a_keys_folder_that_refuses_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded keys are on a disk that can be away for a while."""
    keys = FileKeys(tmp_path)
    keys.create(ANN)
    keys._cache.clear()

    def away(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", away)
    with pytest.raises(Transient, match="Permission denied"):
        keys.get(ANN)


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "KMS.DisabledException", "OverLimit"])
def test_a_queue_that_refuses_is_tried_again(code: str) -> None:
    """A push must not be acknowledged when its mail could not be queued."""
    ref = MessageRef(person_id=ANN, mailbox_id=MailboxId("a"), message_id=ProviderMessageId("m"))
    queue = SqsQueue({Lane.LIVE: "https://queue"}, "dead", Refusing(code))  # type: ignore[arg-type]
    with pytest.raises(Transient):
        queue.send([ref])
