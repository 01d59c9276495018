"""Previews show content and never run it; players seek without fetching what is not needed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.link_page.browser import Watched
from tests.link_page.making import Link, make, noise
from tests.link_page.pdfs import hostile
from tests.link_page.server import Server
from tests.link_page.video import COLOURS, colour_at, webm

Open = Callable[..., Watched]
MIB = 1 << 20


def png(width: int = 8, height: int = 8) -> bytes:
    rows = b"".join(b"\0" + b"\x10\x80\xf0" * width for _ in range(height))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def preview(opened: Watched) -> None:
    opened.page.get_by_role("button", name="Preview", exact=True).click()


def test_picture(server: Server, open_page: Open, folder: Path) -> None:
    opened = open_page(server.add(make(folder, {b"blue.png": png()})))
    preview(opened)
    image = opened.main.get_by_role("img", name="blue.png")
    expect(image).to_be_visible()
    assert image.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 8
    opened.page.get_by_role("button", name="Close preview").click()
    expect(image).to_have_count(0)


def test_text(server: Server, open_page: Open, folder: Path) -> None:
    text = "Zeile 1\n<b>not bold</b>\n" * 50_000
    opened = open_page(server.add(make(folder, {b"long.txt": text.encode()})))
    preview(opened)
    shown = opened.main.locator("pre")
    expect(shown).to_contain_text("<b>not bold</b>")
    expect(opened.main.get_by_text("Only the beginning is shown.")).to_be_visible()


def test_text_that_is_damaged(server: Server, open_page: Open, folder: Path) -> None:
    link = make(folder, {b"a.txt": b"text" * 1000})
    server.change = lambda route, data: data if route == "record" else data[:500] + b"!" + data[501:]
    opened = open_page(server.add(link))
    preview(opened)
    expect(opened.main.get_by_text("No preview: This link is damaged")).to_be_visible()
    expect(opened.main.locator("pre")).to_have_count(0)


def colour_of_film(opened: Watched, second: float) -> tuple[int, int, int]:
    """Seek there, wait for the frame, and read its middle."""
    pixel = opened.main.locator("video").evaluate(
        """async (video, second) => {
          await new Promise((resolve) => {
            if (video.readyState >= 2) resolve();
            else video.addEventListener("loadeddata", resolve, { once: true });
          });
          const shown = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
          video.currentTime = second;
          await shown;
          const canvas = document.createElement("canvas");
          canvas.width = video.videoWidth;
          canvas.height = video.videoHeight;
          const pen = canvas.getContext("2d");
          // On a busy machine the frame may be there a moment after "seeked"; until then nothing is drawn.
          for (let tries = 0; tries < 600; tries++) {
            pen.drawImage(video, 0, 0);
            const pixel = pen.getImageData(32, 24, 1, 1).data;
            if (pixel[3]) return [...pixel];
            await new Promise((resolve) => setTimeout(resolve, 16));
          }
          throw new Error("no frame");
        }""",
        second,
    )
    return pixel[0], pixel[1], pixel[2]


def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


def asked_bytes(link: Link) -> int:
    return sum(last - first + 1 for _, first, last in link.requests)


def test_video_seeks(server: Server, open_page: Open, folder: Path) -> None:
    """Forward and back, the frame that belongs there, without reading all of the film."""
    film = webm(seconds=60, bytes_a_second=2 * MIB)
    link = make(folder, {b"film.webm": film})
    opened = open_page(server.add(link))
    preview(opened)
    assert near(colour_of_film(opened, 50.5), COLOURS[colour_at(50)])
    assert asked_bytes(link) / len(film) < 0.6
    for second in (2, 58, 31):
        assert near(colour_of_film(opened, second + 0.5), COLOURS[colour_at(second)]), second
    assert opened.complaints == []


def test_video_that_is_damaged(server: Server, open_page: Open, folder: Path) -> None:
    film = webm(seconds=4, bytes_a_second=MIB)
    link = make(folder, {b"film.webm": film})
    server.change = lambda route, data: data if route == "record" else bytes(len(data))
    opened = open_page(server.add(link))
    preview(opened)
    expect(opened.main.get_by_text("No preview:")).to_be_visible()


HOSTILE_HTML = b"""<!doctype html><script>parent.owned = opener && (opener.owned = 1); window.owned = 1;
fetch('/owned')</script><img src=x onerror="window.owned=1;fetch('/owned')">
<meta http-equiv=refresh content="0;/owned">"""
HOSTILE_SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" onload="window.owned=1">
<script>parent.owned=1;fetch('/owned')</script><image href="/owned"/>
<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="/owned"/></foreignObject></svg>"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", HOSTILE_HTML),
        ("picture.svg", HOSTILE_SVG),
        ("page.xhtml", HOSTILE_HTML),
        ("picture.png", HOSTILE_HTML),
        ("picture.jpg", HOSTILE_SVG),
        ("sound.mp3", HOSTILE_HTML),
        ("film.webm", HOSTILE_SVG),
        ("paper.pdf", HOSTILE_HTML),
        ("paper2.pdf", b"%PDF-1.4\n" + HOSTILE_HTML),
        ("paper3.pdf", hostile("/owned")["script"]),
        ("notes.txt", HOSTILE_HTML),
    ],
)
def test_27_hostile_contents_do_nothing(
    server: Server, open_page: Open, folder: Path, name: str, content: bytes
) -> None:
    """Neither shown nor saved: no script of theirs runs, nothing is asked for, and saved they are mere bytes."""
    opened = open_page(server.add(make(folder, {name.encode(): content})))
    dialogs: list[str] = []
    opened.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    button = opened.page.get_by_role("button", name="Preview", exact=True)
    if button.count():
        button.click()
        expect(opened.main.locator(".preview").last).not_to_have_text("Loading the preview…")
        opened.page.wait_for_timeout(300)
    download = opened.save()
    assert Path(download.path()).read_bytes() == content
    assert opened.page.evaluate("window.owned") is None
    assert opened.page.url == server.base
    assert dialogs == []
    assert not any(b"owned" in received for received in server.received)
    assert len(opened.page.context.pages) <= 2


HOSTILE_NAMES = [
    "<img src=x onerror=fetch('owned')>.txt",
    "\"><script>fetch('owned')",
    "innocent\u202etxt.exe",
    "tab\there\nline\r\nContent-Type: evil.txt",
    "CON",
    "aux.txt",
    "..\\..\\up.txt",
    "C:evil",
    "javascript:alert(1)",
    "%2e%2e%2fup",
    "trailing. . .",
    "\u200b\ufeff",
    "~",
    "\u0000".replace("\0", "\u0001"),
    "名" * 80,
]


def test_27_hostile_names_do_nothing(server: Server, open_page: Open, folder: Path) -> None:
    """They are text on the screen, marked where they would mislead, and single safe file names when saved."""
    link = make(folder, {b"top": None, **{b"top/" + name.encode(): b"content" for name in HOSTILE_NAMES}})
    opened = open_page(server.add(link))
    page = opened.page
    expect(page.get_by_role("listitem")).to_have_count(len(HOSTILE_NAMES))
    expect(opened.main.get_by_text("innocent\ufffdtxt.exe")).to_be_visible()
    names = []
    for number in range(len(HOSTILE_NAMES)):
        page.locator(f"[data-row='{number}']").click()
        names.append(opened.save().suggested_filename)
        page.get_by_role("button", name="top").click()
    forbidden = set('/\\:*?"<>|\r\n\t\x01\u202e\u200b\ufeff')
    for name in names:
        assert name.strip(" .~") != ""
        assert not set(name) & forbidden
        assert name.split(".")[0].upper() not in ("CON", "AUX")
        assert not name.endswith((" ", "."))
        assert len(name.encode()) <= 250
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0
    assert not any(b"owned" in received for received in server.received)
    assert opened.complaints == []


def test_sound_seeks(server: Server, open_page: Open, folder: Path) -> None:
    rate, seconds = 8000, 600
    size = rate * seconds * 2
    layout = struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + layout
    link = make(folder, {b"sound.wav": head + b"data" + struct.pack("<I", size) + noise(size)})
    opened = open_page(server.add(link))
    preview(opened)
    at = opened.main.locator("audio").evaluate(
        """async (audio) => {
          await new Promise((resolve) => {
            if (audio.readyState >= 1) resolve();
            else audio.addEventListener("loadedmetadata", resolve, { once: true });
          });
          audio.currentTime = 500;
          await new Promise((resolve) => audio.addEventListener("seeked", resolve, { once: true }));
          return [audio.currentTime, audio.duration];
        }"""
    )
    assert at == [500, 600]
