"""The store of a MegaDesk server, against something in its place that answers whatever it likes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from megadesk.errors import (
    MegaDeskError,
    ObjectExistsError,
    ObjectNotFoundError,
    Retry,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.credentials import BearerCredentials
from megadesk.stores.http_net import Timeouts
from megadesk.stores.server import ServerStore
from tests.unit.stores.http_hostile import Connection, HostileServer, Request, hostile

TOKEN = "md_0123456789abcdef_" + "A" * 43
INFO = {"server": "MegaDesk", "api": 1, "max_object_bytes": 64 << 20, "atomic_create": True, "events": True}
QUICK = Timeouts(connect_s=2, read_s=0.5, write_s=2, head_s=2, min_bytes_per_s=1000)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with hostile() as server:
        yield server


def answering(server: HostileServer, handler: Callable[[Request, Connection], None], info: object = INFO) -> None:
    """GET /v1/ says ``info``; everything else is the handler's."""

    def get(request: Request, connection: Connection) -> None:
        if request.path == "/v1/":
            connection.answer(200, json.dumps(info).encode())
        else:
            handler(request, connection)

    server.handlers = dict.fromkeys(("HEAD", "PUT", "DELETE", "POST"), handler) | {"GET": get}


def connect(server: HostileServer) -> ServerStore:
    return ServerStore(server.place, BearerCredentials(TOKEN), timeouts=QUICK)


def status(code: int, *headers: str, body: bytes = b"") -> Callable[[Request, Connection], None]:
    return lambda request, connection: connection.answer(code, body, *headers)


@pytest.mark.parametrize(
    "info",
    [
        {"server": "other", "api": 1, "max_object_bytes": 1 << 30, "atomic_create": True},
        {"server": "MegaDesk", "api": 2, "max_object_bytes": 1 << 30, "atomic_create": True},
        {"server": "MegaDesk", "api": 1, "max_object_bytes": 5, "atomic_create": True},
        {"server": "MegaDesk", "api": 1, "max_object_bytes": "x", "atomic_create": True},
        {},
        [],
        "x" * 5_000_000,
    ],
)
def test_what_is_no_server_is_told(server: HostileServer, info: object) -> None:
    answering(server, status(200), info)
    with pytest.raises(StoreProtocolError):
        connect(server)


def test_a_404_counts_only_with_the_servers_own_header(server: HostileServer) -> None:
    answering(server, status(404))
    with connect(server) as store:
        for action in (
            lambda: store.get("a"),
            lambda: store.stat("a"),
            lambda: store.get_into("a", memoryview(bytearray(1))),
        ):
            with pytest.raises(StoreUnavailableError):
                action()
        with pytest.raises(StoreUnavailableError):
            list(store.list())
        answering(server, status(412))
        with pytest.raises(StoreUnavailableError):
            store.put("a", b"x", create_only=True)
        answering(server, status(404, "megadesk-error: not-found"))
        with pytest.raises(ObjectNotFoundError):
            store.get("a")
        answering(server, status(412, "megadesk-error: exists"))
        with pytest.raises(ObjectExistsError):
            store.put("a", b"x", create_only=True)


@pytest.mark.parametrize(
    ("code", "header", "kind"),
    [
        (401, "token", StoreAccessError),
        (403, "scope", StoreReadOnlyError),
        (403, "prefix", StoreReadOnlyError),
        (507, "full", StoreFullError),
        (503, "busy", StoreBusyError),
        (503, "unavailable", StoreUnavailableError),
        (500, "read-only", StoreReadOnlyError),
        (413, "too-large", StoreError),
        (400, "name", StoreProtocolError),
        (500, "\x1b[31m", StoreProtocolError),
        (507, "", StoreFullError),
        (502, "", StoreUnavailableError),
        (302, "", StoreProtocolError),
    ],
)
def test_errors_have_their_types(server: HostileServer, code: int, header: str, kind: type[StoreError]) -> None:
    extra = (f"megadesk-error: {header}",) if header else ()
    answering(server, status(code, *extra, "Retry-After: 7"))
    with connect(server) as store:
        with pytest.raises(kind) as caught:
            store.put("a", b"x")
        assert TOKEN not in caught.value.explanation
        assert "\x1b" not in caught.value.explanation
        if isinstance(caught.value, StoreBusyError):
            assert caught.value.retry_after_s == 7
            assert caught.value.retry is Retry.RETRYABLE


def test_redirects_are_not_followed(server: HostileServer) -> None:
    with hostile() as other:
        answering(server, status(307, f"Location: http://127.0.0.1:{other.port}/v1/objects/a"))
        with connect(server) as store, pytest.raises(MegaDeskError):
            store.get("a")
        assert other.requests == []


