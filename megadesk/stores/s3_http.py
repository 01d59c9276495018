"""Requests to a server that is not trusted: the only importer of httpcore, and where its exceptions become ours.

What a server cannot do here: send more than was asked for, keep a thread busy by sending a byte now and then, send us
somewhere else (redirects are answers like any other), or have anything decompressed.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import certifi
import httpcore

from megadesk.errors import (
    AddressError,
    StoreAccessError,
    StoreError,
    StoreFault,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores.http_direct import BODY, Body, DirectPool, receive_into
from megadesk.stores.meter import travelled
from megadesk.stores.s3_address import Endpoint

_CONNECTIONS: Final = 32
_HEADERS_BYTES: Final = 1 << 17  # also what may arrive together with them
_WRITE_BYTES: Final = 1 << 18
_READ_BYTES: Final = 1 << 18
_PIECES: Final = 10_000
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait. No limit on a request as a whole: large objects on slow lines take their time.

    ``idle_s`` bounds each wait for the network; after ``grace_s`` of waiting in one request, everything so far must
    have come or gone at ``least_bytes_per_s`` on average.
    """

    connect_s: float = 15.0
    idle_s: float = 60.0
    grace_s: float = 90.0
    least_bytes_per_s: float = 1024.0


class Allowance(threading.local):
    """What the request that this thread is busy with has used up."""

    waited_s = 0.0
    moved_bytes = 0
    readable_bytes = 0

    def begin(self) -> None:
        self.waited_s, self.moved_bytes, self.readable_bytes = 0.0, 0, _HEADERS_BYTES


class Response:
    """Status, headers (lower case) and a body that is read within limits."""

    def __init__(self, inner: httpcore.Response, allowance: Allowance, at: Endpoint) -> None:
        self._inner = inner
        self._at = at
        self._allowance = allowance
        self.status = inner.status
        self.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in inner.headers}

    @property
    def length(self) -> int | None:
        """What the header says the body has, or the object behind HEAD."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None

    def chunks(self, limit_bytes: int) -> Iterator[bytes]:
        """The body; StoreProtocolError as soon as there is more than ``limit_bytes`` of it."""
        self._allowance.readable_bytes += limit_bytes + limit_bytes // 4  # chunked bodies have lengths in between
        count = 0
        # A byte a piece costs more time than the body is worth.
        pieces_left = _PIECES + limit_bytes // 256
        with _converting(self._at):
            for chunk in self._inner.iter_stream():
                count += len(chunk)
                pieces_left -= 1
                if count > limit_bytes or pieces_left < 0:
                    raise StoreProtocolError("The S3 server's answer is longer than it may be.")
                yield chunk

    def fill(self, view: memoryview) -> int:
        """Read the body, from its start and as it comes, into ``view`` as far as both go; how many bytes that were."""
        body = self._inner.extensions.get(BODY)
        if isinstance(body, Body):
            self._allowance.readable_bytes += view.nbytes
            with _converting(self._at):
                return body.fill(view)
        at = 0
        for chunk in self.chunks(view.nbytes):
            view[at : at + len(chunk)] = chunk
            at += len(chunk)
        return at

    def read(self, limit_bytes: int) -> bytes:
        return b"".join(self.chunks(limit_bytes))


class Http:
    """A pool of connections to one server. Thread-safe."""

    def __init__(self, endpoint: Endpoint, ca: str = "", patience: Patience | None = None) -> None:
        """``ca``: a file of certificates (PEM) to trust instead of the system's. Raises AddressError."""
        self._endpoint = endpoint
        self._patience = patience or Patience()
        self._allowance = Allowance()
        waits = self._patience
        self._extensions = {
            "timeout": {
                "connect": waits.connect_s,
                "read": waits.idle_s,
                "write": waits.idle_s,
                "pool": waits.idle_s,
            }
        }
        settings: dict[str, Any] = {
            "ssl_context": _ssl_context(ca) if endpoint.scheme == "https" else None,
            "max_connections": _CONNECTIONS,
            "keepalive_expiry": 30.0,
            "network_backend": _Backend(self._allowance, waits),
        }
        proxy = _proxy(endpoint)
        self._pool: httpcore.ConnectionPool = (
            httpcore.HTTPProxy(**proxy, **settings) if proxy else DirectPool(**settings)
        )

    @contextlib.contextmanager
    def exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: Iterator[Any] | None = None
    ) -> Iterator[Response]:
        """Send a request; closes the connection when the body is not read to its end. Raises StoreError only.

        ``target``: path and query, encoded. ``body``: bytes-like pieces, which need a content-length in ``headers``.
        """
        at = self._endpoint
        url = httpcore.URL(scheme=at.scheme, host=at.hostname, port=at.port, target=target)
        self._allowance.begin()
        with (
            _converting(at),
            self._pool.stream(
                method, url, headers=list(headers.items()), content=body, extensions=self._extensions
            ) as response,
        ):
            yield Response(response, self._allowance, at)

    def close(self) -> None:
        self._pool.close()


