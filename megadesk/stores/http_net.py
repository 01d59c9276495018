"""Sockets that notice a server which answers without end or hardly at all.

A time-out of httpx starts anew with every byte that comes, so a server that sends one each minute holds a thread
for ever, and nothing limits how many interim answers (1xx) it sends before the real one. The sockets made here are
counted against a `Pace` that belongs to the request which the thread is making.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpcore

from megadesk.stores.http_direct import receive_into
from megadesk.stores.meter import travelled

MAX_HEAD_BYTES: Final = 256 << 10
_STEP_BYTES: Final = 256 << 10
"""So much is written between two words to the meter."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """None of these limits how long a transfer takes as a whole, as long as it goes on.

    ``read_s``, ``write_s``: without a single byte. ``head_s``: from the first byte of an answer to its last header,
    interim answers included. ``min_bytes_per_s``: on average over ``read_s`` while a body is read.
    """

    connect_s: float = 15.0
    read_s: float = 60.0
    write_s: float = 60.0
    head_s: float = 600.0
    min_bytes_per_s: float = 256.0


class Pace:
    """What one request has received. Used by one thread."""

    def __init__(self, timeouts: Timeouts, clock: Callable[[], float] = time.monotonic) -> None:
        self._timeouts = timeouts
        self._clock = clock
        self._head = True
        self._since: float | None = None
        self._bytes = 0

    def in_body(self) -> None:
        """The head is complete."""
        self._head = False
        self._since, self._bytes = self._clock(), 0

    def count(self, size_bytes: int) -> None:
        """Raises httpcore's ReadTimeout or RemoteProtocolError when it is too slow or too much."""
        now = self._clock()
        if self._since is None:
            self._since = now
        self._bytes += size_bytes
        passed_s = now - self._since
        if self._head:
            if self._bytes > MAX_HEAD_BYTES:
                raise httpcore.RemoteProtocolError("The head of the answer does not end.")
            if passed_s > self._timeouts.head_s:
                raise httpcore.ReadTimeout("The head of the answer takes too long.")
        elif passed_s >= self._timeouts.read_s:
            if self._bytes < self._timeouts.min_bytes_per_s * passed_s:
                raise httpcore.ReadTimeout("The answer trickles.")
            self._since, self._bytes = now, 0


class _Current(threading.local):
    pace: Pace | None = None


_current: Final = _Current()


@contextmanager
def paced(pace: Pace) -> Iterator[None]:
    """Count what this thread receives against ``pace``."""
    outer, _current.pace = _current.pace, pace
    try:
        yield
    finally:
        _current.pace = outer


class PacedBackend(httpcore.NetworkBackend):
    """httpcore's own sockets, counted."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _PacedStream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))


class _PacedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, timeout)
        travelled(len(data))
        if _current.pace is not None:
            _current.pace.count(len(data))
        return data

    def read_into(self, view: memoryview, timeout: float | None = None) -> int:
        """See `http_direct.Receiving`."""
        count = receive_into(self._inner, view, timeout)
        travelled(count)
        if _current.pace is not None:
            _current.pace.count(count)
        return count

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with memoryview(buffer) as view:
            for start in range(0, view.nbytes, _STEP_BYTES):
                step = view[start : start + _STEP_BYTES]
                self._inner.write(step, timeout)  # type: ignore[arg-type] # anything that a socket sends
                travelled(step.nbytes)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _PacedStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
