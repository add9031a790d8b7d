"""What template.yaml wires, read for the embedded deployment: the one source of routes, queues and schedules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from hearback.model.errors import Permanent
from hearback.model.task import Lane

_UNITS: Final = {"minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP route: method ("ANY" for all) and path ("/{proxy+}" or "$default" for the rest)."""

    method: str
    path: str
    function: str


@dataclass(frozen=True, slots=True)
class QueueWiring:
    """One queue with the function that works it."""

    lane: Lane
    function: str
    batch_size: int
    visibility_seconds: int


@dataclass(frozen=True, slots=True)
class ScheduleWiring:
    """One schedule with its input."""

    function: str
    every_seconds: int
    input: str


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything the embedded deployment takes from template.yaml. Functions are named by their folder."""

    routes: tuple[Route, ...]
    websocket: Mapping[str, str]
    """$connect, $disconnect, $default → function."""
    queues: tuple[QueueWiring, ...]
    schedules: tuple[ScheduleWiring, ...]
    stream: str
    """The function behind the table stream."""
    timeouts: Mapping[str, int]
    """Function → seconds it may take."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, kept as {"Ref": …} and the like."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> object:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: object = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".")
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise Permanent("template.yaml holds something that is no CloudFormation.")
    return {name: value}


_Loader.add_multi_constructor("!", _short_form)


def load(path: Path) -> dict[str, Any]:
    """The template as plain data."""
    try:
        with path.open(encoding="utf-8") as file:
            data = yaml.load(file, Loader=_Loader)  # noqa: S506  a SafeLoader with CloudFormation's tags
    except OSError as error:
        raise Permanent(f"template.yaml cannot be read ({error.strerror}); run Hearback from its checkout.") from error
    if not isinstance(data, dict) or "Resources" not in data:
        raise Permanent("template.yaml has no Resources.")
    return data


def wiring(path: Path) -> Wiring:
    """Read the wiring. Permanent where a joint is missing: better no start than a silent one."""
    template = load(path)
    resources: dict[str, Any] = template["Resources"]
    usual = int(template.get("Globals", {}).get("Function", {}).get("Timeout", 3))
    functions = {name: _folder(each) for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"}
    routes: list[Route] = []
    queues: list[QueueWiring] = []
    schedules: list[ScheduleWiring] = []
    stream = ""
    for name, folder in functions.items():
        for event in resources[name]["Properties"].get("Events", {}).values():
            properties = event["Properties"]
            match event["Type"]:
                case "HttpApi":
                    routes.append(Route(properties.get("Method", "ANY").upper(), properties["Path"], folder))
                case "SQS":
                    queues.append(_queue(resources, properties, folder))
                case "Schedule" | "ScheduleV2":
                    schedules.append(
                        ScheduleWiring(
                            folder,
                            _seconds(properties.get("ScheduleExpression") or properties.get("Schedule")),
                            properties.get("Input", "{}"),
                        )
                    )
                case "DynamoDB":
                    stream = folder
                case _:
                    pass
    timeouts = {folder: int(resources[name]["Properties"].get("Timeout", usual)) for name, folder in functions.items()}
    websocket = _websocket(resources, functions)
    found = Wiring(tuple(routes), websocket, tuple(queues), tuple(schedules), stream, timeouts)
    if not (found.routes and found.websocket and found.queues and found.schedules and found.stream):
        raise Permanent("template.yaml lacks a joint of the flow: routes, WebSocket, queues, schedules or stream.")
    return found


def _folder(function: Mapping[str, Any]) -> str:
    return Path(str(function["Properties"]["CodeUri"]).rstrip("/")).name


def _queue(resources: Mapping[str, Any], properties: Mapping[str, Any], folder: str) -> QueueWiring:
    queue = properties["Queue"]["Fn::GetAtt"][0]
    made = resources[queue]["Properties"]
    lane = next((lane for lane in Lane if queue.lower().startswith(lane.value)), None)
    if lane is None:
        raise Permanent(f"template.yaml: queue {queue} is named after none of the lanes.")
    return QueueWiring(lane, folder, int(properties.get("BatchSize", 10)), int(made.get("VisibilityTimeout", 30)))


def _websocket(resources: Mapping[str, Any], functions: Mapping[str, str]) -> dict[str, str]:
    targets: dict[str, str] = {}
    for name, each in resources.items():
        if each["Type"] == "AWS::ApiGatewayV2::Integration":
            text = str(each["Properties"].get("IntegrationUri"))
            owner = next((function for function in functions if re.search(rf"\b{function}\b", text)), None)
            if owner is not None:
                targets[name] = functions[owner]
    routes: dict[str, str] = {}
    for each in resources.values():
        if each["Type"] == "AWS::ApiGatewayV2::Route":
            target = str(each["Properties"].get("Target"))
            owner = next((name for name in targets if re.search(rf"\b{name}\b", target)), None)
            if owner is not None:
                routes[each["Properties"]["RouteKey"]] = targets[owner]
    return routes


def _seconds(expression: object) -> int:
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", str(expression))
    if found:
        return int(found[1]) * _UNITS[found[2]]
    if str(expression).startswith("cron("):
        return _UNITS["day"]
    raise Permanent(f"template.yaml: schedule {expression!r} is not understood; use rate(…) or a daily cron(…).")
