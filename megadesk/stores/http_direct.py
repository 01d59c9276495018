"""HTTP/1.1 connections for httpcore's pool, whose bodies go straight between the socket and the caller's memory.

httpcore passes bodies through h11, which is made for framing that has to be looked for: 64 KiB a turn, each copied four
times while Python's lock is held. A body whose length is known needs no framing. Heads, and bodies of unknown length,
are still read by h11, which is strict about them. Measured: docs/adr/0028-bodies-past-h11.md.

The pool, its limits, its exceptions and its network streams are httpcore's own, through its documented interfaces.
"""

from __future__ import annotations

import contextlib
import enum
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any, Final, Protocol, cast, runtime_checkable

import h11
import httpcore

BODY: Final = "megadesk_body"
"""Under this name a response's ``extensions`` have its `Body`, where the length is known."""
_CHUNK: Final = 256 << 10
_HEAD_READ: Final = 64 << 10
_MAX_HEAD: Final = 100 << 10
_PIECES: Final = 10_000
_PIECE_BYTES: Final = 256
"""A body may come in so many pieces, and one more for each so many bytes: a byte a piece costs too much time."""


@runtime_checkable
class Receiving(Protocol):
    """What the pool's network streams must be able to do beside what httpcore asks of them."""

    def read_into(self, view: memoryview, timeout: float | None = None) -> int:
        """Fill ``view`` from its start with what has come, waiting for at least a byte; 0 when the other side is done.

        Raises httpcore's ReadTimeout and ReadError.
        """


def receive_into(stream: httpcore.NetworkStream, view: memoryview, timeout: float | None) -> int:
    """`Receiving.read_into` for one of httpcore's own streams."""
    found = stream.get_extra_info("socket")
    try:
        if found.gettimeout() != timeout:
            found.settimeout(timeout)
        return int(found.recv_into(view))
    except TimeoutError as error:
        raise httpcore.ReadTimeout(str(error)) from error
    except OSError as error:
        raise httpcore.ReadError(str(error)) from error


class DirectPool(httpcore.ConnectionPool):
    """As httpcore's pool, for one kind of connection: HTTP/1.1, without a proxy."""

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None,
        max_connections: int,
        keepalive_expiry: float,
        network_backend: httpcore.NetworkBackend,
    ) -> None:
        """``ssl_context`` is needed for https. The backend's streams must be `Receiving`."""
        super().__init__(
            ssl_context=ssl_context,
            max_connections=max_connections,
            keepalive_expiry=keepalive_expiry,
            network_backend=network_backend,
        )
        self._tls = ssl_context
        self._expiry_s = keepalive_expiry
        self._backend = network_backend

    def create_connection(self, origin: httpcore.Origin) -> httpcore.ConnectionInterface:
        return _Connection(origin, self._tls, self._expiry_s, self._backend)


