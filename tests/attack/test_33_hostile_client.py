"""33: hostile clients of `megadesk serve`: no route without a token, no path out of the store, limits on everything."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from megadesk.server.run import raise_file_limit
from megadesk.server.settings import Limits
from megadesk.server.space import OWN
from megadesk.server.tokens import Scope
from megadesk.stores.folder import FolderStore
from megadesk.stores.memory import MemoryStore
from tests.contract import md_servers
from tests.contract.md_servers import ThreadServer
from tests.contract.suite import BAD_NAMES

DEADLINE_S = 60.0
HERE = Path(__file__).parent
STRICT = replace(
    Limits(),
    max_connections=40,
    max_requests=8,
    head_s=1.0,
    body_window_s=1.0,
    min_body_bytes_per_s=1000.0,
    send_s=2.0,
    stop_s=5,
    max_listeners=6,
    max_listeners_per_token=4,
    heartbeat_s=0.2,
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """What lies beside the store, and must be neither read nor changed."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"outside of the store")
    (tmp_path / "behind").mkdir()
    (tmp_path / "behind" / ".hidden").write_bytes(b"unseen")
    os.symlink(tmp_path, tmp_path / "behind" / "out")
    return secret


@pytest.fixture
def server(outside: Path) -> Iterator[ThreadServer]:
    with md_servers.in_thread(FolderStore.create(outside.parent / "behind")) as server:
        yield server


@pytest.fixture
def few() -> Iterator[ThreadServer]:
    """Few connections and requests, but all the time that they want, also on a machine that is busy."""
    limits = replace(STRICT, head_s=DEADLINE_S, body_window_s=DEADLINE_S, send_s=DEADLINE_S)
    with md_servers.in_thread(MemoryStore(), limits=limits) as server:
        yield server


@pytest.fixture
def strict() -> Iterator[ThreadServer]:
    with md_servers.in_thread(MemoryStore(), limits=STRICT) as server:
        yield server


