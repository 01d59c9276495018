"""Downloads into a folder that is somebody's: what is written, what is left alone, what a damaged pack costs."""

from __future__ import annotations

import errno
import itertools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import CancelledError, LocalFileError, LocalFullError, MegaDeskError, StoreUnavailableError
from megadesk.format import names
from megadesk.stores.fault import Fault, Kind
from megadesk.transfer import download
from megadesk.transfer import upload as upload_module
from megadesk.transfer.port import Conflict, ConflictAnswer, ConflictQuestion, FileFailure
from megadesk.transfer.records import State
from megadesk.transfer.rename import rename_new
from megadesk.types import ROOT, PackId
from tests.lockers import Device, LockerRig, write

SLICE = 8_387_584


def failures(device: Device) -> list[FileFailure]:
    rows = device.locker.transfers.rows()
    return [failure for row in rows for failure in device.locker.transfers.failures(row.id)]


def leftovers(folder: Path) -> list[str]:
    """Temporary files."""
    return [name for _, _, files in os.walk(folder) for name in files if name.startswith(".megadesk")]


def pack_of(device: Device, path: str, slice_number: int = 0) -> str:
    content = device.locker._port.file_content(device.locker.node(path).id)
    return names.pack(PackId(content.slices[slice_number].pack))


def damage(device: Device, name: str, offset: int) -> None:
    data = bytearray(device.rig.store.get(name))
    data[offset] ^= 1
    device.rig.store.put(name, data)


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    """Where downloads go; at the end no temporary file is left there."""
    out = tmp_path / "out"
    out.mkdir()
    yield out
    assert leftovers(out) == []


# --- what is there already


def test_what_is_the_same_is_not_fetched(device: Device, tmp_path: Path, out: Path) -> None:
    device.put(write(tmp_path / "file", b"x", mode=0o640))
    device.get("/file", to=out)
    assert device.faults is not None
    (out / "file").chmod(0o600)
    device.faults.calls.clear()
    row = device.get("/file", to=out)
    assert row.unchanged_files == 1
    assert device.faults.calls["get"] == 0
    assert (out / "file").stat().st_mode & 0o7777 == 0o640
    assert os.listdir(out) == ["file"]


def test_an_older_copy_is_replaced_without_asking(device: Device, tmp_path: Path, out: Path) -> None:
    source = write(tmp_path / "file", b"old", mtime_ns=1)
    device.put(source)
    device.get("/file", to=out)
    device.put(write(source, b"newer", mtime_ns=2))
    device.get("/file", to=out, conflict=Conflict.ASK, ask=lambda _: pytest.fail("asked"))
    assert (out / "file").read_bytes() == b"newer"


@pytest.mark.parametrize(
    ("choice", "mine", "both"),
    [
        (Conflict.REPLACE, b"theirs", False),
        (Conflict.KEEP_BOTH, b"my work", True),
        (Conflict.SKIP, b"my work", False),
        (Conflict.NEWER, b"my work", False),
    ],
)
def test_the_users_own_file(
    device: Device, tmp_path: Path, out: Path, choice: Conflict, mine: bytes, both: bool
) -> None:
    device.put(write(tmp_path / "note.txt", b"theirs", mtime_ns=10))
    write(out / "note.txt", b"my work", mtime_ns=20)
    device.get("/note.txt", to=out, conflict=choice)
    assert (out / "note.txt").read_bytes() == mine
    assert (out / "note (2).txt").exists() == both
    if both:
        assert (out / "note (2).txt").read_bytes() == b"theirs"


def test_newer_replaces_what_is_older(device: Device, tmp_path: Path, out: Path) -> None:
    device.put(write(tmp_path / "note.txt", b"theirs", mtime_ns=30))
    write(out / "note.txt", b"my work", mtime_ns=20)
    device.get("/note.txt", to=out, conflict=Conflict.NEWER)
    assert (out / "note.txt").read_bytes() == b"theirs"


def test_ask_is_asked_until_it_says_all(device: Device, tmp_path: Path, out: Path) -> None:
    for name in "abcd":
        write(tmp_path / "tree" / name, b"theirs")
        write(out / "tree" / name, b"mine")
    device.put(tmp_path / "tree")
    asked: list[ConflictQuestion] = []

    def ask(question: ConflictQuestion) -> ConflictAnswer:
        asked.append(question)
        return ConflictAnswer(Conflict.SKIP if len(asked) == 1 else Conflict.REPLACE, apply_to_all=len(asked) == 2)

    device.get("/tree", to=out, conflict=Conflict.ASK, ask=ask)
    assert [Path(question.path).name for question in asked] == ["a", "b"]
    assert [(out / "tree" / name).read_bytes() for name in "abcd"] == [b"mine", b"theirs", b"theirs", b"theirs"]


