"""What the window asks the core for: notes, what is recent, contents in memory, speed limits by the clock."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from megadesk.core import notes as notes_module
from megadesk.core.limits import SpeedLimits
from megadesk.state.settings import LimitWindow, Settings
from megadesk.stores.limit import LimitStore
from megadesk.stores.memory import MemoryStore
from megadesk.types import VersionId
from tests.lockers import LockerRig, until, write


def test_notes_and_thumbnails_are_kept_in_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = LockerRig(tmp_path)
    device = rig.enrol()
    device.open()
    notes = device.locker.notes
    assert notes.get("views") is None
    notes.put("views", b"secret folder name")
    notes.put("views", b"secret folder name 2")
    notes.put("large", bytes(notes_module.MAX_NOTE_BYTES + 1))
    assert notes.get("views") == b"secret folder name 2"
    assert notes.get("large") is None
    monkeypatch.setattr(notes_module, "MAX_THUMBNAILS", 10)
    monkeypatch.setattr(notes_module, "_TRIM", 2)
    for number in range(11):
        notes.put_thumbnail(VersionId(number.to_bytes(16, "big")), b"picture %d" % number)
    notes.put_thumbnail(VersionId(b"x" * 16), bytes(notes_module.MAX_THUMBNAIL_BYTES + 1))
    kept = [number for number in range(11) if notes.thumbnail(VersionId(number.to_bytes(16, "big")))]
    assert kept == list(range(3, 11))
    assert notes.thumbnail(VersionId(b"x" * 16)) is None
    rig.close()
    found = [path for path in tmp_path.rglob("*") if path.is_file() and b"secret folder" in path.read_bytes()]
    assert found == []


def test_recent_files_newest_first_without_the_trash(tmp_path: Path) -> None:
    rig = LockerRig(tmp_path / "rig")
    device = rig.enrol()
    device.open()
    locker = device.locker
    for name in ("a", "b", "c"):
        write(tmp_path / name, name.encode() * 10)
        locker.transfers.run_now(locker.upload([str(tmp_path / name)], "/"))
    time.sleep(0.002)
    write(tmp_path / "a", b"changed")
    locker.transfers.run_now(locker.upload([str(tmp_path / "a")], "/"))
    locker.make_folder("/folder")
    assert [row.path for row in locker.recent()] == ["/a", "/c", "/b"]
    locker.trash_nodes(["/c"])
    assert [row.path for row in locker.recent()] == ["/a", "/b"]
    assert [row.path for row in locker.recent(1)] == ["/a"]
    assert locker.recent()[0].row.size_bytes == len(b"changed")
    rig.close()


def test_the_beginning_of_a_file_in_memory(tmp_path: Path) -> None:
    rig = LockerRig(tmp_path / "rig")
    device = rig.enrol()
    device.open()
    locker = device.locker
    data = os.urandom(9_000_000)
    write(tmp_path / "large", data)
    write(tmp_path / "empty", b"")
    locker.transfers.run_now(locker.upload([str(tmp_path / "large"), str(tmp_path / "empty")], "/"))
    assert locker.read_file("/large", max_bytes=20_000_000) == data
    assert locker.read_file("/large", max_bytes=8_500_000) == data[:8_500_000]
    assert locker.read_file("/empty", max_bytes=10) == b""
    version = locker.versions("/large")[0].id
    assert locker.read_file("/large", version=version, max_bytes=5) == data[:5]
    rig.close()


def test_limits_follow_the_clock() -> None:
    now = [datetime(2026, 1, 5, 7, 59)]  # a Monday
    window = LimitWindow(start_min=8 * 60, end_min=9 * 60, upload_limit=1000, download_limit=2000)
    settings = Settings(upload_limit=5, limit_schedule=(window,))
    limits = SpeedLimits(lambda: settings, now=lambda: now[0], look_every_s=0.01)
    store = LimitStore(MemoryStore())
    limits.add(store)
    limits.apply(settings)
    assert (store._up._rate, store._down._rate) == (5, None)
    now[0] = datetime(2026, 1, 5, 8, 0)
    until(lambda: (store._up._rate, store._down._rate) == (1000, 2000))
    now[0] = datetime(2026, 1, 5, 9, 0)
    until(lambda: store._up._rate == 5)
    limits.stop()
