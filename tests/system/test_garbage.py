"""What is deleted for good must be needed by nobody, not even by somebody who has not heard of it yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from megadesk.stores.folder import FolderStore
from tests.lockers import Device, LockerRig, write


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[LockerRig]:
    rig = LockerRig(tmp_path / "homes")
    for _ in range(3):
        rig.enrol().open()
    yield rig
    rig.close()


@contextmanager
def not_hearing(device: Device) -> Iterator[None]:
    """It has looked just before the others wrote."""
    history = device.locker._history
    real = history._read_logs
    history._read_logs = lambda *_: None  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        history._read_logs = real  # type: ignore[method-assign]


def everybody_looks(rig: LockerRig) -> None:
    for _ in range(2):
        for device in rig.devices:
            device.locker.refresh()


def purge(device: Device, path: str) -> None:
    device.locker.trash_nodes([path])
    device.locker.purge(None)


def test_a_copy_of_a_copy_keeps_its_bytes(rig: LockerRig, tmp_path: Path) -> None:
    """One device's references are gone and acknowledged, but another made new ones in between."""
    first, second, third = rig.devices
    data = os.urandom(1000)
    first.put(write(tmp_path / "file", data))
    everybody_looks(rig)
    with not_hearing(second):
        purge(first, "/file")
        first.locker.upkeep.collect_garbage()
        second.locker.copy(["/file"], "/", new_name="copy")
    everybody_looks(rig)
    with not_hearing(third):
        purge(second, "/copy")
        # All have seen the pack condemned, and nothing that the first knows of refers to it.
        for _ in range(2):
            first.locker.refresh()
            first.locker.upkeep.collect_garbage()
            second.locker.refresh()
        third.locker.copy(["/copy"], "/", new_name="again")
    everybody_looks(rig)
    for device in rig.devices:
        assert not device.locker.upkeep.check(read_data=True).problems
        device.get("/again", to=tmp_path / device.name)
        assert (tmp_path / device.name / "again").read_bytes() == data


def test_what_nobody_needs_goes(rig: LockerRig, tmp_path: Path) -> None:
    """As soon as everyone has looked, also when purges come after the packs were condemned."""
    first, second, third = rig.devices
    first.put(write(tmp_path / "file", os.urandom(1000)))
    second.put(write(tmp_path / "other", os.urandom(1000)))
    everybody_looks(rig)
    purge(first, "/file")
    report = first.locker.upkeep.collect_garbage()
    assert (report.packs_condemned, report.packs_deleted, len(report.waiting_for)) == (1, 0, 2)
    purge(third, "/other")
    everybody_looks(rig)
    report = first.locker.upkeep.collect_garbage()
    assert report.packs_deleted == 1
    everybody_looks(rig)
    report = second.locker.upkeep.collect_garbage()
    assert (report.packs_deleted, report.waiting_for) == (1, [])
    assert not first.packs()


def test_one_device_alone_waits_for_nobody(tmp_path: Path) -> None:
    rig = LockerRig(tmp_path / "homes")
    device = rig.enrol()
    device.put(write(tmp_path / "file", os.urandom(1000)))
    purge(device, "/file")
    assert device.locker.upkeep.collect_garbage().packs_deleted == 1
    assert not device.packs()
    rig.close()


def test_what_crashed_processes_left_in_the_storage_goes(tmp_path: Path) -> None:
    store = FolderStore.create(tmp_path / "store")
    rig = LockerRig(tmp_path / "homes", store)
    device = rig.enrol()
    device.put(write(tmp_path / "a.txt", b"content"))
    packs = next((tmp_path / "store" / "packs").iterdir())
    old, young = packs / ".~0123456789abcdef01234567.md.tmp", packs / ".~1123456789abcdef01234567.md.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    device.locker.upkeep.collect_garbage()
    assert not old.exists()
    assert young.exists()
    rig.close()
