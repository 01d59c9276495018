"""Fixtures of the tests that open the page in a real browser: one browser for all, a server and a page for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect, sync_playwright

from tests.link_page import browser
from tests.link_page.browser import Watched, watch
from tests.link_page.server import Server

Open: TypeAlias = Callable[..., Watched]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if browser.executable() is None:
        if os.environ.get("CI"):
            pytest.fail("missing program: chromium")
        pytest.skip("missing program: chromium (python3 dev.py test says what to install)")
    expect.set_options(timeout=20_000)  # machines may be busy; what comes, comes at once elsewhere
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def context(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory, downloads: Path
) -> Iterator[BrowserContext]:
    """One browser with one profile for all tests that need nothing special of it."""
    profile = tmp_path_factory.mktemp("profile")
    options = {"locale": "en-GB", "viewport": {"width": 1280, "height": 860}, "downloads_path": downloads}
    with browser.launched(playwright, profile, **options) as context:
        yield context


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser puts what it downloads, each under a name of its own making."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture
def finished(downloads: Path) -> Callable[[], list[Path]]:
    """What was downloaded in full since the test began; what is not has the ending .crdownload."""
    before = set(downloads.iterdir())
    return lambda: [path for path in downloads.iterdir() if path not in before and path.suffix != ".crdownload"]


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def open_page(context: BrowserContext) -> Iterator[Open]:
    """``open_page(url, picker=False)``: a new tab with the page there, once it shows something.

    ``until``: what to wait for first; a page that stops itself never says that it has loaded.
    """
    opened: list[Watched] = []

    def open_one(
        url: str, *, picker: bool = False, wait: str = "h1", until: Literal["load", "commit"] = "load"
    ) -> Watched:
        page = context.new_page()
        page.set_default_timeout(20_000)
        if not picker:
            page.add_init_script(browser.NO_PICKER)
        watched = watch(page)
        opened.append(watched)
        page.goto(url, wait_until=until)
        page.wait_for_selector(wait)
        return watched

    yield open_one
    for watched in opened:
        watched.page.close(run_before_unload=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a link's packs may be put."""
    return tmp_path / "packs"
