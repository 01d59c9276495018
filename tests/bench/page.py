"""How fast the page of links decrypts in a real Chromium, against a plain download from the same server.

    python3 dev.py bench page [--mib 512] [--runs 3]

Runs take turns. `WebCrypto` is the page at 127.0.0.1, saving through its service worker; `JavaScript` the page at a
name that is no secure context, where noble decrypts in workers and a Blob is saved; `plain` an attachment of as many
bytes. Seconds are from the click to the finished file, so the server, which is Python's, and the disk are in all.
Processor seconds are those of all the browser's processes meanwhile, which other work on the machine hardly changes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.link_page import browser
from tests.link_page.making import Link, make, noise_slices
from tests.link_page.server import Server
from tests.link_page.test_places import children, main_process

LAN_NAME = "lan.test"
RULES = f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class Meter:
    """Seconds on the clock, and of the processor in all the browser's processes, from `start` to `stop`."""

    def __init__(self, profile: Path) -> None:
        self._main = main_process(profile)
        self._before: dict[int, float] = {}
        self._began = 0.0

    def _processor(self) -> dict[int, float]:
        found = {}
        for pid in [self._main, *children(self._main)]:
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return found

    def start(self) -> None:
        self._before = self._processor()
        self._began = time.perf_counter()

    def stop(self) -> tuple[float, float]:
        """Before the tab is closed: its process goes with it."""
        seconds = time.perf_counter() - self._began
        return seconds, sum(used - self._before.get(pid, 0.0) for pid, used in self._processor().items())


Figures = tuple[float, float]


def plain(context: BrowserContext, meter: Meter, server: Server, _link: Link) -> Figures:
    page = context.new_page()
    page.goto(f"{server.base}start")
    meter.start()
    with page.expect_download(timeout=600_000) as info:
        page.click("a")
    info.value.path()
    figures = meter.stop()
    page.close()
    return figures


def through_page(context: BrowserContext, meter: Meter, url: str) -> Figures:
    page = context.new_page()
    page.add_init_script(browser.NO_PICKER)
    page.goto(url)
    button = page.locator("main .primary")
    button.wait_for()
    meter.start()
    with page.expect_download(timeout=600_000) as info:
        button.click()
    info.value.path()
    figures = meter.stop()
    page.close()
    return figures


def web_crypto(context: BrowserContext, meter: Meter, server: Server, link: Link) -> Figures:
    return through_page(context, meter, server.add(link))


def in_javascript(context: BrowserContext, meter: Meter, server: Server, link: Link) -> Figures:
    return through_page(context, meter, server.add(link).replace("127.0.0.1", LAN_NAME))


WAYS: dict[str, Callable[[BrowserContext, Meter, Server, Link], Figures]] = {
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
    processor: dict[str, list[float]] = {name: [] for name in WAYS}
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
            meter = Meter(folder / "profile")
            for _ in range(chosen.runs):
                for name, way in WAYS.items():
                    clock, cpu_s = way(context, meter, server, link)
                    seconds[name].append(clock)
                    processor[name].append(cpu_s)
        server.close()
    base = statistics.median(seconds["plain"])
    base_cpu = statistics.median(processor["plain"])
    print("| way | median s | min-max s | MiB/s | time / plain | CPU s | CPU / plain | MiB per CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, all_of in seconds.items():
        median = statistics.median(all_of)
        spread = f"{min(all_of):.1f}-{max(all_of):.1f}"
        cpu = statistics.median(processor[name])
        row = [name, f"{median:.1f}", spread, f"{chosen.mib / median:.0f}", f"{median / base:.1f}"]
        row += [f"{cpu:.1f}", f"{cpu / base_cpu:.1f}", f"{chosen.mib / cpu:.0f}"]
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