def raw(port: int, request: bytes) -> bytes:
    """All that comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", port), DEADLINE_S) as sock:
        sock.sendall(request)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while part := sock.recv(65536):
                answer += part
        return answer


def ask(
    server: ThreadServer, method: str, target: str, body: bytes = b"", token: str | None = None
) -> tuple[int, bytes]:
    """A request whose target is sent as it is, without being made proper."""
    authorization = f"authorization: Bearer {token}\r\n" if token else ""
    lines = f"{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{authorization}"
    answer = raw(server.port, f"{lines}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body)
    top, _, rest = answer.partition(b"\r\n\r\n")
    return int(top.split()[1]), rest


# --- tokens


def routes() -> list[tuple[str, str]]:
    from megadesk.server.openapi import description

    found = [("GET", "/metrics"), ("GET", "/"), ("GET", "/v1"), ("GET", "/v2/"), ("POST", "/v1/nothing"), ("GET", "//")]
    for path, methods in description()["paths"].items():
        for method in (*methods, "patch", "options", "trace"):
            if method != "parameters":
                found.append((method.upper(), path.replace("{name}", "a/b").replace("{id}", "0" * 32)))
    return found


def test_every_route_wants_a_token(server: ThreadServer) -> None:
    with server.client() as store:
        store.put("a/b", b"content")
    wrong = [None, "x", server.token + "x", server.token.swapcase(), "md_" + "0" * 16 + "_" + "A" * 43, ""]
    for method, path in routes():
        for token in wrong if path == "/v1/objects/a/b" else wrong[:2]:
            status, body = ask(server, method, path, token=token)
            assert status == 401, (method, path, token)
            assert b"content" not in body
    for scheme in ("Basic", "Token", ""):
        head = f"GET /v1/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: {scheme} {server.token}\r\n\r\n"
        assert raw(server.port, head.encode()).split()[1] == b"401"
    status, _ = ask(server, "GET", f"/v1/?token={server.token}")
    assert status == 401
    assert ask(server, "GET", "/healthz") == (200, b"ok\n")


# --- paths


def corpus() -> list[str]:
    """Ways to write a path that leads elsewhere."""
    ups = [
        "..",
        "%2e%2e",
        "%2E%2E",
        ".%2e",
        "..%00",
        "..%2f",
        "..\\",
        "..%5c",
        "%252e%252e",
        "..;",
        "%c0%ae%c0%ae",
        "..%0a",
    ]
    targets = ["secret", "behind/.hidden", "etc/passwd", "%2fetc%2fpasswd"]
    found = [f"{up}{slash}{target}" for up in ups for slash in ("/", "%2f", "//") for target in targets]
    found += [f"a/{up}/{up}/secret" for up in ups]
    found += ["/etc/passwd", "//etc/passwd", "%2fetc/passwd", ".hidden", "%2ehidden", "a/.hidden", ".megadesk-store"]
    found += ["out/secret", "out/behind/a", OWN, OWN[:-1], f"{OWN}session-key", f"{OWN}tokens/x", f"a/../{OWN}x"]
    found += [f"./{OWN}session-key", "%5fmegadesk-server/session-key", f"{OWN.upper()}x", "C:/x", "c:x", "\\\\host\\x"]
    return found + [urllib.parse.quote(name, safe="/") for name in BAD_NAMES if name]


def test_no_path_leads_out_of_the_store(server: ThreadServer, outside: Path) -> None:
    def looks() -> dict[str, bytes]:
        files = [path for path in outside.parent.rglob("*") if path.is_file() and "out" not in path.parts]
        return {str(path): path.read_bytes() for path in files}

    server.get("/v1/")
    before = looks()
    for name in corpus():
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            status, body = ask(
                server, method, f"/v1/objects/{name}", b"planted" if method == "PUT" else b"", server.token
            )
            # DELETE of what cannot be there is done already; nothing else may succeed.
            fine = (204, 400, 403, 404, 500) if method == "DELETE" else (400, 403, 404, 500)
            assert status in fine, (method, name, status)
            assert b"outside" not in body, name
            assert b"unseen" not in body, name
    for prefix in ("../", "%2e%2e/", "/", "out/", ".hidden/", OWN, "a/../", "..%2f"):
        status, body = ask(server, "GET", f"/v1/objects?prefix={prefix}", token=server.token)
        assert (status, json.loads(body).get("objects", [])) in ((400, []), (403, []), (200, [])), prefix
        status, _ = (
            ask(server, "GET", f"/v1/events?prefix={prefix}", token=server.token) if prefix != "out/" else (400, b"")
        )
        assert status in (400, 403), prefix
    assert looks() == before
    # An object may take the place of a link that somebody planted; it is not written through it.
    assert ask(server, "PUT", "/v1/objects/out", b"object", server.token)[0] == 204
    assert outside.read_bytes() == b"outside of the store"
    assert (outside.parent / "behind" / "out").read_bytes() == b"object"


def test_links_reach_no_path_either(server: ThreadServer, outside: Path) -> None:
    from megadesk.server.links import Grant

    link = "ab" * 16
    server.backing.grants.put(Grant(link, frozenset(["cd" * 16])))
    server.backing.store.put(f"links/{link}", b"record")
    session = json.loads(ask(server, "POST", f"/d/l/{link}/open")[1])["session"]
    for name in corpus():
        for path in (f"/d/{name}", f"/d/l/{name}/open", f"/d/l/{link}/packs/{name}", f"/d/l/{name}/record"):
            status, body = ask(server, "GET", f"{path}?s={session}")
            assert status in (400, 401, 403, 404, 405), path
            assert b"outside" not in body


# --- what is sent


def test_bodies_that_lie_about_their_size(server: ThreadServer) -> None:
    authorization = f"host: x\r\nauthorization: Bearer {server.token}\r\n".encode()
    put = b"PUT /v1/objects/a HTTP/1.1\r\n" + authorization
    for sent, status in (
        (b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"411"),
        (b"content-length: 99999999999999999\r\nconnection: close\r\n\r\n", b"413"),
        (b"content-length: -1\r\n\r\n", b"400"),
        (b"content-length: 3\r\ncontent-length: 4\r\n\r\nabc", b"400"),
        (b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\nabc", b"400"),
        (b"content-length: 3\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nabc", b"415"),
        (b'content-length: 3\r\nif-none-match: "x"\r\nconnection: close\r\n\r\nabc', b"400"),
        (b"content-length: 3\r\nif-match: *\r\nconnection: close\r\n\r\nabc", b"400"),
    ):
        assert raw(server.port, put + sent).split()[1] == status, sent
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE_S) as sock:
        sock.sendall(put + b"content-length: 3000000\r\n\r\n" + bytes(2_000_000))
    # The bytes that follow a refused body are no request of their own.
    smuggled = put + b"content-length: 60\r\nif-match: x\r\n\r\nDELETE /v1/objects/b HTTP/1.1\r\nhost: x\r\n\r\n".ljust(
        60
    )
    with server.client() as store:
        store.put("b", b"stays")
        raw(server.port, smuggled + b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert [info.name for info in store.list()] == ["b"]
        assert store.get("b") == b"stays"


def test_heads_without_an_end(strict: ThreadServer) -> None:
    long = b"GET /healthz HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 200_000
    assert raw(strict.port, long).split()[1:2] in ([b"431"], [])
    many = b"GET /healthz HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 20_000
    assert raw(strict.port, many).split()[1:2] in ([b"431"], [])
    assert raw(strict.port, b"GET /" + b"a" * 100_000).split()[1:2] in ([b"431"], [])
    for junk in (
        b"\x16\x03\x01\x02\x00" + bytes(500),
        b"\r\n" * 100 + b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"\0" * 100,
    ):
        assert raw(strict.port, junk).split()[1:2] in ([b"400"], [])
    assert strict.get("/healthz")[0] == 200


def test_grants_that_are_none(server: ThreadServer) -> None:
    for body in (
        b"",
        b"{",
        b"[]",
        b'{"packs": null}',
        b'{"packs": ["../x"]}',
        b'{"packs": [], "folder": "../"}',
        b'{"packs": [], "folder": "' + OWN.encode() + b'"}',
        b'{"packs": [], "max_downloads": 0}',
        b'{"packs": [], "expires_ms": -1}',
        b'{"packs": [], "surplus": 1}',
        b"[" * 100_000,
        b'{"packs": ["\xff"]}',
    ):
        status, _ = ask(server, "PUT", f"/v1/grants/{'0' * 32}", body, server.token)
        assert status in (400, 403), body[:40]
    head = f"PUT /v1/grants/{'0' * 32} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {server.token}\r\n"
    assert (
        raw(server.port, f"{head}connection: close\r\ncontent-length: {5 << 20}\r\n\r\n".encode()).split()[1] == b"413"
    )
    mine = server.add_token(Scope.READ, Scope.WRITE, prefix="mine/")
    assert ask(server, "PUT", f"/v1/grants/{'0' * 32}", b'{"packs": [], "folder": "other/"}', mine)[0] == 403
    assert ask(server, "PUT", f"/v1/grants/{'0' * 32}", b'{"packs": [], "folder": "other/"}', server.token)[0] == 204
    assert ask(server, "DELETE", f"/v1/grants/{'0' * 32}", token=mine)[0] == 403
    assert json.loads(ask(server, "GET", "/v1/grants", token=mine)[1]) == {"grants": []}


# --- slowness and numbers


def until_closed(sock: socket.socket) -> float:
    """Seconds until the server ends the connection."""
    began = time.monotonic()
    sock.settimeout(DEADLINE_S)
    with contextlib.suppress(ConnectionResetError):
        while sock.recv(65536):
            pass
    return time.monotonic() - began


def test_slow_loris(strict: ThreadServer) -> None:
    """Heads and bodies by single bytes, and readers that do not read, are cut off while others are served."""
    with contextlib.ExitStack() as stack:
        idle, head, body = (
            stack.enter_context(socket.create_connection(("127.0.0.1", strict.port), DEADLINE_S)) for _ in range(3)
        )
        head.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")
        authorization = f"authorization: Bearer {strict.token}\r\n".encode()
        body.sendall(b"PUT /v1/objects/a HTTP/1.1\r\nhost: x\r\n" + authorization + b"content-length: 100000\r\n\r\n")
        ended = set()
        end = time.monotonic() + DEADLINE_S
        while len(ended) < 2 and time.monotonic() < end:
            for sock, byte in ((head, b"x"), (body, b"y")):
                try:
                    sock.sendall(byte)
                except (BrokenPipeError, ConnectionResetError):
                    ended.add(sock)
            assert strict.get("/healthz")[0] == 200
            time.sleep(0.05)
        assert len(ended) == 2
        assert until_closed(idle) < DEADLINE_S / 2
    assert strict.running.cut_off >= 3
    with strict.client() as store:
        assert list(store.list()) == []


def test_a_reader_that_does_not_read(strict: ThreadServer) -> None:
    strict.backing.store.put("large", bytes(64 << 20))
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", strict.port))
        authorization = f"authorization: Bearer {strict.token}\r\n".encode()
        sock.sendall(b"GET /v1/objects/large HTTP/1.1\r\nhost: x\r\n" + authorization + b"\r\n")
        end = time.monotonic() + DEADLINE_S
        while strict.running.cut_off == 0:
            assert time.monotonic() < end
            assert strict.get("/healthz")[0] == 200
            time.sleep(0.05)


def test_more_connections_than_there_may_be(few: ThreadServer) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(STRICT.max_connections):
            stack.enter_context(socket.create_connection(("127.0.0.1", few.port), DEADLINE_S))
        wait_until(lambda: few.running.connections == STRICT.max_connections)
        answers = [raw(few.port, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n") for _ in range(5)]
        assert all(b" 503 " in answer or answer == b"" for answer in answers)
    wait_until(lambda: few.running.connections == 0)
    assert few.get("/healthz")[0] == 200


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_more_requests_than_there_may_be(few: ThreadServer) -> None:
    authorization = f"authorization: Bearer {few.token}\r\n".encode()
    with contextlib.ExitStack() as stack:
        for number in range(STRICT.max_requests):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", few.port), DEADLINE_S))
            name = f"PUT /v1/objects/a{number} HTTP/1.1\r\nhost: x\r\n".encode()
            sock.sendall(name + authorization + b"content-length: 1000000\r\n\r\n")
        wait_until(lambda: few.backing.counts.running == STRICT.max_requests)
        answer = raw(few.port, b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert b" 503 " in answer
        assert b"retry-after: 1" in answer.lower()


def test_listeners_are_bounded_and_slow_ones_told_to_look_again(strict: ThreadServer) -> None:
    other = strict.add_token(Scope.READ)
    with strict.client() as store, strict.client(other) as second, contextlib.ExitStack() as stack:
        streams = [stack.enter_context(contextlib.closing(store.listen("log/"))) for _ in range(4)]
        assert [next(stream) for stream in streams] == [""] * 4
        assert strict.get("/v1/events?prefix=log/")[0] == 503
        for _ in range(2):
            stack.enter_context(contextlib.closing(second.listen("log/")))
        assert strict.get("/v1/events?prefix=log/", other)[0] == 503
        # Streams do not count as requests that run: there is room for others.
        for number in range(20):
            store.put(f"log/a/{number:04}", b"x")
        assert [next(streams[0]) for _ in range(20)] == [f"log/a/{number:04}" for number in range(20)]


def test_a_listener_that_lags_is_told_to_look_again() -> None:
    async def lag() -> bytes:
        from megadesk.server.events import Hub

        hub = Hub(queue=3)
        listener = hub.subscribe("log/", "token")
        hub.welcome(listener, "")
        for number in range(10):
            hub.publish(f"log/a/{number}")
            hub.publish(f"packs/{number}")
        return await listener.next()

    told = asyncio.run(lag()).decode()
    assert "event: reset" in told
    assert told.count("event:") <= 3
    assert "packs/" not in told


def test_what_was_missed_is_told_by_the_last_id() -> None:
    async def again(last: int | None) -> list[str]:
        from megadesk.server.events import Hub

        hub = Hub(queue=100)
        for number in range(5):
            hub.publish(f"log/a/{number}")
        listener = hub.subscribe("log/", "token")
        run = hub._id(0).partition("-")[0]
        hub.welcome(listener, "" if last is None else f"{run}-{last}")
        hub.publish("log/a/5")
        lines = (await listener.next()).decode().splitlines()
        return [line.partition(": ")[2] for line in lines if line.startswith(("event", "data"))]

    assert asyncio.run(again(None))[0] == "hello"
    expected = [part for number in (3, 4, 5) for part in ("put", json.dumps({"name": f"log/a/{number}"}))]
    assert asyncio.run(again(3)) == expected, "the third event was the last that it saw"
    assert asyncio.run(again(99))[0] == "reset"


def test_a_thousand_clients_at_once(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Each with a connection of its own that puts, gets, lists and deletes; ten thousand idle ones beside in the long
    tier."""
    raise_file_limit(30_000)
    clients = 1000

    async def client(port: int, token: str, number: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer):
            return await talk(reader, writer, token, number)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, number: int) -> int:
        content = number.to_bytes(4, "big") * 500
        statuses = []
        for method, path, body in (
            ("PUT", f"/v1/objects/t/{number}", content),
            ("GET", f"/v1/objects/t/{number}", b""),
            ("GET", f"/v1/objects?prefix=t/&after=t/{number}&limit=2", b""),
            ("DELETE", f"/v1/objects/t/{number}", b""),
        ):
            for _ in range(50):
                head = f"{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
                writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
                top = await reader.readuntil(b"\r\n\r\n")
                status = int(top.split()[1])
                size = [line for line in top.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                got = await reader.readexactly(int(size[0].partition(b":")[2])) if size else b""
                if status != 503:
                    break
                await asyncio.sleep(0.05)
            statuses.append(status)
            if method == "GET" and "?" not in path:
                assert got == content
        assert statuses == [204, 200, 200, 204]
        return len(statuses)

    async def all_of_them(port: int, token: str, idle: int) -> int:
        held = []
        try:
            for _ in range(idle):
                held.append(await asyncio.open_connection("127.0.0.1", port))
            done = await asyncio.gather(*(client(port, token, number) for number in range(clients)))
        finally:
            for _, writer in held:
                writer.close()
        return sum(done)

    idle = 10_000 if request.config.getoption("--tier") == "long" else 0
    with md_servers.in_process(str(tmp_path / "behind"), tmp_path) as server:
        assert asyncio.run(all_of_them(server.port, server.token, min(idle, 2500))) == 4 * clients
        if idle:
            # Most of them are turned away: reset, or hung up on.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                asyncio.run(all_of_them(server.port, server.token, idle))
        with server.client() as store:
            assert list(store.list()) == []
        assert server.stop() == 0


# --- requests made up from the description


def test_schemathesis(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Coverage of every parameter, made-up requests and sequences of them, against the server's own description."""
    long = request.config.getoption("--tier") == "long"
    with md_servers.in_thread(MemoryStore()) as server:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
        command += [f"http://127.0.0.1:{server.port}/v1/openapi.json", "-H", f"Authorization: Bearer {server.token}"]
        # A stream of events does not end; it is tried by hand.
        command += ["--exclude-path", "/v1/events", "--max-examples", "200" if long else "3", "--no-color"]
        command += [] if long else ["--seed", "33", "--generation-database", "none"]
        environ = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environ, timeout=1800)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert "No issues found" in done.stdout
        assert server.backing.counts.by_status.get(500, 0) == 0
        assert server.backing.counts.by_status[204] > 10


def test_the_log_has_no_secret(tmp_path: Path) -> None:
    link = "ab" * 16
    with md_servers.in_process(str(tmp_path / "behind"), tmp_path) as server:
        with server.client() as store:
            host = store.link_host()
            assert host is not None
            store.put(f"links/{link}", b"record")
            host.grant(link, [], None, None)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("POST", f"/d/l/{link}/open")
        session = json.loads(connection.getresponse().read())["session"]
        for path in (f"/d/l/{link}/record?s={session}", f"/v1/?token={server.token}", "/%1b%5b31m%0aforged"):
            connection.request("GET", path, headers={"authorization": f"Bearer {server.token}", "x": server.token})
            connection.getresponse().read()
        connection.close()
        server.stop()
        log = "".join(server.log)
    assert "/d/l/ababab" in log
    for secret in (server.token, server.token.rpartition("_")[2], session, link, "\x1b"):
        assert secret not in log
    assert "\nforged" not in log
