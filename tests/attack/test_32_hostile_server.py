"""Attack 32: the storage's server turns on its client. Whatever it answers, a download ends soon and typed, no file
bears a name that it has not earned, nothing goes to another host, and an honest answer later is taken.

Answer by answer, this is tried on each store: tests/unit/stores/test_stores_webdav.py and test_stores_server.py,
tests/contract/test_s3_hostile.py.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.core import app as core_app
from megadesk.core import storage
from megadesk.core.app import App
from megadesk.errors import MegaDeskError
from megadesk.stores import http_net, s3_http
from megadesk.stores.retry import RetryPolicy
from megadesk.stores.s3_credentials import S3Credentials
from megadesk.transfer.records import State
from tests.contract import dav_servers, md_servers, s3_servers
from tests.contract.hostile import HostileServer, Request, hostile_server
from tests.system.test_bad_network import Place

MIB = 1 << 20
KINDS = ("webdav", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("serve", "s3")))


def flood(request: Request) -> None:
    request.send(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")
    while not request.wait(0):
        request.send(bytes(MIB))


def drip(request: Request) -> None:
    request.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
    while not request.wait(0.05):
        request.send(b"x")


def asked(request: Request) -> tuple[int, int]:
    start, _, end = request.headers.get("range", "bytes=0-99").removeprefix("bytes=").partition("-")
    return int(start), int(end or 99)


def partial(request: Request, body: bytes, start: int, end: int) -> None:
    request.answer(206, body, Content_Range=f"bytes {start}-{end}/99999999")


def other_bytes(request: Request) -> None:
    start, end = asked(request)
    partial(request, os.urandom(end - start + 1), start, end)


def other_part(request: Request) -> None:
    start, end = asked(request)
    partial(request, bytes(end - start + 1), start + 1, end + 1)


def cut_short(request: Request) -> None:
    start, end = asked(request)
    head = f"HTTP/1.1 206 X\r\nContent-Range: bytes {start}-{end}/99999999\r\nContent-Length: {end - start + 1}\r\n\r\n"
    request.send(head.encode() + bytes((end - start) // 2))


BOMB = gzip.compress(bytes(64 * MIB))
ANSWERS: dict[str, Callable[[Request], None]] = {
    "endless": flood,
    "drips": drip,
    "other bytes": other_bytes,
    "another part": other_part,
    "cut short": cut_short,
    "zip bomb": lambda request: request.answer(200, BOMB, Content_Encoding="gzip"),
    "says that it is gone": lambda request: request.answer(404),
}


@pytest.fixture
def place(kind: str, tmp_path: Path) -> Iterator[Place]:
    """As in the tests of bad networks, each with a server of its own."""
    if kind == "webdav":
        with dav_servers.rclone(password=False) as dav:
            yield Place(dav.port, lambda port: f"dav://127.0.0.1:{port}/l", None)  # type: ignore[arg-type]
    elif kind == "serve":
        with md_servers.in_process(str(tmp_path / "behind"), tmp_path) as server:
            credentials = md_servers.BearerCredentials(server.token)
            yield Place(server.port, lambda port: f"megadesk+http://127.0.0.1:{port}/l", credentials)
    else:
        with s3_servers.moto() as s3:
            s3_servers.make_bucket(s3, "bucket")
            at = int(s3.endpoint.rpartition(":")[2])
            key = S3Credentials(s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY)
            yield Place(at, lambda port: f"s3://bucket/l?endpoint=http://127.0.0.1:{port}&region=us-east-1", key)


def passing_on(port: int, spoiled: Callable[[Request], None] | None) -> Callable[[Request], None]:
    """To the honest server, but for the contents of packs."""

    def behave(request: Request) -> None:
        if spoiled is not None and request.method == "GET" and "/packs/" in request.target:
            spoiled(request)
            return
        upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        upstream.request(request.method, request.target, request.body, request.headers)
        answer = upstream.getresponse()
        body = answer.read()
        kept = {
            name.replace("-", "_"): text
            for name, text in answer.getheaders()
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date")
        }
        if request.method == "HEAD":
            kept["Content_Length"] = answer.getheader("content-length") or "0"
        upstream.close()
        request.answer(answer.status, body, **kept)

    return behave


@pytest.mark.parametrize("kind", KINDS)
def test_downloads_from_a_server_that_turned(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_warnings: object
) -> None:
    quick = RetryPolicy(tries=2, first_s=0.01)
    for module in (storage, core_app):
        monkeypatch.setattr(module, "PATIENT", quick)
    monkeypatch.setattr(http_net.Timeouts.__init__, "__defaults__", (5.0, 2.0, 5.0, 20.0, 256.0))
    monkeypatch.setattr(s3_http.Patience.__init__, "__defaults__", (5.0, 2.0, 2.0, 1024.0))
    content = os.urandom(700_000)
    (tmp_path / "file").write_bytes(content)
    with hostile_server() as server, hostile_server() as thief:
        server.behave = passing_on(place.port, None)
        app = App(str(tmp_path / "home"))
        address = place.address(int(server.endpoint.rpartition(":")[2]))
        locker = app.create_locker("a passphrase", store=address, credentials=place.credentials).locker
        locker.transfers.run_now(locker.upload([str(tmp_path / "file")], "/"))
        # What any download takes is taken before it is measured.
        locker.transfers.run_now(locker.download(["/file"], str(tmp_path / "first")))
        before_mib = peak_mib()
        out = tmp_path / "out"
        elsewhere = {
            "leads elsewhere": lambda request: request.answer(307, Location=f"{thief.endpoint}{request.target}")
        }
        for what, answer in (ANSWERS | elsewhere).items():
            attempt(server, passing_on(place.port, answer), locker, out, what)
        assert thief.requests == []
        assert peak_mib() - before_mib < 100, "nothing of all that was taken in"
        server.behave = passing_on(place.port, None)
        assert locker.transfers.run_now(locker.download(["/file"], str(out))).state is State.DONE
        assert (out / "file").read_bytes() == content
        app.close()


def peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def attempt(
    server: HostileServer, behave: Callable[[Request], None], locker: core_app.Locker, out: Path, what: str
) -> None:
    """One download, which must not succeed."""
    server.behave = behave
    began = time.monotonic()
    number = locker.download(["/file"], str(out))
    with contextlib.suppress(MegaDeskError):
        row = locker.transfers.run_now(number)
        assert row.state is State.FAILED, what
        assert locker.transfers.failures(number), what
    locker.transfers.cancel(number)
    assert time.monotonic() - began < 30, what
    assert not (out / "file").exists(), what
