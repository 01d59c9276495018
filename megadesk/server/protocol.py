"""uvicorn's HTTP connection with limits that uvicorn does not have: size and time of a head, pace of a body, patience
with a client that does not read, number of connections."""

from __future__ import annotations

import logging
import time
from asyncio import Transport
from typing import Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from megadesk.server.settings import Limits

log = logging.getLogger(__name__)

# What is left of a body when its request was refused is read and dropped, so that the client gets to the answer.
MAX_DRAIN_BYTES: Final = 32 << 20

_TOO_MANY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\nmegadesk-error: busy\r\n"
    b"connection: close\r\n\r\n"
)
_HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class ServerConfig(uvicorn.Config):
    """uvicorn's settings, and ours. ``aborted`` counts connections that were cut off."""

    limits: Limits
    aborted: int = 0


class LimitedProtocol(HttpToolsProtocol):
    """A connection. `check` is called once a second for each. For the event loop's thread."""

    _in_head = True
    _head_bytes = 0
    _head_since: float | None = None
    _in_body = False
    _body_bytes = 0
    _body_since = 0.0
    _drained = 0
    _write_since: float | None = None
    _closing_since: float | None = None

    @property
    def _limits(self) -> Limits:
        return cast("ServerConfig", self.config).limits

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_since = time.monotonic()
        if len(self.connections) > self._limits.max_connections:
            transport.write(_TOO_MANY)
            transport.close()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > self._limits.max_head_bytes and not self.transport.is_closing():
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = 0
        self._head_since = time.monotonic()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_since = None
        self._in_body = True
        self._body_bytes = self._drained = 0
        self._body_since = time.monotonic()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self.cycle.response_complete:
            self._drained += len(body)
            if self._drained > MAX_DRAIN_BYTES:
                self._cut("goes on sending what was refused")
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_body = False
        self._in_head = True
        self._head_bytes = 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        self._write_since = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._write_since = None
        super().resume_writing()

    def check(self, now: float) -> None:
        """Cut the connection off when its client is slower than it may be."""
        limits = self._limits
        if self.transport.is_closing():
            self._closing_since = self._closing_since or now
            if now - self._closing_since > limits.send_s:
                self._cut("does not take the end of its answer")
        elif self._head_since is not None and now - self._head_since > limits.head_s:
            self._cut("does not finish its request's head")
        elif self._write_since is not None and now - self._write_since > limits.send_s:
            self._cut("does not take its answer")
        elif self._in_body:
            if self.flow.read_paused:  # it would send, but we do not read
                self._body_since, self._body_bytes = now, 0
            elif now - self._body_since > limits.body_window_s:
                if self._body_bytes < limits.min_body_bytes_per_s * (now - self._body_since):
                    self._cut("hardly sends its body")
                self._body_since, self._body_bytes = now, 0

    def _cut(self, why: str) -> None:
        cast("ServerConfig", self.config).aborted += 1
        log.info("%s %s: cut off", self.client[0] if self.client else "a client", why)
        self.transport.abort()