class _Stream(httpcore.NetworkStream):
    """A connection that knows when enough is enough."""

    def __init__(self, inner: httpcore.NetworkStream, allowance: Allowance, patience: Patience) -> None:
        self._inner = inner
        self._allowance = allowance
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        allowed = self._allowance
        if allowed.readable_bytes > _HEADERS_BYTES:
            max_bytes = _READ_BYTES  # a large body: fewer turns of httpcore's machinery
        start = time.monotonic()
        data = self._inner.read(max_bytes, timeout)
        self._moved(len(data), start, httpcore.ReadTimeout)
        allowed.readable_bytes -= len(data)
        if allowed.readable_bytes < -_READ_BYTES:
            raise httpcore.RemoteProtocolError("more than was asked for")
        return data

    def read_into(self, view: memoryview, timeout: float | None = None) -> int:
        """See `http_direct.Receiving`."""
        allowed = self._allowance
        start = time.monotonic()
        count = receive_into(self._inner, view, timeout)
        self._moved(count, start, httpcore.ReadTimeout)
        allowed.readable_bytes -= count
        if allowed.readable_bytes < -_READ_BYTES:
            raise httpcore.RemoteProtocolError("more than was asked for")
        return count

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for at in range(0, len(buffer), _WRITE_BYTES):
            part = buffer[at : at + _WRITE_BYTES]
            start = time.monotonic()
            self._inner.write(part, timeout)
            self._moved(len(part), start, httpcore.WriteTimeout)

    def _moved(self, size_bytes: int, start: float, too_slow: type[Exception]) -> None:
        travelled(size_bytes)
        allowed, patience = self._allowance, self._patience
        allowed.moved_bytes += size_bytes
        allowed.waited_s += time.monotonic() - start
        late = allowed.waited_s > patience.grace_s
        if late and allowed.moved_bytes < allowed.waited_s * patience.least_bytes_per_s:
            raise too_slow("too slow")

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._allowance, self._patience)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    def __init__(self, allowance: Allowance, patience: Patience) -> None:
        self._allowance = allowance
        self._patience = patience

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._allowance, self._patience)


def _ssl_context(ca: str) -> ssl.SSLContext:
    if ca:
        try:
            return ssl.create_default_context(cafile=os.path.expanduser(ca))
        except OSError as error:  # ssl.SSLError too
            raise AddressError(
                "The file of certificates for the S3 storage cannot be read.",
                remedy="Give a PEM file with ca= in the address, AWS_CA_BUNDLE or ca_bundle.",
            ) from error
    context = ssl.create_default_context()
    # Built programs and macOS know no certificates of the system.
    context.load_verify_locations(certifi.where())
    return context


def _proxy(at: Endpoint) -> dict[str, Any]:
    """The system's proxy for this server, as httpcore's arguments; empty for none."""
    url = urllib.request.getproxies().get(at.scheme, "")
    if not url or at.hostname in _LOCAL or urllib.request.proxy_bypass(at.hostname):
        return {}
    parts = urllib.parse.urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme != "http" or not parts.hostname:
        raise AddressError("The proxy that this computer is set to use is not an HTTP proxy.")
    found: dict[str, Any] = {"proxy_url": f"http://{parts.hostname}:{parts.port or 80}"}
    if parts.username is not None:
        found["proxy_auth"] = (urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or ""))
    return found


@contextlib.contextmanager
def _converting(at: Endpoint) -> Iterator[None]:
    try:
        yield
    except httpcore.ConnectError as error:
        raise _no_connection(at, error) from error
    except httpcore.ConnectTimeout as error:
        raise StoreUnavailableError(
            f"{at.host} does not answer.", remedy="Is there a network?", fault=StoreFault.NO_ANSWER
        ) from error
    except httpcore.TimeoutException as error:
        raise StoreUnavailableError(f"{at.host} took too long.", fault=StoreFault.NO_ANSWER) from error
    except httpcore.NetworkError as error:
        raise StoreUnavailableError(f"The connection to {at.host} broke.") from error
    except httpcore.ProxyError as error:
        raise StoreUnavailableError(f"The proxy does not connect to {at.host}.") from error
    except httpcore.RemoteProtocolError as error:
        if "disconnected" in str(error) or "peer closed" in str(error):
            raise StoreUnavailableError(f"{at.host} hung up in the middle.") from error
        raise StoreProtocolError(
            f"{at.host} does not answer as a web server does.", fault=StoreFault.SPEAKS_OTHERWISE
        ) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ssl.SSLError) as error:
        raise StoreProtocolError(f"{at.host} cannot be talked to.", remedy="Check the endpoint.") from error
    except OSError as error:
        raise StoreUnavailableError(f"The connection to {at.host} broke.") from error
    except RuntimeError as error:
        # What httpcore says about a pool that was closed.
        raise StoreUnavailableError("The storage was closed.") from error


def _no_connection(at: Endpoint, error: Exception) -> StoreError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return StoreAccessError(
                f"{at.host} does not prove who it is: {cause.verify_message or 'its certificate is not valid'}.",
                remedy="Check the endpoint. If the server has a certificate of your own, name its file with ca= in the "
                "address.",
                fault=StoreFault.TLS,
            )
        if isinstance(cause, ssl.SSLError):
            return StoreProtocolError(
                f"{at.host} does not speak TLS as it should.",
                remedy="Is the endpoint http:// instead of https://?",
                fault=StoreFault.TLS,
            )
        if isinstance(cause, socket.gaierror):
            return StoreUnavailableError(
                f"{at.host} is not known.",
                remedy="Check the endpoint, and the network.",
                fault=StoreFault.HOST_UNKNOWN,
            )
        if isinstance(cause, ConnectionRefusedError):
            return StoreUnavailableError(
                f"{at.host} refuses connections.", remedy="Is the server running?", fault=StoreFault.REFUSED
            )
        if isinstance(cause, OSError):
            break  # what follows in the chain was being handled when this came
        cause = cause.__cause__ or cause.__context__
    return StoreUnavailableError(f"{at.host} cannot be reached.", remedy="Is there a network?")
