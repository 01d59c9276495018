"""Attack 32: a hostile server to the HTTP client. Also what honest servers say that is not success."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import itertools
import ssl
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from megadesk.errors import (
    AddressError,
    InputError,
    MegaDeskError,
    ObjectNotFoundError,
    Retry,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFault,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.credentials import BearerCredentials, HttpCredentials, PasswordCredentials, PasswordScheme
from megadesk.stores.http_errors import retry_after_s
from megadesk.stores.http_net import Timeouts
from megadesk.stores.http_place import HttpPlace, parse_place
from megadesk.stores.open import open_store
from megadesk.stores.webdav import WebDavStore
from megadesk.stores.webdav_xml import MAX_ENTRIES, read_multistatus
from tests.unit.stores.http_hostile import Connection, HostileServer, Request, hostile, multistatus, response

SHORT = Timeouts(connect_s=2, read_s=0.3, write_s=0.3, head_s=0.5, min_bytes_per_s=1000)
PATIENT = Timeouts(connect_s=5, read_s=10, write_s=10)
MIB = 1 << 20


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with hostile() as server:
        yield server


@pytest.fixture
def store(server: HostileServer) -> Iterator[WebDavStore]:
    with WebDavStore(server.place, timeouts=SHORT) as store:
        yield store


def fixed(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> Callable[..., None]:
    return lambda request, connection: connection.answer(status, body, *headers, length=length)


# --- bodies


def endless(start: bytes, piece: bytes) -> Callable[[Request, Connection], None]:
    def handler(_: Request, connection: Connection) -> None:
        connection.send(start)
        while not connection.stop.is_set():
            connection.send(piece)

    return handler


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_endless_body_ends_at_the_limit(server: HostileServer, store: WebDavStore) -> None:
    server.handlers["GET"] = endless(CHUNKED, b"10000\r\n" + bytes(65536) + b"\r\n")
    with pytest.raises(StoreProtocolError):
        store.get("a", max_bytes=100_000)
    assert store.get("a", offset=70_000, length=1000) == bytes(1000)
    server.handlers["GET"] = endless(b"HTTP/1.0 200 OK\r\n\r\n", bytes(65536))
    with pytest.raises(StoreProtocolError):
        store.get("a", max_bytes=100_000)


def test_endless_error_body_is_not_read(server: HostileServer, store: WebDavStore) -> None:
    for status in (b"401", b"404", b"500"):
        server.handlers["GET"] = endless(CHUNKED.replace(b"200", status), b"10000\r\n" + bytes(65536) + b"\r\n")
        with pytest.raises(StoreError):
            store.get("a", max_bytes=10)


def test_endless_heads(server: HostileServer, store: WebDavStore) -> None:
    for start, piece in (
        (b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-More: ", b"x" * 65536),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    ):
        server.handlers["GET"] = endless(start, piece)
        with pytest.raises(StoreUnavailableError):
            store.get("a", max_bytes=10)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin",
    ],
)
def test_silence(server: HostileServer, store: WebDavStore, data: bytes) -> None:
    def handler(_: Request, connection: Connection) -> None:
        connection.send(data)
        connection.stop.wait(20)

    server.handlers["GET"] = handler
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        store.get("a", length=1000)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "]
)
def test_trickle(server: HostileServer, store: WebDavStore, start: bytes) -> None:
    def handler(_: Request, connection: Connection) -> None:
        connection.send(start)
        if start:
            connection.drip(bytes(100_000) if start.endswith(b"\n") else b"x" * 100_000, 0.05)
        else:
            while not connection.stop.wait(0.05):
                connection.send(b"HTTP/1.1 102 Processing\r\n\r\n")

    server.handlers["GET"] = handler
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        store.get("a", length=100_000)
    assert time.monotonic() - began < 5


def test_server_that_does_not_take_the_upload(server: HostileServer, store: WebDavStore) -> None:
    server.deaf_to = "PUT"
    with pytest.raises(StoreUnavailableError):
        store.put("a", bytes(32 * MIB))


def test_wrong_lengths(server: HostileServer, store: WebDavStore) -> None:
    server.handlers["GET"] = fixed(200, b"12345", length=3)
    assert store.get("a", max_bytes=10) == b"123"
    with contextlib.suppress(StoreUnavailableError):
        assert store.get("a", max_bytes=10) == b"123"  # what was too much is not the next answer
    server.handlers["GET"] = fixed(200, b"12345", length=1 << 60)
    with pytest.raises(StoreProtocolError):
        store.get("a", max_bytes=10)
    with pytest.raises(StoreUnavailableError):
        store.get("a", length=10)
    server.handlers["GET"] = lambda _, connection: connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")
    with pytest.raises(StoreUnavailableError):
        store.get("a", length=10)


def test_early_close(server: HostileServer, store: WebDavStore) -> None:
    def handler(_: Request, connection: Connection) -> None:
        connection.answer(200, b"12345", length=10)
        connection._sock.shutdown(2)

    for broken in (handler, lambda _, connection: connection._sock.shutdown(2)):
        server.handlers["GET"] = server.handlers["PUT"] = broken
        with pytest.raises(StoreUnavailableError):
            store.get("a", max_bytes=10)
        with pytest.raises(StoreUnavailableError):
            store.get_into("a", memoryview(bytearray(10)))
    with pytest.raises(StoreUnavailableError):
        store.put("a", bytes(MIB))


def test_buffers_are_free_after_an_upload_failed(server: HostileServer, store: WebDavStore) -> None:
    server.handlers["PUT"] = lambda _, connection: connection._sock.shutdown(2)
    buffer = bytearray(MIB)
    with pytest.raises(StoreUnavailableError) as caught:
        store.put("a", [buffer, b"small"])
    buffer.clear()
    assert caught.value.__traceback__ is not None


def test_gzip_bomb_is_refused_packed(server: HostileServer, store: WebDavStore) -> None:
    bomb = gzip.compress(bytes(64 * MIB))
    for coding in ("gzip", "GZIP", "br", "deflate, gzip"):
        server.handlers["GET"] = fixed(200, bomb, f"Content-Encoding: {coding}")
        with pytest.raises(StoreProtocolError, match="compress"):
            store.get("a", max_bytes=MIB)
        server.handlers["PROPFIND"] = fixed(207, bomb, f"Content-Encoding: {coding}")
        with pytest.raises(StoreProtocolError, match="compress"):
            store.stat("a")
    assert {request.headers["accept-encoding"] for request in server.requests} == {"identity"}


# --- parts


@pytest.mark.parametrize(
    "content_range",
    [
        "bytes 0-9/100",
        "bytes 11-20/100",
        "bytes 10-20/100",
        "bytes 10-18/100",
        "bytes 10-19/15",
        "bytes 10-19/*",
        "bytes 19-10/100",
        "items 10-19/100",
        "bytes 10-99999999999999999999999/100",
        "",
        "bytes",
    ],
)
def test_wrong_part(server: HostileServer, store: WebDavStore, content_range: str) -> None:
    server.handlers["GET"] = fixed(206, bytes(10), f"Content-Range: {content_range}")
    with pytest.raises(StoreProtocolError):
        store.get("a", offset=10, length=10)


def test_right_part_of_wrong_length(server: HostileServer, store: WebDavStore) -> None:
    for size in (9, 11):
        server.handlers["GET"] = fixed(206, bytes(size), "Content-Range: bytes 10-19/100")
        with pytest.raises(StoreProtocolError):
            store.get("a", offset=10, length=10)


def test_whole_instead_of_a_part(server: HostileServer, store: WebDavStore) -> None:
    content = bytes(range(256)) * 1000
    server.handlers["GET"] = fixed(200, content)
    assert store.properties.range_get
    assert store.get("a", offset=1000, length=500) == content[1000:1500]
    assert not store.properties.range_get
    assert store.get("a", offset=255_990, max_bytes=10) == content[255_990:]
    buffer = bytearray(70_000)
    store.get_into("a", memoryview(buffer), 1)
    assert buffer == content[1:70_001]
    with pytest.raises(StoreProtocolError):
        store.get("a", offset=255_990, max_bytes=9)
    with pytest.raises(StoreProtocolError):
        store.get("a", offset=255_990, length=11)
    with pytest.raises(StoreProtocolError):
        store.get("a", offset=1 << 40, length=1)


def test_refused_part_that_should_be_there(server: HostileServer, store: WebDavStore) -> None:
    server.handlers["GET"] = fixed(416)
    server.handlers["PROPFIND"] = fixed(207, multistatus(response("/a", size=100)))
    with pytest.raises(StoreProtocolError):
        store.get("a", offset=10, length=10)
    assert store.get("a", offset=100, max_bytes=5) == b""


# --- redirects and passwords


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(server: HostileServer, status: int) -> None:
    with hostile() as other, WebDavStore(server.place, PasswordCredentials("anna", "hunter2")) as store:
        where = f"Location: http://127.0.0.1:{other.port}/a"
        for method in ("GET", "PUT", "PROPFIND", "MKCOL", "DELETE"):
            server.handlers[method] = fixed(status, b"", where)
        for action in (
            lambda: store.get("a", max_bytes=10),
            lambda: store.put("a", b"x"),
            lambda: store.put("b/a", b"x"),
            lambda: store.stat("a"),
            lambda: list(store.list("a/")),
        ):
            with pytest.raises(StoreProtocolError) as caught:
                action()
            assert str(other.port) not in caught.value.explanation
        assert other.requests == []


def challenged(scheme: str) -> Callable[[Request, Connection], None]:
    def handler(request: Request, connection: Connection) -> None:
        if "authorization" in request.headers:
            connection.answer(207, multistatus(response("/", folder=True)))
        else:
            connection.answer(401, b"", f"WWW-Authenticate: {scheme}")

    return handler


@pytest.mark.parametrize(
    ("credentials", "offer", "starts"),
    [
        (PasswordCredentials("anna", "hunter2"), 'Basic realm="x"', ["", "Basic ", "Basic "]),
        (PasswordCredentials("anna", "hunter2", PasswordScheme.BASIC), "", ["Basic ", "Basic "]),
        (PasswordCredentials("anna", "hunter2"), 'Digest realm="x", nonce="n", qop="auth"', ["", "Digest ", "Digest "]),
        (BearerCredentials("hunter2"), "", ["Bearer ", "Bearer "]),
    ],
)
def test_kinds_of_passwords(server: HostileServer, credentials: HttpCredentials, offer: str, starts: list[str]) -> None:
    server.handlers["TOP"] = challenged(offer)
    with WebDavStore(server.place, credentials) as store:
        assert list(store.list()) == []
        assert "hunter2" not in repr(store) + repr(credentials) + repr(store.properties) + repr(store._calls.client)
    sent = [request.headers.get("authorization", "") for request in server.requests]
    assert [text[: len(start)] for text, start in zip(sent, starts, strict=True)] == starts


@pytest.mark.parametrize(
    "offer",
    [
        'Basic realm="x"',
        'Digest realm="x", nonce="n", algorithm=NONE',
        "Digest",
        'Digest realm="x"',
        'Digest realm="x", nonce="n", qop="auth-int"',
        'Digest realm="x',
        "Negotiate",
        "",
    ],
)
def test_digest_is_not_talked_into_less(server: HostileServer, offer: str) -> None:
    server.handlers["TOP"] = challenged(offer)
    with pytest.raises(StoreAccessError):
        WebDavStore(server.place, PasswordCredentials("anna", "hunter2", PasswordScheme.DIGEST))
    assert not any("authorization" in request.headers for request in server.requests)


def test_errors_do_not_tell_the_password(server: HostileServer) -> None:
    server.handlers["TOP"] = fixed(401, b"", 'WWW-Authenticate: Basic realm="x"')
    credentials = PasswordCredentials("anna", "hunter2")
    with pytest.raises(StoreAccessError) as caught:
        WebDavStore(server.place, credentials)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_cookies_are_not_kept(server: HostileServer, store: WebDavStore) -> None:
    server.handlers["GET"] = fixed(200, b"x", "Set-Cookie: track=1")
    store.get("a", max_bytes=1)
    store.get("a", max_bytes=1)
    assert not any("cookie" in request.headers for request in server.requests)


def test_credentials_that_would_break_a_header() -> None:
    for make in (
        lambda: PasswordCredentials("a:b", "x"),
        lambda: PasswordCredentials("a\r\nX: y", "x"),
        lambda: PasswordCredentials("a", "x\n"),
        lambda: BearerCredentials("x y"),
        lambda: BearerCredentials("x\r\n"),
    ):
        with pytest.raises(InputError):
            make()


# --- lists

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><D:multistatus xmlns:D="DAV:">&c;</D:multistatus>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE m SYSTEM "http://127.0.0.1:1/x.dtd"><D:multistatus xmlns:D="DAV:"/>"""


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        EXTERNAL,
        b"",
        b"no xml",
        b"<html><body>Sign in</body></html>",
        multistatus(),
        multistatus(response("/other", folder=True)),
        multistatus(response("/a", folder=True), response("/a/x")),
        multistatus(response("/a", folder=True))[:-20],
        multistatus(response("/a", folder=True)).replace(b"/a<", b"relative<"),
        multistatus(response("/a", folder=True)).replace(b"200 OK", b"nonsense"),
        multistatus(response("/a", folder=True)).replace(b"<D:href>/a</D:href>", b""),
        b'<D:multistatus xmlns:D="DAV:">' + b"<x>" * 100,
        b'<D:multistatus xmlns:D="DAV:"><x y="' + b"y" * MIB + b'"/></D:multistatus>',
        multistatus(response("/" + "a" * 10_000, folder=True)),
        multistatus(response("/a", folder=True)).replace(
            b'?xml version="1.0"', b'?xml version="1.0" encoding="x-evil"'
        )[:-1],
    ],
)
def test_bad_lists_are_errors_and_never_empty(server: HostileServer, store: WebDavStore, body: bytes) -> None:
    server.handlers["PROPFIND"] = fixed(207, body)
    with pytest.raises((StoreProtocolError, StoreUnavailableError)):
        list(store.list("a/"))


