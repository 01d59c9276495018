"""A first run that finds more than one plan is to hold: piece by piece, and to the same end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.sync import run
from megadesk.sync.quiet import Quiet
from megadesk.sync.values import Action, Plan, Verb
from tests.lockers import LockerRig, write
from tests.syncing import Pair, settle, tree_of


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Pair, Pair]]:
    monkeypatch.setattr(run, "PIECE", 20)
    rig = LockerRig(tmp_path / "homes")
    yield tuple(Pair(rig.enrol(name), tmp_path / name) for name in ("one", "two"))  # type: ignore[misc]
    rig.close()


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[list[Action]]:
    """The actions of all plans that are made."""
    made: list[list[Action]] = []
    plan = run.plan

    def watched(*args: object) -> Plan:
        found = plan(*args)  # type: ignore[arg-type]
        made.append(found.actions)
        return found

    monkeypatch.setattr(run, "plan", watched)
    return made


def fill(root: Path, count: int) -> None:
    for number in range(count):
        write(root / f"{number % 3}" / f"{number % 7}" / f"f{number}", b"%d" % number)


def test_plans_stay_small_in_both_directions(two: tuple[Pair, Pair], plans: list[list[Action]]) -> None:
    one, other = two
    fill(one.root, 300)
    assert one.run().done >= 300
    assert other.run().done >= 300
    assert tree_of(one.root) == tree_of(other.root)
    assert max(map(len, plans)) < 2 * 20 + 7  # a folder's subfolders may be beyond the bound
    settle(one, other)


def test_one_large_folder_comes_in_pieces(two: tuple[Pair, Pair], plans: list[list[Action]]) -> None:
    one, other = two
    for number in range(150):
        write(one.root / f"f{number}", b"%d" % number)
    settle(one, other)
    assert len(other.files()) == 150
    assert max(map(len, plans)) <= 21


def test_what_moved_into_something_new_is_a_move(two: tuple[Pair, Pair], plans: list[list[Action]]) -> None:
    """A piece that leaves out where a missed file went would take the file for deleted."""
    one, other = two
    write(one.root / "precious", b"precious")
    settle(one, other)
    plans.clear()
    fill(one.root / "new", 100)
    os.rename(one.root / "precious", one.root / "new" / "2" / "precious")
    settle(one, other)
    assert not any(action.verb is Verb.TRASH_LOCKER for actions in plans for action in actions)
    assert tree_of(one.root) == tree_of(other.root)


def test_what_both_sides_have_is_not_fetched(two: tuple[Pair, Pair], plans: list[list[Action]]) -> None:
    one, other = two
    fill(one.root, 100)
    fill(other.root, 100)
    settle(one)
    plans.clear()
    settle(other)
    assert not any(action.verb is Verb.DOWNLOAD for actions in plans for action in actions)
    assert tree_of(one.root) == tree_of(other.root)


def test_what_must_wait_does_not_keep_it_from_ending(two: tuple[Pair, Pair]) -> None:
    one, other = two
    fill(one.root, 100)
    one.around.quiet = Quiet(1000.0)
    report = one.run()
    assert report.busy
    one.around.quiet = Quiet(0.0)
    settle(one, other)
    assert tree_of(one.root) == tree_of(other.root)
