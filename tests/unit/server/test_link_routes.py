"""The routes of links, over a real server on loopback."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from megadesk.server.links import Grant, Links, UsedUpError
from megadesk.server.page import LinkPage, load_page, policy_of
from megadesk.server.run import Running, serve_in_thread
from megadesk.server.sessions import SESSION_MS, Sessions
from megadesk.server.work import Workers
from megadesk.stores.memory import MemoryStore

LINK = "0123456789abcdef" * 2
PACK = "ab" * 16
OTHER_PACK = "cd" * 16
PAGE = b"""<!doctype html><html><head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 script-src 'sha256-x'; ">
</head></html>"""


class FakeGrants:
    """Grants in memory."""

    def __init__(self) -> None:
        self.grants: dict[str, Grant] = {}
        self.counted: dict[str, int] = {}
        self._lock = threading.Lock()

    def find(self, link_id: str) -> Grant | None:
        return self.grants.get(link_id)

    def count(self, grant: Grant) -> int | None:
        with self._lock:
            used = self.counted.get(grant.link_id, 0)
            if grant.max_downloads is not None and used >= grant.max_downloads:
                raise UsedUpError
            self.counted[grant.link_id] = used + 1
            return None if grant.max_downloads is None else grant.max_downloads - used - 1


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


@dataclass
class World:
    running: Running
    store: MemoryStore
    grants: FakeGrants
    record: bytes
    pack: bytes
    clock: list[int] = field(default_factory=lambda: [1_000_000])

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.running.port, timeout=20)
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def open(self, link: str = LINK) -> str:
        session = self.ask("POST", f"/d/l/{link}/open").json["session"]
        assert isinstance(session, str)
        return session


@pytest.fixture
def world() -> Iterator[World]:
    store, grants, workers = MemoryStore(), FakeGrants(), Workers(4)
    record, pack = os.urandom(5000), os.urandom(3 << 20)
    store.put(f"links/{LINK}", record)
    store.put(f"packs/{PACK[:2]}/{PACK}", pack)
    store.put(f"packs/{OTHER_PACK[:2]}/{OTHER_PACK}", b"not in the link")
    grants.grants[LINK] = Grant(LINK, frozenset([PACK]))
    clock = [1_000_000]
    links = Links(
        store,
        grants,
        Sessions(bytes(32)),
        workers,
        LinkPage(PAGE, policy_of(PAGE), b"// worker"),
        now_ms=lambda: clock[0],
    )
    running = serve_in_thread(Starlette(routes=[Mount("/d", links.app)]))
    yield World(running, store, grants, record, pack, clock)
    running.stop()
    workers.close()


def test_a_link_is_opened_and_read(world: World) -> None:
    opened = world.ask("POST", f"/d/l/{LINK}/open")
    assert opened.status == 200
    assert opened.json["record_bytes"] == 5000
    assert opened.json["downloads_left"] is None
    session = opened.json["session"]
    record = world.ask("GET", f"/d/l/{LINK}/record?s={session}")
    assert (record.status, record.body) == (200, world.record)
    assert record.headers["content-type"] == "application/octet-stream"
    assert record.headers["cache-control"] == "no-store"
    for start, end in ((0, 0), (7, 1_500_000), (3 << 19, (3 << 20) - 1)):
        part = world.ask("GET", f"/d/l/{LINK}/packs/{PACK}?s={session}", {"range": f"bytes={start}-{end}"})
        assert part.status == 206
        assert part.body == world.pack[start : end + 1]
        assert part.headers["content-range"] == f"bytes {start}-{end}/{3 << 20}"
        assert "private, immutable" in part.headers["cache-control"]
    whole = world.ask("GET", f"/d/l/{LINK}/packs/{PACK}?s={session}")
    assert (whole.status, whole.body) == (200, world.pack)
    tail = world.ask("GET", f"/d/l/{LINK}/packs/{PACK}?s={session}", {"range": "bytes=-5"})
    assert (tail.status, tail.body) == (206, world.pack[-5:])
    beyond = world.ask("GET", f"/d/l/{LINK}/packs/{PACK}?s={session}", {"range": f"bytes={3 << 20}-"})
    assert beyond.status == 416
    head = world.ask("HEAD", f"/d/l/{LINK}/packs/{PACK}?s={session}")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(3 << 20))


def test_any_origin_may_read_but_not_more_than_the_link(world: World) -> None:
    session = world.open()
    for answer in (
        world.ask("POST", f"/d/l/{LINK}/open"),
        world.ask("GET", f"/d/l/{LINK}/record?s={session}"),
        world.ask("GET", f"/d/l/{LINK}/packs/{PACK}?s={session}"),
        world.ask("GET", f"/d/l/{LINK}/packs/{OTHER_PACK}?s={session}"),
        world.ask("POST", f"/d/l/{PACK}/open"),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in answer.headers
    asked = world.ask("OPTIONS", f"/d/l/{LINK}/packs/{PACK}", {"access-control-request-method": "GET"})
    assert asked.status == 204
    assert "range" in asked.headers["access-control-allow-headers"]
    other = world.ask("GET", f"/d/l/{LINK}/packs/{OTHER_PACK}?s={session}")
    assert (other.status, other.json["error"]) == (403, "not-granted")
    for pack in ("..", "%2e%2e", "..%2f..%2flocker", PACK.upper(), f"{PACK}/..", "x"):
        answer = world.ask("GET", f"/d/l/{LINK}/packs/{pack}?s={session}")
        assert answer.status in (403, 404)


def test_sessions_are_of_one_link_and_end(world: World) -> None:
    session = world.open()
    for wrong in ("", "x", session[:-1], session[:-1] + ("A" if session[-1] != "A" else "B"), session + "A", "ä"):
        answer = world.ask("GET", f"/d/l/{LINK}/record?s={wrong.encode().hex() if wrong == 'ä' else wrong}")
        assert (answer.status, answer.json["error"]) == (403, "session")
    world.grants.grants[PACK] = Grant(PACK, frozenset([OTHER_PACK]))
    assert world.ask("GET", f"/d/l/{PACK}/record?s={session}").status == 403
    world.clock[0] += SESSION_MS - 1
    assert world.ask("GET", f"/d/l/{LINK}/record?s={session}").status == 200
    world.clock[0] += 1
    assert world.ask("GET", f"/d/l/{LINK}/record?s={session}").status == 403


def test_links_end(world: World) -> None:
    assert world.ask("POST", f"/d/l/{OTHER_PACK}/open").status == 404
    assert world.ask("POST", "/d/l/nonsense/open").status == 404
    session = world.open()
    world.grants.grants[LINK] = Grant(LINK, frozenset([PACK]), expires_ms=world.clock[0] + 10)
    assert world.ask("GET", f"/d/l/{LINK}/record?s={session}").status == 200
    world.clock[0] += 10
    for method, path in (("POST", "open"), ("GET", f"record?s={session}"), ("GET", f"packs/{PACK}?s={session}")):
        answer = world.ask(method, f"/d/l/{LINK}/{path}")
        assert (answer.status, answer.json["error"]) == (410, "expired")
    world.grants.grants[LINK] = Grant(LINK, frozenset([PACK]), revoked=True)
    for method, path in (("POST", "open"), ("GET", f"record?s={session}"), ("GET", f"packs/{PACK}?s={session}")):
        answer = world.ask(method, f"/d/l/{LINK}/{path}")
        assert (answer.status, answer.json["error"]) == (410, "revoked")


def test_downloads_are_counted(world: World) -> None:
    world.grants.grants[LINK] = Grant(LINK, frozenset([PACK]), max_downloads=2)
    assert world.ask("POST", f"/d/l/{LINK}/open").json["downloads_left"] == 1
    assert world.ask("POST", f"/d/l/{LINK}/open").json["downloads_left"] == 0
    third = world.ask("POST", f"/d/l/{LINK}/open")
    assert (third.status, third.json["error"]) == (410, "used-up")
    world.store.delete(f"links/{LINK}")
    world.grants.counted.clear()
    assert world.ask("POST", f"/d/l/{LINK}/open").status == 404
    assert world.grants.counted == {}, "a link without a record costs no download"


def test_a_grant_may_be_of_a_locker_below_a_folder(world: World) -> None:
    world.store.put(f"lockers/a/links/{OTHER_PACK}", b"record")
    world.store.put(f"lockers/a/packs/{PACK[:2]}/{PACK}", b"of another locker")
    world.grants.grants[OTHER_PACK] = Grant(OTHER_PACK, frozenset([PACK]), folder="lockers/a/")
    session = world.open(OTHER_PACK)
    assert world.ask("GET", f"/d/l/{OTHER_PACK}/record?s={session}").body == b"record"
    assert world.ask("GET", f"/d/l/{OTHER_PACK}/packs/{PACK}?s={session}").body == b"of another locker"


def test_the_page_and_its_policy(world: World) -> None:
    page = world.ask("GET", "/d/")
    assert (page.status, page.body) == (200, PAGE)
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'sha256-x'; frame-ancestors 'none'"
    )
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    worker = world.ask("GET", "/d/sw.js")
    assert (worker.status, worker.body) == (200, b"// worker")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "access-control-allow-origin" not in page.headers
    assert world.ask("GET", "/d/pdf-viewer.js").status == 404
    assert world.ask("GET", "/d/other").status == 404
    assert world.ask("POST", "/d/").status == 405


def test_the_viewer_of_pdf(tmp_path: Path) -> None:
    """Packed for those who take it so; pages that were opened from files may have it too."""
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "pdf-viewer.js").write_bytes(b"// viewer" * 1000)
    page = load_page(tmp_path)
    assert page is not None
    packed, plain = page.viewer_response(True), page.viewer_response(False)
    assert packed is not None
    assert plain is not None
    assert plain.body == gzip.decompress(packed.body) == b"// viewer" * 1000
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "accept-encoding"
    assert plain.headers["content-type"].startswith("text/javascript")
    workers = Workers(1)
    links = Links(MemoryStore(), FakeGrants(), Sessions(bytes(32)), workers, page)
    running = serve_in_thread(Starlette(routes=[Mount("/d", links.app)]))
    try:
        answer = World(running, MemoryStore(), FakeGrants(), b"", b"").ask("GET", "/d/pdf-viewer.js?v=1")
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == "*"
    finally:
        running.stop()
        workers.close()


def test_a_program_without_the_page_says_so(tmp_path: Path) -> None:
    assert load_page(tmp_path) is None
    workers = Workers(1)
    links = Links(MemoryStore(), FakeGrants(), Sessions(bytes(32)), workers, None)
    running = serve_in_thread(Starlette(routes=[Mount("/d", links.app)]))
    try:
        answer = World(running, MemoryStore(), FakeGrants(), b"", b"").ask("GET", "/d/")
        assert answer.status == 404
        assert answer.headers["content-type"].startswith("text/plain")
        assert b"built without the page" in answer.body
    finally:
        running.stop()
        workers.close()


def test_policies_are_the_pages_own(tmp_path: Path) -> None:
    assert policy_of(b"<html></html>") == "default-src 'none'; frame-ancestors 'none'"
    assert (
        policy_of(b"<META HTTP-EQUIV=content-security-policy CONTENT=\"img-src 'self'\"/>")
        == "img-src 'self'; frame-ancestors 'none'"
    )
    assert policy_of(b"<!-- <meta http-equiv='Content-Security-Policy' content='x'> -->").startswith("default-src")
    (tmp_path / "page.html").write_bytes(PAGE)
    page = load_page(tmp_path)
    assert page is not None
    assert page.worker is None


def test_keys_of_sessions_do_not_show() -> None:
    assert "redacted" in repr(Sessions(bytes(32)))
    with pytest.raises(ValueError, match="32 bytes"):
        Sessions(b"short")
