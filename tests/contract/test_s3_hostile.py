"""Attack 32: a hostile or broken S3 server. Whatever it does, a request ends soon, typed, in little memory."""

from __future__ import annotations

import datetime
import email.utils
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.errors import (
    ObjectExistsError,
    ObjectNotFoundError,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.credentials import S3Credentials
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.stores.s3 import S3Store
from megadesk.stores.s3_http import Patience
from tests.contract.hostile import HostileServer, Request, hostile_server

MIB = 1 << 20
IMPATIENT = Patience(connect_s=1.0, idle_s=0.4, grace_s=0.8, least_bytes_per_s=100_000.0)
SECRET, TOKEN = "hunter2-secret", "hunter2-token"
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with hostile_server() as server:
        yield server


@pytest.fixture
def store(server: HostileServer) -> Iterator[S3Store]:
    address = f"s3://bucket/p?endpoint={server.endpoint}"
    with S3Store(address, S3Credentials("AKTEST", SECRET, TOKEN), patience=IMPATIENT) as store:
        yield store


def drip(start: bytes, drop: bytes) -> Callable[[Request], None]:
    def behave(request: Request) -> None:
        request.send(start)
        while not request.wait(0.05):
            request.send(drop)

    return behave


def flood(start: bytes, piece: bytes) -> Callable[[Request], None]:
    def behave(request: Request) -> None:
        request.send(start)
        while not request.wait(0):
            request.send(piece)

    return behave


def send(*pieces: bytes) -> Callable[[Request], None]:
    return lambda request: request.send(b"".join(pieces))


def silent(request: Request) -> None:
    request.wait(20)


def stall(request: Request) -> None:
    request.send(OK + b"Content-Length: 1000\r\n\r\n12345")
    request.wait(20)


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(20 * MIB))
LONG = OK + b"Content-Length: 99999999999\r\n\r\n"
BEHAVIOURS: dict[str, Callable[[Request], None]] = {
    "closes at once": lambda request: None,
    "closes in the header": send(OK + b"Content-Le"),
    "closes in the body": send(OK + b"Content-Length: 1000\r\n\r\n12345"),
    "stalls before the header": silent,
    "stalls in the body": stall,
    "drips a header": drip(OK, b"x: y\r\n"),
    "drips informational answers": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drips a body": drip(OK + b"Content-Length: 1000000\r\n\r\n", b"x"),
    "floods headers": flood(OK, b"x: " + b"y" * 1000 + b"\r\n"),
    "floods one header": flood(OK + b"x: ", b"y" * 1000),
    "floods informational answers": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "endless body": flood(LONG, bytes(65536)),
    "endless chunks": flood(CHUNKED, b"10000\r\n" + bytes(65536) + b"\r\n"),
    "endless small chunks": flood(CHUNKED, b"1\r\nx\r\n" * 1000),
    "endless body until closed": flood(OK + b"\r\n", bytes(65536)),
    "endless error": flood(b"HTTP/1.1 403 No\r\n" + LONG[len(OK) :], bytes(65536)),
    "negative length": send(OK + b"Content-Length: -5\r\n\r\nabc"),
    "two lengths": send(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
    "not http": send(b"SSH-2.0-OpenSSH\r\n"),
    "redirects away": lambda request: request.answer(307, Location="http://192.0.2.1/bucket/p/a"),
    "redirects to itself": lambda request: request.answer(301, Location=request.target),
    "zip bomb": lambda request: request.answer(200, BOMB, Content_Encoding="gzip"),
    "switches protocols": send(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_every_request_ends_in_an_error(name: str, server: HostileServer, store: S3Store) -> None:
    server.behave = BEHAVIOURS[name]
    actions: list[Callable[[], object]] = [
        lambda: store.get("a", max_bytes=100),
        lambda: list(store.list()),
    ]
    if name != "endless body":  # which would do for a server that knows no ranges
        actions.append(lambda: store.get_into("a", memoryview(bytearray(100)), 50))
    if not name.startswith(
        ("two", "negative", "zip", "drips a body", "stalls in", "closes in the body", "endless body")
    ):
        actions.append(lambda: store.stat("a"))
    tracemalloc.start()
    try:
        for action in actions:
            start = time.monotonic()
            with pytest.raises(StoreError) as caught:
                action()
            assert time.monotonic() - start < 20  # forty times what it takes alone
            assert not isinstance(caught.value, ObjectNotFoundError)
            assert SECRET not in caught.value.explanation
            assert TOKEN not in caught.value.explanation
        assert tracemalloc.get_traced_memory()[1] < 12 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: request.answer(206, b"0123456789"),
        lambda request: request.answer(206, b"0123456789", Content_Range="bytes 0-9/1000"),
        lambda request: request.answer(206, b"0123456789", Content_Range="bytes 50-59/1000"),
        lambda request: request.answer(206, b"01234", Content_Range="bytes 50-149/1000"),
        lambda request: request.answer(206, b"0" * 200, Content_Range="bytes 50-149/1000"),
        lambda request: request.answer(206, b"0" * 100, Content_Range="bytes 50-149/60"),
        lambda request: request.answer(206, b"0" * 100, Content_Range="bytes 50-149/*"),
        lambda request: request.answer(206, b"0" * 100, Content_Range="nonsense"),
        lambda request: request.answer(200, b"0" * 100, Content_Range="bytes 0-99/1000"),
        lambda request: request.answer(200, b"0" * 149),
        lambda request: request.answer(204),
    ],
)
def test_wrong_parts_are_refused(answer: Callable[[Request], None], server: HostileServer, store: S3Store) -> None:
    server.behave = answer
    for action in (
        lambda: store.get("a", offset=50, length=100),
        lambda: store.get_into("a", memoryview(bytearray(100)), 50),
    ):
        with pytest.raises(StoreProtocolError):
            action()


def test_a_server_that_knows_no_ranges(server: HostileServer, store: S3Store) -> None:
    server.behave = lambda request: request.answer(200, bytes(range(200)))
    assert store.properties.range_get
    assert store.get("a", offset=50, length=100) == bytes(range(50, 150))
    assert store.get("a", offset=150) == bytes(range(150, 200))
    assert not store.properties.range_get
    with pytest.raises(StoreProtocolError):
        store.get("a", offset=150, length=51)
    with pytest.raises(StoreProtocolError):
        store.get("a", offset=100, max_bytes=99)


def test_nothing_is_read_of_what_is_too_large(server: HostileServer, store: S3Store) -> None:
    sent: list[int] = []

    def behave(request: Request) -> None:
        request.send(LONG)
        while not request.wait(0):
            request.send(bytes(65536))
            sent.append(65536)

    server.behave = behave
    with pytest.raises(StoreProtocolError, match="were expected"):
        store.get("a", max_bytes=1000)
    assert sum(sent) < 16 * MIB  # what fits into the sockets' buffers


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (404, "NoSuchBucket", StoreUnavailableError, "no S3 bucket bucket"),
        (403, "AccessDenied", StoreAccessError, "s3:ListBucket"),
        (403, "InvalidAccessKeyId", StoreAccessError, "access key"),
        (403, "SignatureDoesNotMatch", StoreAccessError, "secret key"),
        (400, "ExpiredToken", StoreAccessError, "expired"),
        (403, "RequestTimeTooSkewed", StoreAccessError, "Set the clock"),
        (400, "AuthorizationHeaderMalformed", StoreAccessError, "region"),
        (503, "SlowDown", StoreBusyError, "slow down"),
        (429, "", StoreBusyError, "slow down"),
        (500, "InternalError", StoreUnavailableError, "failed"),
        (502, "", StoreUnavailableError, "failed"),
        (504, "", StoreUnavailableError, "failed"),
        (400, "RequestTimeout", StoreUnavailableError, "failed"),
        (403, "QuotaExceeded", StoreFullError, "full"),
        (507, "", StoreFullError, "full"),
        (418, "Teapot", StoreProtocolError, "Teapot"),
    ],
)
def test_errors_have_their_types(
    status: int, code: str, kind: type[StoreError], words: str, server: HostileServer, store: S3Store
) -> None:
    server.behave = lambda request: request.fail(status, code)
    actions: list[Callable[[], object]] = [
        lambda: store.get("a"),
        lambda: store.get_into("a", memoryview(bytearray(5))),
        lambda: store.stat("a"),
        lambda: list(store.list()),
    ]
    if code != "AccessDenied":
        actions += [
            lambda: store.put("a", b"x"),
            lambda: store.put("a", b"x", create_only=True),
            lambda: store.delete("a"),
        ]
    for action in actions:
        with pytest.raises(kind) as caught:
            action()
        assert type(caught.value) is kind
        assert words in caught.value.explanation