def test_answers_of_the_wrong_length_or_coding(server: HostileServer) -> None:
    with_coding = status(200, "Content-Encoding: gzip", body=b"\x1f\x8b" + bytes(20))
    cases: list[Callable[[Request, Connection], None]] = [
        with_coding,
        status(206, "Content-Range: bytes 5-9/100", body=b"x" * 10),
        status(206, "Content-Range: bytes 0-9/10", body=b"x" * 3),
        status(206, body=b"x" * 10),
        status(200, body=b"x" * 5),
        lambda request, connection: connection.answer(206, b"xxx", "Content-Range: bytes 0-9/100", length=10),
    ]
    answering(server, with_coding)
    with connect(server) as store:
        for handler in cases:
            answering(server, lambda request, connection, handler=handler: close_after(handler, request, connection))
            with pytest.raises(StoreError):
                store.get("a", length=10)
        answering(server, status(200, body=b"x" * 100))
        with pytest.raises(StoreProtocolError):
            store.get("a", max_bytes=99)


def close_after(handler: Callable[[Request, Connection], None], request: Request, connection: Connection) -> None:
    handler(request, connection)
    raise OSError  # ends the connection


def test_bodies_without_end_and_bodies_that_trickle(server: HostileServer) -> None:
    def endless(request: Request, connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not connection.stop.is_set():
            connection.send(b"10000\r\n" + b"{" * 65536 + b"\r\n")

    def trickle(request: Request, connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
        connection.drip(b" " * 100_000, 0.05)

    answering(server, endless)
    with connect(server) as store:
        for action in (lambda: store.get("a", max_bytes=1000), lambda: list(store.list()), store.free_bytes):
            with pytest.raises(StoreProtocolError):
                action()
        answering(server, trickle)
        for action in (lambda: store.get("a", max_bytes=1_000_000), lambda: list(store.list())):
            with pytest.raises(StoreUnavailableError):
                action()


def page(*names: str, more: bool = False) -> bytes:
    return json.dumps({"objects": [{"name": name, "size": 1} for name in names], "more": more}).encode()


@pytest.mark.parametrize(
    "body",
    [
        page("b", "a"),
        page("a", "a"),
        page("a", more=True),
        page(more=True),
        b'{"objects": [{"name": "a", "size": -1}], "more": false}',
        b'{"objects": [{"name": 1, "size": 1}], "more": false}',
        b"{}",
        b"",
        b"\xff",
    ],
)
def test_lists_that_are_none(server: HostileServer, body: bytes) -> None:
    answering(server, status(200, body=body))
    with connect(server) as store, pytest.raises(StoreProtocolError):
        list(store.list())


def test_foreign_names_are_left_out_of_lists(server: HostileServer) -> None:
    answering(server, status(200, body=page("../x", "A", "a", "a/..", "con")))
    with connect(server) as store:
        assert [info.name for info in store.list()] == ["a"]
    answering(server, status(200, body=page("b/x")))
    with connect(server) as store, pytest.raises(StoreProtocolError):
        list(store.list("a/"))


def test_streams_of_nonsense(server: HostileServer) -> None:
    def stream(body: bytes) -> Callable[[Request, Connection], None]:
        def handler(request: Request, connection: Connection) -> None:
            connection.send(b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + body)
            raise OSError

        return handler

    def heard(body: bytes) -> list[str]:
        answering(server, stream(body))
        found = []
        with connect(server) as store:
            listening = store.listen("log/")
            with pytest.raises(StoreError):
                found.extend(listening)
            listening.close()
        return found

    good = b'event: put\ndata: {"name": "log/a/1"}\n\n'
    assert heard(b": alive\n\nretry: 5\n\n" + good) == ["log/a/1"]
    assert heard(good.replace(b"\n", b"\r\n")) == ["log/a/1"]
    assert heard(b"event: hello\ndata: x\n\nevent: other\ndata: y\n\n" + good) == ["", "log/a/1"]
    for data in (b"", b"{", b"[]", b'{"name": 5}', b'{"name": "../x"}', b'{"name": "LOG"}', b"\xff\xfe"):
        assert heard(b"event: put\ndata: " + data + b"\n\n") == [""]
    assert heard(b"data: " + b"x" * 100_000) == []


def test_the_token_goes_to_the_server_only_and_shows_nowhere(server: HostileServer) -> None:
    answering(server, status(204))
    with connect(server) as store:
        store.put("a", b"x")
        assert all(request.headers["authorization"] == f"Bearer {TOKEN}" for request in server.requests)
        assert TOKEN not in repr(store) + repr(store.properties)
