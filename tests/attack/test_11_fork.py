"""Attack 11: show different histories to different devices. What one has seen, its entries say; so they cannot be
brought together again without being caught."""

from __future__ import annotations

import itertools

import pytest

from megadesk.errors import ForkError, IntegrityError, WithheldError
from megadesk.format import names
from tests.attack.forger import Forger
from tests.attack.world import Bench, Device, HostileStore, forgotten, outcome, picture


def log_names(store: HostileStore, device: bytes) -> list[str]:
    return sorted(name for name in store.objects if name.startswith(names.log_folder(device)))  # type: ignore[arg-type]


def write(device: Device, *folders: str) -> None:
    with device.unlocked() as locker:
        for folder in folders:
            locker.make_folder(folder)


def test_entries_kept_from_one_device(bench: Bench) -> None:
    """Alpha writes; beta sees it and writes; the storage shows a third device beta's entries without alpha's."""
    store = bench.store()
    alpha, beta = bench.device("alpha", store), bench.device("beta", store)
    for round_number in range(3):
        write(alpha, f"/a{round_number}")
        write(beta, f"/b{round_number}")
    full = dict(store.objects)
    forger = Forger(bench.world)
    for device in (forger.alpha, forger.beta):
        fresh = [name for name in log_names(store, device) if name not in bench.world.end.objects]
        for kept in range(len(fresh)):
            store.show({name: data for name, data in full.items() if name not in fresh[kept:]})
            for who in ("alpha", "beta"):
                shown, trouble = outcome(bench.device(who, store))  # as they were before those rounds
                if device == forger.beta and kept == len(fresh) - 1:
                    assert trouble is None  # nobody has seen beta's last one yet
                    continue
                assert isinstance(trouble, WithheldError), f"{kept} of {len(fresh)}"
                assert shown is not None
                assert set(bench.world.truth) <= set(shown)
    store.show(full)
    assert outcome(bench.device("alpha", store))[1] is None


@pytest.mark.parametrize(("mine", "theirs"), [(1, 1), (1, 3), (3, 1), (3, 3)])
@pytest.mark.parametrize("checkpoints", [True, False])
def test_one_device_with_two_histories(bench: Bench, mine: int, theirs: int, checkpoints: bool) -> None:
    """Alpha's folder was copied; each copy writes before storage of its own; beta sees one, and writes.

    Then the storages are cross-fed: alpha's entries from the one, beta's from the other. Nobody may take both.
    """
    first, second = bench.store(), bench.store()
    write(bench.device("alpha", first), *(f"/first{number}" for number in range(mine)))
    write(bench.device("alpha", second), *(f"/second{number}" for number in range(theirs)))
    beta = bench.device("beta", second)
    write(beta, "/beta")
    forger = Forger(bench.world)
    crossed = HostileStore(first.objects)
    for name in log_names(second, forger.beta):
        crossed.objects[name] = second.objects[name]
    if not checkpoints:
        for name in [name for name in crossed.objects if name.startswith(names.CHECKPOINTS)]:
            del crossed.objects[name]
    # Beta itself finds another entry than it has seen, or none of that number.
    shown, trouble = outcome(beta)
    assert trouble is None
    beta.store = crossed
    with beta.unlocked() as locker:
        assert picture(locker) == shown
        if theirs > mine:
            assert isinstance(locker.trouble, IntegrityError)
        else:
            found = [problem.object_name for problem in locker.upkeep.check().problems]
            assert any(name.startswith(names.log_folder(forger.alpha)) for name in found)
    # Others, old and new, do not take beta's word and alpha's other history together.
    for reader in ("beta", "alpha"):
        shown, trouble = outcome(bench.device(reader, crossed))
        assert isinstance(trouble, ForkError | WithheldError), reader
        assert not (shown and "beta" in shown and any(name.startswith("first") for name in shown))
        with forgotten(bench.device(reader, crossed)) as locker:
            assert isinstance(locker.trouble, ForkError | WithheldError)
            assert not ({"beta", "first0"} <= set(picture(locker)))


def test_an_own_entry_replaced_by_another_of_the_own(bench: Bench) -> None:
    """Both copies of a device before one storage: the second to write is told, and writes nothing."""
    store = bench.store()
    one, two = bench.device("alpha", store), bench.device("alpha", store)
    with one.unlocked() as first, two.unlocked() as second:
        first.make_folder("/first")
        # The second reads the log before it writes, and finds an entry of its own that it has not written.
        second.make_folder("/second")
        first.refresh()
        assert picture(first) == picture(second)
    forks = [bench.store(), bench.store()]
    for number, fork in enumerate(forks):
        write(bench.device("alpha", fork), f"/fork{number}", f"/more{number}")
    for a, b in itertools.permutations(range(2)):
        mixed = HostileStore(forks[a].objects)
        changed = [name for name in forks[b].objects if forks[b].objects[name] != forks[a].objects.get(name)]
        assert len(changed) == 2
        for name in changed:
            mixed.show({**forks[a].objects, name: forks[b].objects[name]})
            shown, trouble = outcome(bench.device("beta", mixed))
            assert isinstance(trouble, ForkError)
            assert shown == bench.world.truth


def test_the_same_fork_served_by_turns(bench: Bench) -> None:
    """One device, shown one history and then the other, keeps the first and says so."""
    forks = [bench.store(), bench.store()]
    for number, fork in enumerate(forks):
        write(bench.device("alpha", fork), *(f"/fork{number}-{i}" for i in range(2 + number)))
    home = bench.device("beta", forks[0])
    before, trouble = outcome(home)
    assert trouble is None
    home.store = forks[1]
    shown, trouble = outcome(home)
    assert shown == before
    assert isinstance(trouble, ForkError)