def test_no_right_to_write(server: HostileServer, store: S3Store) -> None:
    server.behave = lambda request: request.fail(403, "AccessDenied")
    for action in (lambda: store.put("a", b"x"), lambda: store.delete("a")):
        with pytest.raises(StoreReadOnlyError, match="write"):
            action()


@pytest.mark.parametrize("text", ["7", "date"])
def test_retry_after_is_handed_on(text: str, server: HostileServer, store: S3Store) -> None:
    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=7)
    value = email.utils.format_datetime(then, usegmt=True) if text == "date" else text
    server.behave = lambda request: request.fail(503, "SlowDown", Retry_After=value)
    with pytest.raises(StoreBusyError) as caught:
        store.put("a", b"x")
    assert caught.value.retry_after_s is not None
    assert 4 < caught.value.retry_after_s <= 7


def test_retries_wait_as_told_and_then_succeed(server: HostileServer, store: S3Store) -> None:
    def behave(request: Request) -> None:
        if len(server.requests) < 3:
            request.fail(503, "SlowDown", Retry_After="3")
        else:
            request.answer(200)

    server.behave = behave
    waits: list[float] = []
    RetryStore(store, RetryPolicy(first_s=0.0), wait=waits.append).put("a", b"x")
    assert waits == [3.0, 3.0]


