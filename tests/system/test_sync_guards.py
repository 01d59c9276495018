"""Each guard of sync, by what would be lost without it (docs/sync.md, "Guards")."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from megadesk.errors import ForkError, IntegrityError
from megadesk.sync import contents, guards, place, scan
from megadesk.sync.pairs import MARKER, ProblemKind
from megadesk.sync.quiet import Quiet
from megadesk.sync.values import Mode
from megadesk.transfer import upload
from tests.lockers import Device, LockerRig, write
from tests.syncing import Pair, settle

Two = tuple[Pair, Pair]


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two computers with forty files in common."""
    rig = LockerRig(tmp_path / "homes")
    pairs = Pair(rig.enrol("one"), tmp_path / "one"), Pair(rig.enrol("two"), tmp_path / "two")
    for number in range(40):
        write(pairs[0].root / f"d{number % 4}" / f"f{number}", b"%d" % number)
    settle(*pairs)
    yield pairs  # type: ignore[misc]
    rig.close()


def kinds(pair: Pair) -> list[ProblemKind]:
    return [problem.kind for problem in pair.table.problems(pair.id)]


def everything(pair: Pair) -> int:
    return sum(not path.endswith("/") for path in pair.files())


def test_the_root_is_gone(two: Two) -> None:
    one, other = two
    os.rename(one.root, one.root.with_name("away"))
    assert one.run().done == 0
    assert kinds(one) == [ProblemKind.ROOT_MISSING]
    settle(other)
    assert everything(other) == 40
    os.rename(one.root.with_name("away"), one.root)
    settle(one, other)
    assert kinds(one) == []


def test_an_unmounted_drive_is_not_an_empty_folder(two: Two) -> None:
    """What lies under the mount point is an empty folder without the marker."""
    one, other = two
    os.rename(one.root, one.root.with_name("drive"))
    one.root.mkdir()
    assert one.run().done == 0
    assert kinds(one) == [ProblemKind.ROOT_UNMARKED]
    settle(other)
    assert everything(other) == 40


def test_another_drive_in_its_place_is_not_it(two: Two) -> None:
    """It was kept in sync too, by another pair: its marker says so."""
    one, other = two
    os.rename(one.root, one.root.with_name("drive"))
    one.root.mkdir()
    guards.write_marker(os.fsencode(one.root), guards.new_marker())
    assert one.run().done == 0
    assert kinds(one) == [ProblemKind.ROOT_UNMARKED]
    settle(other)
    assert everything(other) == 40


def test_the_drive_goes_away_while_it_is_scanned(two: Two) -> None:
    one, other = two

    def pull(point: str) -> None:
        if point == "before scan":
            for path in [*one.root.iterdir()]:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    one.around.hook = pull
    assert one.run().done == 0
    assert kinds(one) == [ProblemKind.ROOT_UNMARKED]
    settle(other)
    assert everything(other) == 40


def test_mass_deletion_is_held_until_it_is_approved(two: Two) -> None:
    one, other = two
    for folder in one.root.glob("d*"):
        shutil.rmtree(folder)
    report = one.run()
    assert report.held
    assert kinds(one) == [ProblemKind.DELETIONS_HELD]
    settle(other)
    assert everything(other) == 40
    write(one.root / "new", b"goes up all the same")
    assert one.run().done == 1
    one.approve()
    settle(one)
    other.approve()  # what comes from elsewhere is asked about as well
    settle(one, other)
    assert other.files() == {"new": b"goes up all the same"}


def test_mass_deletion_can_be_undone(two: Two) -> None:
    one, other = two
    before = one.files()
    for folder in one.root.glob("d*"):
        shutil.rmtree(folder)
    one.change(restore=one.run().held)
    settle(one, other)
    assert one.files() == other.files() == before


def test_mass_deletion_by_another_device_is_held_here(two: Two) -> None:
    one, other = two
    one.device.locker.trash_nodes([row.id for row in one.device.locker.list_folder("/")])
    assert other.run().held
    assert everything(other) == 40
    other.change(restore=other.run().held)
    settle(other, one)
    assert everything(one) == 40