def test_keep_both_that_is_repeated_makes_no_third(device: Device, tmp_path: Path, out: Path) -> None:
    """As when a download is taken up again."""
    device.put(write(tmp_path / "note.txt", b"theirs"))
    write(out / "note.txt", b"my work")
    for _ in range(2):
        device.get("/note.txt", to=out, conflict=Conflict.KEEP_BOTH)
    assert sorted(os.listdir(out)) == ["note (2).txt", "note.txt"]


@pytest.mark.parametrize("size", [0, 3, SLICE + 1])
def test_a_link_in_the_way_is_not_followed(device: Device, tmp_path: Path, out: Path, size: int) -> None:
    """Also when its length and time are those of the file."""
    precious = write(tmp_path / "precious", b"do not touch", mode=0o600)
    device.put(write(tmp_path / "file", b"x" * size, mtime_ns=5, mode=0o644))
    link = out / "file"
    link.symlink_to(precious)
    os.utime(link, ns=(5, 5), follow_symlinks=False)
    device.get("/file", to=out, conflict=Conflict.REPLACE)
    assert precious.read_bytes() == b"do not touch"
    assert precious.stat().st_mode & 0o7777 == 0o600
    assert not link.is_symlink()
    assert link.read_bytes() == b"x" * size


def test_a_link_of_the_files_length_and_time_is_no_copy_of_it(device: Device, tmp_path: Path, out: Path) -> None:
    device.put(write(tmp_path / "file", b"1234567", mtime_ns=5, mode=0o755))
    target = write(out / "1234567", b"", mode=0o600)
    (out / "file").symlink_to("1234567")
    os.utime(out / "file", ns=(5, 5), follow_symlinks=False)
    device.get("/file", to=out, conflict=Conflict.KEEP_BOTH)
    assert target.stat().st_mode & 0o7777 == 0o600
    assert (out / "file").is_symlink()
    assert (out / "file (2)").read_bytes() == b"1234567"


def test_a_folder_in_the_way_of_a_file(device: Device, tmp_path: Path, out: Path) -> None:
    device.put(write(tmp_path / "thing", b"x"))
    write(out / "thing" / "mine", b"mine")
    device.get("/thing", to=out, conflict=Conflict.REPLACE)
    assert (out / "thing/mine").read_bytes() == b"mine"
    assert (out / "thing (2)").read_bytes() == b"x"


@pytest.mark.parametrize("in_the_way", ["file", "link"])
def test_something_in_the_way_of_a_folder(device: Device, tmp_path: Path, out: Path, in_the_way: str) -> None:
    write(tmp_path / "thing" / "inside", b"x")
    device.put(tmp_path / "thing")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if in_the_way == "file":
        write(out / "thing", b"mine")
    else:
        (out / "thing").symlink_to(elsewhere)
    device.get("/thing", to=out, conflict=Conflict.REPLACE)
    assert (out / "thing (2)" / "inside").read_bytes() == b"x"
    assert os.listdir(elsewhere) == []
    assert (out / "thing").is_symlink() or (out / "thing").read_bytes() == b"mine"


def test_several_sources_of_one_name(device: Device, tmp_path: Path, out: Path) -> None:
    """None of them takes the place of another, not even when all is repeated."""
    for number in "123":
        write(tmp_path / number / "same", number.encode())
        write(tmp_path / number / "folder" / number, number.encode())
        device.put(tmp_path / number)
    for _ in range(2):
        device.get("/1/same", "/2/same", "/3/same", "/1/folder", "/2/folder", to=out)
        assert sorted(os.listdir(out)) == ["folder", "folder (2)", "same", "same (2)", "same (3)"]
        assert sorted((out / name).read_bytes() for name in ("same", "same (2)", "same (3)")) == [b"1", b"2", b"3"]
        assert (out / "folder/1").read_bytes() + (out / "folder (2)/2").read_bytes() == b"12"


