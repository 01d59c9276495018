"""Uploads of real files into a locker in memory: what is sent, what is not, and what is said about the rest."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import MegaDeskError, PathError, StoreUnavailableError
from megadesk.format import names
from megadesk.stores import meter
from megadesk.stores.api import Data
from megadesk.transfer import upload as upload_module
from megadesk.transfer.port import Conflict, ConflictAnswer, ConflictQuestion, FileFailure
from megadesk.transfer.upload import SMALL_BYTES, UploadOptions
from megadesk.types import ROOT, NodeKind
from tests.lockers import Device, Killed, LockerRig, write

SLICE = 8_387_584


def content(device: Device, path: str, to: Path) -> bytes:
    """What ``get`` gives."""
    row = device.get(path, to=to)
    assert not row.failures
    return (to / path.rpartition("/")[2]).read_bytes()


def names_in(device: Device, path: str = "/") -> list[str]:
    return [row.display_name for row in device.locker.list_folder(path if path != "/" else ROOT)]


def failures(device: Device) -> list[FileFailure]:
    rows = device.locker.transfers.rows()
    return [failure for row in rows for failure in device.locker.transfers.failures(row.id)]


def sent(device: Device, before: dict[str, int]) -> int:
    """Bytes of packs that were put since ``before``."""
    return sum(size for name, size in device.packs().items() if name not in before)


# --- sizes


@pytest.mark.parametrize("size", [0, 1, SMALL_BYTES - 1, SMALL_BYTES, SMALL_BYTES + 1, SLICE - 1, SLICE, SLICE + 1])
def test_sizes_at_the_borders(device: Device, tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    row = device.put(write(tmp_path / "file", data))
    assert (row.done_files, row.done_bytes, row.failures) == (1, size, 0)
    assert len(device.packs()) == (1 if size else 0)
    assert content(device, "/file", tmp_path / "out") == data
    assert not device.locker.upkeep.check(read_data=True).problems


def test_a_slow_line_is_seen_to_move(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a pack's bytes on their way look like to whoever asks for the row meanwhile."""
    put, seen = device.rig.store.put, []

    def slow(name: str, data: Data, *, create_only: bool = False) -> None:
        if name.startswith("packs/"):
            meter.travelled(60_000)
            (row,) = device.locker.transfers.rows()
            seen.append((row.done_bytes, row.done_files))
        put(name, data, create_only=create_only)

    monkeypatch.setattr(device.rig.store, "put", slow)
    row = device.put(write(tmp_path / "file", os.urandom(100_000)))
    assert seen == [(60_000, 0)]
    assert (row.done_bytes, row.done_files) == (100_000, 1)


def test_many_small_files_share_a_pack(device: Device, tmp_path: Path) -> None:
    for number in range(300):
        write(tmp_path / "many" / f"{number}", b"%d" % number)
    device.put(tmp_path / "many")
    assert len(device.packs()) == 1
    assert device.locker.totals("/many").files == 300


def test_a_full_file_of_every_size_class_in_one_upload(device: Device, tmp_path: Path) -> None:
    sizes = [0, 5, SMALL_BYTES, SMALL_BYTES + 1, SLICE + 7, 3 * SLICE]
    for size in sizes:
        write(tmp_path / "tree" / str(size), os.urandom(size))
    device.put(tmp_path / "tree")
    device.get("/tree", to=tmp_path / "out")
    for size in sizes:
        assert (tmp_path / "out" / "tree" / str(size)).read_bytes() == (tmp_path / "tree" / str(size)).read_bytes()


def test_slice_lists_that_do_not_fit_into_an_entry(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "MAX_INLINE_SLICES", 1)
    data = os.urandom(2 * SLICE + 5)
    source = write(tmp_path / "file", data)
    device.put(source)
    node = device.locker.node("/file").id
    assert device.locker._port.file_content(node).size == len(data)
    assert len(device.locker._port.file_content(node).slices) == 3
    assert content(device, "/file", tmp_path / "out") == data
    # The list's slices are reused as well, and gc keeps them.
    before = device.packs()
    write(source, data + b"more", mtime_ns=1)
    device.put(source)
    assert sent(device, before) < 100_000
    device.locker.upkeep.collect_garbage()
    device.locker.upkeep.collect_garbage()
    assert not device.locker.upkeep.check(read_data=True).problems
    assert content(device, "/file", tmp_path / "out2") == data + b"more"