def test_an_approval_is_for_what_was_shown(two: Two) -> None:
    one, _ = two
    for folder in ("d0", "d1", "d2"):
        shutil.rmtree(one.root / folder)
    one.change(approved=one.run().held)
    shutil.rmtree(one.root / "d3")
    assert one.run().held


def test_unreadable_is_not_absent(two: Two) -> None:
    one, other = two
    write(one.root / "d1" / "inner" / "deep", b"deep")
    settle(one, other)
    if os.geteuid() == 0:
        # Root may read everything: the listing fails as it does on a damaged disk.
        real = os.scandir

        def broken(path: bytes):  # type: ignore[no-untyped-def]
            if os.fsencode(path).endswith(b"/d1"):
                raise PermissionError(13, "Permission denied", path)
            return real(path)

        patch = pytest.MonkeyPatch()
        patch.setattr("megadesk.sync.scan.os.scandir", broken)
    else:
        patch = pytest.MonkeyPatch()
        (one.root / "d1").chmod(0)
    (one.root / "d0" / "f0").write_bytes(b"changed")
    try:
        one.run()
    finally:
        patch.undo()
    assert kinds(one) == [ProblemKind.UNREADABLE]
    settle(other)
    assert everything(other) == 41
    assert (other.root / "d0" / "f0").read_bytes() == b"changed"


