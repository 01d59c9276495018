"""The engine of an open locker: watches, waits for quiet, runs, tells; and what may be chosen about problems."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.core.locker import Locker
from megadesk.errors import PathError
from megadesk.stores.fault import Fault, Kind
from megadesk.sync.localtrash import FolderTrash
from megadesk.sync.pairs import Fix, PairState, ProblemKind
from megadesk.sync.values import Mode
from tests.lockers import Device, LockerRig, until, write


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[LockerRig]:
    made = LockerRig(tmp_path / "homes")
    yield made
    made.close()


def locker_of(device: Device) -> Locker:
    locker = device.locker
    locker.sync._trash = FolderTrash()
    return locker


def test_changes_travel_by_themselves(rig: LockerRig, tmp_path: Path) -> None:
    one, two = locker_of(rig.enrol("one")), locker_of(rig.enrol("two"))
    for locker, name in ((one, "a"), (two, "b")):
        locker.sync.add(str(tmp_path / name), "/Shared")
        locker.start()
    write(tmp_path / "a" / "d" / "x", b"1")
    until(lambda: _there(one, "/Shared/d/x"))
    two.refresh()
    until(lambda: (tmp_path / "b" / "d" / "x").exists())
    os.rename(tmp_path / "b" / "d", tmp_path / "b" / "e")
    until(lambda: _there(two, "/Shared/e/x"))
    one.refresh()
    until(lambda: (tmp_path / "a" / "e" / "x").exists())
    until(lambda: one.sync.state() is PairState.IDLE)


def _there(locker: Locker, path: str) -> bool:
    try:
        locker.node(path)
    except PathError:
        return False
    return True


def test_a_watched_folder_costs_nothing_while_nothing_happens(rig: LockerRig, tmp_path: Path) -> None:
    locker = locker_of(rig.enrol("one"))
    for number in range(2000):
        write(tmp_path / "a" / f"{number % 50}" / f"{number}", b"x")
    pair = locker.sync.add(str(tmp_path / "a"), "/A")
    time.sleep(2.1)  # written a moment ago
    locker.sync.run_once(pair)
    locker.start()
    until(lambda: locker.sync.pairs()[0].synced_ms > 0)
    before = time.process_time()
    started = time.monotonic()
    until(lambda: time.monotonic() - started > 3.0)
    share = (time.process_time() - before) / (time.monotonic() - started)
    # `until` itself looks two hundred times a second.
    assert share < 0.2


def test_only_hinted_folders_are_listed(rig: LockerRig, tmp_path: Path) -> None:
    locker = locker_of(rig.enrol("one"))
    pair = locker.sync.add(str(tmp_path / "a"), "/A")
    for name in ("x/1", "y/2"):
        write(tmp_path / "a" / name, b"1")
    _run(locker, pair)
    write(tmp_path / "a" / "x" / "1", b"changed")
    write(tmp_path / "a" / "y" / "2", b"changed too")
    locker.sync._activity[pair].around.quiet._quiet_s = 0.0
    locker.sync.run_once(pair, only={b"x"})
    assert locker.node("/A/x/1").size_bytes == 7
    assert locker.node("/A/y/2").size_bytes == 1
    locker.sync.run_once(pair)
    assert locker.node("/A/y/2").size_bytes == 11


def _run(locker: Locker, pair: int) -> None:
    locker.sync.run_once(pair, dry=True)
    locker.sync._activity[pair].around.quiet._quiet_s = 0.0
    locker.sync.run_once(pair)


def test_storage_that_is_away_is_offline_and_comes_back(
    rig: LockerRig, tmp_path: Path, expected_warnings: object
) -> None:
    device = rig.enrol("one")
    locker = locker_of(device)
    assert device.faults is not None
    locker.sync.add(str(tmp_path / "a"), "/A")
    device.faults.set_faults([Fault(Kind.BEFORE)])
    write(tmp_path / "a" / "x", b"1")
    locker.start()
    until(lambda: locker.sync.state() is PairState.OFFLINE)
    device.faults.set_faults([])
    locker.sync.run_now()
    until(lambda: _there(locker, "/A/x"))
    until(lambda: locker.sync.state() is PairState.IDLE)


def test_pause_and_resume(rig: LockerRig, tmp_path: Path) -> None:
    locker = locker_of(rig.enrol("one"))
    pair = locker.sync.add(str(tmp_path / "a"), "/A")
    locker.sync.pause(pair)
    assert locker.sync.state() is PairState.PAUSED
    locker.sync.pause(until_ms=1)
    assert locker.sync.state() is PairState.IDLE
    locker.sync.pause()
    locker.start()
    write(tmp_path / "a" / "x", b"1")
    locker.sync.resume(pair)
    until(lambda: _there(locker, "/A/x"))


@pytest.mark.parametrize(
    ("fix", "left"), [(Fix.KEEP_MINE, b"mine"), (Fix.KEEP_THEIRS, b"theirs"), (Fix.KEEP_BOTH, b"theirs")]
)
def test_conflicts_are_resolved_by_choice(rig: LockerRig, tmp_path: Path, fix: Fix, left: bytes) -> None:
    one, two = locker_of(rig.enrol("one")), locker_of(rig.enrol("two"))
    write(tmp_path / "a" / "x.txt", b"theirs")
    write(tmp_path / "b" / "x.txt", b"mine")
    first = one.sync.add(str(tmp_path / "a"), "/A")
    _run(one, first)
    two.refresh()
    second = two.sync.add(str(tmp_path / "b"), "/A")
    _run(two, second)
    (problem,) = two.sync.problems()
    assert (problem.kind, problem.path, problem.fixes) == (
        ProblemKind.CONFLICT, "x.txt", (Fix.KEEP_BOTH, Fix.KEEP_MINE, Fix.KEEP_THEIRS),
    )  # fmt: skip
    two.sync.resolve(problem.id, fix)
    assert two.sync.problems() == []
    for _ in range(3):
        two.sync.run_once(second)
    names = sorted(row.name for row in two.list_folder("/A"))
    assert (tmp_path / "b" / "x.txt").read_bytes() == left
    assert len(names) == (2 if fix is Fix.KEEP_BOTH else 1)


def test_leaving_out_what_is_a_problem(rig: LockerRig, tmp_path: Path) -> None:
    locker = locker_of(rig.enrol("one"))
    pair = locker.sync.add(str(tmp_path / "a"), "/A")
    os.mkfifo(tmp_path / "a" / "pipe [1]")
    _run(locker, pair)
    (problem,) = locker.sync.problems(pair)
    assert problem.kind is ProblemKind.SPECIAL
    locker.sync.resolve(problem.id, Fix.LEAVE_OUT)
    locker.sync.run_once(pair)
    assert locker.sync.problems(pair) == []


def test_pairs_are_shown_with_where_the_folder_is_now(rig: LockerRig, tmp_path: Path) -> None:
    locker = locker_of(rig.enrol("one"))
    pair = locker.sync.add(str(tmp_path / "a"), "/A", mode=Mode.BACKUP)
    locker.move(["/A"], "/", new_name="B")
    (row,) = locker.sync.pairs()
    assert (row.id, row.folder, row.mode) == (pair, "/B", Mode.BACKUP)
    locker.trash_nodes(["/B"])
    write(tmp_path / "a" / "x", b"1")
    _run(locker, pair)
    assert [problem.kind for problem in locker.sync.problems()] == [ProblemKind.FOLDER_GONE]
    assert (tmp_path / "a" / "x").exists()


def test_removing_a_pair_touches_nothing(rig: LockerRig, tmp_path: Path) -> None:
    locker = locker_of(rig.enrol("one"))
    pair = locker.sync.add(str(tmp_path / "a"), "/A")
    write(tmp_path / "a" / "x", b"1")
    _run(locker, pair)
    locker.sync.remove(pair)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) in (["x"], [".megadesk-sync", "x"])
    assert _there(locker, "/A/x")
    shutil.rmtree(tmp_path / "a")
    again = locker.sync.add(str(tmp_path / "a"), "/A")
    _run(locker, again)
    assert (tmp_path / "a" / "x").read_bytes() == b"1"
