"""Downloads in a real browser: what is saved is what was shared, or nothing is saved."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Download, expect

from tests.link_page.browser import Watched
from tests.link_page.making import Link, digest, make, noise, noise_slices
from tests.link_page.server import Server

Open = Callable[..., Watched]
MIB = 1 << 20


def saved(download: Download) -> bytes:
    assert download.failure() is None
    return Path(download.path()).read_bytes()


def large(folder: Path, size: int = 40 * MIB, name: bytes = b"film.bin") -> Link:
    return make(folder, {name: (size, noise_slices)})


def test_file(server: Server, open_page: Open, folder: Path) -> None:
    """Through the service worker; the key leaves the address bar, a reload works and counts nothing."""
    data = noise(20_000_003)
    link = make(folder, {"Été à la mer.bin".encode(): data}, note="For you")
    opened = open_page(server.add(link))
    page = opened.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Été à la mer.bin")
    expect(opened.main.get_by_text("For you")).to_be_visible()
    assert page.url == server.base
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Été à la mer.bin")
    download = opened.save()
    assert download.suggested_filename == "Été à la mer.bin"
    assert saved(download) == data
    expect(opened.main.get_by_text("Saved and verified")).to_be_visible()
    assert link.opened == 1
    assert opened.complaints == []
    assert all(first % 65536 == 0 and (last + 1) % 65536 == 0 for _, first, last in link.requests)


PICKED = """() => {
window.picked = [];
window.showSaveFilePicker = async ({ suggestedName }) => {
  const root = await navigator.storage.getDirectory();
  window.picked.push(suggestedName);
  return root.getFileHandle("picked", { create: true });
};
}"""
PICKED_DIGEST = """async () => {
  const root = await navigator.storage.getDirectory();
  const file = await (await root.getFileHandle("picked")).getFile();
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


def test_file_to_a_picked_place(server: Server, open_page: Open, folder: Path) -> None:
    """The picker itself cannot be driven; the file handle it gives is a real one here, of the browser's own disk."""
    link = large(folder)
    opened = open_page(server.add(link), picker=True)
    opened.page.evaluate(PICKED)
    opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("Saved and verified")).to_be_visible()
    assert opened.page.evaluate("window.picked") == ["film.bin"]
    assert opened.page.evaluate(PICKED_DIGEST) == digest(noise_slices(40 * MIB))


def test_damaged_pack_leaves_nothing_at_a_picked_place(server: Server, open_page: Open, folder: Path) -> None:
    link = large(folder)
    server.change = flip_in_last_pack(link)
    opened = open_page(server.add(link), picker=True)
    opened.page.evaluate(PICKED)
    opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("This link is damaged")).to_be_visible()
    gone = "async () => { for await (const each of (await navigator.storage.getDirectory()).keys()) return each; }"
    assert opened.page.evaluate(gone) is None


def flip_in_last_pack(link: Link) -> Callable[[str, bytes], bytes]:
    last = list(link.packs)[-1]

    def change(route: str, data: bytes) -> bytes:
        if not route.startswith(f"pack {last} "):
            return data
        return data[:100_000] + bytes([data[100_000] ^ 1]) + data[100_001:]

    return change


@pytest.mark.parametrize("worker", [True, False], ids=["service worker", "blob"])
def test_damaged_pack_never_yields_a_file(
    server: Server, open_page: Open, folder: Path, finished: Callable[[], list[Path]], worker: bool
) -> None:
    link = large(folder)
    server.change = flip_in_last_pack(link)
    opened = open_page(server.add(link))
    if not worker:
        opened.page.evaluate("Object.defineProperty(navigator, 'serviceWorker', { value: undefined })")
    opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("This link is damaged")).to_be_visible()
    assert "nothing was saved" in opened.page.get_by_role("main").inner_text()
    assert finished() == []