def test_a_folder_that_may_not_be_read_later_is_written_first(device: Device, tmp_path: Path, out: Path) -> None:
    write(tmp_path / "closed" / "file", b"x")
    (tmp_path / "closed").chmod(0o500)
    device.put(tmp_path / "closed")
    device.get("/closed", to=out)
    assert (out / "closed").stat().st_mode & 0o7777 == 0o500
    assert (out / "closed/file").read_bytes() == b"x"
    (out / "closed").chmod(0o700)


# --- conflict copies


def test_a_conflict_copy_has_its_own_bytes(rig: LockerRig, tmp_path: Path, out: Path) -> None:
    """By path, it is the version that lost; its node is the winner's."""
    first, second = rig.enrol("first"), rig.enrol("second")
    source = write(tmp_path / "file", b"base", mtime_ns=1)
    first.put(source)
    second.locker.refresh()
    real = second.locker._history._read_logs
    first.put(write(source, b"from the first", mtime_ns=2))
    second.locker._history._read_logs = lambda *_: None  # type: ignore[method-assign, assignment]
    second.put(write(source, b"from the second", mtime_ns=3))
    second.locker._history._read_logs = real  # type: ignore[method-assign]
    for device in (second, first):
        device.locker.refresh()
    rows = first.locker.list_folder(ROOT)
    assert len(rows) == 2
    first.get(*(f"/{row.display_name}" for row in rows), to=out)
    found = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(found) == {row.display_name for row in rows}
    assert sorted(found.values()) == [b"from the first", b"from the second"]
    for row in rows:
        assert len(found[row.display_name]) == row.size_bytes


# --- damage


@pytest.mark.usefixtures("expected_warnings")
def test_a_damaged_slice_costs_its_file_only(device: Device, tmp_path: Path, out: Path) -> None:
    for number in range(20):
        write(tmp_path / "tree" / f"{number:02}", os.urandom(2000))
    device.put(tmp_path / "tree")
    content = device.locker._port.file_content(device.locker.node("/tree/07").id)
    damage(device, pack_of(device, "/tree/07"), content.slices[0].offset + 100)
    row = device.get("/tree", to=out)
    assert (row.failures, row.done_files, row.state) == (1, 19, State.DONE)
    (failure,) = failures(device)
    assert failure.path.endswith("/tree/07")
    assert failure.title
    assert sorted(os.listdir(out / "tree")) == [f"{n:02}" for n in range(20) if n != 7]
    for name in os.listdir(out / "tree"):
        assert (out / "tree" / name).read_bytes() == (tmp_path / "tree" / name).read_bytes()


def test_a_pack_that_is_cut_short_costs_what_lay_behind_the_cut(device: Device, tmp_path: Path, out: Path) -> None:
    for number in range(20):
        write(tmp_path / "tree" / f"{number:02}", os.urandom(2000))
    device.put(tmp_path / "tree")
    content = device.locker._port.file_content(device.locker.node("/tree/07").id)
    name = pack_of(device, "/tree/07")
    device.rig.store.put(name, device.rig.store.get(name, max_bytes=1 << 24)[: content.slices[0].offset + 100])
    row = device.get("/tree", to=out)
    assert (row.failures, row.done_files) == (13, 7)
    assert sorted(os.listdir(out / "tree")) == [f"{n:02}" for n in range(7)]


@pytest.mark.parametrize("slice_number", [0, 1, 2])
@pytest.mark.parametrize("how", ["flipped", "gone", "cut"])
def test_a_large_file_appears_whole_or_not_at_all(
    device: Device, tmp_path: Path, out: Path, slice_number: int, how: str
) -> None:
    write(tmp_path / "tree" / "large", os.urandom(2 * SLICE + 10))
    write(tmp_path / "tree" / "small", b"s")
    device.put(tmp_path / "tree")
    content = device.locker._port.file_content(device.locker.node("/tree/large").id)
    name = pack_of(device, "/tree/large", slice_number)
    shared = name == pack_of(device, "/tree/small")
    if how == "flipped":
        damage(device, name, content.slices[slice_number].offset + 70)
    elif how == "gone":
        device.rig.store.delete(name)
    else:
        device.rig.store.put(name, device.rig.store.get(name, length=content.slices[slice_number].offset + 100))
    row = device.get("/tree", to=out)
    assert row.failures == (2 if shared and how != "flipped" else 1)
    assert not (out / "tree" / "large").exists()
    assert leftovers(out) == []


