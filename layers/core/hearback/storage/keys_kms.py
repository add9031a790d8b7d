"""Person keys of the deployed system: data keys wrapped by KMS, in a table of their own, cached for a minute."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from hearback.model.errors import NotFound, Permanent, Transient
from hearback.model.ids import PersonId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

CACHE_SECONDS: Final = 60.0
_DEPLOYMENT: Final = PersonId("#deployment")
_CHANGED: Final = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class KmsKeys:
    """The Keys protocol on KMS and a DynamoDB table. Denied means closed: nothing is written in clear."""

    def __init__(
        self, table: str, kms_key: str, client: DynamoDBClient | None = None, kms: KMSClient | None = None
    ) -> None:
        self._table, self._kms_key = table, kms_key
        self._made_client, self._made_kms = client, kms
        self._cache: dict[PersonId, tuple[float, bytes]] = {}
        self._lock = threading.Lock()

    @property
    def _client(self) -> DynamoDBClient:
        if self._made_client is None:
            import boto3

            self._made_client = boto3.client("dynamodb")
        return self._made_client

    @property
    def _kms(self) -> KMSClient:
        if self._made_kms is None:
            import boto3

            self._made_kms = boto3.client("kms")
        return self._made_kms

    def create(self, person: PersonId) -> bytes:
        """See Keys.create."""
        try:
            return self.get(person)
        except NotFound:
            pass
        with _in_our_words():
            wrapped = self._kms.generate_data_key(
                KeyId=self._kms_key, KeySpec="AES_256", EncryptionContext=_context(person)
            )["CiphertextBlob"]
            with suppress(self._client.exceptions.ConditionalCheckFailedException):  # another worker was first
                self._client.put_item(
                    TableName=self._table,
                    Item={"person": {"S": person}, "wrapped": {"B": wrapped}},
                    ConditionExpression="attribute_not_exists(person)",
                )
        return self.get(person)

    def get(self, person: PersonId) -> bytes:
        """See Keys.get."""
        with self._lock:
            cached = self._cache.get(person)
            if cached is not None and cached[0] > time.monotonic():
                return cached[1]
        with _in_our_words():
            item: dict[str, Any] = dict(
                self._client.get_item(TableName=self._table, Key={"person": {"S": person}}, ConsistentRead=True).get(
                    "Item", {}
                )
            )
            if not item:
                raise NotFound("This person is not here, or was erased.")
            key = self._kms.decrypt(CiphertextBlob=item["wrapped"]["B"], EncryptionContext=_context(person))[
                "Plaintext"
            ]
        with self._lock:
            self._cache[person] = (time.monotonic() + CACHE_SECONDS, key)
        return key

    def erase(self, person: PersonId) -> None:
        """See Keys.erase."""
        with self._lock:
            self._cache.pop(person, None)
        with _in_our_words():
            self._client.delete_item(TableName=self._table, Key={"person": {"S": person}})

    def deployment_key(self) -> bytes:
        """See Keys.deployment_key."""
        return hmac.new(self.create(_DEPLOYMENT), b"hearback deployment", hashlib.sha256).digest()


def _context(person: PersonId) -> dict[str, str]:
    return {"person": person, "purpose": "hearback person key"}


@contextmanager
def _in_our_words() -> Iterator[None]:
    """KMS and table errors: refused, throttled, out of reach → Transient, since rights and keys are mended outside;
    a wrapped key that was changed → Permanent.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except BotoCoreError as error:
        raise Transient("The key store is out of reach.") from error
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if "Throttl" in code or "Provisioned" in code or "Internal" in code or "Unavailable" in code:
            raise Transient("The key store is busy.") from error
        if code in _CHANGED:
            raise Permanent("A person's wrapped key was changed; restore the key table from its backup.") from error
        raise Transient(
            f"The key store refused ({code}); check the KMS key and the function's rights on it."
        ) from error