def test_a_million_entries(server: HostileServer, store: WebDavStore) -> None:
    some = b"<D:response><D:href>/a/x</D:href></D:response>" * 1000

    def handler(_: Request, connection: Connection) -> None:
        connection.send(b'HTTP/1.0 207 OK\r\n\r\n<D:multistatus xmlns:D="DAV:">')
        for _ in range(1000):
            connection.send(some)

    server.handlers["PROPFIND"] = handler
    with pytest.raises(StoreProtocolError, match="too many"):
        list(store.list("a/"))
    assert MAX_ENTRIES < 1_000_000


def test_list_that_is_long_for_its_entries() -> None:
    with pytest.raises(StoreProtocolError, match="too long"):
        read_multistatus(itertools.chain([b'<D:multistatus xmlns:D="DAV:">'], itertools.repeat(b" " * 65536)))


def test_one_entry_that_failed_fails_the_list(server: HostileServer, store: WebDavStore) -> None:
    broken = "<D:response><D:href>/a/x</D:href><D:status>HTTP/1.1 {} X</D:status></D:response>"
    for status in (403, 500, 507):
        server.handlers["PROPFIND"] = fixed(207, multistatus(response("/a/", folder=True), broken.format(status)))
        with pytest.raises(StoreError):
            list(store.list("a/"))
    server.handlers["PROPFIND"] = fixed(207, multistatus(response("/a/", folder=True), broken.format(404)))
    assert list(store.list("a/")) == []