@pytest.mark.usefixtures("expected_warnings")
def test_a_damaged_slice_list_costs_its_file_only(
    device: Device, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "MAX_INLINE_SLICES", 1)
    write(tmp_path / "tree" / "large", os.urandom(SLICE + 10))
    write(tmp_path / "tree" / "small", b"s")
    device.put(tmp_path / "tree")
    with device.locker._index.read() as session:
        stored = device.locker._port._content(session, device.locker.node("/tree/large").id, None)
    damage(device, names.pack(stored.slices[0].pack), 100)  # type: ignore[union-attr]
    row = device.get("/tree", to=out)
    assert (row.failures, row.done_files) == (1, 1)
    assert failures(device)[0].path.endswith("/tree/large")
    assert os.listdir(out / "tree") == ["small"]


def test_replacing_fails_and_the_users_file_stays(device: Device, tmp_path: Path, out: Path) -> None:
    device.put(write(tmp_path / "file", b"theirs"))
    damage(device, pack_of(device, "/file"), 70)
    write(out / "file", b"mine")
    assert device.get("/file", to=out, conflict=Conflict.REPLACE).failures == 1
    assert (out / "file").read_bytes() == b"mine"


@pytest.mark.parametrize("size", [9, 2 * SLICE])
def test_what_appears_while_it_is_fetched_is_not_overwritten(
    device: Device, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    ours = os.urandom(size)
    write(tmp_path / "tree" / "name.txt", ours)
    device.put(tmp_path / "tree")

    def late(old: bytes, new: bytes) -> None:
        if new.endswith(b"name.txt"):
            Path(os.fsdecode(new)).write_bytes(b"the user's")
        rename_new(old, new)

    monkeypatch.setattr(download, "rename_new", late)
    assert device.get("/tree", to=out).failures == 0
    assert (out / "tree" / "name.txt").read_bytes() == b"the user's"
    assert (out / "tree" / "name (2).txt").read_bytes() == ours


# --- storage and disk


def test_storage_that_goes_away_ends_it_and_it_goes_on_later(device: Device, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    for name in "abc":
        write(tmp_path / "tree" / name, os.urandom(4 * SLICE))
    device.put(tmp_path / "tree")
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, ("get",), "packs/", at=frozenset(range(3, 99)))])
    with pytest.raises(StoreUnavailableError):
        device.get("/tree", to=out)
    (row,) = [row for row in device.locker.transfers.rows() if row.direction.value == "down"]
    assert row.state is State.QUEUED
    assert row.error
    for name in os.listdir(out / "tree"):  # no partial file at a real name
        if not name.startswith("."):
            assert (out / "tree" / name).read_bytes() == (tmp_path / "tree" / name).read_bytes()
    device.faults.set_faults([])
    row = device.locker.transfers.run_now(row.id)
    assert (row.state, row.failures) == (State.DONE, 0)
    assert row.moved_bytes < 10 * SLICE, "slices that were there were fetched again"
    for name in "abc":
        assert (out / "tree" / name).read_bytes() == (tmp_path / "tree" / name).read_bytes()
    assert leftovers(out) == []


def test_one_large_file_is_fetched_by_all_at_once(device: Device, tmp_path: Path, out: Path) -> None:
    """Also when it is the last one in the queue, behind which the others are told that they may end."""
    write(tmp_path / "file", os.urandom(6 * SLICE))
    device.put(tmp_path / "file")
    assert device.faults is not None
    meeting = threading.Barrier(2, timeout=20)
    order = itertools.count()

    def meet(operation: str, name: str) -> None:
        if operation == "get" and name.startswith("packs/") and next(order) < 2:
            meeting.wait()

    device.faults.before = meet
    device.get("/file", to=out)
    assert (out / "file").read_bytes() == (tmp_path / "file").read_bytes()


def test_slices_of_one_pack_come_in_one_request(device: Device, tmp_path: Path, out: Path) -> None:
    write(tmp_path / "file", os.urandom(4 * SLICE + 1))
    device.put(tmp_path / "file")
    assert device.faults is not None
    device.faults.calls.clear()
    device.get("/file", to=out)
    assert device.faults.calls["get"] <= 4
    assert (out / "file").read_bytes() == (tmp_path / "file").read_bytes()


