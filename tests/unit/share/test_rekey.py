"""Encrypting anew on revoke: keys that were given away open nothing that is stored, and nothing else changes."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from megadesk.core.links import LinkOptions
from megadesk.crypto import aead
from megadesk.errors import DamagedError
from megadesk.format import names
from megadesk.format.envelope import slice_aad
from megadesk.format.link import LinkRecord
from megadesk.format.ops import AddVersion, decode_content
from megadesk.server.share_server import ShareServer
from megadesk.share.opening import open_address
from megadesk.types import NodeKind, VersionId
from tests.lockers import Device, LockerRig, write


def record_of(url: str) -> LinkRecord:
    """What a receiver keeps."""
    link = open_address(url)
    link.close()
    return link.record


def opens_anything(device: Device, record: LinkRecord) -> bool:
    """Whether a key of the record opens anything at any place in any pack of the store."""
    keys = [
        (ref.key, position, min(aead.SLICE_BYTES, node.size - position * aead.SLICE_BYTES))
        for node in record.nodes
        if isinstance(node.content, tuple)
        for position, ref in enumerate(node.content)
    ]
    offsets = {ref.offset for node in record.nodes if isinstance(node.content, tuple) for ref in node.content}
    for name in device.packs():
        data = memoryview(device.rig.store.get(name, max_bytes=1 << 25))
        for key, position, size in keys:
            for offset in offsets:
                header = data[offset : offset + aead.SLICE_HEADER_BYTES]
                try:
                    aead.SliceOpener(key, slice_aad(record.locker, position), header, size)
                except DamagedError:
                    continue
                return True
    return False


def collect(device: Device) -> None:
    for _ in range(3):
        device.locker.upkeep.collect_garbage()


@pytest.fixture
def history(tmp_path: Path, device: Device) -> dict[str, bytes]:
    """A folder with a file that has earlier versions, another that was copied out of it, and one beside it."""
    folder = tmp_path / "F"
    contents = {}
    for number in range(3):
        contents[f"v{number}"] = os.urandom(9_000_000 + number)
        write(folder / "file.bin", contents[f"v{number}"], mtime_ns=10**18 + number, mode=0o640)
        device.put(folder)
    contents["small"] = b"small\n"
    write(folder / "small.txt", contents["small"])
    contents["other"] = os.urandom(1000)
    write(tmp_path / "other.bin", contents["other"])
    device.put(folder, tmp_path / "other.bin")
    device.locker.copy(["/F/small.txt"], "/", new_name="copy.txt")
    return contents


def test_old_keys_open_nothing_and_the_files_are_the_same(
    device: Device, server: ShareServer, history: dict[str, bytes], tmp_path: Path
) -> None:
    links, locker = device.locker.links, device.locker
    row = links.make("/F")
    record = record_of(row.url)
    before = {path: (node.size_bytes, node.mode, node.mtime_ns) for path, node in locker.walk("/")}
    versions = [(each.size_bytes, each.mtime_ns, each.mode, each.current) for each in locker.versions("/F/file.bin")]
    assert opens_anything(device, record)
    links.revoke(row.id, rekey=True)
    collect(device)
    assert not opens_anything(device, record)
    assert {path: (node.size_bytes, node.mode, node.mtime_ns) for path, node in locker.walk("/")} == before
    kept = locker.versions("/F/file.bin")
    assert [(each.size_bytes, each.mtime_ns, each.mode, each.current) for each in kept] == versions
    device.get("/", to=tmp_path / "out")
    found = {str(path.relative_to(tmp_path / "out")): path.read_bytes() for path in (tmp_path / "out").rglob("*.*")}
    assert found == {
        "F/file.bin": history["v2"],
        "F/small.txt": history["small"],
        "copy.txt": history["small"],
        "other.bin": history["other"],
    }
    for number, version in zip((2, 1, 0), kept, strict=True):
        path = locker.download_version("/F/file.bin", version.id, str(tmp_path / f"v{number}"))
        assert Path(path).read_bytes() == history[f"v{number}"]
    assert locker.upkeep.check(read_data=True).problems == []


def test_without_it_the_keys_still_open_what_is_stored(
    device: Device, server: ShareServer, history: dict[str, bytes]
) -> None:
    row = device.locker.links.make("/F")
    record = record_of(row.url)
    device.locker.links.revoke(row.id)
    collect(device)
    assert opens_anything(device, record), "which is why one can ask for more"


def test_a_frozen_link_that_showed_what_was_moved_away_and_changed_since(
    device: Device, server: ShareServer, history: dict[str, bytes], tmp_path: Path
) -> None:
    row = device.locker.links.make("/F")
    record = record_of(row.url)
    device.locker.make_folder("/G")
    device.locker.move(["/F/file.bin"], "/G")
    write(tmp_path / "file.bin", os.urandom(100))
    device.put(tmp_path / "file.bin", to="/G")
    device.locker.links.revoke(row.id, rekey=True)
    collect(device)
    assert not opens_anything(device, record)
    assert len(device.locker.versions("/G/file.bin")) == 4


def test_conflict_copies_stay(rig: LockerRig, device: Device, server: ShareServer, tmp_path: Path) -> None:
    other = rig.enrol()
    other.locker.refresh()
    write(tmp_path / "x.txt", b"base")
    device.put(tmp_path / "x.txt")
    other.locker.refresh()
    node = device.locker.node("/x.txt").id
    # Two versions that did not know of each other.
    with device.locker._index.read() as session:
        base = session.view.heads(node)[0]
        data = session.view.content(node, base)
    assert data is not None
    content = decode_content(data)
    ids = [VersionId(os.urandom(16)) for _ in range(2)]
    device.locker._history.append([AddVersion(node, each, (base,), 0o644, 1, content) for each in ids])
    assert len([each for each in device.locker.versions("/x.txt") if each.current]) == 2
    shown = [row.display_name for row in device.locker.list_folder("/")]
    row = device.locker.links.make("/x.txt")
    record = record_of(row.url)
    device.locker.links.revoke(row.id, rekey=True)
    collect(device)
    assert [each.display_name for each in device.locker.list_folder("/")] == shown
    assert len([each for each in device.locker.versions("/x.txt") if each.current]) == 2
    other.locker.refresh()
    collect(device)
    assert not opens_anything(device, record)


def test_another_link_keeps_what_it_needs(device: Device, server: ShareServer, history: dict[str, bytes]) -> None:
    first = device.locker.links.make("/F/file.bin")
    second = device.locker.links.make("/F/file.bin", LinkOptions(note="kept"))
    device.locker.links.revoke(first.id, rekey=True)
    collect(device)
    link = open_address(second.url)
    assert link.read(0, 8_500_000, 100) == history["v2"][8_500_000:8_500_100]
    link.close()


def test_html_files_hold_their_own(device: Device, history: dict[str, bytes], tmp_path: Path) -> None:
    """Nothing can be taken from a file; but what it holds are copies, and their keys open nothing in the store then."""
    row = device.locker.links.make("/F", LinkOptions(html=str(tmp_path / "f.html")))
    record = record_of(row.url)
    device.locker.links.revoke(row.id, rekey=True)
    collect(device)
    assert record_of(row.url) == record
    keys = {ref.key for node in record.nodes if node.kind == NodeKind.FILE for ref in node.content or ()}  # type: ignore[union-attr]
    with device.locker._index.read() as session:
        stored = session.connection.execute("SELECT content FROM versions WHERE content IS NOT NULL").fetchall()
    assert not any(key in bytes(content) for (content,) in stored for key in keys)
    assert list(device.rig.store.list(names.LINKS)) == []
    assert base64.urlsafe_b64decode(row.url.rpartition("#")[2])
