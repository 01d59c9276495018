"""Attack 14: bring back what was deleted, or hide a deletion. Deletions are signed entries of the chain."""

from __future__ import annotations

import pytest

from megadesk.errors import IntegrityError
from megadesk.format import names
from tests.attack.world import DEVICES, Bench, Picture, fetch, forgotten, is_typed, outcome, picture

DELETED = ("goes.txt", "vanishes.txt")


def resurrected(shown: Picture | None) -> list[str]:
    return [name for name in DELETED if shown and name in shown]


def log_of(objects: dict[str, bytes]) -> list[str]:
    return sorted(name for name in objects if name.startswith(names.LOG))


@pytest.mark.parametrize("who", DEVICES)
def test_every_entry_dropped(bench: Bench, who: str) -> None:
    """Each entry alone, and each with all later ones of its device: nothing deleted comes back."""
    for name in log_of(bench.world.end.objects):
        for tail in (False, True):
            store = bench.store()
            for other in log_of(store.objects):
                if other == name or (tail and other.rpartition("/")[0] == name.rpartition("/")[0] and other > name):
                    del store.objects[other]
            shown, trouble = outcome(bench.device(who, store))
            assert shown == bench.world.truth
            assert resurrected(shown) == []
            assert trouble is None or isinstance(trouble, IntegrityError)
            if tail:
                assert trouble is not None


@pytest.mark.parametrize("checkpoints", [True, False])
def test_every_entry_dropped_before_it_is_read(bench: Bench, checkpoints: bool) -> None:
    """A device that reads all anew names the gap; only the newest, which nobody vouches for, it cannot miss."""
    objects = bench.world.end.objects
    newest = {max(n for n in log_of(objects) if n.startswith(f"log/{d}")) for d in {n[4:36] for n in log_of(objects)}}
    for name in log_of(objects):
        store = bench.store()
        del store.objects[name]
        if not checkpoints:
            for other in [other for other in store.objects if other.startswith(names.CHECKPOINTS)]:
                del store.objects[other]
        with forgotten(bench.device("beta", store)) as locker:
            assert resurrected(picture(locker)) == [] or is_typed(locker.trouble)
            if locker.trouble is None and name not in newest:
                assert checkpoints, "a gap in the log was not noticed"
                assert picture(locker) == bench.world.truth


def test_old_entries_again_under_new_numbers(bench: Bench) -> None:
    """A signed entry replayed as the next one, of its own device and of the other's."""
    objects = bench.world.end.objects
    for name in log_of(objects):
        for device in {n[4:36] for n in log_of(objects)}:
            after = 1 + max(int(n[37:], 16) for n in log_of(objects) if n.startswith(f"log/{device}"))
            store = bench.store()
            store.objects[f"log/{device}/{after:016x}"] = objects[name]
            shown, trouble = outcome(bench.device("alpha", store))
            assert shown == bench.world.truth
            assert isinstance(trouble, IntegrityError)


def test_the_bytes_of_a_purged_file_put_back(bench: Bench) -> None:
    """Every pack that ever was in the storage is there again: the tree does not change, and purged stays purged."""
    store = bench.store()
    for moment in bench.world.moments:
        for name, data in moment.objects.items():
            if name.startswith((names.PACKS, names.CHECKPOINTS)):
                store.objects.setdefault(name, data)
    for name in DEVICES:
        with bench.device(name, store).unlocked() as locker:
            locker.refresh()
            assert picture(locker) == bench.world.truth
            got, refused = fetch(locker, bench.fresh_folder("got"))
            assert (got, refused) == (bench.world.files, {})
    with forgotten(bench.device("alpha", store)) as locker:
        assert (locker.trouble, picture(locker)) == (None, bench.world.truth)
