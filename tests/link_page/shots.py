"""Pictures of the page in all its states, for docs/screenshots and for looking at: python3 -m tests.link_page.shots DIR

By default in four forms: 1280 px light English, 1280 dark French, 390 px light French, 390 dark English.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.link_page import browser
from tests.link_page.making import Link, make, noise, noise_slices
from tests.link_page.pdfs import document, words
from tests.link_page.server import Server
from tests.link_page.video import webm

MIB = 1 << 20
FORMS = {
    "wide-light-en": (1280, 800, "light", "en-GB"),
    "wide-dark-fr": (1280, 800, "dark", "fr-FR"),
    "phone-light-fr": (390, 760, "light", "fr-FR"),
    "phone-dark-en": (390, 760, "dark", "en-GB"),
}
FILM_NOTE = "As promised, the whole film.\nSee you on Sunday!"
DOWNLOAD = "main .primary"


def invitation() -> bytes:
    """Two pages as somebody may send them."""
    lines = [
        "We are getting married!",
        "",
        "Saturday, 5 June, at three o'clock",
        "in the church of Locronan,",
        "then dinner.",
    ]
    first = b"0.04 0.41 0.44 rg 0 740 612 52 re f " + words("Invitation", 30, "1 1 1").replace(b"40 700", b"40 756")
    for number, line in enumerate(lines):
        first += b" " + words(line, 22).replace(b"40 700", b"40 %d" % (660 - 34 * number))
    return document([first, words("How to get there", 24)])


def links(folder: Path) -> dict[str, Link]:
    week_ms = int(time.time() * 1000) + 7 * 86_400_000
    film = b"Summer in Brittany.mp4"
    names = {b"Wedding photos": None, b"Wedding photos/Church": None, b"Wedding photos/Dinner & dancing": None}
    for number in range(1, 180):
        names[b"Wedding photos/IMG_%04d.jpg" % number] = noise(number * 731 % 9000 + 4000)
    names[b"Wedding photos/Church/a.jpg"] = noise(40_000)
    names[b"Wedding photos/Dinner & dancing/b.jpg"] = noise(400_000)
    names[b"Wedding photos/Guest list.xlsx"] = noise(20_000)
    names[b"Wedding photos/Programme.pdf"] = noise(230_000)
    names[b"Wedding photos/Speech.mp3"] = noise(900_000)
    return {
        "file": make(folder / "file", {film: (180 * MIB, noise_slices)}, note=FILM_NOTE, expires_ms=week_ms),
        "password": make(folder / "password", {b"a.txt": b"x"}, password="x"),
        "folder": make(folder / "folder", names, note="All the pictures. Take what you like."),
        "expired": make(folder / "expired", {b"a.txt": b"x"}, expires_ms=1),
        "video": make(folder / "video", {b"A minute of colours.webm": webm(20, MIB // 4)}),
        "pdf": make(folder / "pdf", {b"Invitation.pdf": invitation()}),
        "text": make(
            folder / "text", {b"README.md": b"# Notes\n\n" + b"A line of text, and another behind it.\n" * 40}
        ),
    }


def take(server: Server, page: Page, made: dict[str, Link], save: Callable[[str], None]) -> None:
    def go(name: str) -> None:
        page.goto("about:blank")
        page.goto(server.add(made[name]))
        page.wait_for_selector("h1")
        page.wait_for_timeout(200)

    go("file")
    save("ready")
    server.bytes_per_s = 4 * MIB
    page.click(DOWNLOAD)
    page.wait_for_timeout(5000)
    save("downloading")
    server.down = True
    server.cut_after, server.cuts_left = 1000, 100
    page.wait_for_selector(".waiting", timeout=30_000)
    save("waiting")
    server.down, server.cuts_left, server.bytes_per_s = False, 0, 0
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector(".outcome.good", timeout=60_000)
    save("done")
    right = server.change
    server.change = lambda route, data: data if route == "record" else bytes(len(data))
    page.click(DOWNLOAD)
    page.wait_for_selector(".outcome.bad")
    save("damaged")
    server.change = right
    for name in ("password", "folder", "expired"):
        go(name)
        save(name)
    go("password")
    page.fill("input", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".problem:not(:empty)")
    save("password-wrong")
    for name in ("video", "text", "pdf"):
        go(name)
        page.click(".actions button:not(.primary)")
        page.wait_for_selector(".preview:not(.loading, .drawing) :is(video, pre, iframe)")
        if name == "pdf":
            page.frame_locator("iframe").locator("canvas").first.wait_for()
        page.wait_for_timeout(700)
        save(f"preview-{name}")
    page.goto("about:blank")
    page.goto(server.base)
    page.wait_for_selector("h1")
    save("incomplete")


def save_as(page: Page, folder: Path, form: str, name: str) -> None:
    page.screenshot(path=folder / f"{form}-{name}.png")


def main(folder: Path, forms: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("TZ", "UTC")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        made = links(Path(temporary))
        for form in forms:
            width, height, scheme, locale = FORMS[form]
            server = Server()
            options = {
                "viewport": {"width": width, "height": height},
                "color_scheme": scheme,
                "locale": locale,
                "has_touch": width < 600,
                "is_mobile": width < 600,
            }
            with browser.launched(playwright, Path(temporary) / form, **options) as context:
                page = context.pages[0]
                page.add_init_script(browser.NO_PICKER)
                page.set_default_timeout(20_000)
                page.goto(server.base)
                take(server, page, made, partial(save_as, page, folder, form))
            server.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(FORMS))
