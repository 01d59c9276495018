"""The planner on random trees by the thousand: it ends, converges and loses nothing, wherever it is stopped."""

from __future__ import annotations

import os
import random

import pytest

from megadesk.sync.values import FOLDER, Mode, Rules
from tests.unit.sync.model import Broken, random_world, settle

CASES = 20_000
LONG_CASES = 1_000_000
PAST_FAILURES = (91, 1008, 1783, 2280)


def one_case(seed: int) -> None:
    rng = random.Random(seed)
    mode = rng.choice([Mode.TWO_WAY] * 5 + [Mode.UP, Mode.DOWN, Mode.BACKUP])
    rules = Rules(mode=mode, device="pc")
    world = random_world(rng, edits=rng.choice([3, 5, 9]), base=rng.choice([4, 8, 14]))
    before = world.bytes_somewhere()
    in_locker = {world.truth[e.content] for e in world.locker.values() if e.kind != FOLDER}
    stops = [rng.randrange(6) for _ in range(rng.randrange(3))] if rng.random() < 0.5 else []
    settle(world, rules, stops)
    if lost := before - world.bytes_somewhere():
        raise Broken(f"lost: {lost}")
    if mode is Mode.BACKUP:
        kept = {world.truth[content] for content in world.versions}
        assert in_locker <= kept
    if mode is Mode.TWO_WAY and not world.held:
        assert world.shape(world.local) == world.shape(world.locker)
        assert world.shape(world.agreed) == world.shape(world.local)


def run(cases: range) -> None:
    for seed in cases:
        try:
            one_case(seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error


def test_random_trees() -> None:
    run(range(CASES))


@pytest.mark.long
def test_random_trees_by_the_million() -> None:
    from concurrent.futures import ProcessPoolExecutor

    step = 10_000
    parts = [range(start, start + step) for start in range(CASES, CASES + LONG_CASES, step)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(run, parts))


@pytest.mark.parametrize("seed", PAST_FAILURES)
def test_past_failures(seed: int) -> None:
    one_case(seed)
