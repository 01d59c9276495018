"""Attack 10: put back an older state of everything. Each device keeps the newest heads before it shows anything."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from megadesk.errors import LockerReadOnlyError, RollbackError
from tests.attack.world import DEVICES, Bench, Device, HostileStore, outcome, picture


@pytest.mark.parametrize("who", DEVICES)
def test_every_snapshot_before_every_device(bench: Bench, who: str) -> None:
    """A device of any moment before the storage of any earlier one."""
    world = bench.world
    rolled_back = 0
    for (early, past), (late, now) in itertools.combinations(enumerate(world.moments), 2):
        if who not in now.homes:
            continue
        device = bench.device(who, store := bench.store(early), moment=late)
        with device.unlocked() as locker:
            known = {f"log/{d.hex()}/{h.seq:016x}" for d, h in locker._history.heads().items()}
            shown = picture(locker)
            known |= {f"devices/{device_id.hex()}" for device_id in locker._history.devices()}
            if known - set(past.objects):
                assert isinstance(locker.trouble, RollbackError), f"{now.what} shown {past.what}"
                assert shown == now.pictures[who], "what it had seen is gone"
                with pytest.raises(LockerReadOnlyError):
                    locker.make_folder("/new")
                with pytest.raises(LockerReadOnlyError):
                    locker.upload([str(bench.folder)], "/")
                assert set(store.objects) == set(past.objects), "it wrote to storage that is rolled back"
                rolled_back += 1
                # Put right, the locker is writable again by itself.
                store.show(now.objects)
                locker.refresh()
                assert locker.read_only_reason is None
                assert locker.make_folder("/new").name == "new"
            else:
                assert locker.trouble is None
    assert rolled_back >= 6


def test_after_a_restart_it_still_knows(bench: Bench) -> None:
    for number in range(len(bench.world.moments) - 1):
        store = bench.store(number)
        device = bench.device("alpha", store)
        for _ in range(3):
            shown, trouble = outcome(device)
            assert shown == bench.world.truth
            assert isinstance(trouble, RollbackError)


def test_heads_are_kept_before_anything_is_shown(bench: Bench) -> None:
    """The machine is switched off in the very moment in which the news reaches the window: the heads are on disk."""
    world = bench.world
    frozen: list[Path] = []
    store = bench.store()
    device = bench.device("alpha", store, moment=4)  # the second version by beta is news to it

    def show(event: object) -> None:
        if not frozen and type(event).__name__ == "FoldersChanged":
            home = bench.fresh_folder("frozen")
            shutil.copytree(device.home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*-shm"))
            frozen.append(home)

    device.app._sink = show
    with device.unlocked() as locker:
        assert locker.trouble is None
        assert frozen
    restored = HostileStore(world.moments[4].objects)
    for name in [name for name in restored.objects if name not in world.moments[3].objects and "log/" in name]:
        del restored.objects[name]
    shown, trouble = outcome(Device(frozen[0], restored))
    assert shown == world.truth
    assert isinstance(trouble, RollbackError)


def test_a_wiped_store_is_not_an_empty_locker(bench: Bench) -> None:
    store = bench.store()
    store.show({})
    device = bench.device("beta", store)
    shown, trouble = outcome(device)
    assert shown == bench.world.truth
    assert isinstance(trouble, RollbackError)