def test_an_old_slice_list_that_is_damaged_costs_only_its_reuse(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "MAX_INLINE_SLICES", 1)
    source = write(tmp_path / "file", os.urandom(SLICE + 5))
    device.put(source)
    with device.locker._index.read() as session:
        stored = device.locker._port._content(session, device.locker.node("/file").id, None)
    assert stored is not None
    device.rig.store.delete(names.pack(stored.slices[0].pack))  # type: ignore[union-attr]
    data = os.urandom(SLICE + 6)
    write(source, data)
    assert device.put(source, write(tmp_path / "other", b"x")).failures == 0
    assert content(device, "/file", tmp_path / "out") == data


# --- what is not sent again


def test_an_unchanged_file_is_not_read(device: Device, tmp_path: Path) -> None:
    source = write(tmp_path / "file", b"x")
    device.put(source)
    entries = device.locker.status().entries
    row = device.put(source)
    assert (row.unchanged_files, row.done_files, row.moved_bytes) == (1, 1, 0)
    assert device.locker.status().entries == entries


def test_a_new_time_alone_sends_nothing(device: Device, tmp_path: Path) -> None:
    source = write(tmp_path / "file", b"x", mtime_ns=10**18)
    device.put(source)
    before = device.packs()
    os.utime(source, ns=(0, 2 * 10**18 + 7))
    device.put(source)
    assert device.packs() == before
    assert device.locker.node("/file").mtime_ns == 2 * 10**18 + 7


def test_chmod_alone_sends_nothing(device: Device, tmp_path: Path) -> None:
    source = write(tmp_path / "file", b"x", mode=0o644)
    device.put(source)
    before = device.packs()
    source.chmod(0o755)
    device.put(source)
    assert device.packs() == before
    assert device.locker.node("/file").mode == 0o755
    assert len(device.locker.versions("/file")) == 1


def test_appending_sends_the_last_slices_only(device: Device, tmp_path: Path) -> None:
    data = os.urandom(40 << 20)
    source = write(tmp_path / "file", data)
    device.put(source)
    before = device.packs()
    with source.open("ab") as file:
        file.write(b"appended")
    device.put(source)
    # The last of five slices is the only one whose bytes are others now.
    assert sent(device, before) <= 9 << 20
    assert content(device, "/file", tmp_path / "out") == data + b"appended"
    assert [row.size_bytes for row in device.locker.versions("/file")] == [len(data) + 8, len(data)]


def test_a_change_in_the_middle_sends_one_slice(device: Device, tmp_path: Path) -> None:
    data = bytearray(os.urandom(3 * SLICE))
    source = write(tmp_path / "file", data)
    device.put(source)
    before = device.packs()
    data[SLICE + 100] ^= 1
    write(source, data)
    device.put(source)
    assert sent(device, before) <= 9 << 20
    assert content(device, "/file", tmp_path / "out") == data


# --- kinds and names


def test_links_are_kept_as_links(device: Device, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    write(tree / "real" / "file", b"x")
    (tree / "link").symlink_to("real")
    (tree / "dangling").symlink_to("/nowhere/at all")
    os.symlink(b"caf\xe9", os.fsencode(tree / "odd"))
    device.put(tree)
    row = device.put(tree)
    assert row.unchanged_files == 4
    device.get("/tree", to=tmp_path / "out")
    for name in ("link", "dangling", "odd"):
        made, source = tmp_path / "out/tree" / name, tree / name
        assert os.readlink(os.fsencode(made)) == os.readlink(os.fsencode(source))
        assert made.lstat().st_mtime_ns == source.lstat().st_mtime_ns
    (tree / "link").unlink()
    (tree / "link").symlink_to("elsewhere")
    device.put(tree)
    assert len(device.locker.versions("/tree/link")) == 2


def test_special_files_are_left_out_and_named(device: Device, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    write(tree / "file", b"x")
    os.mkfifo(tree / "pipe")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tree / "socket"))
        row = device.put(tree)
    assert row.failures == 2
    assert {Path(f.path).name for f in failures(device)} == {"pipe", "socket"}
    assert names_in(device, "/tree") == ["file"]


