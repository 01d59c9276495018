"""A locker in three stores of which any two are enough: what is lost, damaged or away costs nothing but a repair."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.stores.api import Store
from megadesk.stores.fault import FaultStore
from megadesk.stores.spread_address import SpreadAddress
from megadesk.transfer.records import State
from tests.system.cli.cli_process import Machine

PASSPHRASE = "a passphrase"
NAMES = ("a", "b", "c")


def address_in(folder: Path, names: tuple[str, ...] = NAMES, k: int = 2) -> str:
    return str(SpreadAddress(k, tuple(str(folder / name) for name in names)))


def make_files(folder: Path, seed: int) -> dict[str, bytes]:
    """Small and large ones: by themselves in packs that are coded, and in packs that are not."""
    contents = {f"small{seed}-{number}": os.urandom(3000 + number) for number in range(40)}
    contents |= {f"large{seed}-{number}": os.urandom(700_000 + number) for number in range(4)}
    contents |= {f"huge{seed}": os.urandom(20 << 20)}
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return contents


def reads_all(app: App, contents: dict[str, bytes], dest: Path) -> bool:
    locker = app.unlock(None, PASSPHRASE)
    try:
        assert locker.transfers.run_now(locker.download(["/"], str(dest))).state is State.DONE
        found = {path.name: path.read_bytes() for path in dest.rglob("*") if path.is_file()}
        return found == contents
    finally:
        locker.close()
        shutil.rmtree(dest)


class Breaker:
    """Does something to the stores in the middle of an upload: after a number of puts."""

    def __init__(self, after: int, strike: object) -> None:
        self.left = after
        self.strike = strike

    def __call__(self, store: Store) -> Store:
        return FaultStore(store, after=self._after)

    def _after(self, operation: str, name: str) -> None:
        if operation == "put":
            self.left -= 1
            if self.left == 0:
                assert callable(self.strike)
                self.strike()


def vanish(folder: Path) -> None:
    """At once: whoever writes there at this moment would keep a folder from being deleted."""
    folder.rename(folder.with_name("vanished"))
    shutil.rmtree(folder.with_name("vanished"), ignore_errors=True)


def corrupt(folder: Path) -> None:
    """Turn a bit in every object of a store, and cut some short."""
    for number, path in enumerate(sorted(path for path in folder.rglob("*") if path.is_file())):
        if path.name.startswith("."):
            continue
        data = bytearray(path.read_bytes())
        if number % 5 == 0:
            del data[len(data) // 2 :]
        else:
            data[len(data) * 2 // 3] ^= 1 << number % 8
        path.write_bytes(data)


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    return tmp_path / "stores"


def test_one_store_deleted_one_corrupted_in_the_middle_of_writing(
    tmp_path: Path, stores: Path, expected_warnings: object
) -> None:
    home = str(tmp_path / "home")
    app = App(home)
    app.create_locker(PASSPHRASE, store=address_in(stores)).locker.close()

    # One is deleted while an upload goes on: it goes on without, everything reads, and is whole again after a repair.
    deleting = App(home, store_wrapper=Breaker(2, lambda: vanish(stores / "c")))
    contents = put(deleting, tmp_path / "one", 1)
    assert reads_all(app, contents, tmp_path / "out")
    repaired = check(app, repair=True)
    assert repaired.repaired
    assert not repaired.problems
    assert not check(app, read_data=True).problems

    # Another is corrupted while an upload goes on. It is named, and repaired.
    corrupting = App(home, store_wrapper=Breaker(3, lambda: corrupt(stores / "a")))
    contents |= put(corrupting, tmp_path / "two", 2)
    assert reads_all(app, contents, tmp_path / "out")
    named = check(app, read_data=True).problems
    assert named
    assert all(str(stores / "a") in problem.what for problem in named)
    repaired = check(app, repair=True, read_data=True)
    assert repaired.repaired
    assert not repaired.problems
    assert not check(app, read_data=True).problems

    # Full redundancy: any two of the three hold everything.
    for lost in NAMES:
        away = stores / f"{lost}.away"
        (stores / lost).rename(away)
        assert reads_all(App(home), contents, tmp_path / "out")
        away.rename(stores / lost)
    for each in (app, deleting, corrupting):
        each.close()


def put(app: App, folder: Path, seed: int) -> dict[str, bytes]:
    contents = make_files(folder, seed)
    locker = app.unlock(None, PASSPHRASE)
    assert locker.transfers.run_now(locker.upload([str(folder)], "/")).state is State.DONE
    locker.close()
    return contents


def check(app: App, *, repair: bool = False, read_data: bool = False):
    locker = app.unlock(None, PASSPHRASE)
    try:
        return locker.upkeep.check(repair=repair, read_data=read_data)
    finally:
        locker.close()


def test_one_deleted_and_another_corrupted_at_once(tmp_path: Path, stores: Path, expected_warnings: object) -> None:
    """Of four stores, with two enough."""
    names = (*NAMES, "d")
    app = App(str(tmp_path / "home"))
    app.create_locker(PASSPHRASE, store=address_in(stores, names)).locker.close()
    contents = put(app, tmp_path / "one", 1)
    shutil.rmtree(stores / "b")
    corrupt(stores / "d")
    assert reads_all(app, contents, tmp_path / "out")
    repaired = check(app, repair=True, read_data=True)
    assert not repaired.problems
    assert not check(app, read_data=True).problems
    app.close()


def test_what_the_stores_cannot_decide_is_read_named_and_left_alone(
    tmp_path: Path, stores: Path, expected_warnings: object
) -> None:
    """Of three stores one is gone and one has small objects wrong: more than the spread is made for."""
    app = App(str(tmp_path / "home"))
    app.create_locker(PASSPHRASE, store=address_in(stores)).locker.close()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "small").write_bytes(b"small" * 200)
    locker = app.unlock(None, PASSPHRASE)
    locker.transfers.run_now(locker.upload([str(tmp_path / "one")], "/"))
    locker.close()
    shutil.rmtree(stores / "b")
    (pack,) = (path for path in (stores / "a" / "packs").rglob("*") if path.is_file())
    good = (stores / "c" / pack.relative_to(stores / "a")).read_bytes()
    pack.write_bytes(bytes(len(good)))
    problems = check(app, repair=True, read_data=True).problems
    assert [problem.object_name for problem in problems] == [pack.relative_to(stores / "a").as_posix()]
    assert (stores / "c" / pack.relative_to(stores / "a")).read_bytes() == good
    locker = app.unlock(None, PASSPHRASE)
    assert locker.transfers.run_now(locker.download(["/one"], str(tmp_path / "out"))).state is State.DONE
    assert (tmp_path / "out" / "one" / "small").read_bytes() == b"small" * 200
    app.close()


def test_the_command_line(tmp_path: Path) -> None:
    machine, other = Machine(tmp_path / "one"), Machine(tmp_path / "two")
    stores = tmp_path / "stores"
    key = machine.run("init", address_in(stores)).text.strip()
    (machine.folder / "file").write_bytes(os.urandom(2 << 20))
    machine.run("put", "file")
    other.run("join", address_in(stores), env={"MEGADESK_RECOVERY_KEY": key})
    shutil.rmtree(stores / "b")
    machine.run("mv", "/file", "/renamed")
    assert other.run("ls").text == "renamed\n"
    other.run("get", "/renamed")
    assert (other.folder / "renamed").read_bytes() == (machine.folder / "file").read_bytes()
    (status,) = machine.json("status")["lockers"]
    assert [store["up"] for store in status["stores"]] == [True, False, True]
    shown = machine.run("check", status=1)
    assert "check --repair" in shown.err
    assert "lost for good" in machine.run("status").text or "not there" in machine.run("status").text
    report = machine.json("check", "--repair")
    assert report["repaired"] > 3
    assert machine.json("check", "--read-data")["problems"] == []
    (status,) = machine.json("status")["lockers"]
    assert [(store["up"], store["behind"]) for store in status["stores"]] == [(True, 0)] * 3
    assert json.dumps(status)