def test_cancelling_leaves_nothing_behind(device: Device, tmp_path: Path, out: Path) -> None:
    write(tmp_path / "file", os.urandom(12 * SLICE))
    device.put(tmp_path / "file")
    number = device.locker.download(["/file"], str(out))
    assert device.faults is not None

    def cancel(operation: str, name: str) -> None:
        if operation == "get" and device.faults is not None and device.faults.calls["get"] >= seen + 3:
            device.locker.transfers.cancel(number)

    seen = device.faults.calls["get"]
    device.faults.after = cancel
    with pytest.raises(CancelledError):
        device.locker.transfers.run_now(number)
    assert device.locker.transfers.row(number).state is State.CANCELLED
    assert os.listdir(out) == []


def test_a_full_disk_pauses(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "full"
    write(tmp_path / "tree" / "small", b"x" * 1000)
    write(tmp_path / "tree" / "large", os.urandom(2 * SLICE))
    device.put(tmp_path / "tree")
    real = os.pwrite

    def full(descriptor: int, data: Any, offset: int) -> int:
        if len(data) > 1000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data, offset)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(LocalFullError, match="no room") as caught:
        device.get("/tree", to=out)
    assert caught.value.remedy
    monkeypatch.undo()
    (row,) = [row for row in device.locker.transfers.rows() if row.direction.value == "down"]
    assert row.state is State.QUEUED
    device.locker.transfers.run_now(row.id)
    assert (out / "tree/large").read_bytes() == (tmp_path / "tree/large").read_bytes()
    assert leftovers(out) == []


def test_a_destination_that_cannot_be_made(device: Device, tmp_path: Path) -> None:
    device.put(write(tmp_path / "file", b"x"))
    write(tmp_path / "no folder", b"mine")
    with pytest.raises(LocalFileError) as caught:
        device.get("/file", to=tmp_path / "no folder" / "below")
    assert "no folder" in str(caught.value)
    with pytest.raises(LocalFileError):
        device.get("/file", to=tmp_path / "no folder")
    assert (tmp_path / "no folder").read_bytes() == b"mine"
    assert {row.state for row in device.locker.transfers.rows()} == {State.DONE, State.FAILED}


def test_names_that_cannot_be_written_here(device: Device, tmp_path: Path, out: Path, monkeypatch: Any) -> None:
    """Each costs itself and what is below it."""
    for name in ("a", "bad", "c"):
        write(tmp_path / "tree" / name / "file", b"x")
    device.put(tmp_path / "tree")
    real = os.mkdir

    def refuse(path: Any, mode: int = 0o777, **kwargs: Any) -> None:
        if str(path).endswith("bad"):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        real(path, mode, **kwargs)

    monkeypatch.setattr(os, "mkdir", refuse)
    row = device.get("/tree", to=out)
    assert (row.failures, row.done_files) == (1, 2)
    assert sorted(os.listdir(out / "tree")) == ["a", "c"]


def test_a_version_of_old(device: Device, tmp_path: Path, out: Path) -> None:
    source = write(tmp_path / "file", b"old", mtime_ns=1, mode=0o600)
    device.put(source)
    device.put(write(source, b"newer", mtime_ns=2, mode=0o644))
    old = device.locker.versions("/file")[1]
    path = Path(device.locker.download_version("/file", old.id, str(out)))
    assert path.read_bytes() == b"old"
    assert (path.stat().st_mtime_ns, path.stat().st_mode & 0o7777) == (1, 0o600)
    assert Path(device.locker.download_version("/file", old.id, str(out))).name == "file (2)"


def test_everything_that_is_there(device: Device, tmp_path: Path, out: Path) -> None:
    """The whole locker by its root, and several sources at once."""
    write(tmp_path / "tree" / "deep" / "file", b"x")
    write(tmp_path / "tree" / "empty", b"")
    (tmp_path / "tree" / "folder").mkdir()
    device.put(tmp_path / "tree", write(tmp_path / "single", b"y"))
    device.get("/", to=out)
    assert sorted(os.listdir(out)) == ["single", "tree"]
    device.get("/tree/deep", "/single", to=out / "some")
    assert (out / "some/deep/file").read_bytes() == b"x"
    assert (out / "some/single").read_bytes() == b"y"


def test_threads_end(device: Device, tmp_path: Path, out: Path) -> None:
    device.put(write(tmp_path / "file", b"x"))
    started = time.monotonic()
    device.get("/file", to=out)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("download-")]
    assert time.monotonic() - started < 5
    with pytest.raises(MegaDeskError):
        device.get("/nothing", to=out)