def test_names_that_are_no_text(device: Device, tmp_path: Path) -> None:
    raw = [b"caf\xe9", b"\xff\xfe", b"new\nline", b"x" * 255, "é\u202e".encode()]
    tree = os.fsencode(tmp_path / "tree")
    os.mkdir(tree)
    for name in raw:
        with open(tree + b"/" + name, "wb") as file:
            file.write(name)
    device.put(tmp_path / "tree")
    device.get("/tree", to=tmp_path / "out")
    assert sorted(os.listdir(os.fsencode(tmp_path / "out/tree"))) == sorted(raw)
    for name in raw:
        with open(os.fsencode(tmp_path / "out/tree") + b"/" + name, "rb") as file:
            assert file.read() == name


def test_modes_and_times_of_folders(device: Device, tmp_path: Path) -> None:
    folder = tmp_path / "tree" / "deep"
    write(folder / "file", b"x", mode=0o640, mtime_ns=123)
    folder.chmod(0o750)
    os.utime(folder, ns=(1, 1_500_000_000_000_000_001))
    device.put(tmp_path / "tree")
    device.get("/tree", to=tmp_path / "out")
    made = tmp_path / "out/tree/deep"
    assert (made.stat().st_mode & 0o7777, made.stat().st_mtime_ns) == (0o750, 1_500_000_000_000_000_001)
    assert ((made / "file").stat().st_mode & 0o7777, (made / "file").stat().st_mtime_ns) == (0o640, 123)
    os.utime(folder, ns=(1, 5))
    device.put(tmp_path / "tree")
    assert device.locker.node("/tree/deep").mtime_ns == 5


def test_several_sources_of_one_name(device: Device, tmp_path: Path) -> None:
    """They are different things: neither may hide the other, in whatever order they are stored."""
    sources = [write(tmp_path / "1" / "same", b"one"), write(tmp_path / "2" / "same", b"two" * 1_000_000)]
    for _ in range(2):
        device.put(*sources)
        assert names_in(device) == ["same", "same (2)"]
    assert device.locker.node("/same (2)").size_bytes == 3_000_000
    write(sources[1], b"more", mtime_ns=5)
    device.put(*sources)
    assert [len(device.locker.versions(f"/{name}")) for name in names_in(device)] == [1, 2]


def test_several_folders_of_one_name(device: Device, tmp_path: Path) -> None:
    write(tmp_path / "1" / "same" / "a", b"one")
    write(tmp_path / "2" / "same" / "b", b"two")
    for _ in range(2):
        device.put(tmp_path / "1/same", tmp_path / "2/same")
        assert [path for path, _ in device.locker.walk(ROOT)] == ["same", "same (2)", "same/a", "same (2)/b"]


def test_a_source_that_is_not_there(device: Device, tmp_path: Path) -> None:
    with pytest.raises(PathError, match="is not there"):
        device.put(tmp_path / "nothing")
    assert device.locker.transfers.pending() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="changes the user to be refused by the system")
def test_unreadable_files_are_left_out_and_named(device: Device, tmp_path: Path, monkeypatch: Any) -> None:
    tree = tmp_path / "tree"
    write(tree / "a", b"x")
    write(tree / "secret", b"x")
    write(tree / "large secret", b"x" * (SMALL_BYTES + 1))
    write(tree / "closed" / "file", b"x")
    write(tree / "z", b"x")
    real_open, real_scan = os.open, os.scandir

    def refuse(path: Any, *args: Any, **kwargs: Any) -> int:
        if "secret" in os.fspath(path):
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, *args, **kwargs)

    def refuse_scan(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real_scan(path)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_scan)
    row = device.put(tree)
    assert (row.failures, row.state.value) == (3, "done")
    assert {Path(f.path).name for f in failures(device)} == {"secret", "large secret", "closed"}
    assert all("may not be read" in f.message and f.remedy for f in failures(device))
    assert names_in(device, "/tree") == ["a", "closed", "z"]


# --- files that change while they are read


@pytest.fixture
def when_read(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Callable[[int], None]], None]:
    """Call something after every read of a file's bytes, with the number of the read."""

    def hook(path: Path, action: Callable[[int], None]) -> None:
        inode = path.stat().st_ino
        count = 0
        real_readv, real_preadv = os.readv, os.preadv
        lock = threading.Lock()

        def note(descriptor: int) -> None:
            nonlocal count
            if os.fstat(descriptor).st_ino == inode:
                with lock:
                    count += 1
                    number = count
                action(number)

        def readv(descriptor: int, buffers: Any) -> int:
            size = real_readv(descriptor, buffers)
            note(descriptor)
            return size

        def preadv(descriptor: int, buffers: Any, offset: int) -> int:
            size = real_preadv(descriptor, buffers, offset)
            note(descriptor)
            return size

        monkeypatch.setattr(os, "readv", readv)
        monkeypatch.setattr(os, "preadv", preadv)

    return hook


