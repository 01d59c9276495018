"""Links of a locker: made, listed on every device, served, kept up to date, taken back; packs kept for them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path

import pytest

from megadesk.core.links import LinkOptions, LinkSettings
from megadesk.core.locker import Locker
from megadesk.errors import (
    InputError,
    LinkAddressError,
    LinkError,
    LinkExpiredError,
    LinkNotFoundError,
    LinkPasswordError,
    LinkPlaceError,
    LinkRevokedError,
    LinkUsedUpError,
    PathError,
)
from megadesk.format import names
from megadesk.format.ops import LinkPlace
from megadesk.server.share_server import ShareServer
from megadesk.share import html_file
from megadesk.share.opening import open_address
from megadesk.share.page import page_hash
from megadesk.types import LinkId
from tests.lockers import Device, LockerRig, write
from tests.unit.share.pages import PAGE


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fetch(url: str, to: Path, password: str | None = None) -> dict[str, bytes]:
    link = open_address(url, (lambda: password) if password is not None else None, folder=str(to))
    try:
        report = link.download(str(to))
        assert report.failures == []
    finally:
        link.close()
    return tree(to)


def left(url: str) -> int | None:
    """How many downloads are left after one more."""
    with contextlib.closing(open_address(url)) as link:
        return link.downloads_left


@pytest.fixture
def files(tmp_path: Path, device: Device) -> Path:
    folder = tmp_path / "Trip"
    write(folder / "one.txt", b"one\n")
    write(folder / "below" / "two.bin", os.urandom(300_000))
    write(folder / "empty", b"")
    write(tmp_path / "large.bin", os.urandom(9 << 20))
    device.put(folder, tmp_path / "large.bin")
    return folder


def test_a_folder_is_shared_and_fetched(device: Device, server: ShareServer, files: Path, tmp_path: Path) -> None:
    row = device.locker.links.make("/Trip", LinkOptions(note="Enjoy"))
    assert row.url.startswith(server.base_url + "#")
    assert (row.state, row.path, row.is_folder, row.note) == ("active", "/Trip", True, "Enjoy")
    assert fetch(row.url, tmp_path / "out") == {f"Trip/{name}": content for name, content in tree(files).items()}


def test_a_large_file(device: Device, server: ShareServer, files: Path, tmp_path: Path) -> None:
    row = device.locker.links.make("/large.bin")
    assert not row.is_folder
    content = (tmp_path / "large.bin").read_bytes()
    assert fetch(row.url, tmp_path / "out") == {"large.bin": content}
    link = open_address(row.url)
    assert link.read(0, 8_387_000, 2000) == content[8_387_000 : 8_387_000 + 2000]
    link.close()


def test_the_whole_locker(device: Device, server: ShareServer, files: Path, tmp_path: Path) -> None:
    row = device.locker.links.make("/")
    assert row.path == "/"
    assert set(fetch(row.url, tmp_path / "out")) == {
        "device0/large.bin", "device0/Trip/one.txt", "device0/Trip/below/two.bin", "device0/Trip/empty"
    }  # fmt: skip


def test_every_device_has_the_links(rig: LockerRig, device: Device, server: ShareServer, files: Path) -> None:
    row = device.locker.links.make("/Trip", LinkOptions(password="secret", max_downloads=3))
    other = rig.enrol()
    listed = other.locker.links.list()
    assert [(each.id, each.path, each.has_password, each.max_downloads, each.device) for each in listed] == [
        (row.id, "/Trip", True, 3, "device0")
    ]
    assert other.locker.links.url(row.id) == row.url, "where the first device serves it"
    other.locker.links.set_settings(LinkSettings(base_url="https://links.example/d"))
    assert other.locker.links.url(row.id) == f"https://links.example/d/#{row.url.partition('#')[2]}"
    other.locker.links.revoke(row.id[:10])
    device.locker.refresh()
    assert device.locker.links.get(row.id).state == "revoked"


def test_a_device_that_joins_by_checkpoint_has_them(
    rig: LockerRig, device: Device, server: ShareServer, files: Path
) -> None:
    made = [device.locker.links.make("/Trip"), device.locker.links.make("/large.bin")]
    device.locker.links.revoke(made[0].id)
    device.locker.write_checkpoint()
    other = rig.enrol()
    locker = other.open(fresh=True)
    assert {row.id: row.state for row in locker.links.list()} == {made[0].id: "revoked", made[1].id: "active"}
    assert other.digest() == device.digest()


def test_revoked_links_are_refused_at_once(device: Device, server: ShareServer, files: Path, tmp_path: Path) -> None:
    row = device.locker.links.make("/large.bin")
    link = open_address(row.url)
    began = time.monotonic()
    device.locker.links.revoke("/large.bin")
    for action in (lambda: open_address(row.url), lambda: link.read(0)):
        with pytest.raises(LinkRevokedError):
            action()
    assert time.monotonic() - began < 1
    link.close()
    assert device.rig.store.list(names.LINKS)
    assert list(device.rig.store.list(names.LINKS)) == []
    with pytest.raises(PathError):
        device.locker.links.revoke("/large.bin")


def test_expired_links_are_refused_and_cleaned_up(device: Device, server: ShareServer, files: Path) -> None:
    ends_ms = time.time_ns() // 1_000_000 + 1500
    row = device.locker.links.make("/Trip", LinkOptions(expires_ms=ends_ms))
    open_address(row.url).close()
    while time.time_ns() // 1_000_000 <= ends_ms:
        time.sleep(0.02)
    with pytest.raises(LinkExpiredError):
        open_address(row.url)
    assert device.locker.links.get(row.id).state == "expired"
    assert device.locker.links.upkeep.tidy() == 1
    assert device.locker.links.get(row.id).state == "revoked"
    assert list(device.rig.store.list(names.LINKS)) == []
    assert device.locker.links.upkeep.tidy() == 0
    with pytest.raises(InputError):
        device.locker.links.make("/Trip", LinkOptions(expires_ms=ends_ms))


def test_downloads_are_counted(device: Device, server: ShareServer, files: Path, tmp_path: Path) -> None:
    row = device.locker.links.make("/Trip", LinkOptions(max_downloads=2))
    assert left(row.url) == 1
    assert left(row.url) == 0
    with pytest.raises(LinkUsedUpError):
        open_address(row.url)
    assert device.locker.links.get(row.id).downloads == 2
    unlimited = device.locker.links.make("/Trip")
    assert left(unlimited.url) is None


def test_passwords(device: Device, server: ShareServer, files: Path, tmp_path: Path) -> None:
    row = device.locker.links.make("/Trip", LinkOptions(password="correct horse"))
    with pytest.raises(LinkPasswordError):
        open_address(row.url)
    with pytest.raises(LinkPasswordError):
        open_address(row.url, lambda: "wrong")
    assert fetch(row.url, tmp_path / "out", "correct horse")
    with pytest.raises(InputError):
        device.locker.links.make("/Trip", LinkOptions(password=""))


def test_live_links_follow_their_folder(
    rig: LockerRig, device: Device, server: ShareServer, files: Path, tmp_path: Path
) -> None:
    links = device.locker.links
    live = links.make("/Trip", LinkOptions(live=True, password="x"))
    frozen = links.make("/Trip")
    assert links.upkeep.refresh_live() == 0
    write(files / "three.txt", b"three\n")
    device.put(files)
    assert links.upkeep.refresh_live() == 1
    assert "Trip/three.txt" in fetch(live.url, tmp_path / "live", "x")
    assert "Trip/three.txt" not in fetch(frozen.url, tmp_path / "frozen")
    # Another device changes it and keeps it up.
    other = rig.enrol()
    other.locker.make_folder("/Trip/from elsewhere")
    assert other.locker.links.upkeep.refresh_live() == 1
    device.locker.refresh()
    link = open_address(live.url, lambda: "x")
    assert "Trip/from elsewhere" in [entry.path for entry in link.entries()]
    link.close()


def test_a_live_link_shows_nothing_while_its_folder_is_in_the_trash(
    device: Device, server: ShareServer, files: Path
) -> None:
    links = device.locker.links
    row = links.make("/Trip", LinkOptions(live=True))
    device.locker.trash_nodes(["/Trip"])
    assert links.get(row.id).state == "missing"
    assert links.upkeep.refresh_live() == 1
    with pytest.raises(LinkError):
        open_address(row.url)
    device.locker.restore([row.node])
    assert links.upkeep.refresh_live() == 1
    open_address(row.url).close()


def test_packs_of_links_are_kept_until_they_are_taken_back(
    device: Device, server: ShareServer, files: Path, tmp_path: Path
) -> None:
    links = device.locker.links
    frozen = links.make("/large.bin")
    live = links.make("/Trip", LinkOptions(live=True))
    device.locker.trash_nodes(["/large.bin", "/Trip"])
    device.locker.purge(None)
    before = device.packs()
    device.locker.upkeep.collect_garbage()
    device.locker.upkeep.collect_garbage()
    kept = device.packs()
    assert kept
    assert len(kept) <= len(before), "what only the live link showed went with its folder"
    assert fetch(frozen.url, tmp_path / "out") == {"large.bin": (tmp_path / "large.bin").read_bytes()}
    assert device.locker.upkeep.check().problems == []
    assert device.locker.upkeep.check().unused_packs == 0
    for name in kept:
        device.rig.store.delete(name)
    assert {problem.object_name for problem in device.locker.upkeep.check().problems} == set(kept)
    links.revoke(frozen.id)
    assert device.locker.upkeep.check().problems == []
    device.locker.upkeep.collect_garbage()
    device.locker.upkeep.collect_garbage()
    assert device.packs() == {}
    assert links.get(live.id).state == "missing"


def test_settings(device: Device, files: Path, tmp_path: Path) -> None:
    links = device.locker.links
    with pytest.raises(LinkPlaceError, match="cannot serve"):
        links.make("/Trip")
    for wrong in ("ftp://x", "links.example", "https://user@host"):
        with pytest.raises(LinkAddressError):
            links.set_settings(LinkSettings(base_url=wrong))
    links.set_settings(LinkSettings(base_url="http://127.0.0.1:9/d"))
    assert links.settings() == LinkSettings(base_url="http://127.0.0.1:9/d/")
    # It does not open there, so it is not made.
    with pytest.raises(LinkPlaceError, match="taken back"):
        links.make("/Trip")
    assert [row.state for row in links.list()] == ["revoked"]
    assert list(device.rig.store.list(names.LINKS)) == []
    row = links.make("/Trip", LinkOptions(check=False))
    assert row.url.startswith("http://127.0.0.1:9/d/#")
    links.set_settings(LinkSettings())
    assert links.get(row.id).url.startswith("http://127.0.0.1:9/d/#"), "where it was made for"


def test_what_cannot_be_had(device: Device, server: ShareServer, files: Path, tmp_path: Path) -> None:
    links = device.locker.links
    for options in (
        LinkOptions(max_downloads=0),
        LinkOptions(note="x" * 2001),
        LinkOptions(html=str(tmp_path / "x.html"), max_downloads=1),
        LinkOptions(html=str(tmp_path / "x.html"), live=True),
        LinkOptions(place=LinkPlace.FILE),
    ):
        with pytest.raises(InputError):
            links.make("/Trip", options)
    with pytest.raises(LinkPlaceError):
        links.make("/Trip", LinkOptions(place=LinkPlace.SIGNED))
    with pytest.raises(PathError):
        links.make("/nowhere")
    assert links.list() == []
    with pytest.raises(LinkNotFoundError):
        links.op("00" * 16)


def test_an_html_file(device: Device, files: Path, tmp_path: Path) -> None:
    links = device.locker.links
    path = tmp_path / "gift.html"
    row = links.make("/Trip", LinkOptions(html=str(path), password="pw"))
    assert row.url.startswith("file://")
    assert row.place is LinkPlace.FILE
    assert not row.abilities.revoking
    assert fetch(row.url, tmp_path / "out", "pw") == {f"Trip/{name}": content for name, content in tree(files).items()}
    # It needs nothing of the locker any more.
    device.locker.trash_nodes(["/Trip", "/large.bin"])
    device.locker.purge(None)
    device.locker.upkeep.collect_garbage()
    device.locker.upkeep.collect_garbage()
    assert device.packs() == {}
    moved = path.rename(tmp_path / "moved.html")
    assert fetch(f"{moved}#{row.url.partition('#')[2]}", tmp_path / "again", "pw") == tree(tmp_path / "out")
    assert [name for name in os.listdir(tmp_path) if name.startswith(".megadesk")] == []


def test_an_html_file_of_several_packs(device: Device, files: Path, tmp_path: Path) -> None:
    big = tmp_path / "Big"
    for number in range(5):
        write(big / f"{number}.bin", os.urandom(5 << 20))
    write(big / "two slices.bin", os.urandom(9 << 20))
    device.put(big)
    row = device.locker.links.make("/Big", LinkOptions(html=str(tmp_path / "big.html")))
    assert (tmp_path / "big.html").read_bytes().count(b'id="p-') >= 3
    assert fetch(row.url, tmp_path / "out") == {f"Big/{name}": content for name, content in tree(big).items()}


def test_a_large_html_file_has_its_packs_behind_the_page(
    device: Device, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_file, "MAX_INLINE_BYTES", 1000)
    path = tmp_path / "gift.html"
    row = device.locker.links.make("/Trip", LinkOptions(html=str(path), password="pw"))
    data = path.read_bytes()
    assert b'"attached":{"at":' in data
    assert b'id="p-0"' not in data
    assert page_hash(data) == hashlib.sha256(PAGE).hexdigest()
    assert fetch(row.url, tmp_path / "out", "pw") == {f"Trip/{name}": content for name, content in tree(files).items()}


@pytest.mark.parametrize("behind", [False, True])
def test_pages_without_a_server_have_the_viewer_where_they_show_pdf(
    device: Device, own_page: Path, tmp_path: Path, behind: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In files and in buckets; others are as small as ever."""
    (own_page / "pdf-viewer.js").write_bytes(b"// viewer")
    monkeypatch.setattr(html_file, "MAX_INLINE_BYTES", 0 if behind else 1 << 20)
    write(tmp_path / "Talk" / "Paper.PDF", b"%PDF")
    write(tmp_path / "note.txt", b"text")
    device.put(tmp_path / "Talk", tmp_path / "note.txt")
    links = device.locker.links
    element = b'id="megadesk-pdf-viewer">'
    for shown, has in (("/Talk", True), ("/note.txt", False)):
        row = links.make(shown, LinkOptions(html=str(tmp_path / "gift.html")))
        page = (tmp_path / "gift.html").read_bytes()
        assert (element in page) is has
        assert page_hash(page) == hashlib.sha256(PAGE).hexdigest()
        assert len(fetch(row.url, tmp_path / f"out-{has}")) == 1
        options = LinkOptions(place=LinkPlace.PUBLIC, base_url="http://127.0.0.1:9/b/", check=False)
        row = links.make(shown, options)
        page = device.rig.store.get(names.link_page(LinkId(bytes.fromhex(row.id))))
        assert (element in page) is has
        assert page_hash(page) == hashlib.sha256(PAGE).hexdigest()


def test_nobody_who_serves_tells_of_other_links(device: Device, server: ShareServer, files: Path) -> None:
    links = device.locker.links
    row = links.make("/Trip", LinkOptions(html=str(device.rig.folder / "x.html")))
    ledger = links.ledger()
    assert ledger.served(row.id) is None, "a file needs no server"
    assert ledger.served(LinkId(bytes(16)).hex()) is None


def test_read_only_lockers_make_no_links(device: Device, server: ShareServer, files: Path) -> None:
    locker: Locker = device.locker
    locker.read_only_reason = "in doubt"
    with pytest.raises(Exception, match="read-only"):
        locker.links.make("/Trip")
    locker.read_only_reason = None
