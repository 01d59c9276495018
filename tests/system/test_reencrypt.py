"""Encrypting anew after a device was removed: its keys open nothing of it any more, and nothing else changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.core import reencrypt
from megadesk.core.reencrypt import ReencryptReport
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead
from megadesk.errors import CancelledError, MegaDeskError
from megadesk.format import names
from megadesk.format.entry import open_entry
from megadesk.format.envelope import ObjectType, epoch_of, open_object, slice_aad
from megadesk.format.ops import AddVersion, Create, FileContent, decode_content, decode_slice_list
from megadesk.transfer.control import Control
from megadesk.transfer.upload import slice_size
from megadesk.types import Progress, VersionId
from tests.lockers import Device, Killed, LockerRig, until, write
from tests.syncing import Pair, settle, tree_of


def read_by(lost: Device) -> set[bytes]:
    """Every slice that a removed device can read: all entries under its epochs, and what they name."""
    secrets = LockerSecrets.from_bytes(lost._secrets)
    store, keys = lost.rig.store, lost.rig.devices[0].locker._history.devices()
    found: set[bytes] = set()

    def slices(content: FileContent, size: int) -> list[bytes]:
        read = []
        for position, ref in enumerate(content.slices):
            length = slice_size(size, position)
            try:
                stored = store.get(names.pack(ref.pack), offset=ref.offset, length=aead.slice_stored_size(length))
                aad = slice_aad(secrets.locker_id, position)
                read.append(aead.open_slice(ref.key, aad, stored, length, object_name="x"))
            except MegaDeskError:
                read.append(b"")
        return read

    for info in list(store.list(names.LOG)):
        parsed = names.parse_entry(info.name)
        assert parsed is not None
        data = store.get(info.name)
        if epoch_of(data, ObjectType.ENTRY, info.name) not in secrets.by_id():
            continue
        record = open_object(ObjectType.ENTRY, secrets.locker_id, info.name, secrets.by_id(), data)
        entry = open_entry(record, secrets.locker_id, *parsed, keys[parsed[0]].sign_pk, info.name)
        for op in entry.ops:
            if isinstance(op, Create | AddVersion) and isinstance(op.content, FileContent):
                content = op.content
                parts = slices(content, content.indirect or content.size)
                if content.indirect and all(parts):
                    listed = decode_slice_list(b"".join(parts), "x")
                    parts = slices(FileContent(content.size, listed), content.size)
                found |= {part for part in parts if part}
    return found


class World:
    """Three devices; the second is removed."""

    def __init__(self, folder: Path) -> None:
        self.rig = LockerRig(folder / "rig")
        self.folder = folder
        self.one, self.lost, self.other = (self.rig.enrol(name) for name in ("one", "lost", "other"))
        self.contents: dict[str, bytes] = {}
        for device in (self.lost, self.other):
            device.open()
        self.one.open()

    def fill(self, small: int = 5, large: int = 1) -> None:
        source = self.folder / "F"
        for number in range(small):
            self.contents[f"F/s{number}"] = b"small %d " % number * 50
        for number in range(large):
            self.contents[f"F/l{number}"] = os.urandom(9_000_000)
        for path, data in self.contents.items():
            write(self.folder / path, data, mtime_ns=10**18, mode=0o640)
        self.one.put(source)

    def remove(self) -> None:
        for device in (self.one, self.lost, self.other):
            device.locker.refresh()
        self.one.locker.revoke_device(self.lost.id.hex())

    def run(self, device: Device | None = None, **more: object) -> ReencryptReport:
        return (device or self.one).locker.reencryption.run(**more)  # type: ignore[arg-type]

    def collect(self) -> None:
        """All who may still write have seen everything."""
        for _ in range(3):
            for device in (self.one, self.other):
                device.locker.refresh()
                device.locker.upkeep.collect_garbage()

    def fetched(self, device: Device | None = None) -> dict[str, bytes]:
        out = self.folder / f"out{os.urandom(4).hex()}"
        (device or self.one).get("/F", to=out)
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.rig.close()


def test_its_keys_open_nothing_any_more_and_the_files_are_the_same(world: World) -> None:
    world.fill()
    write(world.folder / "F/s0", b"a second version")
    world.contents["F/s0"] = b"a second version"
    world.one.put(world.folder / "F")
    world.one.locker.copy(["/F/l0"], "/F", new_name="copy")
    world.contents["F/copy"] = world.contents["F/l0"]
    world.one.locker.trash_nodes(["/F/s1"])
    del world.contents["F/s1"]
    world.remove()
    locker = world.one.locker
    before = {path: (row.size_bytes, row.mode, row.mtime_ns) for path, row in locker.walk("/")}
    history = [(row.size_bytes, row.mtime_ns, row.time_ms, row.device, row.current) for row in locker.versions("/F/s0")]
    recent = [(row.path, row.time_ms) for row in locker.recent()]
    stored = sum(world.one.packs().values())
    assert len(read_by(world.lost)) == 8
    left = locker.reencryption.survey()
    assert (left.files, left.bytes) == (7, sum(len(each) for each in read_by(world.lost)))
    report = world.run()
    assert (report.files, report.versions, report.left.files, report.damaged) == (7, 8, 0, [])
    world.collect()
    assert read_by(world.lost) == set()
    assert {path: (row.size_bytes, row.mode, row.mtime_ns) for path, row in locker.walk("/")} == before
    for device in (world.one, world.other):
        rows = device.locker.versions("/F/s0")
        assert [(row.size_bytes, row.mtime_ns, row.time_ms, row.device, row.current) for row in rows] == history
    assert sorted((row.path, row.time_ms) for row in locker.recent()) == sorted(recent)
    assert world.fetched() == world.fetched(world.other) == world.contents
    assert sum(world.one.packs().values()) <= stored * 1.1, "copies go on sharing what they have in common"
    assert locker.upkeep.check(read_data=True).problems == []
    assert world.run().files == 0, "there is nothing left to do"


def test_without_it_everything_of_before_can_still_be_read(world: World) -> None:
    world.fill()
    world.remove()
    write(world.folder / "F/new", b"written since")
    world.one.put(world.folder / "F")
    world.collect()
    found = read_by(world.lost)
    assert {b"small 0 " * 50} <= found
    assert b"written since" not in found
    report = world.one.locker.upkeep.check()
    assert report.exposed is not None
    assert (report.exposed.files, report.problems) == (6, [])


def test_nothing_is_to_be_done_where_nobody_was_removed(world: World) -> None:
    world.fill()
    packs = world.one.packs()
    assert world.run().files == 0
    assert world.one.locker.reencryption.status(survey=True).possible is False
    assert world.one.packs() == packs
    assert world.one.locker.upkeep.check().exposed is None


def test_slices_of_an_earlier_version_in_a_later_one(world: World, tmp_path: Path) -> None:
    """A version under the new epoch uses what an old one gave away, even when that is gone."""
    world.fill(0, 1)
    world.remove()
    data = world.contents["F/l0"][:8_900_000] + b"changed" * 10
    write(world.folder / "F/l0", data)
    world.one.put(world.folder / "F")
    locker = world.one.locker
    first, second = locker.versions("/F/l0")[::-1]
    from megadesk.format.ops import Purge

    locker._history.append([Purge(locker.node("/F/l0").id, (first.id,))])
    assert [row.id for row in locker.versions("/F/l0")] == [second.id]
    assert read_by(world.lost), "it shares its first slice"
    assert world.run().files == 1
    world.collect()
    assert read_by(world.lost) == set()
    assert world.fetched() == {"F/l0": data}


def killed_at(step: int, folder: Path) -> bool:
    """Whether it was over before that step; either way nothing is lost, and it is done in the end."""
    world = World(folder)
    world.fill(4, 0)
    world.remove()
    world.one.kill_at(step)
    ended = False
    try:
        world.run()
        ended = True
        world.one.kill_at(0)
    except Killed:
        assert world.fetched() == world.contents
    assert world.run().left.files == 0
    for device in (world.one, world.other):
        device.locker.refresh()
        assert len(device.locker.versions("/F/s0")) == 1
    world.collect()
    assert read_by(world.lost) == set()
    assert world.fetched() == world.fetched(world.other) == world.contents
    assert len(world.one.packs()) <= 3, "what was put in vain is gone"
    with world.one.locker._index.read() as session:
        assert session.connection.execute("SELECT count(*) FROM resealed").fetchall() == [(0,)]
    world.rig.close()
    return ended


@pytest.mark.parametrize("step", [12, 31, 47])
def test_killed_in_the_middle_it_goes_on(step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reencrypt, "_BATCH_FILES", 2)
    killed_at(step, tmp_path)


@pytest.mark.long
def test_killed_at_any_step_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reencrypt, "_BATCH_FILES", 2)
    step = 1
    while not killed_at(step, tmp_path / str(step)):
        step += 1
    assert step > 50


def test_a_large_file_is_not_begun_anew(world: World) -> None:
    world.contents["F/big"] = os.urandom(35_000_000)
    write(world.folder / "F/big", world.contents["F/big"])
    world.one.put(world.folder / "F")
    world.remove()
    control = Control()

    def stop(progress: Progress) -> None:
        if progress.what == "encrypt" and progress.done > 24_000_000:
            control.cancel(resumable=True)

    with pytest.raises(CancelledError):
        world.run(progress=stop, control=control)
    assert world.one.locker.reencryption.status().wanted
    world.one.close()
    world.one.open()
    world.one.locker.upkeep.collect_garbage()
    report = world.run()
    assert report.files == 1
    assert report.bytes < 20_000_000
    world.collect()
    assert read_by(world.lost) == set()
    assert world.fetched() == world.contents


def test_two_devices_do_not_do_it_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reencrypt, "_BATCH_FILES", 2)
    world.fill(20, 0)
    world.remove()
    world.other.locker.refresh()
    reports: list[ReencryptReport] = []

    def both(progress: Progress) -> None:
        if progress.what == "encrypt" and not reports:
            reports.append(ReencryptReport())
            reports[0] = world.run(world.other)

    mine = world.run(progress=both)
    assert mine.files + reports[0].files == 20
    assert mine.bytes <= 3 * 450, "at most what was under way"
    world.collect()
    assert read_by(world.lost) == set()
    assert world.fetched(world.other) == world.contents
    assert all(len(world.one.locker.versions(f"/F/s{number}")) == 1 for number in range(20))


def test_a_file_that_is_changed_meanwhile(world: World) -> None:
    world.fill(2, 0)
    world.remove()
    world.other.locker.refresh()
    done = []

    def change(progress: Progress) -> None:
        if progress.what == "encrypt" and not done:
            done.append(True)
            write(world.folder / "F/s1", b"changed meanwhile")
            world.other.put(world.folder / "F")

    report = world.run(progress=change)
    assert report.left.files == 0
    assert world.fetched() == {"F/s0": world.contents["F/s0"], "F/s1": b"changed meanwhile"}
    assert len(world.one.locker.versions("/F/s1")) == 2
    world.collect()
    assert read_by(world.lost) == set()


def test_folders_that_are_kept_equal_do_not_notice(world: World, tmp_path: Path) -> None:
    mine, theirs = Pair(world.one, tmp_path / "mine"), Pair(world.other, tmp_path / "theirs")
    for number in range(5):
        write(mine.root / f"f{number}", b"content %d" % number)
    settle(mine)
    settle(theirs)
    world.remove()
    write(theirs.root / "f1", b"changed while it was away")
    inodes = {path.name: path.stat().st_ino for path in theirs.root.iterdir()}
    world.run()
    world.run()
    assert world.other.locker.refresh().entries
    planned = theirs.run(dry=True).planned
    assert [each.path for each in planned] == ["f1"], "the change, and no download"
    settle(theirs)
    settle(mine)
    assert {path.name: path.stat().st_ino for path in theirs.root.iterdir()} == inodes
    assert tree_of(mine.root) == tree_of(theirs.root)
    assert len([path for path in tree_of(mine.root) if not path.startswith(".")]) == 5
    assert mine.run(dry=True).planned == theirs.run(dry=True).planned == []
    assert (mine.root / "f1").read_bytes() == b"changed while it was away"


def test_a_conflict_waits_until_it_is_settled(world: World) -> None:
    world.fill(2, 0)
    node = world.one.locker.node("/F/s0").id
    with world.one.locker._index.read() as session:
        base = session.view.heads(node)[0]
        content = decode_content(session.view.content(node, base) or b"")
    ids = [VersionId(os.urandom(16)) for _ in range(2)]
    world.one.locker._history.append([AddVersion(node, each, (base,), 0o644, 1, content) for each in ids])
    world.remove()
    shown = [row.display_name for row in world.one.locker.list_folder("/F")]
    report = world.run()
    assert (report.files, report.left.files, report.left.conflicts) == (1, 1, 1)
    assert [row.display_name for row in world.one.locker.list_folder("/F")] == shown
    world.one.locker._history.append([AddVersion(node, VersionId(os.urandom(16)), tuple(ids), 0o644, 1, content)])
    assert world.run().left.files == 0
    world.collect()
    assert read_by(world.lost) == set()


def test_what_is_damaged_is_named_and_the_rest_is_done(world: World) -> None:
    world.fill(0, 2)
    world.remove()
    name = min(world.one.packs(), key=lambda pack: world.one.packs()[pack])
    damaged = [path for path in ("/F/l0", "/F/l1") if name in _packs_of(world.one, path)]
    world.rig.store.delete(name)
    report = world.run()
    assert report.damaged == damaged
    assert report.files == 2 - len(damaged)


def _packs_of(device: Device, path: str) -> set[str]:
    return {names.pack(ref.pack) for ref in device.locker._port.file_content(device.locker.node(path).id).slices}


def test_in_the_background_paused_and_taken_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fill(3, 0)
    world.remove()
    job = world.one.locker.reencryption
    job.ask()
    job.pause()
    assert job.status().paused
    job.start()
    world.one.close()
    again = world.one.open().reencryption
    assert again.status().paused
    again.start()
    again.ask()
    until(lambda: not again.status().wanted)
    assert again.status(survey=True).left.files == 0
    world.collect()
    assert read_by(world.lost) == set()


def test_a_removed_device_cannot_do_it(world: World) -> None:
    world.fill(1, 0)
    world.remove()
    packs = world.one.packs()
    with pytest.raises(MegaDeskError):
        world.run(world.lost)
    assert world.one.packs() == packs