class Body:
    """A body of known length. Belongs to one thread."""

    def __init__(self, connection: _Connection, first: bytes, size_bytes: int, timeout: float | None) -> None:
        """``first``: what came together with the head."""
        self._connection = connection
        self._first = memoryview(first)
        self._timeout = timeout
        self.left_bytes = size_bytes

    def read_into(self, view: memoryview) -> int:
        """Fill the start of ``view`` with at least a byte, or with none (0) when there is nothing left.

        Raises httpcore's exceptions; RemoteProtocolError when the body ends early.
        """
        view = view[: self.left_bytes]
        if not view.nbytes:
            return 0
        if self._first:
            count = min(len(self._first), view.nbytes)
            view[:count] = self._first[:count]
            self._first = self._first[count:]
        else:
            count = self._arrived(self._connection.receiver.read_into(view, self._timeout))
        self.left_bytes -= count
        return count

    def fill(self, view: memoryview) -> int:
        """Read into ``view``, from its start and as it comes, as far as both go; how many bytes that were.

        Raises what `read_into` does, and RemoteProtocolError when it comes in more pieces than it is worth.
        """
        pieces_left = _PIECES + view.nbytes // _PIECE_BYTES
        at = 0
        while at < view.nbytes and (count := self.read_into(view[at:])):
            at += count
            pieces_left -= 1
            if pieces_left < 0:
                raise httpcore.RemoteProtocolError("The body comes in too many pieces.")
        return at

    def __iter__(self) -> Iterator[bytes]:
        while self.left_bytes:
            if self._first:
                chunk, self._first = bytes(self._first), self._first[:0]
            else:
                chunk = self._connection.network.read(min(_CHUNK, self.left_bytes), self._timeout)
                # A stream may read more than it is asked to; what follows the body is nobody's.
                if len(chunk) > self.left_bytes:
                    self._connection.spoil()
                    chunk = chunk[: self.left_bytes]
            self.left_bytes -= self._arrived(len(chunk))
            yield chunk

    @staticmethod
    def _arrived(count: int) -> int:
        if not count:
            raise httpcore.RemoteProtocolError("peer closed connection without sending complete message body")
        return count

    def close(self) -> None:
        self._connection.release(clean=not self.left_bytes)


class _Framed:
    """A body whose end has to be looked for, or none at all. Belongs to one thread."""

    def __init__(self, connection: _Connection, head: h11.Connection, timeout: float | None) -> None:
        self._connection = connection
        self._head = head
        self._timeout = timeout

    def __iter__(self) -> Iterator[bytes]:
        while self._head.their_state is h11.SEND_BODY:
            event = self._connection.next_event(self._head, self._timeout)
            if isinstance(event, h11.Data):
                yield bytes(event.data)

    def close(self) -> None:
        self._connection.release(clean=self._head.their_state is h11.DONE)


class _State(enum.Enum):
    NEW = enum.auto()
    ACTIVE = enum.auto()
    IDLE = enum.auto()
    CLOSED = enum.auto()


