"""A locker moves to another storage: copied, verified, switched to, and never to one that lacks anything."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.errors import (
    CancelledError,
    LockerExistsError,
    NoLockerError,
    RollbackError,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores.api import Store
from megadesk.stores.fault import Fault, FaultStore, Kind
from megadesk.stores.spread_address import SpreadAddress
from megadesk.transfer.control import Control
from megadesk.transfer.records import State
from megadesk.types import Progress
from tests.system.cli.cli_process import Machine

PASSPHRASE = "a passphrase"


def put(locker: Locker, folder: Path, names: dict[str, int]) -> None:
    folder.mkdir(exist_ok=True)
    for name, size in names.items():
        (folder / name).write_bytes(os.urandom(size))
    assert locker.transfers.run_now(locker.upload([str(folder)], "/")).state is State.DONE


@pytest.fixture
def app(tmp_path: Path) -> App:
    app = App(str(tmp_path / "home"))
    locker = app.create_locker(PASSPHRASE, store=str(tmp_path / "old")).locker
    put(locker, tmp_path / "files", {"a": 1000, "b": 20 << 20, "c": 300_000})
    return app


def opened(app: App) -> Locker:
    return app._open[-1][0]


def spread_in(folder: Path) -> str:
    return str(SpreadAddress(2, tuple(str(folder / name) for name in "abc")))


@pytest.mark.parametrize("kind", ["folder", "spread"])
def test_copied_switched_and_the_old_one_deleted(tmp_path: Path, app: App, kind: str) -> None:
    target = str(tmp_path / "new") if kind == "folder" else spread_in(tmp_path / "new")
    locker = opened(app)
    seen: list[Progress] = []
    report = app.copy_locker(locker, target, progress=seen.append)
    assert report.copied
    assert report.verified_bytes > 20 << 20
    assert seen[-1].done <= seen[-1].total
    record = app.switch_store(locker, target)
    assert record.store_address == target
    shutil.rmtree(tmp_path / "old")
    again = app.unlock(None, PASSPHRASE)
    assert again.trouble is None
    assert again.transfers.run_now(again.download(["/files"], str(tmp_path / "out"))).state is State.DONE
    for path in (tmp_path / "files").iterdir():
        assert (tmp_path / "out" / "files" / path.name).read_bytes() == path.read_bytes()
    put(again, tmp_path / "more", {"d": 100})
    assert again.upkeep.check(read_data=True).problems == []
    app.close()


def test_again_takes_along_what_came_since(tmp_path: Path, app: App) -> None:
    target = str(tmp_path / "new")
    locker = opened(app)
    first = app.copy_locker(locker, target)
    put(locker, tmp_path / "more", {"d": 100})
    with pytest.raises(RollbackError, match="lacks"):
        app.switch_store(locker, target)
    assert app.record(None).store_address == str(tmp_path / "old")
    second = app.copy_locker(locker, target)
    assert (second.copied, second.kept) == (2, first.copied)
    app.switch_store(locker, target)
    app.close()


def test_interrupted_it_goes_on(tmp_path: Path, app: App) -> None:
    control = Control()

    def cancel(progress: Progress) -> None:
        if progress.done > progress.total // 2:
            control.cancel()

    target = str(tmp_path / "new")
    with pytest.raises(CancelledError):
        app.copy_locker(opened(app), target, progress=cancel, control=control)
    with pytest.raises(NoLockerError):
        app.switch_store(opened(app), target)
    report = app.copy_locker(opened(app), target)
    assert report.kept
    assert report.copied
    app.switch_store(opened(app), target)
    app.close()


def test_a_target_that_loses_or_alters_what_it_gets_is_found_out(tmp_path: Path, app: App) -> None:
    locker = opened(app)

    def bad(store: Store) -> Store:
        # The address is not known here; both may fail, and the copy is what must notice.
        return FaultStore(store, [Fault(Kind.CORRUPT, ("get",), prefix="packs/")])

    other = App(str(tmp_path / "other"), store_wrapper=bad)
    with pytest.raises(StoreProtocolError, match="another object"):
        other.copy_storage(str(tmp_path / "old"), str(tmp_path / "new"))
    app.copy_locker(locker, str(tmp_path / "new"))
    pack = next(path for path in (tmp_path / "new" / "packs").rglob("*") if path.is_file())
    pack.unlink()
    with pytest.raises(RollbackError, match="lacks the object packs/"):
        app.switch_store(locker, str(tmp_path / "new"))
    app.copy_locker(locker, str(tmp_path / "new"))
    entry = sorted(path for path in (tmp_path / "new" / "log").rglob("*") if path.is_file())[-1]
    data = bytearray(entry.read_bytes())
    data[-1] ^= 1
    entry.write_bytes(data)
    with pytest.raises(RollbackError, match="another entry"):
        app.switch_store(locker, str(tmp_path / "new"))
    app.copy_locker(locker, str(tmp_path / "new"))
    app.switch_store(locker, str(tmp_path / "new"))
    app.close()


def test_other_lockers_are_left_alone(tmp_path: Path, app: App) -> None:
    app.create_locker(PASSPHRASE, store=str(tmp_path / "taken"), name="Other")
    locker = app._open[0][0]
    with pytest.raises(LockerExistsError):
        app.copy_locker(locker, str(tmp_path / "taken"))
    with pytest.raises(RollbackError, match="another locker"):
        app.switch_store(locker, str(tmp_path / "taken"))
    with pytest.raises(StoreUnavailableError):
        app.switch_store(locker, str(tmp_path / "nothing"))
    app.close()


def test_the_command_line(tmp_path: Path) -> None:
    machine, other = Machine(tmp_path / "one"), Machine(tmp_path / "two")
    old, new = str(tmp_path / "old"), spread_in(tmp_path / "new")
    key = machine.run("init", old).text.strip()
    other.run("join", old, "--name", "Locker", env={"MEGADESK_RECOVERY_KEY": key})
    (machine.folder / "file").write_bytes(os.urandom(2 << 20))
    machine.run("put", "file")
    report = machine.json("locker", "copy", new, "--switch")
    assert report["switched"]
    assert report["copied"] > 3
    assert machine.json("locker", "ls")[0]["store"] == new
    # The other one has written to the old storage meanwhile.
    other.run("mkdir", "/late")
    other.run("locker", "copy", "Locker", new)
    assert "is used from" in other.run("locker", "switch", new).text
    assert machine.run("ls").lines == ["file", "late/"]
    machine.run("locker", "copy", new, str(tmp_path / "third"))
    other.run("locker", "forget", "Locker", "--yes")
    assert other.json("locker") == []
    machine.run("locker", "copy", status=2)
    machine.run("locker", "copy", str(tmp_path / "third"), str(tmp_path / "fourth"), "--switch", status=2)
    machine.run("locker", "switch", str(tmp_path / "nothing"), status=1)