NO_WORKER = "Object.defineProperty(navigator, 'serviceWorker', { value: undefined })"
MORE_THAN_MEMORY = 328 * MIB
"""More than the page trusts a browser's memory with."""
SHELVES = "async () => (await indexedDB.databases()).map((each) => each.name)"


def test_large_download_waits_on_the_disk(server: Server, open_page: Open, folder: Path) -> None:
    """Where there is no other way to save. What was laid there goes as soon as the browser has it."""
    link = large(folder, MORE_THAN_MEMORY)
    opened = open_page(server.add(link))
    opened.page.evaluate(NO_WORKER)
    download = opened.save(timeout_s=300)
    assert hashlib.sha256(saved(download)).hexdigest() == digest(noise_slices(MORE_THAN_MEMORY))
    expect(opened.main.get_by_text("Saved and verified")).to_be_visible()
    opened.page.wait_for_function(f"async () => (await ({SHELVES})()).length === 0")
    assert opened.complaints == []
    download.delete()


def test_what_a_crashed_page_left_goes_with_the_next(server: Server, open_page: Open, folder: Path) -> None:
    """What a page is still at work with does not, until it is done."""
    url = server.add(make(folder, {b"a.txt": b"x"}))
    first = open_page(url)
    first.page.evaluate(
        """async () => {
          const made = (name) => new Promise((resolve) => {
            const request = indexedDB.open(name, 1);
            request.onupgradeneeded = () => request.result.createObjectStore("parts");
            request.onsuccess = () => resolve(request.result);
          });
          (await made("megadesk-1-crashed")).close();
          (await made("of-somebody-else")).close();
          window.busy = await made("megadesk-2-busy");
        }"""
    )
    second = open_page(url)
    second.page.wait_for_function(f"async () => !(await ({SHELVES})()).includes('megadesk-1-crashed')")
    written = first.page.evaluate(
        """() => new Promise((resolve, reject) => {
          const writing = window.busy.transaction("parts", "readwrite");
          writing.objectStore("parts").put(new Blob(["part"]), 0);
          writing.oncomplete = () => resolve(true);
          writing.onabort = reject;
        })"""
    )
    assert written
    first.page.evaluate("window.busy.close()")
    second.page.wait_for_function(f"async () => (await ({SHELVES})()).join() === 'of-somebody-else'")
    second.page.evaluate("indexedDB.deleteDatabase('of-somebody-else')")


def test_disk_that_is_full(
    server: Server, open_page: Open, folder: Path, finished: Callable[[], list[Path]], context: BrowserContext
) -> None:
    """The browser's share of it is: said in words, and nothing stays behind."""
    link = large(folder, MORE_THAN_MEMORY)
    opened = open_page(server.add(link))
    opened.page.evaluate(NO_WORKER)
    tools = context.new_cdp_session(opened.page)
    origin = server.base.removesuffix("/d/")
    tools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 30 * MIB})
    opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("It could not be saved")).to_be_visible(timeout=30_000)
    opened.page.wait_for_function(f"async () => (await ({SHELVES})()).length === 0")
    tools.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    assert finished() == []


def test_too_large_for_a_browser_that_keeps_nothing(server: Server, open_page: Open, folder: Path) -> None:
    """Said in words before anything is fetched."""
    link = make(folder, {b"top": None, b"top/film.bin": (MORE_THAN_MEMORY, noise_slices)})
    opened = open_page(server.add(link))
    opened.page.evaluate(NO_WORKER)
    opened.page.evaluate("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    opened.page.get_by_role("button", name="Download all").click()
    expect(opened.main.get_by_text("Too large for this browser")).to_be_visible()
    assert link.requests == []


def test_connection_that_drops(server: Server, open_page: Open, folder: Path) -> None:
    """Goes on at the byte where it broke off: little is asked for twice."""
    link = large(folder)
    server.cut_after, server.cuts_left = 3 * MIB, 6
    opened = open_page(server.add(link))
    assert hashlib.sha256(saved(opened.save())).hexdigest() == digest(noise_slices(40 * MIB))
    assert server.cuts_left == 0
    again = [first for _, first, _ in link.requests if first % (8 * MIB) > MIB]
    assert len(again) >= 5


def test_server_that_goes_and_comes_back(server: Server, open_page: Open, folder: Path) -> None:
    link = large(folder)
    opened = open_page(server.add(link))
    server.down = True
    with opened.page.expect_download() as info:
        opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("The connection was lost")).to_be_visible()
    tried = len(server.received)
    opened.page.get_by_role("button", name="Try now").click()
    expect(opened.main.get_by_text("The connection was lost")).to_be_visible()
    assert len(server.received) > tried
    server.down = False
    opened.page.evaluate("dispatchEvent(new Event('online'))")  # the browser says so when the network is back
    assert hashlib.sha256(saved(info.value)).hexdigest() == digest(noise_slices(40 * MIB))


