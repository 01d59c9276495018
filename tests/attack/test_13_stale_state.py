"""Attack 13, as far as this version goes: an old state for a device that joins, where something in it vouches for more.

(What nobody vouches for, a device without heads of its own cannot miss: heads in the pairing code are for that.)
"""

from __future__ import annotations

import pytest

from megadesk.errors import IntegrityError, WithheldError
from megadesk.format import names
from tests.attack.world import PASSPHRASE, Bench, outcome, picture


def stale(bench: Bench, moment: int) -> dict[str, bytes]:
    """The storage as it was then, with every checkpoint of now."""
    now, then = bench.world.end.objects, bench.world.moments[moment].objects
    objects = {name: data for name, data in then.items() if not name.startswith(names.CHECKPOINTS)}
    for name, data in now.items():
        if name.startswith((names.CHECKPOINTS, names.DEVICES)):
            objects[name] = data
    return objects


def test_logs_older_than_a_checkpoint(bench: Bench) -> None:
    """A signed checkpoint names entries that are not there: that is no damaged checkpoint, but a held back history."""
    tried = 0
    for moment in range(len(bench.world.moments) - 2):
        store = bench.store()
        store.show(stale(bench, moment))
        new = bench.newcomer(store)
        locker = new.app.join_locker(str(bench.world.folder / "store"), PASSPHRASE, bench.world.recovery_key)
        try:
            assert isinstance(locker.trouble, WithheldError), bench.world.moments[moment].what
            assert locker.read_only_reason
            with pytest.raises(IntegrityError):
                locker.refresh()
        finally:
            locker.close()
        # It says so again after a restart, until the storage is whole.
        shown, trouble = outcome(new)
        assert isinstance(trouble, WithheldError)
        store.show({**store.objects, **bench.world.end.objects})
        shown, trouble = outcome(new)
        assert (shown, trouble) == (bench.world.truth, None)
        tried += 1
    assert tried >= 5


def test_every_entry_that_a_checkpoint_stands_for_dropped(bench: Bench) -> None:
    objects = bench.world.end.objects
    checkpoint_moment = bench.world.moments[-2].objects
    for device in {name[4:36] for name in objects if name.startswith(names.LOG)}:
        vouched = sorted(n for n in checkpoint_moment if n.startswith(f"log/{device}"))
        for kept in range(len(vouched)):
            store = bench.store()
            for name in [n for n in store.objects if n.startswith(f"log/{device}") and n not in vouched[:kept]]:
                del store.objects[name]
            with bench.joined(store) as locker:
                assert isinstance(locker.trouble, IntegrityError)


def test_a_damaged_checkpoint_is_not_mistaken_for_it(bench: Bench) -> None:
    """Parts that are gone or altered only cost time: the logs are all there."""
    for name in [name for name in bench.world.end.objects if name.startswith(names.CHECKPOINTS)]:
        for data in (None, b"", bench.world.end.objects[name][:-1] + b"\0"):
            store = bench.store()
            if data is None:
                del store.objects[name]
            else:
                store.objects[name] = data
            with bench.joined(store) as locker:
                assert locker.trouble is None
                assert picture(locker) == bench.world.truth


def test_a_state_that_is_old_in_full_is_refused_by_the_pairing_code(bench: Bench) -> None:
    """Nothing in the storage vouches for more; the code does, by the heads of the computer that showed it."""
    end = bench.store()
    end.show(bench.world.end.objects)
    with bench.joined(end) as known:
        code = known.pairing_code()
        enrolled = {name: data for name, data in end.objects.items() if name not in bench.world.end.objects}
    tried = 0
    for moment in bench.world.moments[1:-2]:
        if moment.objects.keys() >= {n for n in bench.world.end.objects if n.startswith(names.LOG)}:
            continue
        store = bench.store()
        store.show(dict(moment.objects))
        new = bench.newcomer(store)
        where = str(bench.world.folder / "store")
        locker = new.app.join_locker(where, PASSPHRASE, bench.world.recovery_key, code=code)
        try:
            assert isinstance(locker.trouble, IntegrityError), moment.what
            assert locker.read_only_reason
        finally:
            locker.close()
        # It is not forgotten by a restart, and ends when the storage shows all of it.
        _, trouble = outcome(new)
        assert isinstance(trouble, IntegrityError)
        store.show({**store.objects, **bench.world.end.objects, **enrolled})
        shown, trouble = outcome(new)
        assert (shown, trouble) == (bench.world.truth, None)
        tried += 1
    assert tried >= 3


def test_a_code_of_another_locker_is_refused(bench: Bench) -> None:
    from megadesk.errors import RecoveryKeyError
    from megadesk.format.pairing import make_pairing

    store = bench.store()
    new = bench.newcomer(store)
    with pytest.raises(RecoveryKeyError):
        new.app.join_locker(
            str(bench.world.folder / "store"),
            PASSPHRASE,
            bench.world.recovery_key,
            code=make_pairing(bytes(32), "", ()),
        )
