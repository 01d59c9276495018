"""Without an attack: the world is as it was built. Every other test builds on this one."""

from __future__ import annotations

from tests.attack.world import DEVICES, Bench, assert_never_wrong, fetch, forgotten, picture


def test_every_device_shows_and_fetches_the_truth(bench: Bench) -> None:
    world = bench.world
    for name in DEVICES:
        with bench.device(name, bench.store()).unlocked() as locker:
            assert locker.trouble is None
            assert picture(locker) == world.truth
            got, refused = fetch(locker, bench.fresh_folder("got"))
            assert (got, refused) == (world.files, {})
            assert_never_wrong(got, refused, world.files)
            assert locker.upkeep.check(read_data=True).problems == []


def test_a_device_that_lost_its_index_and_one_that_joins_see_the_same(bench: Bench) -> None:
    with forgotten(bench.device("alpha", bench.store())) as locker:
        assert (locker.trouble, picture(locker)) == (None, bench.world.truth)
    with bench.joined(bench.store()) as locker:
        assert (locker.trouble, picture(locker)) == (None, bench.world.truth)


def test_the_logs_alone_give_the_same_tree(bench: Bench) -> None:
    store = bench.store()
    for name in [name for name in store.objects if name.startswith("checkpoints/")]:
        del store.objects[name]
    with bench.joined(store) as locker:
        assert (locker.trouble, picture(locker)) == (None, bench.world.truth)


def test_every_moment_opens_as_it_was(bench: Bench) -> None:
    for number, moment in enumerate(bench.world.moments):
        for name in moment.homes:
            with bench.device(name, bench.store(number), moment=number).unlocked() as locker:
                assert locker.trouble is None
                if name == "alpha" and moment.what in ("made", "files", "big", "joined", "trashed"):
                    assert picture(locker) == moment.pictures[name]