def test_what_does_not_belong_into_a_list(server: HostileServer, store: WebDavStore) -> None:
    names = ["/b", "/a/../b", "/a/b/c", "/a/%2e%2e", "/a/%2F", "/ab", "//", "/a/B", "/a/%00", "/a/%FF", "http://x/a/ok"]
    server.handlers["PROPFIND"] = fixed(
        207, multistatus(response("/a/", folder=True), *(response(name, size=1) for name in names))
    )
    assert [info.name for info in store.list("a/")] == ["a/ok"]


# --- what servers say


@pytest.mark.parametrize(
    ("status", "headers", "reading", "writing"),
    [
        (401, (), StoreAccessError, StoreAccessError),
        (409, (), StoreProtocolError, StoreProtocolError),
        (413, (), StoreError, StoreError),
        (423, (), StoreBusyError, StoreBusyError),
        (429, ("Retry-After: 7",), StoreBusyError, StoreBusyError),
        (403, (), StoreAccessError, StoreReadOnlyError),
        (500, (), StoreUnavailableError, StoreUnavailableError),
        (502, (), StoreUnavailableError, StoreUnavailableError),
        (503, ("Retry-After: 7",), StoreBusyError, StoreBusyError),
        (504, (), StoreUnavailableError, StoreUnavailableError),
        (507, (), StoreFullError, StoreFullError),
        (418, (), StoreProtocolError, StoreProtocolError),
    ],
)
def test_statuses(
    server: HostileServer,
    store: WebDavStore,
    status: int,
    headers: tuple[str, ...],
    reading: type[StoreError],
    writing: type[StoreError],
) -> None:
    server.handlers["PROPFIND"] = fixed(207, multistatus(response("/a", size=5)))
    server.handlers["GET"] = server.handlers["PUT"] = fixed(status, b"", *headers)
    for action, kind in ((lambda: store.get("a", max_bytes=5), reading), (lambda: store.put("a", b"x"), writing)):
        with pytest.raises(MegaDeskError) as caught:
            action()
        assert type(caught.value) is kind
        if headers:
            assert isinstance(caught.value, StoreBusyError)
            assert caught.value.retry_after_s == 7


