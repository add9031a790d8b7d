"""Tasks ↔ the JSON text that is queued. What comes out of a queue is checked like anything from outside."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError

from hearback.model.errors import Permanent
from hearback.model.task import Announce, Task

_TASK: Final[TypeAdapter[Task]] = TypeAdapter(Annotated[Task, Field(discriminator="type")])


def encode(task: Task) -> str:
    """The task as JSON."""
    return _TASK.dump_json(task).decode()


def decode(body: str) -> Task:
    """The task again. Permanent: this is no task of ours."""
    try:
        return _TASK.validate_json(body)
    except ValidationError as error:
        raise Permanent("What was queued is no task; it may come from another version of Hearback.") from error


def group_of(task: Task) -> str:
    """What fairness is between: the mailbox, or the receiver."""
    return task.endpoint if isinstance(task, Announce) else task.mailbox_id
