"""An HTTP proxy on a real socket that does to requests what bad networks and tired servers do.

It stands before one server of the test and passes each request on, unless the script says otherwise.
"""

from __future__ import annotations

import contextlib
import enum
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

_CHUNK = 64 << 10
_MAX_HEAD = 256 << 10


class Trouble(enum.Enum):
    """What happens to one request."""

    RESET = "reset"
    """The connection is reset before the server hears anything."""
    LOST_ANSWER = "lost answer"
    """The server does it, and the connection is reset."""
    STALL = "stall"
    """Nothing comes for a while, and then the connection ends."""
    CUT_REQUEST = "cut request"
    """Half of the body reaches the server."""
    CUT_ANSWER = "cut answer"
    """Half of the answer's body reaches the client."""
    TWICE = "twice"
    """The server gets it twice; the client hears the second answer."""
    SLOW_DOWN = "429"
    BROKEN = "500"
    BUSY = "503"
    FULL = "507"
    FORBIDDEN = "403"


_STATUS = {
    Trouble.SLOW_DOWN: (429, "Too Many Requests", ""),
    Trouble.BROKEN: (500, "Internal Server Error", ""),
    Trouble.BUSY: (503, "Service Unavailable", "Retry-After: 0\r\n"),
    Trouble.FULL: (507, "Insufficient Storage", ""),
    Trouble.FORBIDDEN: (403, "Forbidden", ""),
}
RETRIED = tuple(trouble for trouble in Trouble if trouble not in (Trouble.FULL, Trouble.FORBIDDEN))
"""All that goes away by trying again; a full storage is waited with."""
PASSING = (*RETRIED, Trouble.FULL)
"""All that ends by itself."""

Script = Callable[[int, str], Trouble | None]
"""(number of the request from 0, its method) -> what happens to it."""


def at_random(probability: float, seed: int, kinds: tuple[Trouble, ...] = RETRIED) -> Script:
    """Each request with that probability, any of the kinds."""
    chance = random.Random(seed)
    lock = threading.Lock()

    def script(number: int, method: str) -> Trouble | None:
        with lock:
            return chance.choice(kinds) if chance.random() < probability else None

    return script


def every(count: int, offset: int, kind: Trouble) -> Script:
    """Every so-manieth request, beginning with number ``offset``."""
    return lambda number, method: kind if number % count == offset else None


class _Head(NamedTuple):
    first: str
    lines: list[str]
    rest: bytes

    def header(self, name: str) -> str:
        for line in self.lines:
            key, _, value = line.partition(":")
            if key.strip().lower() == name:
                return value.strip()
        return ""

    def to_bytes(self) -> bytes:
        return "\r\n".join([self.first, *self.lines, "", ""]).encode("latin-1")


class _EndError(Exception):
    """The connection is over."""


class FaultProxy:
    """Listens on a port of its own until it is closed."""

    def __init__(self, upstream_port: int, script: Script | None = None, *, stall_s: float = 1.0) -> None:
        self.upstream_port = upstream_port
        self.script: Script = script or (lambda number, method: None)
        self.stall_s = stall_s
        self.delay_s = 0.0
        """Added before every answer, for latency."""
        self.requests = 0
        self.methods: Counter[str] = Counter()
        self.troubles: Counter[Trouble] = Counter()
        self.body_bytes = 0
        """Of all requests that were passed on as a whole."""
        self.on_request: Callable[[int], None] | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="proxy", daemon=True)
        self._accepting.start()

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def close(self) -> None:
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), name="proxy", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.settimeout(120)
        upstream: socket.socket | None = None
        left = b""
        try:
            while not self._closed.is_set():
                request = _read_head(client, left)
                if upstream is None:
                    upstream = socket.create_connection(("127.0.0.1", self.upstream_port), 10)
                    upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    upstream.settimeout(120)
                left = self._exchange(client, upstream, request)
        except (OSError, _EndError):
            pass
        finally:
            client.close()
            if upstream is not None:
                upstream.close()

    def _exchange(self, client: socket.socket, upstream: socket.socket, request: _Head) -> bytes:
        """One request and its answer; what was read of the next one."""
        method = request.first.partition(" ")[0]
        with self._lock:
            number = self.requests
            self.requests += 1
            self.methods[method] += 1
        if self.on_request is not None:
            self.on_request(number)
        trouble = self.script(number, method)
        if trouble is not None:
            with self._lock:
                self.troubles[trouble] += 1
        if self.delay_s:
            time.sleep(self.delay_s)
        if trouble is Trouble.RESET:
            _reset(client)
        if trouble is Trouble.STALL:
            self._closed.wait(self.stall_s)
            raise _EndError
        length = int(request.header("content-length") or 0)
        body, left = _read_body(client, request, length)
        if trouble in _STATUS:
            status, reason, more = _STATUS[trouble]
            client.sendall(f"HTTP/1.1 {status} {reason}\r\n{more}Content-Length: 0\r\n\r\n".encode())
            return left
        upstream.sendall(request.to_bytes())
        if trouble is Trouble.CUT_REQUEST:
            upstream.sendall(body[: len(body) // 2])
            _reset(client)
        upstream.sendall(body)
        with self._lock:
            self.body_bytes += len(body)
        if trouble is Trouble.TWICE:
            _copy_answer(upstream, None, method)
            upstream.sendall(request.to_bytes() + body)
        if trouble is Trouble.LOST_ANSWER:
            _copy_answer(upstream, None, method)
            _reset(client)
        if not _copy_answer(upstream, client, method, half=trouble is Trouble.CUT_ANSWER):
            raise _EndError
        return left


def _read_head(source: socket.socket, begun: bytes) -> _Head:
    data = bytearray(begun)
    while b"\r\n\r\n" not in data:
        chunk = source.recv(_CHUNK)
        if not chunk or len(data) > _MAX_HEAD:
            raise _EndError
        data += chunk
    head, _, rest = bytes(data).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return _Head(first, lines, rest)


def _read_body(source: socket.socket, head: _Head, length: int) -> tuple[bytes, bytes]:
    data = bytearray(head.rest)
    while len(data) < length:
        chunk = source.recv(_CHUNK)
        if not chunk:
            raise _EndError
        data += chunk
    return bytes(data[:length]), bytes(data[length:])


def _copy_answer(upstream: socket.socket, client: socket.socket | None, method: str, *, half: bool = False) -> bool:
    """Pass an answer on (nowhere without a client); whether the connection can be used again."""
    answer = _read_head(upstream, b"")
    status = int(answer.first.split()[1])
    if client is not None:
        client.sendall(answer.to_bytes())
    if method == "HEAD" or status in (204, 304):
        if half:
            raise _EndError
        return True
    chunked = "chunked" in answer.header("transfer-encoding").lower()
    announced = answer.header("content-length")
    left = int(announced) if announced else None
    if half and left is not None:
        left //= 2
    body = answer.rest
    tail = b""
    while True:
        if left is not None:
            body = body[:left]
            left -= len(body)
        if client is not None and body:
            client.sendall(body)
        tail = (tail + body)[-5:]
        if left == 0 or (chunked and tail == b"0\r\n\r\n") or (half and left is None):
            break
        body = upstream.recv(_CHUNK)
        if not body:
            return False
    if half:
        raise _EndError
    return answer.header("connection").lower() != "close"


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    raise _EndError


@contextlib.contextmanager
def before(port: int, script: Script | None = None, *, stall_s: float = 1.0) -> Iterator[FaultProxy]:
    """A proxy for the server at this port."""
    with FaultProxy(port, script, stall_s=stall_s) as proxy:
        yield proxy
