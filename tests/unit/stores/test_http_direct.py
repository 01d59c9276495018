"""Bodies between a socket and memory: every framing, cut anywhere, and what may be used again afterwards."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import threading
from collections.abc import Iterator

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.stores.http_direct import BODY, Body, DirectPool
from megadesk.stores.http_net import PacedBackend

TIMEOUTS = {"timeout": {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}}


class Peer:
    """Answers each request on each connection with the next of ``answers``, sent in the pieces that they consist of."""

    def __init__(self) -> None:
        self.answers: list[list[bytes]] = []
        self.connections = 0
        self.received: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), sock, sock.makefile("rb") as file:
            while line := file.readline():
                size = 0
                head = line
                while (line := file.readline()) not in (b"\r\n", b""):
                    head += line
                    if line.lower().startswith(b"content-length:"):
                        size = int(line.split(b":")[1])
                if len(body := file.read(size)) < size:
                    return
                self.received.append(head + body)
                pieces = self.answers.pop(0)
                for piece in pieces:
                    sock.sendall(piece)
                if pieces[-1] == b"":
                    return

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with contextlib.closing(Peer()) as peer:
        yield peer


@contextlib.contextmanager
def new_pool() -> Iterator[DirectPool]:
    with DirectPool(ssl_context=None, max_connections=4, keepalive_expiry=20.0, network_backend=PacedBackend()) as pool:
        yield pool


def ask(pool: DirectPool, peer: Peer, method: str = "GET", content: bytes | None = None) -> httpcore.Response:
    headers = [("Host", "x")] + ([("Content-Length", str(len(content)))] if content is not None else [])
    url = f"http://127.0.0.1:{peer.port}/a"
    return pool.handle_request(httpcore.Request(method, url, headers=headers, content=content, extensions=TIMEOUTS))


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = sorted({place % len(data) for place in places} | {0, len(data)})
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@given(
    st.integers(0, 3000),
    st.lists(st.integers(0, 4000), max_size=4),
    st.lists(st.integers(1, 900), min_size=1, max_size=5),
)
def test_cut_anywhere_it_arrives_whole(peer: Peer, size: int, places: list[int], reads: list[int]) -> None:
    """Read into memory by pieces of some sizes, the rest as chunks; then the connection serves once more."""
    content = os.urandom(size)
    before = peer.connections
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (size, content)
    peer.answers = [cut(whole, places), [b"HTTP/1.1 204 No Content\r\n\r\n"]]
    with new_pool() as pool:
        response = ask(pool, peer)
        body = response.extensions[BODY]
        assert isinstance(body, Body)
        found = b""
        for count in reads:
            buffer = bytearray(count)
            found += buffer[: body.read_into(memoryview(buffer))]
        found += b"".join(response.iter_stream())
        assert body.read_into(memoryview(bytearray(9))) == 0
        response.close()
        assert found == content
        assert ask(pool, peer, "DELETE").status == 204
        assert peer.connections == before + 1


FRAMED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
)


@pytest.mark.parametrize("answer", FRAMED)
def test_other_framings_and_interim_answers(peer: Peer, answer: bytes) -> None:
    for place in range(1, len(answer)):
        before = peer.connections
        peer.answers = [[answer[:place], answer[place:]]] * 2
        with new_pool() as pool:
            for _ in range(2):
                response = ask(pool, peer)
                assert b"".join(response.iter_stream()) == b"abcde"
                response.close()
            assert peer.connections == before + 1


def test_until_the_end_of_the_connection(peer: Peer) -> None:
    peer.answers = [[b"HTTP/1.1 200 OK\r\n\r\nabc", b"de", b""], [b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"]] * 2
    before = peer.connections
    with new_pool() as pool:
        for expected in (b"abcde", b"x") * 2:
            response = ask(pool, peer)
            assert b"".join(response.iter_stream()) == expected
            response.close()
    assert peer.connections == before + 4


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\nabcdefghi",
        b"HTTP/1.1 200",
        b"",
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
def test_what_ends_early_or_is_no_http_is_an_error(peer: Peer, answer: bytes) -> None:
    peer.answers = [[answer, b""]]

    def read() -> None:
        with contextlib.closing(ask(pool, peer)) as response:
            b"".join(response.iter_stream())

    with new_pool() as pool, pytest.raises((httpcore.RemoteProtocolError, httpcore.ReadError)):
        read()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\n", b"abc"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: Keep-Alive, Close\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\nabc", None),
    ],
)
def test_a_connection_in_doubt_is_not_used_again(peer: Peer, answer: bytes, expected: bytes | None) -> None:
    """More came than was announced, the server wants to end it, or it was not read to its end."""
    before = peer.connections
    peer.answers = [[answer], [b"HTTP/1.1 204 No Content\r\n\r\n"]]
    with new_pool() as pool:
        response = ask(pool, peer)
        if expected is not None:
            assert b"".join(response.iter_stream()) == expected
        response.close()
        assert ask(pool, peer).status == 204
    assert peer.connections == before + 2


def test_heads_without_bodies(peer: Peer) -> None:
    before = peer.connections
    peer.answers = [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"],
        [b"HTTP/1.1 304 X\r\nContent-Length: 500\r\n\r\n"],
        [b"HTTP/1.1 204 X\r\n\r\n"],
    ]
    with new_pool() as pool:
        for method, status in (("HEAD", 200), ("GET", 304), ("DELETE", 204)):
            response = ask(pool, peer, method)
            assert (response.status, b"".join(response.iter_stream())) == (status, b"")
            response.close()
    assert peer.connections == before + 1


def test_bodies_of_requests(peer: Peer) -> None:
    peer.answers = [[b"HTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n"]] * 2
    content = os.urandom(700_000)
    with new_pool() as pool:
        for _ in range(2):
            response = ask(pool, peer, "PUT", content)
            response.close()
            assert response.status == 201
            assert peer.received[-1].endswith(content)
        with pytest.raises(httpcore.LocalProtocolError):
            pool.handle_request(
                httpcore.Request(
                    "PUT",
                    f"http://127.0.0.1:{peer.port}/a",
                    headers=[("Host", "x"), ("Content-Length", "5")],
                    content=b"abcd",
                    extensions=TIMEOUTS,
                )
            )
