"""Attack 28, links: have a file appear whose last byte was not verified; attack 32: a hostile server of links.

Also attack 12 as far as links go: an old record.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from megadesk.crypto.aead import SLICE_BYTES, slice_stored_size
from megadesk.crypto.link import LinkSecret
from megadesk.errors import IntegrityError, LinkError, MegaDeskError
from megadesk.format import names
from megadesk.share.address import parse_link
from megadesk.share.opening import open_address
from megadesk.stores.http_net import Timeouts
from megadesk.stores.retry import RetryPolicy
from tests.attack.links import FILES, Shared, shared
from tests.lockers import write

QUICK = Timeouts(connect_s=5.0, read_s=1.0, write_s=5.0, head_s=2.0, min_bytes_per_s=1000.0)
ONCE = RetryPolicy(tries=1)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Shared]:
    with shared(tmp_path) as made:
        yield made


def left(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_pack_altered_in_its_last_used_bytes(target: Shared, tmp_path: Path) -> None:
    url = target.make("/Whistleblower")
    with contextlib.closing(open_address(url)) as link:
        record = link.record
    ends: dict[str, int] = {}
    for node in record.nodes:
        for position, ref in enumerate(node.content if isinstance(node.content, tuple) else ()):
            name = names.pack(record.packs[ref.pack])
            size = min(SLICE_BYTES, node.size - position * SLICE_BYTES)
            ends[name] = max(ends.get(name, 0), ref.offset + slice_stored_size(size))
    for name, end in ends.items():
        kept = target.store.get(name, max_bytes=1 << 25)
        altered = bytearray(kept)
        altered[end - 1] ^= 1
        target.store.put(name, altered)
        to = tmp_path / name.rpartition("/")[2]
        with contextlib.closing(open_address(url)) as link:
            report = link.download(str(to))
        assert report.failures
        got = left(to)
        assert all(FILES[path] == content for path, content in got.items()), "what has a name is right"
        assert len(got) < len(FILES)
        target.store.put(name, kept)


@pytest.mark.parametrize("cut", [0, 1, 64, 5_000_000])
def test_a_pack_that_ends_early(target: Shared, tmp_path: Path, cut: int) -> None:
    url = target.make("/Whistleblower/inner folder/large-archive.bin")
    for info in list(target.store.list(names.PACKS)):
        data = target.store.get(info.name, max_bytes=1 << 25)
        target.store.put(info.name, data[: min(cut, len(data) - 1)])
    with contextlib.closing(open_address(url, policy=ONCE)) as link:
        report = link.download(str(tmp_path / "out"))
    assert len(report.failures) == 1
    assert os.listdir(tmp_path / "out") == []


def test_packs_and_records_of_others_in_place(target: Shared, tmp_path: Path) -> None:
    """The storage answers with other bytes of its own: every swap is refused, or changes nothing."""
    url = target.make("/Whistleblower")
    packs = [info.name for info in target.store.list(names.PACKS)]
    kept = {name: target.store.get(name, max_bytes=1 << 25) for name in packs}
    for name, other in zip(packs, packs[1:] + packs[:1], strict=True):
        target.store.put(name, kept[other])
    with contextlib.closing(open_address(url, policy=ONCE)) as link:
        report = link.download(str(tmp_path / "out"))
    assert report.failures
    assert all(FILES[path] == content for path, content in left(tmp_path / "out").items())


def test_a_record_with_any_byte_changed(target: Shared) -> None:
    url = target.make("/Whistleblower")
    name = names.link(parse_link(url).secret.id)
    data = target.store.get(name, max_bytes=1 << 25)
    with contextlib.closing(open_address(url)) as link:
        record = link.record
    end = 145 + 74
    places = [*range(0, end, 7), *range(end, len(data), 97), len(data) - 1]
    refused = 0
    for place in places:
        altered = bytearray(data)
        altered[place] ^= 0x20
        target.store.put(name, altered)
        try:
            with contextlib.closing(open_address(url)) as link:
                assert link.record == record, "only padding may change without notice"
        except IntegrityError:
            refused += 1
    assert refused > len(places) // 2


def test_an_old_record_of_a_live_link_says_how_old_it_is(target: Shared, tmp_path: Path) -> None:
    """A server may always show an older state of a link; its reader is told of when it is."""
    began_ms = time.time_ns() // 1_000_000
    url = target.make("/Whistleblower", live=True)
    name = names.link(parse_link(url).secret.id)
    old = target.store.get(name, max_bytes=1 << 25)
    made_ms = time.time_ns() // 1_000_000
    target.device.put(write(tmp_path / "news.txt", b"news"), to="/Whistleblower")
    target.locker.links.upkeep.refresh_live()
    with contextlib.closing(open_address(url)) as link:
        assert link.record.created_ms >= made_ms
    target.store.put(name, old)
    with contextlib.closing(open_address(url)) as link:
        assert began_ms <= link.record.created_ms <= made_ms


# --- 32: what a server of links may do to its client

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def hostile(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with contextlib.suppress(OSError):
                answer(self)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def start(handler: BaseHTTPRequestHandler, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def endless(handler: BaseHTTPRequestHandler) -> None:
    start(handler)
    while True:
        handler.wfile.write(bytes(1 << 16))


def trickle(handler: BaseHTTPRequestHandler) -> None:
    start(handler, content_length="1000000")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def redirect(handler: BaseHTTPRequestHandler) -> None:
    start(handler, 302, location="http://127.0.0.1:1/elsewhere", content_length="0")


def packed(handler: BaseHTTPRequestHandler) -> None:
    start(handler, content_encoding="gzip", content_length="20")
    handler.wfile.write(bytes(20))


def short(handler: BaseHTTPRequestHandler) -> None:
    start(handler, content_length="1000")
    handler.wfile.write(b"{}")


def huge_session(handler: BaseHTTPRequestHandler) -> None:
    body = b'{"session":"' + b"x" * 60_000 + b'","record_bytes":1}'
    start(handler, content_length=str(len(body)))
    handler.wfile.write(body)


def deep_json(handler: BaseHTTPRequestHandler) -> None:
    body = b"[" * 60_000
    start(handler, 410, content_length=str(len(body)))
    handler.wfile.write(body)


def injected_session(handler: BaseHTTPRequestHandler) -> None:
    body = b'{"session":"a\\r\\nx: y","record_bytes":1}'
    start(handler, content_length=str(len(body)))
    handler.wfile.write(body)


def huge_record(handler: BaseHTTPRequestHandler) -> None:
    if handler.path.endswith("/open"):
        body = b'{"session":"abc","record_bytes":1}'
        start(handler, content_length=str(len(body)))
        handler.wfile.write(body)
    else:
        start(handler, content_length=str(1 << 40))
        handler.wfile.write(bytes(1 << 16))


ANSWERS = [
    *(endless, trickle, silent, redirect, packed, short),
    *(huge_session, deep_json, injected_session, huge_record),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_hostile_servers(answer: Answer, tmp_path: Path) -> None:
    began = time.monotonic()
    with hostile(answer) as url, pytest.raises(MegaDeskError) as caught:
        open_address(f"{url}#{LinkSecret.generate().token()}", timeouts=QUICK, policy=ONCE)
    assert time.monotonic() - began < 20
    assert "#" not in caught.value.explanation


def test_a_page_of_a_server_without_links(tmp_path: Path) -> None:
    """A web server that knows nothing of links, and answers everything with a page."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        start(handler, content_length="13")
        handler.wfile.write(b"<html></html>")

    with hostile(page) as url, pytest.raises(MegaDeskError):
        open_address(f"{url}#{LinkSecret.generate().token()}", timeouts=QUICK, policy=ONCE)


def test_nothing_hidden_is_left_behind(target: Shared, tmp_path: Path) -> None:
    url = target.make("/Whistleblower")
    for info in list(target.store.list(names.PACKS)):
        target.store.delete(info.name)
    with contextlib.closing(open_address(url, policy=ONCE)) as link:
        with contextlib.suppress(LinkError):
            link.download(str(tmp_path / "out"))
    assert left(tmp_path / "out") == {}