@pytest.mark.parametrize("size", [1000, SMALL_BYTES + 1, SLICE + 1])
def test_a_file_that_changes_once_is_read_again(
    device: Device, tmp_path: Path, when_read: Callable[[Path, Callable[[int], None]], None], size: int
) -> None:
    source = write(tmp_path / "file", b"a" * size)
    when_read(source, lambda number: write(source, b"b" * (size + 1), mtime_ns=9) and None if number == 1 else None)
    row = device.put(source)
    assert (row.failures, row.done_files, row.done_bytes) == (0, 1, size + 1)
    assert content(device, "/file", tmp_path / "out") == b"b" * (size + 1)
    assert len(device.locker.versions("/file")) == 1


@pytest.mark.parametrize("size", [1000, SMALL_BYTES + 1, SLICE + 1])
def test_a_file_that_keeps_changing_is_left_out_and_named(
    device: Device, tmp_path: Path, when_read: Callable[[Path, Callable[[int], None]], None], size: int
) -> None:
    source = write(tmp_path / "tree/file", b"a" * size)
    write(tmp_path / "tree/quiet", b"q")
    when_read(source, lambda number: os.utime(source, ns=(number, number)))
    row = device.put(tmp_path / "tree")
    assert row.failures == 1
    assert failures(device)[0].title == "A file kept changing"
    assert failures(device)[0].remedy
    assert names_in(device, "/tree") == ["quiet"]
    assert not device.locker.upkeep.check(read_data=True).problems


@pytest.mark.parametrize("size", [1000, SLICE + 1])
def test_a_file_that_shrinks(
    device: Device, tmp_path: Path, when_read: Callable[[Path, Callable[[int], None]], None], size: int
) -> None:
    source = write(tmp_path / "file", b"a" * size)
    when_read(source, lambda number: os.truncate(source, 10) if number == 1 else None)
    device.put(source)
    assert content(device, "/file", tmp_path / "out") == b"a" * 10


def test_a_file_that_vanishes_is_left_out_and_named(
    device: Device, tmp_path: Path, when_read: Callable[[Path, Callable[[int], None]], None]
) -> None:
    first, second = write(tmp_path / "tree/1", b"a"), write(tmp_path / "tree/2", b"b")
    when_read(first, lambda number: second.unlink(missing_ok=True))
    assert device.put(tmp_path / "tree").failures == 1
    assert failures(device)[0].path == str(second)
    assert names_in(device, "/tree") == ["1"]


# --- conflicts


def conflict(device: Device, tmp_path: Path, choice: Conflict, ask: Any = None, mtime_ns: int = 10**18) -> None:
    device.put(write(tmp_path / "1/note.txt", b"old", mtime_ns=5 * 10**17))
    device.put(write(tmp_path / "2/note.txt", b"newer", mtime_ns=mtime_ns), conflict=choice, ask=ask)


def test_replace_keeps_the_old_version(device: Device, tmp_path: Path) -> None:
    conflict(device, tmp_path, Conflict.REPLACE)
    assert names_in(device) == ["note.txt"]
    assert [row.size_bytes for row in device.locker.versions("/note.txt")] == [5, 3]


def test_keep_both(device: Device, tmp_path: Path) -> None:
    conflict(device, tmp_path, Conflict.KEEP_BOTH)
    assert names_in(device) == ["note (2).txt", "note.txt"]
    assert device.locker.node("/note (2).txt").size_bytes == 5


def test_keep_both_that_is_repeated_makes_no_third(device: Device, tmp_path: Path) -> None:
    """As it happens when an upload is interrupted after some of its files were committed."""
    conflict(device, tmp_path, Conflict.KEEP_BOTH)
    row = device.put(tmp_path / "2/note.txt", conflict=Conflict.KEEP_BOTH)
    assert row.unchanged_files == 1
    assert names_in(device) == ["note (2).txt", "note.txt"]


def test_skip(device: Device, tmp_path: Path) -> None:
    conflict(device, tmp_path, Conflict.SKIP)
    assert len(device.locker.versions("/note.txt")) == 1