def test_absence_of_the_top_is_not_absence_of_an_object(server: HostileServer, store: WebDavStore) -> None:
    for action in (lambda: store.get("a", max_bytes=1), lambda: store.stat("a")):
        with pytest.raises(ObjectNotFoundError):
            action()
    server.handlers["TOP"] = fixed(404)
    for action in (
        lambda: store.get("a", max_bytes=1),
        lambda: store.stat("a"),
        lambda: store.delete("a"),
        lambda: list(store.list()),
        lambda: list(store.list("a/")),
        lambda: WebDavStore(server.place),
    ):
        with pytest.raises(StoreUnavailableError):
            action()


def test_retry_after() -> None:
    assert retry_after_s({}) is None
    assert retry_after_s({"retry-after": "120"}) == 120
    assert retry_after_s({"retry-after": formatdate(2000), "date": formatdate(1000)}) == 1000
    assert retry_after_s({"retry-after": formatdate(1000), "date": formatdate(2000)}) == 0
    for text in ("-1", "1e9", "nan", "soon", "9" * 400, "²", "Mon, 99 Foo 2020", "x" * 100_000):
        assert retry_after_s({"retry-after": text}) is None


def test_whole_destination_where_a_path_is_not_understood(server: HostileServer, store: WebDavStore) -> None:
    server.handlers["PUT"] = fixed(201)
    server.handlers["MOVE"] = lambda request, connection: connection.answer(
        201 if request.headers["destination"].startswith("http://127.0.0.1") else 400
    )
    store.put("a", b"x")
    store.put("b", b"x")
    assert [request.method for request in server.requests] == ["PROPFIND", "PUT", "MOVE", "MOVE", "PUT", "MOVE"]


