"""Whether an answer has the shape that Gmail's discovery document promises, so that what reads it meets no surprise.

Names that the document does not know are let pass: Gmail may add some. What is there under a known name has its type.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "number": (int, float),
}
_NEEDED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("messages", "threads", "labels", "message"), "id"),
    **dict.fromkeys(("messagesAdded", "messagesDeleted", "labelsAdded", "labelsRemoved"), "message"),
}
"""What each object under these names must have: without it there is nothing to ask for."""


_ASKED_WITH: Final = frozenset({"id", "threadId", "historyId", "nextPageToken"})
"""What goes into the address of a later request, and is ASCII."""


@functools.cache
def document() -> dict[str, Any]:
    """The discovery document that ships with the client library."""
    from importlib.resources import files

    path = files("googleapiclient.discovery_cache").joinpath("documents", "gmail.v1.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@functools.cache
def _answers() -> dict[str, Mapping[str, Any] | None]:
    """Method id → the schema of its answer; None: it has none."""
    return {each["id"]: each.get("response") for each in _methods(document())}


def _methods(resource: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _methods(inner)


def as_documented(method: str, answer: Any) -> bool:
    """Whether the answer of this method ("gmail.users.messages.get") can be read by the document's word."""
    schema = _answers()[method]
    return schema is None or _fits(schema, answer, "")


def _fits(schema: Mapping[str, Any], value: Any, name: str) -> bool:
    schema = document()["schemas"][schema["$ref"]] if "$ref" in schema else schema
    kind = schema["type"]
    if kind == "array":
        return isinstance(value, list) and all(_fits(schema["items"], each, name) for each in value)
    if kind == "object":
        known = schema.get("properties", {})
        return (
            isinstance(value, dict)
            and _NEEDED.get(name, "") in {"", *value}
            and all(_fits(known[each], inner, str(each)) for each, inner in value.items() if each in known)
        )
    if isinstance(value, str) and name in _ASKED_WITH and not value.isascii():
        return False
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
