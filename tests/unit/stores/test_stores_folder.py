"""The folder store where it is more than the contract: vanished drives, planted files, crashes, odd paths."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.errors import (
    AddressError,
    MegaDeskError,
    ObjectExistsError,
    ObjectNotFoundError,
    Retry,
    StoreError,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores.api import Store
from megadesk.stores.folder import FolderStore
from megadesk.stores.open import open_store

NOT_UTF8 = os.fsdecode(b"caf\xe9 \xff")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "drive" / "store"


@pytest.fixture
def store(root: Path) -> FolderStore:
    return FolderStore.create(root)


def names(store: Store) -> list[str]:
    return [info.name for info in store.list()]


def files_below(path: Path) -> list[str]:
    return sorted(str(found.relative_to(path)) for found in path.rglob("*"))


def operations(store: Store) -> list[Callable[[], object]]:
    return [
        lambda: store.put("packs/ab/x", b"new"),
        lambda: store.put("packs/ab/x", b"new", create_only=True),
        lambda: store.get("packs/ab/x"),
        lambda: store.get_into("packs/ab/x", memoryview(bytearray(1))),
        lambda: store.stat("packs/ab/x"),
        lambda: list(store.list()),
        lambda: list(store.list("packs/")),
        lambda: list(store.list("nothing/")),
        lambda: store.delete("packs/ab/x"),
        store.free_bytes,
    ]


# the folder of the store


def test_only_create_makes_the_folder(root: Path) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        FolderStore(root)
    assert caught.value.retry is Retry.RETRYABLE
    assert caught.value.remedy
    assert not root.parent.exists()
    FolderStore.create(root).put("a", b"x")
    FolderStore.create(root).put("b", b"x")
    assert names(FolderStore(root)) == ["a", "b"]


def test_opening_writes_nothing(root: Path) -> None:
    root.mkdir(parents=True)
    store = FolderStore(root)
    assert names(store) == []
    store.flush()
    assert files_below(root) == []


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(AddressError):
            FolderStore(path)
        with pytest.raises(AddressError):
            FolderStore.create(path)


def test_vanished_folder_is_unavailable_and_never_made_again(store: FolderStore, root: Path) -> None:
    store.put("packs/ab/x", b"x")
    store.flush()
    shutil.rmtree(root)
    for operation in operations(store):
        with pytest.raises(StoreUnavailableError):
            operation()
    assert not root.exists()


def test_empty_mount_point_is_not_an_empty_store(store: FolderStore, root: Path) -> None:
    store.put("packs/ab/x", b"x")
    store.flush()
    root.rename(root.with_name("unmounted"))
    root.mkdir()
    for operation in operations(store):
        with pytest.raises(StoreUnavailableError):
            operation()
    assert files_below(root) == []
    root.rmdir()
    root.with_name("unmounted").rename(root)
    assert store.get("packs/ab/x") == b"x"


def test_another_store_in_its_place_is_refused(store: FolderStore, root: Path) -> None:
    root.rename(root.with_name("first"))
    FolderStore.create(root)
    with pytest.raises(StoreUnavailableError):
        store.put("a", b"x")


def test_same_store_under_another_inode_is_known_again(store: FolderStore, root: Path) -> None:
    store.put("packs/ab/x", b"x")
    store.flush()
    shutil.copytree(root, root.with_name("copy"))
    shutil.rmtree(root)
    root.with_name("copy").rename(root)
    assert store.get("packs/ab/x") == b"x"
    store.put("packs/ab/y", b"y")
    store.flush()


def test_listing_does_not_end_early_when_the_drive_goes(store: FolderStore, root: Path) -> None:
    for number in range(4):
        store.put(f"packs/{number:02}/x", b"x")
    found = store.list()
    assert next(found).name == "packs/00/x"
    shutil.rmtree(root)
    with pytest.raises(StoreUnavailableError):
        list(found)


def test_flush_waits_for_a_drive_that_is_away(store: FolderStore, root: Path) -> None:
    store.put("a/b", b"x")
    root.rename(root.with_name("away"))
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            store.flush()
    root.with_name("away").rename(root)
    store.flush()  # all that was put is there again
    assert store.get("a/b") == b"x"


@pytest.mark.parametrize("cut", [False, True])
def test_flush_says_what_a_drive_that_was_away_has_lost(store: FolderStore, root: Path, cut: bool) -> None:
    store.put("a/b", b"x")
    store.put("a/c", b"y")
    away = root.with_name("away")
    root.rename(away)
    with pytest.raises(StoreUnavailableError):
        store.flush()
    if cut:
        (away / "a" / "c").write_bytes(b"")
    else:
        (away / "a" / "c").unlink()
    away.rename(root)
    for _ in range(2):
        with pytest.raises(StoreError) as caught:
            store.flush()
        assert caught.value.retry is Retry.PERMANENT
    again = FolderStore(root)
    again.put("a/c", b"y")
    again.flush()


def test_flush_says_that_a_folder_vanished(store: FolderStore, root: Path) -> None:
    store.put("a/b", b"x")
    shutil.rmtree(root / "a")
    with pytest.raises(StoreError) as caught:
        store.flush()
    assert caught.value.retry is Retry.PERMANENT
    store.flush()


def test_a_store_copied_without_its_marker_gets_one_when_written(store: FolderStore, root: Path) -> None:
    (root / ".megadesk-store").unlink()
    store = FolderStore(root)
    store.put("a", b"x")
    marker = (root / ".megadesk-store").read_bytes()
    assert len(marker) == 32
    store.put("b", b"x")
    FolderStore.create(root)
    assert (root / ".megadesk-store").read_bytes() == marker
    (root / ".megadesk-store").write_bytes(b"torn")
    FolderStore.create(root)
    assert len((root / ".megadesk-store").read_bytes()) == 32


@pytest.mark.parametrize("name", ["with space", "ünïcode 漢字", "dav:x", "a%20b", "new\nline", NOT_UTF8])
def test_odd_paths(tmp_path: Path, name: str) -> None:
    store = FolderStore.create(tmp_path / name)
    store.put("packs/ab/x", b"x")
    store.flush()
    address = store.properties.address
    address.encode()
    assert open_store(address).get("packs/ab/x") == b"x"
    shutil.rmtree(tmp_path / name)
    with pytest.raises(StoreUnavailableError) as caught:
        store.get("packs/ab/x")
    caught.value.explanation.encode()


def test_relative_path_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = FolderStore.create("here")
    monkeypatch.chdir("/")
    store.put("a", b"x")
    assert (tmp_path / "here" / "a").read_bytes() == b"x"


# what others put there


def test_foreign_files_are_not_objects(store: FolderStore, root: Path) -> None:
    store.put("packs/ab/x", b"x")
    for name in (
        ".DS_Store",
        "desktop.ini ",
        "X",
        "x (conflicted copy 2024-01-01)",
        "x.sync-conflict-2024ABC",
        NOT_UTF8,
    ):
        (root / "packs" / "ab" / name).write_bytes(b"foreign")
        (root / name).write_bytes(b"foreign")
    for name in (".git", "Lost+Found", "System Volume Information", "con"):
        (root / name).mkdir()
        (root / name / "a").write_bytes(b"foreign")
    (root / "packs" / "folder").mkdir()
    os.mkfifo(root / "packs" / "pipe")
    assert names(store) == ["packs/ab/x"]
    for name in ("packs/folder", "packs/pipe", "packs"):
        with pytest.raises(ObjectNotFoundError):
            store.get(name)
        with pytest.raises(ObjectNotFoundError):
            store.stat(name)
    store.delete("packs/folder")
    assert (root / "packs" / "folder").is_dir()
    with pytest.raises(StoreProtocolError):
        store.put("packs/folder", b"x")
    with pytest.raises(ObjectExistsError):
        store.put("packs/folder", b"x", create_only=True)
    with pytest.raises(StoreProtocolError):
        store.put("packs/ab/x/y", b"x")
    assert not [name for name in files_below(root) if name.endswith(".tmp")]


def test_links_are_never_followed(store: FolderStore, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim").write_bytes(b"private")
    store.put("packs/ab/x", b"x")
    (root / "packs" / "ab" / "link").symlink_to(outside / "victim")
    (root / "packs" / "cd").symlink_to(outside)
    (root / "log").symlink_to(outside)
    assert names(store) == ["packs/ab/x"]
    assert list(store.list("log/")) == []
    for name in ("packs/ab/link", "packs/cd/victim", "log/victim"):
        with pytest.raises(ObjectNotFoundError):
            store.get(name)
        with pytest.raises(ObjectNotFoundError):
            store.stat(name)
    for name in ("packs/cd/victim", "log/new", "log/a/b"):
        with pytest.raises(StoreProtocolError):
            store.put(name, b"overwritten")
        store.delete(name)
    store.put("packs/ab/link", b"an object now")
    assert store.get("packs/ab/link") == b"an object now"
    (root / "packs" / "ab" / "second").symlink_to(outside / "victim")
    with pytest.raises(ObjectExistsError):
        store.put("packs/ab/second", b"x", create_only=True)
    store.delete("packs/ab/second")
    assert files_below(outside) == ["victim"]
    assert (outside / "victim").read_bytes() == b"private"


def test_the_store_itself_may_be_behind_a_link(store: FolderStore, root: Path, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(root)
    store.put("a", b"x")
    assert FolderStore(tmp_path / "shortcut").get("a") == b"x"


# crashes and leftovers


def test_killed_writer_leaves_whole_objects_only(store: FolderStore, root: Path) -> None:
    script = (
        "import sys\n"
        "from megadesk.stores.folder import FolderStore\n"
        "store = FolderStore(sys.argv[1])\n"
        "for number in range(100000):\n"
        "    store.put(f'packs/{number % 4:02}/{number:08}', b'%08d' % number * 60000, create_only=number % 2 == 0)\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as child:
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(25)]
        child.send_signal(signal.SIGKILL)
    found = names(store)
    assert {f"packs/{number % 4:02}/{number:08}" for number in acknowledged} <= set(found)
    for name in found:
        assert store.get(name) == name[-8:].encode() * 60000
    store.sweep(older_than_s=-60)
    assert not [name for name in files_below(root) if ".~" in name]
    assert names(store) == found


def test_sweep_removes_only_its_own_old_files(store: FolderStore, root: Path) -> None:
    store.put("packs/ab/x", b"x")
    kept = ["packs/ab/.~mine.tmp", "packs/ab/note.md.tmp", ".~young.md.tmp", "packs/.~folder.md.tmp"]
    removed = [".~old.md.tmp", "packs/.~old.md.tmp", "packs/ab/.~x.md.lock"]
    (root / kept.pop()).mkdir()
    for name in kept + removed:
        (root / name).write_bytes(b"?")
        if "young" not in name:
            os.utime(root / name, (time.time() - 90000,) * 2)
    assert store.sweep() == 3
    assert store.sweep() == 0
    assert all((root / name).exists() for name in kept)
    assert not any((root / name).exists() for name in removed)
    assert names(store) == ["packs/ab/note.md.tmp", "packs/ab/x"]


def test_no_descriptor_is_left_open(store: FolderStore, root: Path) -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("cannot count descriptors here")
    store.put("a/b", b"x")
    before = count()

    def attempts() -> Iterator[Callable[[], object]]:
        yield from operations(store)
        yield lambda: store.put("a/b", b"x", create_only=True)
        yield lambda: store.put("a/b/c", b"x")
        yield lambda: store.get("a/b", length=5)
        yield lambda: store.get("a/c")
        yield lambda: next(store.list())
        yield store.flush
        yield store.sweep

    for attempt in attempts():
        try:
            attempt()
        except MegaDeskError:
            pass
    shutil.rmtree(root)
    for attempt in attempts():
        try:
            attempt()
        except StoreUnavailableError:
            pass
    assert count() == before