@pytest.mark.parametrize(("mtime_ns", "versions"), [(4 * 10**17, 1), (6 * 10**17, 2)])
def test_newer(device: Device, tmp_path: Path, mtime_ns: int, versions: int) -> None:
    conflict(device, tmp_path, Conflict.NEWER, mtime_ns=mtime_ns)
    assert len(device.locker.versions("/note.txt")) == versions


def test_ask_is_asked_until_it_says_all(device: Device, tmp_path: Path) -> None:
    for name in "abcd":
        write(tmp_path / "1/tree" / name, b"old", mtime_ns=1)
        write(tmp_path / "2/tree" / name, b"newer", mtime_ns=2)
    device.put(tmp_path / "1/tree")
    asked: list[ConflictQuestion] = []
    answers = [ConflictAnswer(Conflict.SKIP), ConflictAnswer(Conflict.REPLACE, apply_to_all=True)]

    def ask(question: ConflictQuestion) -> ConflictAnswer:
        asked.append(question)
        return answers[len(asked) - 1]

    device.put(tmp_path / "2/tree", conflict=Conflict.ASK, ask=ask)
    assert [Path(question.path).name for question in asked] == ["a", "b"]
    assert (asked[0].existing_size, asked[0].new_size) == (3, 5)
    assert (asked[0].existing_mtime_ns, asked[0].new_mtime_ns) == (1, 2)
    assert [len(device.locker.versions(f"/tree/{name}")) for name in "abcd"] == [1, 2, 2, 2]


