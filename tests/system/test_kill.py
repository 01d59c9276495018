"""kill -9 at random moments of a real ``put``: nothing is broken, and the next one goes on where it was."""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.types import ROOT
from tests.system.cli.cli_process import PASSPHRASE, Machine, fingerprint

PUTTERS = 2
"""Packs that may be on their way at one moment (UploadOptions)."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("kill"))
    machine.run("init")
    source = machine.folder / "tree"
    for number in range(60):
        folder = source / f"{number % 7}" / "deep"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}").write_bytes(os.urandom(number * 3000))
    for number in range(3):
        (source / f"large{number}").write_bytes(os.urandom(11_000_000))
    (source / "link").symlink_to("large0")
    (source / "0" / "empty").write_bytes(b"")
    return machine


def packs(machine: Machine) -> dict[str, int]:
    """Objects under their names. Temporary files of the store are none."""
    found = machine.home.rglob("packs/*/*")
    return {path.name: path.stat().st_size for path in found if not path.name.startswith(".")}


def kill_at(machine: Machine, delay_s: float, packs_put: int) -> bool:
    """Start ``put`` and kill it when so many packs are there and the delay is over; whether it was still alive."""
    before = len(packs(machine))
    with machine.popen("put", "tree") as process:
        while len(packs(machine)) < before + packs_put and process.poll() is None:
            time.sleep(0.002)
        end = time.monotonic() + delay_s
        while time.monotonic() < end and process.poll() is None:
            time.sleep(0.001)
        alive = process.poll() is None
        process.kill()
        process.communicate(timeout=30)
    return alive


def kill_and_go_on(machine: Machine, delay_s: float, packs_put: int) -> bool:
    """One round, on a locker that is empty before and after."""
    alive = kill_at(machine, delay_s, packs_put)
    left = packs(machine)
    app = App(str(machine.home))
    locker = app.unlock(None, PASSPHRASE)
    assert locker.trouble is None
    assert not locker.upkeep.check(read_data=True).problems
    for path, row in locker.walk(ROOT):
        # What is in the tree is complete: check has read it, and it is as long as the source.
        assert row.size_bytes == (machine.folder / path).lstat().st_size or row.kind != 1
    app.close()

    machine.run("put", "tree")
    after = packs(machine)
    assert left.items() <= after.items()
    app = App(str(machine.home))
    locker = app.unlock(None, PASSPHRASE)
    report = locker.upkeep.check(read_data=True)
    assert not report.problems
    assert report.unused_packs <= PUTTERS, "packs were put again that were there"
    out = machine.folder / "out"
    locker.transfers.run_now(locker.download(["/tree"], str(out)))
    assert fingerprint(out / "tree") == fingerprint(machine.folder / "tree")
    shutil.rmtree(out)
    assert locker.transfers.pending() == 0
    locker.trash_nodes(["/tree"])
    locker.purge(None)
    locker.upkeep.collect_garbage()
    app.close()
    assert not packs(machine)
    return alive


@pytest.mark.parametrize(
    ("packs_put", "delay_s"), [(0, 0.0), (0, 0.45), (1, 0.0), (1, 0.03), (3, 0.0)], ids=lambda value: str(value)
)
def test_a_put_that_is_killed_is_gone_on_with(machine: Machine, packs_put: int, delay_s: float) -> None:
    kill_and_go_on(machine, delay_s, packs_put)


@pytest.mark.long
def test_a_hundred_moments(machine: Machine) -> None:
    rng = random.Random(20)
    started = time.monotonic()
    machine.run("put", "tree")
    full_s = time.monotonic() - started
    machine.run("rm", "tree")
    machine.run("trash", "empty", "--yes")
    machine.run("gc")
    alive = 0
    for _ in range(100):
        packs_put = rng.choice([0, 0, 1, 1, 2, 3])
        delay_s = rng.uniform(0, full_s) if not packs_put else rng.choice([0.0, rng.uniform(0, full_s / 4)])
        alive += kill_and_go_on(machine, delay_s, packs_put)
    assert alive >= 50, "most were killed after their end"


def test_a_get_that_is_killed_is_gone_on_with(machine: Machine, tmp_path: Path) -> None:
    machine.run("put", "tree")
    out = tmp_path / "out"
    with machine.popen("get", "/tree", "--to", str(out)) as process:
        while not (out / "tree").exists() and process.poll() is None:
            time.sleep(0.002)
        time.sleep(0.02)
        process.kill()
        process.communicate(timeout=30)
    for path in out.rglob("*"):
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".megadesk-"):
            source = machine.folder / path.relative_to(out)
            assert path.read_bytes() == source.read_bytes(), "a partial file at its real name"
    machine.run("get", "/tree", "--to", str(out))
    found = {path: what for path, what in fingerprint(out / "tree").items() if b".megadesk-" not in path}
    assert found == fingerprint(machine.folder / "tree")
