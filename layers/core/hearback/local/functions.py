"""Loads functions/*/handler.py. Each load is an instance of its own, as on Lambda: it works one event at a time."""

from __future__ import annotations

import importlib.util
import queue
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hearback.model.errors import Permanent

Handler = Callable[[dict[str, Any], object], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a Lambda context offers to handlers."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:local:000000000000:function:hearback"
    timeout_seconds: int = 60
    began: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds left of the function's timeout; nothing is cut off locally, but the same budgets hold."""
        return max(0, int((self.began + self.timeout_seconds - time.monotonic()) * 1000))


def load(root: Path, folder: str) -> Handler:
    """A fresh instance of the function in `root`/functions/`folder`. Permanent where there is none."""
    path = root / "functions" / folder / "handler.py"
    spec = importlib.util.spec_from_file_location(f"hearback_function_{folder}_{uuid.uuid4().hex[:8]}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise Permanent(f"functions/{folder}/handler.py is missing; run Hearback from its checkout.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Handler = module.handler
    return handler


class Pool:
    """A few instances of one function; an event waits until one is free."""

    def __init__(self, root: Path, folder: str, size: int, timeout_seconds: int = 60) -> None:
        self._folder = folder
        self._timeout_seconds = timeout_seconds
        self._free: queue.SimpleQueue[Handler] = queue.SimpleQueue()
        for _ in range(size):
            self._free.put(load(root, folder))

    def __call__(self, event: dict[str, Any]) -> Any:
        """Run the handler on `event` in this thread."""
        with self._instance() as handler:
            return handler(event, Context(self._folder, timeout_seconds=self._timeout_seconds))

    @contextmanager
    def _instance(self) -> Iterator[Handler]:
        handler = self._free.get()
        try:
            yield handler
        finally:
            self._free.put(handler)