def test_uploads_that_broke_off_are_removed_by_flush(server: HostileServer, store: WebDavStore) -> None:
    server.handlers["PUT"] = lambda _, connection: connection._sock.shutdown(2)
    server.handlers["DELETE"] = fixed(204)
    with pytest.raises(StoreUnavailableError):
        store.put("a", b"x")
    store.flush()
    store.flush()
    put, deleted = server.requests[-2:]
    assert (put.method, deleted.method) == ("PUT", "DELETE")
    assert put.path == deleted.path


# --- addresses


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("dav://host", HttpPlace("http", "host", 80, "")),
        ("davs://Host:8443/a//b/", HttpPlace("https", "host", 8443, "/a/b")),
        ("davs://[::1]:1/ä b/%41@c", HttpPlace("https", "::1", 1, "/%C3%A4%20b/A%40c")),
        ("dav://büro.example/", HttpPlace("http", "xn--bro-hoa.example", 80, "")),
    ],
)
def test_addresses(address: str, place: HttpPlace) -> None:
    assert parse_place(address, place.scheme) == place


@pytest.mark.parametrize(
    "rest",
    [
        "host",
        "//",
        "///path",
        "//anna:hunter2@host/",
        "//hunter2@host",
        "//host:0/",
        "//host:65536/",
        "//host:hunter2/",
        "//host/a?hunter2",
        "//host/#hunter2",
        "//host/../hunter2",
        "//host/%2e%2e",
        "//host/a%2Fhunter2",
        "//host/%0d%0a",
        "//ho st/",
        "//host\r\n/",
        "//[::1/",
        "//[hunter2]/",
        "//ho..st/",
        "//host/\ud800",
    ],
)
def test_not_addresses(rest: str) -> None:
    for scheme in ("dav", "davs"):
        with pytest.raises(AddressError) as caught:
            open_store(f"{scheme}:{rest}")
        assert "hunter2" not in caught.value.explanation