def test_the_clock_difference_is_told(server: HostileServer, store: S3Store) -> None:
    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=90)
    date = email.utils.format_datetime(then, usegmt=True)
    server.behave = lambda request: request.fail(403, "RequestTimeTooSkewed", Date=date)
    with pytest.raises(StoreAccessError, match=r"by 90 minutes \(this one is behind"):
        store.get("a")


def test_the_right_region_is_told_but_no_nonsense(server: HostileServer, store: S3Store) -> None:
    server.behave = lambda request: request.fail(301, "PermanentRedirect", x_amz_bucket_region="eu-west-1")
    with pytest.raises(StoreAccessError) as caught:
        store.get("a")
    assert "region=eu-west-1" in caught.value.remedy
    server.behave = lambda request: request.fail(301, "PermanentRedirect", x_amz_bucket_region="<b>x</b>")
    with pytest.raises(StoreAccessError) as caught:
        store.get("a")
    assert "<b>" not in caught.value.explanation


def listing(*names: str, more: str = "", truncated: bool = False) -> bytes:
    entries = "".join(f"<Contents><Key>{name}</Key><Size>1</Size></Contents>" for name in names)
    flag = str(truncated).lower()
    return f"<ListBucketResult><IsTruncated>{flag}</IsTruncated>{more}{entries}</ListBucketResult>".encode()


TOKEN_XML = "<NextContinuationToken>t</NextContinuationToken>"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"<ListBucketResult>",
        listing("other/a"),
        listing("p/b", "p/a"),
        listing("p/a", more=TOKEN_XML, truncated=True),
        listing(more=TOKEN_XML, truncated=True),
        listing(truncated=True),
        b"<ListBucketResult><Contents><Key>p/a</Key><Size>-1</Size></Contents></ListBucketResult>",
        b"<ListBucketResult><Contents><Key>p/a</Key></Contents></ListBucketResult>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><ListBucketResult></ListBucketResult>',
        '<!DOCTYPE x [<!ENTITY a "b">]><ListBucketResult></ListBucketResult>'.encode("utf-16"),
        b"<a>" * 100_000,
        b"<ListBucketResult>\0</ListBucketResult>",
    ],
)
def test_listings_that_lie_are_refused(body: bytes, server: HostileServer, store: S3Store) -> None:
    server.behave = lambda request: request.answer(200, body)
    with pytest.raises(StoreProtocolError):
        list(store.list())
    assert len(server.requests) < 200


def test_foreign_objects_are_left_out(server: HostileServer, store: S3Store) -> None:
    server.behave = lambda request: request.answer(200, listing("p/", "p/A", "p/a", "p/b%/../c", "p/\u00e4"))
    assert [info.name for info in store.list()] == ["a"]


def test_a_404_of_some_other_server_is_no_missing_object(server: HostileServer, store: S3Store) -> None:
    """A proxy's or web server's: only who can list the bucket can say that an object is not in it."""
    server.behave = lambda request: request.answer(404, b"<html>Not found</html>")
    for action in (lambda: store.get("a"), lambda: store.stat("a"), lambda: list(store.list())):
        with pytest.raises(StoreUnavailableError):
            action()


