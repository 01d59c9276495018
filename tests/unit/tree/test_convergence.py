"""The same entries give the same tree, in whatever order and table; nothing that was not purged is lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from megadesk.tree.digest import digest
from megadesk.tree.dump import decode_rows, dump, encode_rows, load
from tests.unit.tree.histories import (
    TABLES,
    causal_order,
    check_invariants,
    honest_world,
    hostile_entries,
    new_memory_table,
    new_sql_table,
    replay,
)

SEEDS = st.integers(0, 2**40)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(seed=SEEDS, devices=st.integers(2, 4), steps=st.integers(5, 60))
def test_honest_devices_converge(seed: int, devices: int, steps: int) -> None:
    rng = random.Random(seed)
    world = honest_world(rng, devices, steps)
    expected = digest(world.devices[0].table)
    for device in world.devices:
        assert digest(device.table) == expected
        check_invariants(device.table)
    other = replay(new_sql_table(), causal_order(rng, world))
    check_invariants(other)
    assert digest(other) == expected


@QUICK
@given(seed=SEEDS, devices=st.integers(1, 4), steps=st.integers(5, 80))
def test_pruning_changes_nothing_visible(seed: int, devices: int, steps: int) -> None:
    rng = random.Random(seed)
    world = honest_world(rng, devices, steps, prune=True)
    expected = digest(replay(new_memory_table(), causal_order(rng, world)))
    for device in world.devices:
        assert digest(device.table) == expected
        check_invariants(device.table)
        world.prune(device)
        assert digest(device.table) == expected
        check_invariants(device.table)
    # When everyone has told that they saw everything, nothing hidden is left.
    for _ in range(2):
        for device in world.devices:
            world.commit(device, [])
        world.pull_all()
    for device in world.devices:
        world.prune(device)
        assert device.table.gone_keys() == []
        assert digest(device.table) == expected


@QUICK
@given(seed=SEEDS, devices=st.integers(1, 3), count=st.integers(1, 25))
def test_hostile_entries_converge_in_any_order(seed: int, devices: int, count: int) -> None:
    rng = random.Random(seed)
    entries = hostile_entries(rng, devices, count)
    first = replay(new_memory_table(), entries)
    check_invariants(first)
    expected = digest(first)
    for make in TABLES.values():
        shuffled = list(entries)
        rng.shuffle(shuffled)
        table = replay(make(), shuffled)
        check_invariants(table)
        assert digest(table) == expected
        assert table.condemned_packs() == first.condemned_packs()
        assert table.epoch_numbers() == first.epoch_numbers()
        assert table.cutoff_heads() == first.cutoff_heads()


@QUICK
@given(seed=SEEDS, count=st.integers(1, 15))
def test_applying_twice_changes_nothing(seed: int, count: int) -> None:
    entries = hostile_entries(random.Random(seed), 2, count)
    table = replay(new_memory_table(), entries)
    expected = digest(table)
    replay(table, entries)
    check_invariants(table)
    assert digest(table) == expected


@pytest.mark.parametrize("source", TABLES)
@pytest.mark.parametrize("target", TABLES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=SEEDS, count=st.integers(0, 25), later=st.integers(0, 5))
def test_dump_and_load(source: str, target: str, seed: int, count: int, later: int) -> None:
    entries = hostile_entries(random.Random(seed), 3, count + later)
    original = replay(TABLES[source](), entries[:count])
    batches = [decode_rows(encode_rows(batch), "test") for batch in dump(original)]
    copy = TABLES[target]()
    load(copy, batches)
    check_invariants(copy)
    assert digest(copy) == digest(original)
    replay(original, entries[count:])
    replay(copy, entries[count:])
    check_invariants(copy)
    assert digest(copy) == digest(original)