class _Connection(httpcore.ConnectionInterface):
    """One connection; connects at its first request. What the pool asks of it is thread-safe."""

    def __init__(
        self,
        origin: httpcore.Origin,
        tls: ssl.SSLContext | None,
        expiry_s: float,
        backend: httpcore.NetworkBackend,
    ) -> None:
        self._origin = origin
        self._tls = tls
        self._expiry_s = expiry_s
        self._backend = backend
        self._lock = threading.Lock()
        self._state = _State.NEW
        self._expires_at = 0.0
        self._reusable = True
        self._stream: httpcore.NetworkStream | None = None

    @property
    def network(self) -> httpcore.NetworkStream:
        assert self._stream is not None
        return self._stream

    @property
    def receiver(self) -> Receiving:
        return cast(Receiving, self._stream)

    # --- one request

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        if not self.can_handle_request(request.url.origin):
            raise RuntimeError("This connection goes elsewhere.")
        with self._lock:
            if self._state not in (_State.NEW, _State.IDLE):
                raise httpcore.ConnectionNotAvailable
            self._state = _State.ACTIVE
        try:
            return self._exchange(request, request.extensions.get("timeout", {}))
        except BaseException:
            self.close()
            raise

    def _exchange(self, request: httpcore.Request, timeouts: dict[str, float | None]) -> httpcore.Response:
        if self._stream is None:
            self._stream = self._connect(timeouts.get("connect"))
        head = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        try:
            self._send(request, head, timeouts.get("write"))
        except httpcore.WriteError:
            self._reusable = False  # the answer may say why it hung up before it had all
        timeout = timeouts.get("read")
        event = self.next_event(head, timeout)
        while not isinstance(event, h11.Response):  # interim answers
            event = self.next_event(head, timeout)
        body: Body | _Framed = _Framed(self, head, timeout)
        fields = {name: value for name, value in event.headers if name in (b"content-length", b"transfer-encoding")}
        tokens = b",".join(value for name, value in event.headers if name == b"connection").lower().split(b",")
        self._reusable &= event.http_version == b"1.1" and b"close" not in [token.strip() for token in tokens]
        extensions: dict[str, Any] = {
            "http_version": b"HTTP/" + event.http_version,
            "reason_phrase": event.reason,
            "network_stream": self._stream,
        }
        if request.method == b"HEAD" or event.status_code in (204, 304):
            self.next_event(head, timeout)  # the end, which follows at once
        elif b"content-length" in fields and b"transfer-encoding" not in fields:
            size_bytes = int(fields[b"content-length"])
            first, _ = head.trailing_data
            self._reusable &= len(first) <= size_bytes
            body = extensions[BODY] = Body(self, first[:size_bytes], size_bytes, timeout)
        return httpcore.Response(
            event.status_code, headers=event.headers.raw_items(), content=body, extensions=extensions
        )

    def _connect(self, timeout: float | None) -> httpcore.NetworkStream:
        host = self._origin.host.decode("ascii")
        stream = self._backend.connect_tcp(host, self._origin.port, timeout=timeout)
        if self._origin.scheme != b"https":
            return stream
        assert self._tls is not None
        self._tls.set_alpn_protocols(["http/1.1"])
        return stream.start_tls(self._tls, server_hostname=host, timeout=timeout)

    def _send(self, request: httpcore.Request, head: h11.Connection, timeout: float | None) -> None:
        length = next((int(value) for name, value in request.headers if name.lower() == b"content-length"), None)
        with _local():
            start = head.send(h11.Request(method=request.method, target=request.url.target, headers=request.headers))
        self.network.write(start or b"", timeout)
        count = 0
        for piece in request.stream:  # type: ignore[union-attr] # never an async one
            if length is not None:
                count += len(piece)
                self.network.write(piece, timeout)
            elif piece:
                with _local():
                    framed = head.send(h11.Data(data=piece))
                self.network.write(framed or b"", timeout)
        if length is None:
            with _local():
                end = head.send(h11.EndOfMessage())
            if end:
                self.network.write(end, timeout)
        elif count != length:
            raise httpcore.LocalProtocolError("The body has another length than was announced.")

    def next_event(self, head: h11.Connection, timeout: float | None) -> Any:
        """What h11 reads next. Raises httpcore's exceptions."""
        while True:
            try:
                event = head.next_event()
            except h11.RemoteProtocolError as error:
                raise httpcore.RemoteProtocolError(str(error)) from error
            if event is not h11.NEED_DATA:
                return event
            data = self.network.read(_HEAD_READ, timeout)
            if not data and head.their_state is h11.SEND_RESPONSE:
                raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
            head.receive_data(data)

    def spoil(self) -> None:
        """Something came that nobody asked for."""
        self._reusable = False

    def release(self, *, clean: bool) -> None:
        """The answer is done with. ``clean``: it was read to its end."""
        with self._lock:
            if self._state is _State.ACTIVE and clean and self._reusable:
                self._state = _State.IDLE
                self._expires_at = time.monotonic() + self._expiry_s
                return
        self.close()

    # --- for the pool

    def close(self) -> None:
        self._state = _State.CLOSED
        if self._stream is not None:
            self._stream.close()

    def info(self) -> str:
        return self._state.name

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        return origin == self._origin

    def is_available(self) -> bool:
        return self._state is _State.IDLE

    def has_expired(self) -> bool:
        if self._state is not _State.IDLE:
            return False
        # What is idle and can be read has been hung up.
        return time.monotonic() > self._expires_at or bool(self.network.get_extra_info("is_readable"))

    def is_idle(self) -> bool:
        return self._state is _State.IDLE

    def is_closed(self) -> bool:
        return self._state is _State.CLOSED


@contextlib.contextmanager
def _local() -> Iterator[None]:
    try:
        yield
    except h11.LocalProtocolError as error:
        raise httpcore.LocalProtocolError(str(error)) from error