def test_a_disk_that_is_mounted_inside_is_left_alone(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that was there, and is not: what lies under its mount point is no emptied folder."""
    one, other = two
    write(one.root / "disk" / "a", b"on another disk")
    settle(one, other)
    (one.root / "disk").rename(one.root.parent / "away")
    (one.root / "disk").mkdir()
    real = scan.Scanner._list

    def mounted(self: scan.Scanner, key: bytes, path: bytes) -> list[tuple[bytes, os.stat_result]] | None:
        found = real(self, key, path)
        return [(name, elsewhere(status) if name == b"disk" else status) for name, status in found or []]

    def elsewhere(status: os.stat_result) -> os.stat_result:
        values = list(status[:10])
        values[2] += 1  # st_dev
        return os.stat_result(values, {"st_mtime_ns": status.st_mtime_ns, "st_ctime_ns": status.st_ctime_ns})

    monkeypatch.setattr(scan.Scanner, "_list", mounted)
    report = one.run()
    assert [problem.kind for problem in report.problems] == [ProblemKind.MOUNT]
    other.run()
    assert other.files()["disk/a"] == b"on another disk"
    monkeypatch.undo()
    (one.root / "disk").rmdir()
    (one.root.parent / "away").rename(one.root / "disk")
    settle(one, other)
    assert one.files()["disk/a"] == b"on another disk"


def test_a_file_that_is_being_written_waits(two: Two) -> None:
    one, other = two
    clock = [0.0]
    one.around.quiet = Quiet(2.0, monotonic=lambda: clock[0])
    with open(one.root / "film", "wb", buffering=0) as film:
        film.write(b"half of it")
        report = one.run()
        assert (report.busy, report.done) == (True, 0)
        settle(other)
        assert "film" not in other.files()
        film.write(b", and the rest")
        assert one.run().busy
    one.around.quiet = Quiet(2.0, now_ns=lambda: time.time_ns() + 3 * 10**9)
    one.run()
    settle(other)
    assert other.files()["film"] == b"half of it, and the rest"


@pytest.mark.parametrize("skew_s", [-86400, 86400 * 365])
def test_a_clock_that_was_set_neither_stops_nor_hurries_anything(two: Two, skew_s: int) -> None:
    one, other = two
    clock = [0.0]
    one.around.quiet = Quiet(2.0, now_ns=lambda: time.time_ns() + skew_s * 10**9, monotonic=lambda: clock[0])
    write(one.root / "a", b"text")
    os.utime(one.root / "a", (4e9, 4e9))
    report = one.run()
    assert report.busy == (skew_s < 0)
    clock[0] = 2.5
    one.run()
    settle(other)
    assert other.files()["a"] == b"text"


def test_a_file_that_changes_while_it_is_read_is_not_sent_torn(two: Two) -> None:
    one, other = two
    write(one.root / "log", b"x" * 1000)
    size = [1000]

    def append(point: str) -> None:
        if point == "before upload is in the log" and size[0] < 1004:
            size[0] += 1
            with open(one.root / "log", "ab") as file:
                file.write(b"x")

    one.around.hook = append
    one.run()
    settle(one, other)
    assert other.files()["log"] == b"x" * size[0]


def test_a_file_that_is_rewritten_between_two_reads_never_arrives_torn(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same size, so that only its time tells."""
    one, other = two
    size = 9 << 20
    path = write(one.root / "large", b"a" * size)
    real = upload._read_fully
    read: list[int] = []

    def rewritten(descriptor: int, buffer: memoryview, offset: int) -> bool:
        whole = real(descriptor, buffer, offset)
        read.append(offset)
        if len(read) == 1:
            with open(path, "r+b") as file:
                file.write(b"b" * size)
        return whole

    monkeypatch.setattr(upload, "_read_fully", rewritten)
    one.run()
    other.run()
    assert len(read) > 2
    assert set(other.files().get("large", b"b")) in ({ord("a")}, {ord("b")})
    settle(one, other)
    assert other.files()["large"] == b"b" * size


def test_an_edit_at_the_moment_of_a_download_is_kept(two: Two) -> None:
    """Between the last look at the file and its replacement, somebody writes to it."""
    one, other = two
    write(one.root / "d0" / "f0", b"from one")
    one.run()
    struck = []

    def strike(point: str) -> None:
        if point == "before a file gets its name" and not struck:
            struck.append(point)
            real = place.exchange

            def late(old: bytes, new: bytes) -> bool:
                Path(os.fsdecode(new)).write_bytes(b"written here at the last moment")
                return real(old, new)

            patch.setattr(place, "exchange", late)

    patch = pytest.MonkeyPatch()
    other.around.hook = strike
    try:
        other.run()
    finally:
        patch.undo()
    settle(other, one)
    assert struck
    found = one.files()
    assert found == other.files()
    assert found["d0/f0"] == b"from one"
    assert b"written here at the last moment" in found.values()


def test_an_edit_before_a_download_is_kept(two: Two) -> None:
    one, other = two
    write(one.root / "d0" / "f0", b"from one")
    one.run()

    def strike(point: str) -> None:
        if point == "before a file gets its name":
            (other.root / "d0" / "f0").write_bytes(b"written here before")

    other.around.hook = strike
    other.run()
    other.around.hook = lambda _: None
    settle(other, one)
    assert {b"from one", b"written here before"} <= set(one.files().values())


def test_a_file_that_is_open_for_writing_is_not_replaced(two: Two) -> None:
    one, other = two
    write(one.root / "d0" / "f0", b"from one")
    one.run()
    with open(other.root / "d0" / "f0", "r+b") as held:
        if not place.is_open_for_writing(os.fsencode(other.root / "d0" / "f0")):
            assert not hasattr(fcntl, "F_SETLEASE"), "no leases on this file system"
            return
        before = (other.root / "d0" / "f0").stat().st_ino
        other.run()
        assert (other.root / "d0" / "f0").stat().st_ino == before, "its name stays with what is being written"
        held.seek(0)
        held.write(b"still writing")
    settle(other, one)
    assert {b"from one", b"still writing"} <= set(one.files().values())


def test_a_new_file_in_a_folder_that_goes_into_the_trash_is_kept(two: Two) -> None:
    one, other = two
    shutil.rmtree(one.root / "d0")
    one.run()

    def strike(point: str) -> None:
        if point == "before TRASH_LOCAL" and (other.root / "d0").is_dir():
            (other.root / "d0" / "late").write_bytes(b"late")

    other.around.hook = strike
    other.run()
    other.around.hook = lambda _: None
    settle(other, one)
    assert one.files()["d0/late"] == b"late"


def test_what_others_put_into_a_folder_that_is_deleted_here_is_kept(two: Two) -> None:
    one, other = two
    shutil.rmtree(one.root / "d0")

    def strike(point: str) -> None:
        if point == "before locker" and not struck:
            struck.append(point)
            write(other.root / "d0" / "late", b"late")
            other.run()

    struck: list[str] = []
    one.around.hook = strike
    one.run()
    settle(one, other)
    assert struck
    assert one.files()["d0/late"] == b"late"


def test_deleted_files_go_to_the_trash_on_both_sides(two: Two) -> None:
    one, other = two
    (one.root / "d0" / "f0").unlink()
    settle(one, other)
    (top,) = one.device.locker.trash()
    assert top.original_path == "/d0/f0"
    trashed = list((other.root / ".megadesk-trash").rglob("f0"))
    assert [path.read_bytes() for path in trashed] == [b"0"]


def test_a_store_that_was_rolled_back_deletes_nothing(two: Two, expected_warnings: object) -> None:
    one, other = two
    store = one.device.rig.store
    before = {info.name: store.get(info.name) for info in store.list("")}
    write(one.root / "later", b"later")
    settle(one, other)
    for info in list(store.list("")):
        if info.name not in before:
            store.delete(info.name)
    for pair in two:
        with pytest.raises(IntegrityError):
            pair.run()
        assert pair.device.locker.read_only_reason is not None
        assert pair.files()["later"] == b"later"


def test_an_old_disk_image_of_one_device_undoes_nothing(two: Two, tmp_path: Path) -> None:
    """A computer is set back: its folder, its index, everything. What happened since comes again from the locker."""
    one, other = two
    one.device.close()
    saved = tmp_path / "image"
    shutil.copytree(one.device.record.folder, saved / "home", symlinks=True)
    shutil.copytree(one.root, saved / "root", symlinks=True)
    write(one.root / "d0" / "f0", b"newer")
    write(one.root / "new", b"new")
    settle(one, other)
    one.device.close()
    for source, target in ((saved / "home", one.device.record.folder), (saved / "root", one.root)):
        shutil.rmtree(target)
        shutil.copytree(source, target, symlinks=True)
    settle(one, other)
    assert one.files() == other.files()
    assert other.files()["d0/f0"] == b"newer"
    assert other.files()["new"] == b"new"


def test_two_copies_of_one_device_do_not_write_the_same_entry(tmp_path: Path, expected_warnings: object) -> None:
    """A data folder that was copied, both in use at one moment: the second stops before it believes in its own."""
    device = LockerRig(tmp_path).enrol("first")
    device.locker.make_folder("/before")
    device.close()
    twin = Device(device.rig, "twin", device.id, device._secrets, None)
    shutil.copytree(device.record.folder, twin.record.folder, dirs_exist_ok=True)
    history = twin.locker._history
    real = history._send_pending

    def late(seq: int, data: bytes) -> None:
        history._send_pending = real  # type: ignore[method-assign]
        device.locker.make_folder("/by the first")
        real(seq, data)

    history._send_pending = late  # type: ignore[method-assign]
    with pytest.raises(ForkError):
        twin.locker.make_folder("/by the second")
    assert [row.display_name for row in twin.locker.list_folder("/")] == ["before"]
    assert twin.locker.read_only_reason
    twin.close()
    device.close()


def test_low_disk_leaves_out_what_does_not_fit(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = two
    write(one.root / "big", b"b" * 5000)
    write(one.root / "small", b"s")
    one.run()
    monkeypatch.setattr(contents, "free_bytes", lambda _: 1000)
    other.run()
    assert kinds(other) == [ProblemKind.DISK_FULL]
    assert "small" in other.files()
    assert "big" not in other.files()
    monkeypatch.undo()
    settle(other)
    assert other.files()["big"] == b"b" * 5000


def test_temporary_files_stay_here(two: Two) -> None:
    one, other = two
    names = ["film.mkv.part", "x.crdownload", ".~lock.a.odt#", "~$a.docx", ".a.swp", "a~", ".DS_Store", "#a#"]
    for name in names:
        write(one.root / "d0" / name, b"temporary")
    settle(one, other)
    assert everything(other) == 40


def test_ignore_rules_and_what_they_catch(two: Two) -> None:
    from megadesk.sync import ignore

    one, other = two
    write(one.root / ".megadeskignore", b"*.o\n/build/\n!keep.o\n")
    for path in ("a.o", "keep.o", "build/x", "d0/build"):
        write(one.root / path, b"x")
    settle(one, other)
    assert {".megadeskignore", "keep.o", "d0/build"} <= set(other.files())
    assert not {"a.o", "build/"} & set(other.files())
    rules = ignore.load(os.fsencode(one.root), (), ())
    assert sorted(ignore.preview(os.fsencode(one.root), rules)) == [b".megadesk-root", b"a.o", b"build"]


def test_a_rule_that_comes_later_deletes_nothing(two: Two) -> None:
    one, other = two
    one.change(left_out=("d1",), entries=-1)
    settle(one, other)
    assert everything(one) == everything(other) == 40
    shutil.rmtree(one.root / "d1")
    settle(one, other)
    assert everything(other) == 40
    write(other.root / "d1" / "f1", b"changed there")
    settle(other, one)
    assert "d1/" not in one.files()


def test_a_database_in_use_waits(two: Two) -> None:
    """Its file alone is torn while its journal lies beside it."""
    one, other = two
    database = sqlite3.connect(one.root / "data.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE t (x)")
    database.execute("INSERT INTO t VALUES (1)")
    assert one.run().done == 0
    assert ProblemKind.BUSY in kinds(one)
    database.close()
    settle(one, other)
    copy = sqlite3.connect(other.root / "data.db")
    assert copy.execute("SELECT x FROM t").fetchall() == [(1,)]
    copy.close()


def test_the_marker_can_be_written_again_and_then_nothing_counts_as_deleted(two: Two) -> None:
    one, other = two
    (one.root / MARKER.decode()).unlink()
    shutil.rmtree(one.root / "d0")
    one.run()
    assert kinds(one) == [ProblemKind.ROOT_UNMARKED]
    one.device.locker.sync.resolve(one.table.problems(one.id)[0].id, _fix("mark"))
    settle(one, other)
    assert everything(one) == everything(other) == 40


def _fix(name: str):  # type: ignore[no-untyped-def]
    from megadesk.sync.pairs import Fix

    return Fix(name)


def test_backup_never_deletes_in_the_locker(tmp_path: Path) -> None:
    rig = LockerRig(tmp_path / "homes")
    pair = Pair(rig.enrol("one"), tmp_path / "one", mode=Mode.BACKUP)
    write(pair.root / "a", b"1")
    write(pair.root / "d" / "b", b"2")
    settle(pair)
    shutil.rmtree(pair.root / "d")
    write(pair.root / "a", b"1 changed")
    settle(pair)
    locker = pair.device.locker
    assert [path for path, _ in locker.walk("/")] == ["a", "d", "d/b"]
    assert len(locker.versions("/a")) == 2
    rig.close()


def test_what_is_held_is_counted_with_all_that_is_in_it() -> None:
    assert guards.is_mass_deletion(40, 100)
    assert not guards.is_mass_deletion(24, 30)
    assert not guards.is_mass_deletion(30, 1000)
    assert guards.is_mass_deletion(1000, 1_000_000)
    assert guards.is_mass_deletion(4, 4)


def test_a_deletion_that_was_planned_before_an_edit_came_is_not_carried_out(two: Two) -> None:
    """Between the plan and the lock of the log, another computer writes a version: the edit wins."""
    one, other = two
    for number in range(3):
        write(one.root / f"file{number}", b"first")
    settle(one, other)
    (one.root / "file0").unlink()
    struck: list[str] = []

    def strike(point: str) -> None:
        if point == "before locker" and not struck:
            struck.append(point)
            write(other.root / "file0", b"edited elsewhere, just now")
            other.run()

    one.around.hook = strike
    one.run()
    assert struck
    settle(one, other)
    assert one.files() == other.files()
    assert one.files()["file0"] == b"edited elsewhere, just now"


def test_a_database_in_use_is_not_replaced(two: Two) -> None:
    one, other = two
    write(one.root / "data.db", b"first")
    settle(one, other)
    write(one.root / "data.db", b"second, from elsewhere")
    one.run()
    journal = write(other.root / "data.db-wal", b"what is not in the database yet")
    report = other.run()
    assert (other.root / "data.db").read_bytes() == b"first"
    assert ProblemKind.BUSY in [problem.kind for problem in report.problems]
    journal.unlink()
    settle(other, one)
    assert (other.root / "data.db").read_bytes() == b"second, from elsewhere"
