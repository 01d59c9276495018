"""The outermost application: how many requests at once, what is counted, and a line in the log for each.

The log never holds a query (sessions are there), a token, or more than the beginning of a link's id.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from megadesk.server.answers import Refusal, refusal
from megadesk.server.incoming import ClientGoneError
from megadesk.server.outgoing import BrokenOffError

access_log = logging.getLogger("megadesk.server.access")
log = logging.getLogger(__name__)

WHO: Final = "megadesk_who"
"""Where in a scope the id of the token that was accepted is noted, for the log."""
_LONG_HEX: Final = re.compile(r"[0-9a-f]{32,}")
_MAX_PATH: Final = 200


@dataclass(slots=True)
class Counts:
    """What happened since the start. ``streams``: requests that are event streams, which may run for days.

    For the event loop's thread."""

    running: int = 0
    streams: int = 0
    refused_busy: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    by_status: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0


class Gate:
    """Wraps an application. ``max_requests`` at once; more are told to come back in a second."""

    def __init__(self, app: ASGIApp, counts: Counts, max_requests: int) -> None:
        self._app = app
        self._counts = counts
        self._max_requests = max_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        counts = self._counts
        began = time.monotonic()
        status = sent = received = 0

        async def counted_send(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
            return message

        counts.running += 1
        try:
            if counts.running - counts.streams > self._max_requests:
                counts.refused_busy += 1
                busy = refusal(Refusal(503, "busy", "Too many requests at once.", {"retry-after": "1"}))
                await busy(scope, counted_receive, counted_send)
            elif not (scope["path"].isascii() and scope["path"].isprintable()):
                # Patterns of routes end at a line's end, and nothing here has such a path.
                odd = refusal(Refusal(400, "name", "There are characters in the path that no path here has."))
                await odd(scope, counted_receive, counted_send)
            else:
                await self._app(scope, counted_receive, counted_send)
        except ClientGoneError:
            pass
        except BrokenOffError as error:
            # Returning without the rest makes uvicorn close the connection.
            log.error("an answer broke off: %s", error)
        finally:
            counts.running -= 1
            counts.sent_bytes += sent
            counts.received_bytes += received
            counts.by_status[status] = counts.by_status.get(status, 0) + 1
            took_s = time.monotonic() - began
            counts.seconds += took_s
            client = scope.get("client")
            access_log.info(
                "%s %s %s %d in=%d out=%d %.0fms %s",
                client[0] if client else "-",
                scope["method"],
                shown_path(scope["path"]),
                status,
                received,
                sent,
                took_s * 1000,
                scope.get(WHO, "-"),
            )


def shown_path(path: str) -> str:
    """A path as it may stand in a log: ids shortened, nothing that a terminal would obey, not endless."""
    shortened = _LONG_HEX.sub(lambda match: f"{match[0][:6]}...", path[: 2 * _MAX_PATH])
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in shortened[:_MAX_PATH])
