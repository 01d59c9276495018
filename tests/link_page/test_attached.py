"""Pages with their packs behind them in the same file: opened from a disk, from a web server, and by a wrong hand."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from megadesk.share.page import fill, own_page, page_hash
from tests.link_page.browser import Watched
from tests.link_page.making import Link, digest, make, noise, noise_slices

Open = Callable[..., Watched]
MIB = 1 << 20
SIZE = 40 * MIB + 5


def write_attached(path: Path, link: Link) -> str:
    """The page with the link's packs behind it; where it is."""
    packs = list(link.packs.values())
    with path.open("wb") as file:
        file.writelines(fill(own_page(), link.record, attached=[pack.stat().st_size for pack in packs]))
        for pack in packs:
            file.write(pack.read_bytes())
    return f"file://{path}#{link.token}"


@pytest.fixture
def film(folder: Path) -> Link:
    return make(folder, {b"film.bin": (SIZE, noise_slices)}, note="For you")


def choose(opened: Watched, path: Path) -> None:
    with opened.page.expect_file_chooser() as chooser:
        opened.page.get_by_role("button", name="Choose the file…").click()
    chooser.value.set_files(path)


def test_the_file_is_chosen_once_more(film: Link, open_page: Open, tmp_path: Path) -> None:
    """The browser reads none of what is behind the page, the key leaves the address bar, and nobody is asked."""
    path = tmp_path / "gift for you.html"
    opened = open_page(write_attached(path, film), until="commit")
    expect(opened.main.get_by_text("Choose this file once more")).to_be_visible()
    expect(opened.main.get_by_text("“film.bin” (41.9\u00a0MB)")).to_be_visible()
    expect(opened.main.get_by_text("gift for you.html")).to_be_visible()
    expect(opened.page.get_by_role("button", name="Choose the file…")).to_be_focused()
    assert opened.page.evaluate("document.documentElement.outerHTML.length") < 400_000
    choose(opened, path)
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("film.bin")
    assert hashlib.sha256(Path(opened.save().path()).read_bytes()).hexdigest() == digest(noise_slices(SIZE))
    expect(opened.main.get_by_text("Saved and verified")).to_be_visible()
    assert opened.complaints == []
    asked = [request.split()[1] for request in opened.requests]
    assert [address for address in asked if not address.startswith(("blob:", f"file://{tmp_path}", "data:"))] == []


def test_another_file_is_told_apart(film: Link, open_page: Open, tmp_path: Path) -> None:
    path, other = tmp_path / "gift.html", tmp_path / "other.html"
    opened = open_page(write_attached(path, film), until="commit")
    write_attached(other, make(tmp_path / "more", {b"film.bin": (SIZE, noise_slices)}))
    for wrong in (other, Path(__file__)):
        choose(opened, wrong)
        expect(opened.page.get_by_role("alert")).to_contain_text(f"“{wrong.name}” is another file")
    choose(opened, path)
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("film.bin")


def test_a_file_that_changes_under_the_page(
    film: Link, open_page: Open, tmp_path: Path, finished: Callable[[], list[Path]]
) -> None:
    """Altered before it is chosen: damaged. Altered after: it cannot be read any more. Neither yields a file."""
    path = tmp_path / "gift.html"
    url = write_attached(path, film)
    data = bytearray(path.read_bytes())
    data[-SIZE // 2] ^= 1
    path.write_bytes(data)
    opened = open_page(url, until="commit")
    choose(opened, path)
    opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("This link is damaged")).to_be_visible()
    path.write_bytes(data[:-1])
    opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("The file cannot be read any more")).to_be_visible()
    assert finished() == []


class Handler(SimpleHTTPRequestHandler):
    """A plain web server of a folder, which gives out parts of files if it is told to."""

    parts = False
    served: list[int]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        if not self.parts or not asked:
            super().do_GET()
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        data = Path(self.translate_path(self.path)).read_bytes()
        part = data[int(first) : int(last) + 1]
        self.served.append(len(part))
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)


@pytest.fixture(params=[True, False], ids=["parts", "whole"])
def web(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, type[Handler]]]:
    class Ours(Handler):
        parts = request.param
        served: list[int] = []  # noqa: RUF012 - one class for each server

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Ours, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", Ours
    server.shutdown()
    server.server_close()
    thread.join()


def test_on_any_web_server(film: Link, open_page: Open, tmp_path: Path, web: tuple[str, type[Handler]]) -> None:
    """Where the server gives out parts, nothing is asked; where it does not, the saved file is chosen."""
    base, handler = web
    path = tmp_path / "gift.html"
    key = write_attached(path, film).partition("#")[2]
    opened = open_page(f"{base}gift.html#{key}", until="commit")
    if not handler.parts:
        expect(opened.main.get_by_text("gives out whole files only")).to_be_visible()
        choose(opened, path)
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("film.bin")
    assert hashlib.sha256(Path(opened.save().path()).read_bytes()).hexdigest() == digest(noise_slices(SIZE))
    assert max(handler.served, default=0) <= 9 * MIB
    assert [word for word in opened.complaints if "404" not in word] == []  # it has no sw.js


def test_what_follows_is_never_read_as_a_page(open_page: Open, tmp_path: Path) -> None:
    """Whatever the packs hold: the parser has stopped before them."""
    link = make(tmp_path / "packs", {b"a.bin": noise(5000)})
    path = tmp_path / "gift.html"
    url = write_attached(path, link)
    data = path.read_bytes()
    marked = b"<h1 id=planted>planted</h1><img src=x onerror=planted()>" * 50
    path.write_bytes(data[:-5000] + marked + data[-5000 + len(marked) :])
    opened = open_page(url, until="commit")
    expect(opened.main.get_by_text("Choose this file once more")).to_be_visible()
    assert opened.page.locator("#planted").count() == 0
    assert "planted" not in opened.page.evaluate("document.documentElement.outerHTML")


def test_its_hash_is_that_of_the_published_page(film: Link, tmp_path: Path) -> None:
    path = tmp_path / "gift.html"
    write_attached(path, film)
    data = path.read_bytes()
    assert page_hash(data) == hashlib.sha256(own_page()).hexdigest()
    assert base64.b64encode(film.record) in data
    assert page_hash(data.replace(b"MegaDesk", b"MegaDisk", 1)) != hashlib.sha256(own_page()).hexdigest()
