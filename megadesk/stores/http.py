"""One HTTP client for all stores that are reached over HTTP: what a hostile server may not do is held here.

* A redirect is never followed: it comes back as an answer with its status. So nothing, and least of all a password,
  goes to any other host than that of the address.
* Certificates are verified, against the system's authorities where it has some.
* Bodies come as they were sent: no compression is asked for, and an answer that is compressed is refused.
* How much is read is for the caller to say. Time is limited by progress (`Timeouts`), not in total.
* No cookies, no ~/.netrc. A proxy of the environment is used, except for this computer itself.

Decisions: docs/adr/0011-webdav.md. Import this module where a store is opened, not before: httpx takes its time.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
import os
import socket
import ssl
import threading
import urllib.parse
import urllib.request
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Final, Self, cast

import httpcore
import httpx

from megadesk.errors import AddressError, StoreProtocolError, StoreUnavailableError
from megadesk.stores.credentials import BearerCredentials, HttpCredentials, PasswordCredentials, PasswordScheme
from megadesk.stores.http_direct import BODY, DirectPool
from megadesk.stores.http_direct import Body as DirectBody
from megadesk.stores.http_errors import FOREIGN, convert
from megadesk.stores.http_net import Pace, PacedBackend, Timeouts, paced
from megadesk.stores.http_place import HttpPlace

CHUNK_BYTES: Final = 128 << 10
_SMALL: Final = 16 << 10
_DRAIN: Final = 32 << 10
_IDLE_S: Final = 20.0
_CONNECTIONS: Final = 32


class Body:
    """A request's body from buffers, which are not copied as a whole. May be sent again: each iteration starts anew.

    Leaving the ``with`` block gives the buffers back, even where an error's traceback still holds the iterator.
    """

    def __init__(self, views: Sequence[memoryview]) -> None:
        self._views = views
        self._piece: memoryview | None = None
        self.size_bytes = sum(view.nbytes for view in views)

    def __iter__(self) -> Iterator[memoryview | bytes]:
        small = bytearray()
        for view in self._views:
            # Thousands of little buffers would be thousands of packets.
            if view.nbytes < _SMALL:
                small += view
                if len(small) < CHUNK_BYTES:
                    continue
            if small:
                yield bytes(small)
                small.clear()
            if view.nbytes >= _SMALL:
                for start in range(0, view.nbytes, CHUNK_BYTES):
                    self._piece = view[start : start + CHUNK_BYTES]
                    yield self._piece
                    self._piece.release()
        if small:
            yield bytes(small)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._piece is not None:
            self._piece.release()
        for view in self._views:
            view.release()


class Answer:
    """Status and headers of an answer, whose body may still be on its way. Belongs to one thread."""

    def __init__(self, response: httpx.Response, pace: Pace, name: str) -> None:
        self._response = response
        self._pace = pace
        self._name = name
        self._left: Iterator[bytes] | None = None
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        """Names in lower case."""

    @property
    def length(self) -> int | None:
        """Size of the body as announced."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None

    def fill(self, view: memoryview) -> int:
        """Read the body, from its start and as it comes, into ``view`` as far as both go; how many bytes that were.

        Raises StoreUnavailableError when it breaks off.
        """
        self._require_plain()
        body = self._response.extensions.get(BODY)
        if isinstance(body, DirectBody):
            try:
                with paced(self._pace):
                    return body.fill(view)
            except FOREIGN as error:
                raise convert(error, self._name) from error
        at = 0
        for chunk in self._chunks():
            piece = chunk[: view.nbytes - at]
            view[at : at + len(piece)] = piece
            at += len(piece)
            if at == view.nbytes:
                break
        return at

    def chunks(self) -> Iterator[bytes]:
        """The body as it comes, without a limit. Raises StoreUnavailableError when it breaks off."""
        self._require_plain()
        return self._chunks()

    def _require_plain(self) -> None:
        coding = self.headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("", "identity"):
            raise StoreProtocolError(
                "The storage compresses what it was told to give as it is.", object_name=self._name
            )

    def _chunks(self) -> Iterator[bytes]:
        if self._left is None:
            self._left = self._response.iter_raw()
        while True:
            try:
                with paced(self._pace):
                    chunk = next(self._left, None)
            except FOREIGN as error:
                raise convert(error, self._name) from error
            if chunk is None:
                return
            yield chunk

    def abort(self) -> None:
        """End the connection. From any thread: one that waits in `chunks` gets StoreUnavailableError."""
        stream = self._response.extensions.get("network_stream")
        found = stream.get_extra_info("socket") if stream is not None else None
        if isinstance(found, socket.socket):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(found, socket.SHUT_RDWR)

    def close(self) -> None:
        """Read what little is left, so that the connection can be used again, or else end the connection."""
        with contextlib.suppress(StoreUnavailableError):
            if not self._response.is_closed and (self.length or 0) <= _DRAIN:
                left = _DRAIN
                for chunk in self._chunks():
                    left -= len(chunk)
                    if left < 0:
                        break
        with contextlib.suppress(*FOREIGN):
            self._response.close()


