"""Requests and answers against Google's discovery documents, which say what each method takes and gives.

The documents come with google-api-python-client. Unknown names, wrong types, missing parameters, numbers of 64 bits that are
no strings and values outside an enumeration are problems, each a sentence with its place.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

_RANGES: Final = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
_FORMS: Final = {
    "byte": re.compile(r"[A-Za-z0-9_\-+/]*={0,2}"),
    "google-datetime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z"),
    "google-duration": re.compile(r"-?\d{1,12}(\.\d{1,9})?s"),
}


class Discovery:
    """One API as its document describes it."""

    def __init__(self, name: str) -> None:
        path = files("googleapiclient.discovery_cache").joinpath("documents", f"{name}.json")
        self._document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self.methods = {each["id"]: each for each in _methods(self._document)}

    def request(
        self, method: str, path: Mapping[str, str], query: Iterable[tuple[str, str]], body: Any | None
    ) -> list[str]:
        """What is wrong with a call. `path` and `query` are as they stand in the address; `body` is parsed JSON."""
        described = self.methods[method]
        known = {**self._document.get("parameters", {}), **described.get("parameters", {})}
        asked = list(query)
        problems = []
        for name, value in [*path.items(), *asked]:
            where = "path" if name in path else "query"
            if name not in known or known[name].get("location") != where:
                problems.append(f"{method}: unknown {where} parameter {name}")
            else:
                problems += [f"{method}: {each}" for each in _of_text(known[name], value, name)]
        for name, parameter in described.get("parameters", {}).items():
            count = [*path, *(each for each, _ in asked)].count(name)
            if count == 0 and parameter.get("required"):
                problems.append(f"{method}: {name} is missing")
            if count > 1 and not parameter.get("repeated"):
                problems.append(f"{method}: {name} is given {count} times")
        if body is not None and "request" not in described:
            problems.append(f"{method}: takes no body")
        elif body is not None:
            problems += [f"{method}: {each}" for each in self._value(described["request"], body, "body")]
        return problems

    def answer(self, method: str, body: Any | None) -> list[str]:
        """What is wrong with a good answer; None: it has no body."""
        described = self.methods[method]
        if "response" not in described:
            return [] if body is None else [f"{method}: answers nothing"]
        return [f"{method}: {each}" for each in self._value(described["response"], body, "answer")]

    def _value(self, schema: Mapping[str, Any], value: Any, where: str) -> list[str]:
        if "$ref" in schema:
            schema = self._document["schemas"][schema["$ref"]]
        kind = schema.get("type")
        if kind == "object":
            if not isinstance(value, dict):
                return [f"{where} is no object"]
            return [each for name, one in value.items() for each in self._field(schema, name, one, f"{where}.{name}")]
        if kind == "array":
            if not isinstance(value, list):
                return [f"{where} is no list"]
            return [
                each
                for index, one in enumerate(value)
                for each in self._value(schema["items"], one, f"{where}[{index}]")
            ]
        return _of_json(schema, value, where)

    def _field(self, schema: Mapping[str, Any], name: str, value: Any, where: str) -> list[str]:
        described = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
        return [f"{where} is not known"] if described is None else self._value(described, value, where)


def _methods(resource: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _methods(inner)


def _of_json(schema: Mapping[str, Any], value: Any, where: str) -> list[str]:
    """A JSON value that is no object and no list."""
    kind, form = schema.get("type"), schema.get("format", "")
    types: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
    }
    allowed = types.get(str(kind))
    if allowed and (not isinstance(value, allowed) or (isinstance(value, bool) and kind != "boolean")):
        return [f"{where} is no {kind}"]
    return _of_text(schema, value, where) if isinstance(value, str) or form in _RANGES else []


def _of_text(schema: Mapping[str, Any], value: Any, where: str) -> list[str]:
    """A value as text: a parameter, or a string of an answer."""
    text, form = str(value), schema.get("format", "")
    if "enum" in schema and text not in schema["enum"]:
        return [f"{where} is none of {', '.join(schema['enum'])}"]
    if form in _RANGES:
        low, high = _RANGES[form]
        if not re.fullmatch(r"-?\d{1,20}", text) or not low <= int(text) <= high:
            return [f"{where} is no {form}"]
    if form in _FORMS and not _FORMS[form].fullmatch(text):
        return [f"{where} is no {form}"]
    if schema.get("type") == "boolean" and text not in {"true", "false", "True", "False"}:
        return [f"{where} is no boolean"]
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        return [f"{where} is not like {schema['pattern']}"]
    return []


@functools.cache
def gmail() -> Discovery:
    """Gmail's API."""
    return Discovery("gmail.v1")


@functools.cache
def pubsub() -> Discovery:
    """Pub/Sub's API."""
    return Discovery("pubsub.v1")
