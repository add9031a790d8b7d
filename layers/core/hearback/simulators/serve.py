"""Serves a simulator's ASGI app on a free loopback port, in a thread."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

RESET: Final = "hearback.reset"
"""In a scope's extensions: ends the connection, as one that breaks does; with True before a byte of what was not sent."""
_NO_GOODBYE: Final = struct.pack("ii", 1, 0)


@contextlib.contextmanager
def serve(app: Starlette) -> Iterator[str]:
    """The base address, while the block runs."""
    listener = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # named, so that asyncio sets TCP_NODELAY
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        _breakable(app), log_level="warning", access_log=False, lifespan="off", ws="none", date_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="simulator", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)


def _breakable(app: Starlette) -> Callable[..., Awaitable[None]]:
    """The app, with a way to break the connection an answer goes out on."""

    async def asgi(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        transport = send.__self__.transport  # uvicorn's side of the connection

        def reset(*, hard: bool) -> None:
            if hard:
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_GOODBYE)
                transport.abort()
            else:
                transport.close()

        scope.setdefault("extensions", {})[RESET] = reset
        await app(scope, receive, send)

    return asgi
