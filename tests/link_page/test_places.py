"""Links from everywhere they live, made by the real command line, opened by a real browser: what is saved is equal.

The short form has small things; the long one a file of 1 GiB, a folder of 20,000 files and a film, and watches memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.contract.s3_servers import MissingError
from tests.link_page import browser
from tests.link_page.browser import NO_PICKER, Watched, watch
from tests.link_page.making import noise, noise_slices
from tests.link_page.places import PLACES, Place, gateway
from tests.link_page.test_preview import colour_of_film, near
from tests.link_page.video import COLOURS, colour_at, webm

MIB = 1 << 20


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.long] if name == "share" else []) for name in PLACES])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield from made(request.param, tmp_path)


def made(name: str, tmp_path: Path) -> Iterator[Place]:
    if name == "lan" and os.geteuid() != 0:
        pytest.skip("a network namespace needs root")
    with contextlib.ExitStack() as stack:
        try:
            place = stack.enter_context((PLACES | {"gateway": gateway})[name](tmp_path / "place"))
        except OSError as error:
            pytest.skip(f"no network namespace here: {error}")
        except MissingError as error:
            pytest.skip(str(error))
        yield place


@pytest.fixture
def ceph(tmp_path: Path) -> Iterator[Place]:
    yield from made("gateway", tmp_path)


def write_file(path: Path, size: int) -> str:
    hasher = hashlib.sha256()
    with path.open("wb") as file:
        for piece in noise_slices(size):
            file.write(piece)
            hasher.update(piece)
    return hasher.hexdigest()


def write_folder(path: Path, count: int) -> dict[str, str]:
    """Files of 0 to 8 KiB in some folders; relative name -> SHA-256."""
    block = noise(8192)
    sums = {}
    for number in range(count):
        name = f"part {number % 20}/file {number}.bin"
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        data = block[: number * 7 % 8192] + str(number).encode()
        (path / name).write_bytes(data)
        sums[name] = hashlib.sha256(data).hexdigest()
    return sums


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_zip(path: Path, sums: dict[str, str]) -> None:
    with zipfile.ZipFile(path) as archive:
        files = [info for info in archive.infolist() if not info.is_dir()]
        assert {info.filename: hashlib.sha256(archive.read(info)).hexdigest() for info in files} == sums


def opened_at(context: BrowserContext, place: Place, url: str) -> Watched:
    """As somebody does who was sent it: a page that is in a large file asks for that once more."""
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(NO_PICKER)
    watched = watch(page)
    page.goto(url, wait_until="commit")
    page.wait_for_selector("h1")
    if place.asks_for_file and "Choose" in page.inner_text("h1"):
        page.set_input_files("input[type=file]", url.removeprefix("file://").partition("#")[0])
        page.wait_for_selector("h1.name")
    return watched


def check_film(opened: Watched, seconds: int) -> None:
    opened.page.get_by_role("button", name="Preview", exact=True).click()
    for second in (seconds - 5, 2):
        assert near(colour_of_film(opened, second + 0.5), COLOURS[colour_at(second)]), second


def test_short(place: Place, context: BrowserContext, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    things = tmp_path / "things"
    things.mkdir()
    digest = write_file(things / "big.bin", 20_000_003)
    sums = write_folder(things / "folder", 300)
    (things / "film.webm").write_bytes(webm(12, MIB))
    place.put(things)
    opened = opened_at(context, place, place.link("/things", "--note", "Watch this"))
    request.addfinalizer(opened.page.close)  # other tests count the tabs
    main = opened.main
    expect(main.get_by_text("Watch this")).to_be_visible()
    main.get_by_role("button", name="big.bin").click()
    assert sha256(Path(opened.save().path())) == digest
    expect(main.get_by_text("Saved and verified")).to_be_visible()
    main.get_by_role("button", name="things").click()
    main.get_by_role("button", name="folder").click()
    check_zip(Path(opened.save("Download folder as ZIP").path()), sums)
    main.get_by_role("button", name="things").click()
    main.get_by_role("button", name="film.webm").click()
    check_film(opened, 12)
    assert [word for word in opened.complaints if "Content Security Policy" in word or "TypeError" in word] == []


# --- the long form -------------------------------------------------------------------------------------------


@dataclass
class Memory:
    """The largest resident size of any one tab, and of the whole browser, in MiB."""

    tab: float = 0
    browser: float = 0


def children(parent: int) -> list[int]:
    found, open_ones = [], [parent]
    while open_ones:
        try:
            tasks = Path(f"/proc/{open_ones[0]}/task").iterdir()
            below = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
        except OSError:
            below = []
        open_ones = open_ones[1:] + below
        found += below
    return found


def main_process(profile: Path) -> int:
    wanted = f"--user-data-dir={profile}".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted in words and not any(word.startswith(b"--type=") for word in words):
                return int(folder.name)
    raise AssertionError("the browser's process is not there")


class Watching:
    """Samples the memory of a browser's processes five times a second."""

    def __init__(self, profile: Path) -> None:
        self.memory = Memory()
        self._pid = main_process(profile)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self.memory

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            total = 0.0
            for pid in [self._pid, *children(self._pid)]:
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                    words = Path(f"/proc/{pid}/cmdline").read_bytes()
                except OSError:
                    continue
                resident = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
                total += resident / 1024
                if b"--type=renderer" in words:
                    self.memory.tab = max(self.memory.tab, resident / 1024)
            self.memory.browser = max(self.memory.browser, total)


Record = Callable[[str, object], None]


@pytest.mark.long
def test_long(place: Place, playwright: Playwright, tmp_path: Path, record_property: Record) -> None:
    long_form(place, playwright, tmp_path, record_property)


@pytest.mark.servers
def test_long_with_signatures_that_are_checked(
    ceph: Place, playwright: Playwright, tmp_path: Path, record_property: Record
) -> None:
    long_form(ceph, playwright, tmp_path, record_property)


def long_form(place: Place, playwright: Playwright, tmp_path: Path, record_property: Record) -> None:
    things = tmp_path / "things"
    things.mkdir()
    size = 1 << 30
    digest = write_file(things / "big.bin", size)
    sums = write_folder(things / "folder", 20_000)
    (things / "film.webm").write_bytes(webm(60, 2 * MIB))
    place.put(things)
    profile = tmp_path / "profile"
    options = {"locale": "en-GB", "viewport": {"width": 1280, "height": 860}, "downloads_path": tmp_path / "saved"}
    with browser.launched(playwright, profile, **options) as context:
        links = {name: place.link(f"/things/{name}") for name in ("big.bin", "folder", "film.webm")}
        figures = {}
        with Watching(profile) as memory:
            started = time.monotonic()
            opened = opened_at(context, place, links["big.bin"])
            figures["big shown s"] = time.monotonic() - started
            opened.page.set_default_timeout(600_000)
            path = Path(opened.save(timeout_s=600).path())
            figures["big saved s"] = time.monotonic() - started
            figures["big tab MiB"], figures["big browser MiB"] = memory.tab, memory.browser
            assert path.stat().st_size == size
            assert sha256(path) == digest
            opened.page.close()
        started = time.monotonic()
        opened = opened_at(context, place, links["folder"])
        figures["folder shown s"] = time.monotonic() - started
        path = Path(opened.save("Download all as ZIP", timeout_s=300).path())
        figures["folder saved s"] = time.monotonic() - started
        check_zip(path, sums)
        opened.page.close()
        opened = opened_at(context, place, links["film.webm"])
        check_film(opened, 60)
    for name, value in figures.items():
        record_property(name, round(value, 2))
        print(f"{name}: {value:.2f}")
    assert figures["big tab MiB"] < 900