def test_cancel(server: Server, open_page: Open, folder: Path, finished: Callable[[], list[Path]]) -> None:
    link = large(folder)
    server.bytes_per_s = 20 * MIB
    opened = open_page(server.add(link))
    opened.page.get_by_role("button", name="Download").click()
    progress = opened.page.get_by_role("progressbar")
    expect(progress).to_have_attribute("aria-valuenow", re.compile("[1-9]"))
    expect(opened.main.get_by_text(re.compile(r"% · .+ of 41\.9.MB"))).to_be_visible()
    opened.page.get_by_role("button", name="Cancel").click()
    expect(opened.main.get_by_text("Cancelled. Nothing was saved.")).to_be_visible()
    assert finished() == []


def test_folder_as_zip(server: Server, open_page: Open, folder: Path) -> None:
    """Files of all sizes and names come out of the ZIP as they are, names made safe, symbolic links left out."""
    big = noise(9_000_000, 7)
    link = make(
        folder,
        {
            b"top": None,
            b"top/empty": b"",
            b"top/sub": None,
            b"top/sub/deeper": None,
            b"top/sub/deeper/b.bin": big,
            "top/sub/ä.txt".encode(): b"text",
            b"top/A.txt": b"one",
            b"top/a.txt": b"two",
            b"top/con.txt": b"device",
            b"top/back\\slash": b"x",
            b"top/no utf8 \xff": b"y",
            b"top/empty folder": None,
        },
        targets={b"top/link": b"/etc/passwd"},
    )
    opened = open_page(server.add(link))
    expect(opened.main.get_by_text("8 files · 9 MB")).to_be_visible()
    download = opened.save("Download all as ZIP")
    assert download.suggested_filename == "top.zip"
    with zipfile.ZipFile(io.BytesIO(saved(download))) as archive:
        assert archive.testzip() is None
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert contents == {
        "sub/": b"",
        "sub/deeper/": b"",
        "sub/deeper/b.bin": big,
        "sub/ä.txt": b"text",
        "empty": b"",
        "A.txt": b"one",
        "a (2).txt": b"two",
        "_con.txt": b"device",
        "back_slash": b"x",
        "no utf8 _": b"y",
        "empty folder/": b"",
    }
    assert set(modes.values()) == {0o100644, 0o040755}


def test_folder_is_browsed(server: Server, open_page: Open, folder: Path) -> None:
    """By keyboard, down to a file and back up, and the file alone is saved."""
    link = make(folder, {b"top": None, b"top/sub": None, b"top/sub/a.txt": b"one", b"top/z.txt": b"two"})
    opened = open_page(server.add(link))
    page = opened.page
    page.get_by_role("button", name="sub").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="z.txt")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("sub")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("button", name="a.txt").click()
    assert saved(opened.save()) == b"one"
    page.get_by_role("button", name="sub").click()
    page.get_by_role("navigation").get_by_role("button", name="top").click()
    expect(page.get_by_role("button", name="z.txt")).to_be_visible()
    assert opened.complaints == []
