"""One DynamoDB table: requests with errors in our words, sealed bodies, queries page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from hearback.model.errors import Conflict, Fenced, NotFound, Permanent, Transient
from hearback.model.ids import PersonId
from hearback.storage import layout
from hearback.storage.protocols import Keys
from hearback.storage.seal import blind, derived, open_, seal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_ITEMS: Final = 100
"""What one transaction may hold."""
GET_BATCH: Final = 100
Item = dict[str, Any]

#: The reason given to a write of a transaction → the error its failed condition means.
EXISTS, MOVED, FENCED, ERASED = "exists", "moved", "fenced", "erased"
#: Codes of requests that stay wrong however often they are made. Every other refusal (rights, expired credentials, a
#: table that is being restored) can be mended outside, so it is worth another try.
_NEVER: Final = frozenset({"Validation", "ValidationError", "ItemCollectionSizeLimitExceeded"})
_MEANS: Final = {
    EXISTS: Conflict("This was recorded already."),
    MOVED: Conflict("Somebody else wrote first."),
    FENCED: Fenced("Another worker took this mailbox over."),
    ERASED: NotFound("This person is not here, or was erased."),
}


class Table:
    """The table, its client and the keys its bodies are sealed under."""

    def __init__(self, name: str, keys: Keys, client: DynamoDBClient | None = None) -> None:
        self.name = name
        self.keys = keys
        self._made = client

    @property
    def client(self) -> DynamoDBClient:
        """The client, made at first use."""
        if self._made is None:
            import boto3

            self._made = boto3.client("dynamodb")
        return self._made

    def get(self, pk: str, sk: str) -> Item | None:
        """One item, consistently."""
        with in_our_words():
            answer = self.client.get_item(TableName=self.name, Key=key(pk, sk), ConsistentRead=True)
        return dict(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        """Several items, consistently; those that are not there are left out."""
        wanted = list(dict.fromkeys(keys))
        found: dict[tuple[str, str], Item] = {}
        for start in range(0, len(wanted), GET_BATCH):
            asked: list[Any] = [key(*each) for each in wanted[start : start + GET_BATCH]]
            for _ in range(8):
                with in_our_words():
                    answer = self.client.batch_get_item(
                        RequestItems={self.name: {"Keys": asked, "ConsistentRead": True}}
                    )
                for item in answer["Responses"].get(self.name, []):
                    found[item["pk"]["S"], item["sk"]["S"]] = dict(item)
                left: Any = answer.get("UnprocessedKeys", {})
                asked = list(left.get(self.name, {}).get("Keys", ()))
                if not asked:
                    break
            else:
                raise Transient("The store is throttled.", retry_after_seconds=1)
        return found

    def query(
        self,
        pk: str,
        prefix: str = "",
        *,
        until: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[Item]:
        """Items of a partition whose sk begins with `prefix` (or is at most `until`), consistently, page by page."""
        values: dict[str, Any] = {":pk": {"S": pk}}
        condition = "pk = :pk"
        if until is not None:
            condition, values[":until"] = "pk = :pk AND sk <= :until", {"S": until}
        elif prefix:
            condition, values[":prefix"] = "pk = :pk AND begins_with(sk, :prefix)", {"S": prefix}
        more: dict[str, Any] = {"Limit": limit} if limit is not None else {}
        given = 0
        while True:
            with in_our_words():
                answer = self.client.query(
                    TableName=self.name,
                    KeyConditionExpression=condition,
                    ExpressionAttributeValues=values,
                    ConsistentRead=True,
                    ScanIndexForward=not newest_first,
                    **more,
                )
            for item in answer["Items"]:
                yield dict(item)
                given += 1
                if limit is not None and given >= limit:
                    return
            if "LastEvaluatedKey" not in answer:
                return
            more["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put(self, item: Item, *, condition: str | None = None, values: Item | None = None, means: str = MOVED) -> None:
        """Write one item; a failed condition is the error `means`."""
        more: dict[str, Any] = {}
        if condition is not None:
            more["ConditionExpression"] = condition
        if values:
            more["ExpressionAttributeValues"] = values
        with in_our_words(means):
            self.client.put_item(TableName=self.name, Item=item, **more)

    def delete(self, pk: str, sk: str) -> None:
        """Remove one item, if it is there."""
        with in_our_words():
            self.client.delete_item(TableName=self.name, Key=key(pk, sk))

    def transact(self, writes: Sequence[tuple[Item, str]]) -> None:
        """Write everything or nothing; each write says what its failed condition means."""
        if len(writes) > MAX_ITEMS:
            raise Permanent("This change is larger than one transaction of the store; record it in smaller pieces.")
        from botocore.exceptions import ClientError

        try:
            with in_our_words():
                self.client.transact_write_items(TransactItems=[write for write, _ in writes])  # type: ignore[misc]
        except ClientError as error:
            raise _cancelled(error, [means for _, means in writes]) from error

    def exists(self, person: PersonId) -> tuple[Item, str]:
        """The write that fails for an erased person."""
        check = {
            "ConditionCheck": {
                "TableName": self.name,
                "Key": key(layout.person(person), "PERSON"),
                "ConditionExpression": "attribute_exists(pk)",
            }
        }
        return check, ERASED

    def holds(self, person: PersonId, mailbox: str, fence: int) -> tuple[Item, str]:
        """The write that fails unless the lease is the current one."""
        check = {
            "ConditionCheck": {
                "TableName": self.name,
                "Key": key(layout.person(person), f"LEASE#{mailbox}"),
                "ConditionExpression": "fence = :fence",
                "ExpressionAttributeValues": {":fence": {"N": str(fence)}},
            }
        }
        return check, FENCED

    def putting(
        self, item: Item, *, condition: str | None = None, values: Item | None = None, means: str = MOVED
    ) -> tuple[Item, str]:
        """A Put as part of a transaction."""
        put: Item = {"TableName": self.name, "Item": item}
        if condition is not None:
            put["ConditionExpression"] = condition
        if values:
            put["ExpressionAttributeValues"] = values
        return {"Put": put}, means

    def deleting(self, pk: str, sk: str) -> tuple[Item, str]:
        """A Delete as part of a transaction."""
        return {"Delete": {"TableName": self.name, "Key": key(pk, sk)}}, MOVED

    def seal(self, person: PersonId, item: str, purpose: str, body: bytes) -> Item:
        """A sealed body as an attribute. NotFound: erased."""
        return {"B": seal(self.keys.get(person), body, person=person, item=item, purpose=purpose)}

    def open(self, person: PersonId, item: str, purpose: str, attribute: Item) -> bytes:
        """The body again. NotFound: erased."""
        return open_(self.keys.get(person), bytes(attribute["B"]), person=person, item=item, purpose=purpose)

    def blind(self, person: PersonId, text: str) -> str:
        """`text` as it may stand in a key."""
        return blind(self.keys.get(person), text)

    def derived(self, person: PersonId, purpose: str) -> bytes:
        """A key of the person's for one purpose. NotFound: erased."""
        return derived(self.keys.get(person), purpose)