@pytest.mark.parametrize("old", ["file", "folder", "link"])
@pytest.mark.parametrize("new", ["file", "folder", "link"])
@pytest.mark.parametrize("choice", [Conflict.REPLACE, Conflict.SKIP, Conflict.KEEP_BOTH])
def test_conflicts_between_kinds(device: Device, tmp_path: Path, old: str, new: str, choice: Conflict) -> None:
    """What is there is never lost, whatever comes: it stays, or it goes to the trash or the versions."""
    if old == new == "folder":
        pytest.skip("folders are merged")

    def make(path: Path, kind: str, data: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "file":
            return write(path, data.encode())
        if kind == "link":
            path.symlink_to(data)
        else:
            write(path / data, data.encode())
        return path

    kinds = {"file": NodeKind.FILE, "folder": NodeKind.FOLDER, "link": NodeKind.LINK}
    device.put(make(tmp_path / "1" / "thing", old, "old"))
    node = device.locker.node("/thing").id
    device.put(make(tmp_path / "2" / "thing", new, "newer"), conflict=choice)
    device.put(tmp_path / "2" / "thing", conflict=choice)  # and when it is repeated
    listed = {row.display_name: row for row in device.locker.list_folder(ROOT)}
    if choice is Conflict.REPLACE:
        assert set(listed) == {"thing"}
        assert listed["thing"].kind is kinds[new]
        if old == new:
            assert len(device.locker.versions("/thing")) == 2
        else:
            assert [item.row.id for item in device.locker.trash()] == [node]
    elif choice is Conflict.SKIP:
        assert set(listed) == {"thing"}
        assert listed["thing"].id == node
        assert not device.locker.trash()
        assert old == "folder" or len(device.locker.versions("/thing")) == 1
    else:
        assert set(listed) == {"thing", "thing (2)"}
        assert listed["thing"].id == node
        assert listed["thing (2)"].kind is kinds[new]


def test_a_folder_is_not_displaced_by_a_file_that_cannot_be_read(
    device: Device, tmp_path: Path, when_read: Callable[[Path, Callable[[int], None]], None]
) -> None:
    write(tmp_path / "1/thing/inside", b"x")
    device.put(tmp_path / "1/thing")
    source = write(tmp_path / "2/thing", b"y")
    when_read(source, lambda number: os.utime(source, ns=(number, number)))
    assert device.put(source).failures == 1
    assert names_in(device, "/thing") == ["inside"]
    assert not device.locker.trash()


# --- what storage does


def test_a_pack_that_is_put_is_not_put_again(device: Device, tmp_path: Path) -> None:
    for number in range(6):
        write(tmp_path / "tree" / str(number), os.urandom(5_000_000))
    for round_number in (2, 4):
        assert device.faults is not None
        device.kill_at(round_number, "put packs/")
        with pytest.raises(Killed):
            device.put(tmp_path / "tree")
        device.bury()
        device.open()
    before = device.packs()
    assert before
    row = device.put(tmp_path / "tree")
    assert before.items() <= device.packs().items()
    assert row.done_bytes == 30_000_000
    assert row.moved_bytes <= 30_000_000 - 5_000_000
    assert not device.locker.upkeep.check(read_data=True).problems
    assert device.locker.upkeep.check().unused_packs <= 2  # at most what was in flight


def test_a_pack_that_got_lost_is_sent_again(device: Device, tmp_path: Path) -> None:
    """Its name was not durable yet when the power failed, but the journal was."""
    write(tmp_path / "tree/a", os.urandom(5_000_000))
    device.kill_at(1, "flush")
    with pytest.raises(Killed):
        device.put(tmp_path / "tree")
    device.bury()
    for name in device.packs():
        device.rig.store.delete(name)
    device.open()
    device.put(tmp_path / "tree")
    assert not device.locker.upkeep.check(read_data=True).problems
    assert content(device, "/tree/a", tmp_path / "out") == (tmp_path / "tree/a").read_bytes()


def test_packs_that_another_device_condemned_meanwhile_are_sent_again(rig: LockerRig, tmp_path: Path) -> None:
    """Packs of an interrupted upload are unused in the eyes of another device."""
    device, other = rig.enrol(), rig.enrol()
    device.open()
    other.open()
    source = write(tmp_path / "file", os.urandom(1_000_000))
    device.kill_at(1, "put log/")
    with pytest.raises(Killed):
        device.put(source)
    device.bury()
    assert other.locker.upkeep.collect_garbage().packs_condemned == 1
    device.open()
    device.put(source)
    for _ in range(3):
        other.locker.refresh()
        other.locker.upkeep.collect_garbage()
        device.locker.refresh()
    assert not device.locker.upkeep.check(read_data=True).problems
    assert content(device, "/file", tmp_path / "out") == source.read_bytes()


def test_slices_in_condemned_packs_are_not_reused(rig: LockerRig, tmp_path: Path) -> None:
    """One device purges a file while another copies it: what the copy needs stays, and the copy may be replaced."""
    device, other = rig.enrol(), rig.enrol()
    device.open()
    other.open()
    source = write(tmp_path / "file", os.urandom(SLICE + 100))
    device.put(source)
    other.locker.refresh()
    device.locker.trash_nodes(["/file"])
    device.locker.purge(None)
    device.locker.upkeep.collect_garbage()
    # The other one copies before it hears of that; its own clock decides what it knew.
    assert other.faults is not None
    real = other.locker._history._read_logs
    other.locker._history._read_logs = lambda result: None  # type: ignore[method-assign]
    other.locker.copy(["/file"], "/", new_name="copy")
    other.locker._history._read_logs = real  # type: ignore[method-assign]
    for each in (other, device, other, device):
        each.locker.refresh()
        each.locker.upkeep.collect_garbage()
    assert content(other, "/copy", tmp_path / "out") == source.read_bytes()
    with source.open("ab") as file:
        file.write(b"more")
    source.rename(tmp_path / "copy")
    for each in (device, other):
        each.put(tmp_path / "copy")
    assert content(device, "/copy", tmp_path / "out2") == (tmp_path / "copy").read_bytes()
    assert not device.locker.upkeep.check(read_data=True).problems


@pytest.mark.parametrize("widths", [UploadOptions(1, 1, 3), UploadOptions(3, 3, 8)])
def test_a_failing_store_ends_the_upload_with_its_error(rig: LockerRig, tmp_path: Path, widths: UploadOptions) -> None:
    device = rig.enrol(options=widths)
    device.open()
    for number in range(8):
        write(tmp_path / "tree" / str(number), os.urandom(3_000_000))
    assert device.faults is not None
    error = StoreUnavailableError("Gone.")
    puts: list[str] = []

    def fail(operation: str, name: str) -> None:
        if operation == "put" and name.startswith("packs/"):
            puts.append(name)
            if len(puts) > 1:
                raise error

    device.faults.before = fail
    with pytest.raises(MegaDeskError) as caught:
        device.put(tmp_path / "tree")
    assert caught.value is error
    device.faults.before = None
    row = device.put(tmp_path / "tree")
    assert (row.done_files, row.failures) == (8, 0)
    assert not device.locker.upkeep.check(read_data=True).problems
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("upload-")]