def test_server_without_conditions_says_501(server: HostileServer, store: S3Store) -> None:
    kept: dict[str, bytes] = {}

    def behave(request: Request) -> None:
        if request.method == "HEAD":
            request.answer(200 if request.target in kept else 404)
        elif "if-none-match" in request.headers:
            request.fail(501, "NotImplemented")
        else:
            kept[request.target] = request.body
            request.answer(200)

    server.behave = behave
    store.put("a", [b"x", b"y"], create_only=True)
    assert kept == {"/bucket/p/a": b"xy"}
    with pytest.raises(ObjectExistsError):
        store.put("a", b"z", create_only=True)
    assert kept == {"/bucket/p/a": b"xy"}


def test_a_put_whose_answer_is_lost_is_not_taken_for_anothers(server: HostileServer, store: S3Store) -> None:
    kept: dict[str, bytes] = {}

    def behave(request: Request) -> None:
        if request.method == "PUT":
            lost = not kept
            kept[request.target] = request.body
            if lost:
                return
        content = kept.get(request.target)
        request.answer(404) if content is None else request.answer(200, content)

    server.behave = behave
    RetryStore(store, RetryPolicy(first_s=0.0), wait=lambda _: None).put("a", b"xy", create_only=True)
    assert kept == {"/bucket/p/a": b"xy"}


def test_the_secret_never_travels(server: HostileServer, store: S3Store) -> None:
    server.behave = lambda request: request.answer(200, b"x")
    store.get("a", max_bytes=1)
    store.put("a", b"x")
    for request in server.requests:
        assert SECRET not in str(request.headers)
        assert request.headers["x-amz-security-token"] == TOKEN
        assert TOKEN not in request.target


def test_nobody_there(server: HostileServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        port = taken.getsockname()[1]
        with S3Store(f"s3://bucket?endpoint=http://127.0.0.1:{port}", S3Credentials("a", "b")) as store:
            with pytest.raises(StoreUnavailableError, match="refuses connections"):
                store.get("a")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path / "tls.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", str(path), "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def test_tls_is_verified_and_own_authorities_are_possible(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
    heads: list[bytes] = []

    def serve() -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            connection.settimeout(10)
            try:
                with context.wrap_socket(connection, server_side=True) as tls:
                    heads.append(tls.recv(1 << 16))
                    tls.sendall(answer)
            except OSError:
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        address = f"s3://bucket?endpoint=https://127.0.0.1:{listener.getsockname()[1]}"
        with S3Store(address, S3Credentials("a", "b")) as store:
            with pytest.raises(StoreAccessError, match="does not prove who it is"):
                store.get("a", max_bytes=1)
        with S3Store(f"{address}&ca={certificate}.crt", S3Credentials("a", "b")) as store:
            assert store.get("a", max_bytes=1) == b"x"
        thread.join(10)
    assert len(heads) == 1  # the first one sent nothing to a server that proved nothing


def test_plain_http_behind_https(server: HostileServer) -> None:
    server.behave = BEHAVIOURS["not http"]
    address = f"s3://bucket?endpoint={server.endpoint.replace('http:', 'https:')}"
    with S3Store(address, S3Credentials("a", "b"), patience=IMPATIENT) as store:
        with pytest.raises((StoreProtocolError, StoreUnavailableError)):
            store.get("a")


@pytest.mark.parametrize(("late", "fair"), [(412, True), (200, False), (500, None)])
def test_a_server_that_fails_all_but_one_of_a_race(
    late: int, fair: bool | None, server: HostileServer, store: S3Store
) -> None:
    """As some do where several write one name at once. Whoever comes when it is over is to be refused by condition."""
    together = threading.Barrier(4)
    kept: dict[str, bytes] = {}

    def behave(request: Request) -> None:
        if request.method == "GET":
            request.answer(200, kept[request.target])
        elif request.method != "PUT":
            request.answer(204)
        elif request.target in kept:
            request.fail(late, "PreconditionFailed" if late == 412 else "InternalError")
        elif together.wait(10) == 0:
            kept[request.target] = request.body
            request.answer(200)
            over.set()
        else:
            over.wait(10)
            request.fail(500, "InternalError")

    over = threading.Event()
    server.behave = behave
    if fair is None:
        with pytest.raises(StoreUnavailableError):
            store.probe_conditions()
    else:
        assert store.probe_conditions() is fair
    assert store.properties.atomic_create is (fair is True)