def key(pk: str, sk: str) -> dict[str, Any]:
    """A primary key."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _cancelled(error: Any, means: Sequence[str]) -> Exception:
    """What a cancelled transaction means, by the first write that failed; conflicts with others come before."""
    reasons = error.response.get("CancellationReasons", ())
    codes = [str(each.get("Code", "None")) for each in reasons]
    for wanted in (ERASED, FENCED, EXISTS, MOVED):
        if any(code == "ConditionalCheckFailed" and mean == wanted for code, mean in zip(codes, means, strict=False)):
            return _MEANS[wanted]
    if any(code in {"TransactionConflict", "ConditionalCheckFailed"} for code in codes):
        return Conflict("Somebody else is writing the same.")
    if any(code in {"ThrottlingError", "ProvisionedThroughputExceeded"} for code in codes):
        return Transient("The store is throttled.", retry_after_seconds=1)
    return _refused(next((code for code in codes if code != "None"), "TransactionCanceled"))


def _refused(code: str) -> Exception:
    """What a refusal nobody listed means: only a request that is itself wrong is given up at once."""
    if code.removesuffix("Exception") in _NEVER:
        return Permanent(f"The store cannot take this ({code}).")
    return Transient(f"The store refused ({code}); check the function's rights on the table.")


@contextmanager
def in_our_words(means: str = MOVED) -> Iterator[None]:
    """Refused, throttled or out of reach → Transient; a failed condition → what it means; a request that is wrong in
    itself → Permanent; a cancelled transaction passes on.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except BotoCoreError as error:
        raise Transient("The store is out of reach.") from error
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code == "ConditionalCheckFailedException":
            raise _MEANS[means] from error
        if code == "TransactionCanceledException":
            raise
        if code in {"TransactionConflictException", "TransactionInProgressException"}:
            raise Conflict("Somebody else is writing the same.") from error
        if (
            "Throttl" in code
            or "Provisioned" in code
            or "Internal" in code
            or "RequestLimit" in code
            or "Unavailable" in code
        ):
            raise Transient("The store is throttled.", retry_after_seconds=1) from error
        raise _refused(code) from error
