"""Attack 9: put back an older state of one object, or take it away. The chain of hashes shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from megadesk.errors import RollbackError
from megadesk.format import names
from tests.attack.reading import with_object
from tests.attack.world import (
    DEVICES,
    Bench,
    World,
    assert_never_wrong,
    fetch,
    forgotten,
    is_typed,
    packs_by_path,
    picture,
)


def older_states(world: World) -> Iterator[tuple[str, bytes | None]]:
    """Each object as it was at any moment, where that is not how it is in the end; None: it was not there."""
    everything = {name for moment in world.moments for name in moment.objects}
    for name in sorted(everything):
        now = world.end.objects.get(name)
        for state in {moment.objects.get(name) for moment in world.moments}:
            if state != now:
                yield name, state


@pytest.mark.parametrize("who", DEVICES)
def test_devices_that_have_the_locker(bench: Bench, who: str) -> None:
    world, store = bench.world, bench.store()
    needed: set[str] = set()
    tried = 0
    with bench.device(who, store).unlocked() as locker:
        for packs in packs_by_path(locker).values():
            needed |= set(packs)
        for name, state in older_states(world):
            store.show(with_object(bench.store(), name, state).objects)
            trouble = None
            try:
                locker.refresh()
            except RollbackError as error:
                trouble = error
            assert picture(locker) == world.truth, name
            if (parsed := names.parse_entry(name)) is not None:
                # The newest of each device is looked for at every refresh, the others by ``check``.
                last = locker._history.heads()[parsed[0]].seq
                assert (trouble is not None) == (parsed[1] == last), name
                report = [problem.object_name for problem in locker.upkeep.check().problems]
                assert name in report
            if name.startswith(names.DEVICES):
                assert trouble is not None
            if name.startswith(names.PACKS):
                got, refused = fetch(locker, bench.fresh_folder("got"))
                assert_never_wrong(got, refused, world.files)
                assert bool(refused) == (name in needed)
            tried += 1
    assert tried > 20


def test_devices_that_read_everything_again(bench: Bench) -> None:
    """They show a state that once was the truth, or say what is missing."""
    world = bench.world
    once = [shown for moment in world.moments for shown in moment.pictures.values()]
    for name, state in older_states(world):
        if name.startswith(names.PACKS):
            continue
        store = with_object(bench.store(), name, state)
        with forgotten(bench.device("beta", store)) as locker:
            assert locker.trouble is None or is_typed(locker.trouble), name
            if locker.trouble is None:
                assert picture(locker) in once, name
