"""A real Chromium, driven for tests, with nothing of it reaching beyond this machine."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Download, Locator, Page, Playwright, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    # The last one is the network namespace of places.py.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE 10.213.77.2",
]
NO_PICKER = "delete window.showSaveFilePicker"


def executable() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextlib.contextmanager
def chromium(profile: Path, **options: Any) -> Iterator[BrowserContext]:
    """A fresh profile in a browser of its own; ``options`` go to Playwright's ``launch_persistent_context``."""
    with sync_playwright() as playwright, launched(playwright, profile, **options) as context:
        yield context


@contextlib.contextmanager
def launched(playwright: Playwright, profile: Path, **options: Any) -> Iterator[BrowserContext]:
    arguments = ARGUMENTS + options.pop("args", [])
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=executable(), headless=True, args=arguments, accept_downloads=True, **options
    )
    try:
        yield context
    finally:
        context.close()


@dataclass
class Watched:
    """A page, and what it did that somebody should know of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    """Every address that was asked for, with headers and body."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of its console, refusals of its policy among them."""

    @property
    def main(self) -> Locator:
        """What is on the screen, without what is only said to screen readers."""
        return self.page.locator("#main")

    def save(self, button: str = "Download", timeout_s: float = 120) -> Download:
        """Press the main button, and wait until the browser has the file, or gave it up."""
        with self.page.expect_download(timeout=timeout_s * 1000) as info:
            self.page.get_by_role("button", name=button, exact=True).click()
        info.value.failure()  # a download is there as soon as it begins; this waits for its end
        return info.value


def watch(page: Page) -> Watched:
    watched = Watched(page)
    page.on(
        "request",
        lambda request: watched.requests.append(
            f"{request.method} {request.url}\n{request.headers}\n{request.post_data or ''}"
        ),
    )
    page.on("console", lambda message: watched.complaints.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched
