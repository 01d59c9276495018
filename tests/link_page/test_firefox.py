"""The page in a real Firefox: what it saves is equal, it seeks in films, and it says what it cannot do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.link_page import firefox
from tests.link_page.firefox import LAN_NAME, Firefox
from tests.link_page.making import Link, digest, make, noise_slices
from tests.link_page.pdfs import coloured, document, words
from tests.link_page.server import Server
from tests.link_page.test_attached import write_attached
from tests.link_page.test_download import flip_in_last_pack
from tests.link_page.test_places import check_zip, write_folder
from tests.link_page.test_preview import near
from tests.link_page.video import COLOURS, colour_at, webm

MIB = 1 << 20
SIZE = 40 * MIB + 3
COLOUR = """const [second, done] = arguments;
const video = document.querySelector("video");
const shown = () => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  done([...pen.getImageData(32, 24, 1, 1).data]);
};
const seek = () => { video.addEventListener("seeked", shown, { once: true }); video.currentTime = second; };
if (video.readyState >= 2) seek(); else video.addEventListener("loadeddata", seek, { once: true });"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if firefox.executable() is None:
        if os.environ.get("CI"):
            pytest.fail("missing program: firefox-esr")
        pytest.skip("missing program: firefox-esr (python3 dev.py test says what to install)")
    with firefox.firefox(tmp_path_factory.mktemp("firefox") / "own") as driven:
        yield driven


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def film(folder: Path, name: bytes, size: int = SIZE) -> Link:
    return make(folder, {name: (size, noise_slices)}, note="For you")


def test_file(browser: Firefox, server: Server, folder: Path) -> None:
    """Through the service worker. The key leaves the address bar, and no host hears of it."""
    link = film(folder, "Été.bin".encode())
    browser.go(server.add(link))
    browser.see("For you")
    assert browser.run("return location.href") == server.base
    browser.click(".primary")
    assert sha256(browser.saved("Été.bin")) == digest(noise_slices(SIZE))
    browser.see("Saved and verified")
    assert link.token.encode() not in b"\n".join(server.received)


def test_on_plain_http(browser: Firefox, server: Server, folder: Path) -> None:
    """No secure context: decrypted in JavaScript, kept by the browser, saved at the end."""
    link = film(folder, b"plain.bin")
    browser.go(server.add(link).replace("127.0.0.1", LAN_NAME))
    browser.see("unprotected connection")
    assert browser.run("return [isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
    browser.click(".primary")
    assert sha256(browser.saved("plain.bin")) == digest(noise_slices(SIZE))
    browser.see("Saved and verified")


@pytest.mark.long
def test_large_on_plain_http(browser: Firefox, server: Server, folder: Path) -> None:
    """More than the browser's memory is trusted with waits on its disk."""
    size = 328 * MIB
    link = film(folder, b"large.bin", size)
    browser.go(server.add(link).replace("127.0.0.1", LAN_NAME))
    browser.see("large.bin")
    browser.click(".primary")
    assert sha256(browser.saved("large.bin", 200)) == digest(noise_slices(size))
    browser.see("Saved and verified")


def test_folder_as_zip(browser: Firefox, server: Server, folder: Path, tmp_path: Path) -> None:
    sums = write_folder(tmp_path / "sent", 300)
    nodes: dict[bytes, bytes | None] = {b"sent": None}
    for number in range(20):
        nodes[b"sent/part %d" % number] = None
    nodes |= {f"sent/{name}".encode(): (tmp_path / "sent" / name).read_bytes() for name in sums}
    browser.go(server.add(make(folder, dict(nodes))))
    browser.see("300 files")
    browser.click(".primary")
    check_zip(browser.saved("sent.zip"), sums)


@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param(LAN_NAME, marks=pytest.mark.long)])
def test_a_film_is_sought_in(browser: Firefox, server: Server, folder: Path, host: str) -> None:
    seconds = 12
    browser.go(server.add(make(folder, {b"film.webm": webm(seconds, MIB)})).replace("127.0.0.1", host))
    browser.click_text("Preview")
    browser.wait(lambda: browser.run("return !!document.querySelector('video')"), "the player")
    for second in (seconds - 5, 2):
        pixel = browser.run_async(COLOUR, second + 0.5)
        assert near((pixel[0], pixel[1], pixel[2]), COLOURS[colour_at(second)]), second


@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param(LAN_NAME, marks=pytest.mark.long)])
def test_a_pdf_is_shown(browser: Firefox, server: Server, folder: Path, host: str) -> None:
    """In a frame that the page itself cannot look into."""
    data = document([coloured("0 0 1") + words("In the frame")])
    browser.go(server.add(make(folder, {b"paper.pdf": data})).replace("127.0.0.1", host))
    browser.click_text("Preview")
    browser.wait(lambda: browser.run("return !!document.querySelector('iframe.pdf')"), "the frame")
    assert browser.run("return document.querySelector('iframe.pdf').contentDocument") is None
    browser.enter("iframe.pdf")
    try:
        browser.see("In the frame")
        canvas = "const canvas = document.querySelector('canvas');"
        pixel = f"{canvas} return canvas && [...canvas.getContext('2d').getImageData(9, 9, 1, 1).data]"
        browser.wait(lambda: browser.run(pixel) == [0, 0, 255, 255], "a blue page")
        assert browser.run("return origin") == "null"
    finally:
        browser.leave()


def test_an_html_file(browser: Firefox, folder: Path, tmp_path: Path) -> None:
    """With its packs behind the page; the file is chosen once more."""
    path = tmp_path / "gift.html"
    browser.go(write_attached(path, film(folder, b"gift.bin")))
    browser.see("Choose this file once more")
    browser.choose("input[type=file]", path)
    browser.see("For you")
    browser.click(".primary")
    assert sha256(browser.saved("gift.bin")) == digest(noise_slices(SIZE))


@pytest.mark.parametrize("host", [pytest.param("127.0.0.1", marks=pytest.mark.long), LAN_NAME])
def test_damaged_yields_no_file(browser: Firefox, server: Server, folder: Path, host: str) -> None:
    """Firefox keeps what was verified, under another name, of any download that broke off."""
    name = f"damaged-{host}.bin"
    link = film(folder, name.encode())
    server.change = flip_in_last_pack(link)
    browser.go(server.add(link).replace("127.0.0.1", host))
    browser.see(name)
    browser.click(".primary")
    browser.see("This link is damaged")
    path = browser.downloads / name
    assert not path.exists() or path.stat().st_size == 0
    assert host != LAN_NAME or not path.exists()


@pytest.mark.long
def test_where_no_app_takes_the_link(browser: Firefox, server: Server, folder: Path) -> None:
    """The page stays as it is."""
    browser.go(server.add(make(folder, {b"a.txt": b"text"})))
    browser.see("a.txt")
    browser.click_text("Open in the MegaDesk app")
    browser.see("a.txt")
    assert browser.run("return location.href") == server.base
