"""How fast the page of links decrypts in a real Chromium, against a plain download from the same server.

    python3 dev.py bench page [--mib 512] [--runs 3]

Runs take turns. `WebCrypto` is the page at 127.0.0.1, saving through its service worker; `JavaScript` the page at a
name that is no secure context, where noble decrypts in workers and a Blob is saved; `plain` an attachment of as many
bytes. Seconds are from the click to the finished file, so the server, which is Python's, and the disk are in all.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.link_page import browser
from tests.link_page.making import Link, make, noise_slices
from tests.link_page.server import Server

LAN_NAME = "lan.test"
RULES = f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def plain(context: BrowserContext, server: Server, _link: Link) -> float:
    page = context.new_page()
    page.goto(f"{server.base}start")
    started = time.perf_counter()
    with page.expect_download(timeout=600_000) as info:
        page.click("a")
    info.value.path()
    seconds = time.perf_counter() - started
    page.close()
    return seconds


def through_page(context: BrowserContext, url: str) -> float:
    page = context.new_page()
    page.add_init_script(browser.NO_PICKER)
    page.goto(url)
    button = page.locator("main .primary")
    button.wait_for()
    started = time.perf_counter()
    with page.expect_download(timeout=600_000) as info:
        button.click()
    info.value.path()
    seconds = time.perf_counter() - started
    page.close()
    return seconds


def web_crypto(context: BrowserContext, server: Server, link: Link) -> float:
    return through_page(context, server.add(link))


def in_javascript(context: BrowserContext, server: Server, link: Link) -> float:
    return through_page(context, server.add(link).replace("127.0.0.1", LAN_NAME))


WAYS: dict[str, Callable[[BrowserContext, Server, Link], float]] = {
    "plain": plain,
    "WebCrypto": web_crypto,
    "JavaScript": in_javascript,
}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench page", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mib", type=int, default=512, help="size of the file (default: 512)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way (default: 3)")
    chosen = parser.parse_args(arguments)
    size = chosen.mib << 20
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        link = make(folder / "packs", {b"big.bin": (size, noise_slices)})
        raw = folder / "raw.bin"
        with raw.open("wb") as file:
            file.writelines(noise_slices(size))
        server = Server()
        server.extra["/d/start"] = ("text/html", b'<a href="raw.bin" download>raw</a>')
        server.files["/d/raw.bin"] = raw
        with browser.launched(playwright, folder / "profile", args=[RULES]) as context:
            for _ in range(chosen.runs):
                for name, way in WAYS.items():
                    seconds[name].append(way(context, server, link))
        server.close()
    base = statistics.median(seconds["plain"])
    print("| way | median s | min-max s | MiB/s | time / plain |")
    print("| --- | --- | --- | --- | --- |")
    for name, all_of in seconds.items():
        median = statistics.median(all_of)
        spread = f"{min(all_of):.1f}-{max(all_of):.1f}"
        print(f"| {name} | {median:.1f} | {spread} | {chosen.mib / median:.0f} | {median / base:.1f} |")


if __name__ == "__main__":
    main()
