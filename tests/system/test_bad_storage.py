"""Storage that is full, read-only, gone or slow: a clear message, nothing lost, and it goes on when that is over.

Real file systems are mounted where the test may (root); what cannot be mounted is injected.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.core import app as app_module
from megadesk.core import storage as storage_module
from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.errors import (
    MegaDeskError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores import retry
from megadesk.stores.api import Store
from megadesk.stores.fault import Fault, FaultStore, Kind
from megadesk.transfer import queue as queue_module
from megadesk.transfer.records import State
from megadesk.types import ROOT
from tests.lockers import until, write

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def mount() -> Iterator[Callable[..., None]]:
    """``mount(folder, "size=20m")``: a small file system of its own."""
    mounted: list[Path] = []

    def tmpfs(folder: Path, options: str) -> None:
        if shutil.which("mount") is None or os.geteuid() != 0:
            pytest.skip("only root can mount")
        folder.mkdir(parents=True, exist_ok=True)
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "megadesk-test", str(folder)], check=False)
        if made.returncode:
            pytest.skip("this system lets even root not mount")
        mounted.append(folder)

    yield tmpfs
    for folder in mounted:
        if os.path.ismount(folder):
            subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


class Faults:
    """The wrapped stores of an App, all under one script."""

    def __init__(self) -> None:
        self.stores: list[FaultStore] = []
        self.script: list[Fault] = []
        self.wait: Callable[[float], None] = lambda _: None

    def wrap(self, store: Store) -> Store:
        made = FaultStore(store, self.script, wait=lambda seconds: self.wait(seconds))
        self.stores.append(made)
        return made

    def set(self, *faults: Fault) -> None:
        self.script = list(faults)
        for store in self.stores:
            store.set_faults(faults)


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "mount" / "store"


@pytest.fixture
def app(tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    monkeypatch.setattr(queue_module, "_RETRY_AFTER_S", 0.3)
    # Tries again as often, without the waits between.
    policy = retry.RetryPolicy(first_s=0.001, ceiling_s=0.002)
    for module in (retry, app_module):
        monkeypatch.setattr(module, "RetryPolicy", lambda **_: policy)
    for module in (storage_module, app_module):
        monkeypatch.setattr(module, "PATIENT", policy)
    app = App(str(tmp_path / "home"), store_wrapper=faults.wrap)
    yield app
    app.close()


def make_tree(folder: Path, files: int = 6, size: int = 3_000_000) -> Path:
    for number in range(files):
        write(folder / "tree" / str(number), os.urandom(size))
    return folder / "tree"


def assert_whole(locker: Locker, tree: Path, out: Path) -> None:
    """Everything of the source is in the locker and comes back."""
    report = locker.upkeep.check(read_data=True)
    assert not report.problems
    locker.transfers.run_now(locker.download([f"/{tree.name}"], str(out)))
    assert {p.name: p.read_bytes() for p in (out / tree.name).iterdir()} == {
        p.name: p.read_bytes() for p in tree.iterdir()
    }


def wait_for_error(locker: Locker, number: int) -> str:
    until(lambda: bool(locker.transfers.row(number).error))
    return locker.transfers.row(number).error


# --- full


def test_a_full_disk(app: App, store: Path, mount: Callable[..., None], tmp_path: Path) -> None:
    mount(store.parent, "size=12m")
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    tree = make_tree(tmp_path)
    number = locker.upload([str(tree)], ROOT)
    with pytest.raises(StoreFullError) as caught:
        locker.transfers.run_now(number)
    assert caught.value.title == "The storage is full"
    assert caught.value.remedy
    row = locker.transfers.row(number)
    assert row.state is State.QUEUED
    assert caught.value.remedy in row.error
    assert not locker.upkeep.check(read_data=True).problems
    assert not [name for name in store.rglob("*") if ".tmp" in name.name], "half an object was left"
    remount(store.parent, "size=40m")
    locker.transfers.start()
    locker.transfers.retry(number)
    assert locker.transfers.wait(number, 90).state is State.DONE
    assert_whole(locker, tree, tmp_path / "out")


def test_a_disk_too_full_for_an_entry(app: App, store: Path, mount: Callable[..., None], tmp_path: Path) -> None:
    """Nothing can be changed, all can be read; what was begun is completed later, once."""
    mount(store.parent, "size=3m")
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    source = write(tmp_path / "file", b"x" * 1000)
    locker.transfers.run_now(locker.upload([str(source)], ROOT))
    filler = os.open(store.parent / "fill", os.O_WRONLY | os.O_CREAT)
    with pytest.raises(OSError, match="No space"):
        os.write(filler, bytes(4 << 20)) and os.write(filler, bytes(4096))
    os.close(filler)
    with pytest.raises(StoreFullError) as caught:
        locker.make_folder("/folder")
    assert caught.value.remedy
    locker.transfers.run_now(locker.download(["/file"], str(tmp_path / "out")))
    assert (tmp_path / "out" / "file").read_bytes() == source.read_bytes()
    app.close()
    locker = app.unlock(None, PASSPHRASE)
    assert locker.trouble is None  # what others wrote can be read
    with pytest.raises(StoreFullError):
        locker.make_folder("/folder")
    assert [row.name for row in locker.list_folder(ROOT)] == ["file"]
    (store.parent / "fill").unlink()
    locker.refresh()
    assert [row.name for row in locker.list_folder(ROOT)] in (["file"], ["file", "folder"])
    locker.make_folder("/other")
    assert not locker.upkeep.check(read_data=True).problems
    assert len(list((store / "log").rglob("*"))) == 1 + locker.status().entries


# --- read-only


def test_read_only_storage(app: App, store: Path, mount: Callable[..., None], tmp_path: Path) -> None:
    mount(store.parent, "size=40m")
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    tree = make_tree(tmp_path, files=2)
    locker.transfers.run_now(locker.upload([str(tree)], ROOT))
    remount(store.parent, "ro")
    write(tree / "more", b"more")
    number = locker.upload([str(tree)], ROOT)
    with pytest.raises(StoreReadOnlyError) as caught:
        locker.transfers.run_now(number)
    assert caught.value.title == "The storage cannot be written"
    assert caught.value.remedy
    assert locker.transfers.row(number).state is State.FAILED
    with pytest.raises(StoreReadOnlyError):
        locker.make_folder("/folder")
    # Reading goes on, also in a new process.
    app.close()
    locker = app.unlock(None, PASSPHRASE)
    locker.transfers.run_now(locker.download(["/tree/0"], str(tmp_path / "some")))
    assert (tmp_path / "some/0").read_bytes() == (tree / "0").read_bytes()
    assert not locker.upkeep.check(read_data=True).problems
    remount(store.parent, "rw")
    locker.refresh()
    locker.transfers.run_now(locker.upload([str(tree)], ROOT))
    assert_whole(locker, tree, tmp_path / "out")


# --- gone


def test_storage_that_vanishes_in_the_middle(app: App, store: Path, faults: Faults, tmp_path: Path) -> None:
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    tree = make_tree(tmp_path)
    away = store.with_name("away")

    def vanish(operation: str, name: str) -> None:
        # At the latest before the entry that names them: all packs may be on their way before the first has arrived.
        late = name.startswith("log/") or (name.startswith("packs/") and any((store / "packs").rglob("*/*")))
        if operation == "put" and late:
            for each in faults.stores:
                each.before = None
            store.rename(away)

    for each in faults.stores:
        each.before = vanish
    locker.transfers.start()
    number = locker.upload([str(tree)], ROOT)
    error = wait_for_error(locker, number)
    assert str(store) in error
    assert locker.transfers.row(number).state in (State.QUEUED, State.RUNNING)
    assert not store.exists(), "an empty store was made in its place"
    with pytest.raises(StoreUnavailableError) as caught:
        locker.make_folder("/folder")
    assert str(store) in str(caught.value)
    assert caught.value.remedy
    assert locker.list_folder(ROOT) == []
    away.rename(store)
    assert locker.transfers.wait(number, 90).state is State.DONE
    assert_whole(locker, tree, tmp_path / "out")


def test_storage_that_is_gone_from_the_start(app: App, store: Path, tmp_path: Path) -> None:
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    source = write(tmp_path / "file", b"x")
    locker.transfers.run_now(locker.upload([str(source)], ROOT))
    app.close()
    away = store.with_name("away")
    store.rename(away)
    locker = app.unlock(None, PASSPHRASE)
    assert isinstance(locker.trouble, StoreUnavailableError)
    assert [row.name for row in locker.list_folder(ROOT)] == ["file"]
    tree = make_tree(tmp_path, files=2)
    number = locker.upload([str(tree)], ROOT)
    locker.transfers.start()
    error = wait_for_error(locker, number)
    assert str(store) in error
    down = locker.download(["/file"], str(tmp_path / "down"))
    assert str(store) in wait_for_error(locker, down)
    with pytest.raises(StoreUnavailableError):
        locker.upkeep.check()
    away.rename(store)
    assert locker.transfers.wait(number, 90).state is State.DONE
    assert locker.transfers.wait(down, 30).state is State.DONE
    assert (tmp_path / "down/file").read_bytes() == b"x"
    assert_whole(locker, tree, tmp_path / "out")


def test_a_drive_that_is_not_mounted_is_no_empty_locker(
    app: App, store: Path, mount: Callable[..., None], tmp_path: Path
) -> None:
    """Its folder is there, empty, on another file system."""
    mount(store, "size=20m")
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    tree = make_tree(tmp_path, files=2)
    locker.transfers.run_now(locker.upload([str(tree)], ROOT))
    app.close()
    objects = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    subprocess.run(["umount", str(store)], check=True)
    locker = app.unlock(None, PASSPHRASE)
    assert isinstance(locker.trouble, StoreUnavailableError)
    with pytest.raises(StoreUnavailableError) as caught:
        locker.make_folder("/folder")
    assert str(store) in str(caught.value)
    assert not [path for path in store.rglob("*") if path.is_file()], "written beside the drive"
    mount(store, "size=20m")
    for path, content in objects.items():
        write(path, content)
    locker.refresh()
    assert_whole(locker, tree, tmp_path / "out")
    app.close()


# --- slow, flaky


def test_slow_storage_is_waited_for(app: App, store: Path, faults: Faults, tmp_path: Path) -> None:
    """It delays the transfer, and nothing else: looking and steering are at once."""
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    released = threading.Event()
    reached = threading.Event()

    def wait(seconds: float) -> None:
        assert seconds == 60.0
        reached.set()
        assert released.wait(30)

    faults.wait = wait
    faults.set(Fault(Kind.SLOW, ("put",), "packs/", delay_s=60.0))
    locker.transfers.start()
    tree = make_tree(tmp_path, files=2)
    number = locker.upload([str(tree)], ROOT)
    assert reached.wait(20)
    started = time.monotonic()
    assert locker.transfers.row(number).state is State.RUNNING
    locker.make_folder("/meanwhile")
    assert [row.name for row in locker.list_folder(ROOT)] == ["meanwhile"]
    locker.transfers.pause(number)
    assert locker.transfers.row(number).state is State.PAUSED
    locker.transfers.resume(number)
    assert time.monotonic() - started < 5
    released.set()
    row = locker.transfers.wait(number, 30)
    assert (row.state, row.error) == (State.DONE, "")
    assert_whole(locker, tree, tmp_path / "out")


@pytest.mark.parametrize("kind", [Kind.BEFORE, Kind.AFTER])
def test_failures_now_and_then_are_nobodys_business(
    app: App, store: Path, faults: Faults, tmp_path: Path, kind: Kind
) -> None:
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    faults.set(Fault(kind, probability=0.3))
    tree = make_tree(tmp_path)
    row = locker.transfers.run_now(locker.upload([str(tree)], ROOT))
    assert (row.state, row.failures, row.error) == (State.DONE, 0, "")
    faults.set()
    assert_whole(locker, tree, tmp_path / "out")


@pytest.mark.parametrize("operation", ["put", "get", "list", "stat", "delete", "flush"])
def test_every_operation_may_fail_for_good(
    app: App, store: Path, faults: Faults, tmp_path: Path, operation: str
) -> None:
    """Whatever the command, its error is typed and says what to do, and the locker is whole afterwards."""
    locker = app.create_locker(PASSPHRASE, store=str(store)).locker
    tree = make_tree(tmp_path, files=2, size=1000)
    locker.transfers.run_now(locker.upload([str(tree)], ROOT))
    write(tree / "2", b"later")
    faults.set(Fault(Kind.BEFORE, (operation,)))
    actions: list[Callable[[], object]] = [
        locker.refresh,
        lambda: locker.make_folder("/folder"),
        lambda: locker.transfers.run_now(locker.upload([str(tree)], ROOT)),
        lambda: locker.transfers.run_now(locker.download(["/tree"], str(tmp_path / "in"))),
        lambda: locker.trash_nodes(["/tree/1"]),
        lambda: locker.purge(None),
        locker.upkeep.collect_garbage,
        locker.write_checkpoint,
        locker.upkeep.check,
        locker.status,
    ]
    for action in actions:
        with contextlib.suppress(MegaDeskError):  # nothing else, whatever the action
            action()
    faults.set()
    app.close()
    locker = app.unlock(None, PASSPHRASE)
    assert locker.trouble is None
    assert locker.read_only_reason is None
    locker.transfers.run_now(locker.upload([str(tree)], ROOT))
    assert_whole(locker, tree, tmp_path / "out")