def test_nobody_answers() -> None:
    with hostile() as server:
        place = server.place
    try:
        raise InterruptedError("the try before")
    except OSError:
        # As between two tries: what is being handled is part of a new error's chain, and is not its cause.
        with pytest.raises(StoreUnavailableError) as caught:
            WebDavStore(place)
    assert caught.value.fault is StoreFault.REFUSED
    assert caught.value.remedy


def certificate(folder: Path, host: str) -> Path:
    """A key and a certificate for this host, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / f"{host}.pem"
    path.write_bytes(key.private_bytes(pem, plain, serialization.NoEncryption()) + made.public_bytes(pem))
    return path


def test_tls_is_verified(tmp_path: Path) -> None:
    for host, good in (("127.0.0.1", True), ("127.0.0.2", False)):
        path = certificate(tmp_path, host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        with hostile(context) as server:
            place = HttpPlace("https", "127.0.0.1", server.port, "")
            with pytest.raises(StoreError) as caught:
                WebDavStore(place, BearerCredentials("hunter2"))
            assert "certificate" in str(caught.value)
            assert caught.value.retry is Retry.PERMANENT
            trusting = ssl.create_default_context(cafile=path)
            if good:
                with WebDavStore(place, BearerCredentials("hunter2"), tls=trusting) as store:
                    assert store.properties.address == f"davs://127.0.0.1:{server.port}/"
                assert len(server.requests) == 1
            else:
                with pytest.raises(StoreError, match="certificate"):
                    WebDavStore(place, tls=trusting)
                assert server.requests == []


def test_tls_with_a_server_that_speaks_none(server: HostileServer) -> None:
    with pytest.raises(StoreUnavailableError):
        open_store(f"davs://127.0.0.1:{server.port}/")


def test_proxies_are_not_asked_about_this_computer(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:3128")
    WebDavStore(server.place).close()


def test_the_http_library_is_not_loaded_for_folders() -> None:
    code = "import sys, megadesk.stores.open, megadesk.core.app; print({'httpx', 'httpcore', 'h11'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