class HttpClient:
    """Requests to one origin. Thread-safe; each thread that waits for an answer holds a connection."""

    def __init__(
        self,
        place: HttpPlace,
        credentials: HttpCredentials | None = None,
        *,
        timeouts: Timeouts | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """No connection is made yet. ``tls``: in place of the system's authorities."""
        self._timeouts = timeouts or Timeouts()
        self._auth = _Auth(credentials)
        self._origin = httpx.URL(scheme=place.scheme, host=place.host, port=place.port)
        self._client = httpx.Client(
            transport=_Transport(_pool(place, tls)),
            timeout=httpx.Timeout(
                connect=self._timeouts.connect_s, read=self._timeouts.read_s, write=self._timeouts.write_s, pool=None
            ),
            follow_redirects=False,
            trust_env=False,
            cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
            headers={"accept": "*/*", "accept-encoding": "identity", "user-agent": "MegaDesk"},
        )

    def __repr__(self) -> str:
        return f"<HttpClient {self._origin}>"

    @contextlib.contextmanager
    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body | bytes | None = None,
        name: str = "",
    ) -> Iterator[Answer]:
        """Send a request for the percent-encoded ``path`` and give its answer, of any status.

        Raises StoreUnavailableError (retryable), StoreError for a certificate. ``name`` goes into errors.
        """
        request = self._client.build_request(
            method,
            self._origin.copy_with(raw_path=path.encode("ascii")),
            headers=dict(headers or {}) | ({"content-length": str(body.size_bytes)} if isinstance(body, Body) else {}),
            content=cast("Iterable[bytes] | bytes", b"" if body is None else body),
        )
        signing = self._auth.sign(request)
        next(signing)
        answer = self._send(request, name)
        try:
            if answer.status == 401:
                with contextlib.suppress(StopIteration):
                    signing.send(answer._response)
                    answer.close()
                    answer = self._send(request, name)
            yield answer
        finally:
            signing.close()
            answer.close()

    def _send(self, request: httpx.Request, name: str) -> Answer:
        pace = Pace(self._timeouts)
        try:
            with paced(pace):
                response = self._client.send(request, stream=True)
        except FOREIGN as error:
            raise convert(error, name) from error
        except RuntimeError as error:
            raise StoreUnavailableError("The connection to the storage was closed.", object_name=name) from error
        pace.in_body()
        return Answer(response, pace, name)

    def close(self) -> None:
        self._client.close()


class _Auth:
    """Signs requests. httpx could do so itself, but would read the body of a 401, whatever its size, and unpack it."""

    def __init__(self, credentials: HttpCredentials | None) -> None:
        self._lock = threading.Lock()
        self._header = ""
        self._basic = ""
        self._digest: httpx.DigestAuth | None = None
        self._use_digest = False
        if isinstance(credentials, BearerCredentials):
            self._header = f"Bearer {credentials.token}"
        elif isinstance(credentials, PasswordCredentials):
            if credentials.scheme is not PasswordScheme.BASIC:
                self._digest = httpx.DigestAuth(credentials.user, credentials.password)
                self._use_digest = credentials.scheme is PasswordScheme.DIGEST
            if credentials.scheme is not PasswordScheme.DIGEST:
                request = httpx.Request("GET", "http://localhost")
                next(httpx.BasicAuth(credentials.user, credentials.password).auth_flow(request))
                self._basic = request.headers["authorization"]
            if credentials.scheme is PasswordScheme.BASIC:
                self._header = self._basic

    def sign(self, request: httpx.Request) -> Generator[None, httpx.Response, None]:
        """Yields when the request may be sent; sent a 401, yields again if there is something better to say."""
        with self._lock:
            header, use_digest = self._header, self._use_digest
        if header:
            request.headers["authorization"] = header
            yield
            return
        flow = self._digest.auth_flow(request) if self._digest is not None else None
        if flow is not None:
            # The lock is for its count of requests a nonce.
            with self._lock:
                next(flow)
        response = yield
        offers = ", ".join(response.headers.get_list("www-authenticate")).lower()
        if flow is not None and "digest " in offers:
            try:
                with self._lock:
                    flow.send(response)
                    self._use_digest = True
            except (StopIteration, httpx.ProtocolError, KeyError, ValueError, NotImplementedError, AssertionError):
                return  # a challenge that cannot be met
        elif self._basic and not use_digest and "basic" in offers:
            with self._lock:
                self._header = self._basic
            request.headers["authorization"] = self._basic
        else:
            return
        yield


class _Transport(httpx.BaseTransport):
    """As httpx's own, over a pool of our making. Errors stay httpcore's; `convert` knows them."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Stream(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def _pool(place: HttpPlace, tls: ssl.SSLContext | None) -> httpcore.ConnectionPool:
    context = (tls or tls_context()) if place.scheme == "https" else None
    proxy = None if place.is_loopback else _proxy(place)
    if proxy is None:
        return DirectPool(
            ssl_context=context,
            max_connections=_CONNECTIONS,
            keepalive_expiry=_IDLE_S,
            network_backend=PacedBackend(),
        )
    url, auth = proxy
    return httpcore.HTTPProxy(
        proxy_url=url,
        proxy_auth=auth,
        ssl_context=context,
        max_connections=_CONNECTIONS,
        keepalive_expiry=_IDLE_S,
        network_backend=PacedBackend(),
    )


def _proxy(place: HttpPlace) -> tuple[str, tuple[bytes, bytes] | None] | None:
    """Address and password of the proxy that the environment or the system names for this place."""
    proxies = urllib.request.getproxies()
    text = proxies.get(place.scheme) or proxies.get("all")
    if not text or urllib.request.proxy_bypass(place.host):
        return None
    parts = urllib.parse.urlsplit(text if "://" in text else f"http://{text}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressError("The proxy that this computer is set to is not an HTTP proxy.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    auth = None
    if parts.username is not None:
        auth = (urllib.parse.unquote_to_bytes(parts.username), urllib.parse.unquote_to_bytes(parts.password or ""))
    return f"{parts.scheme}://{host}:{port or (443 if parts.scheme == 'https' else 8080)}", auth


def tls_context() -> ssl.SSLContext:
    """Verifying, with the system's authorities, or certifi's where it has none (a program built elsewhere)."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    folder = paths.capath
    if not context.cert_store_stats()["x509_ca"] and not (folder and os.path.isdir(folder) and os.listdir(folder)):
        import certifi

        context.load_verify_locations(certifi.where())
    return context
