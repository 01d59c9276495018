"""Attack 16: ask for so much memory or time that opening takes the machine down. Refused on reading, in no time."""

from __future__ import annotations

import itertools
import time
import tracemalloc
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.errors import KeyFileError
from megadesk.state import keyfile
from tests.attack.test_15_kdf_downgrade import altered
from tests.attack.world import PASSPHRASE, Bench

HUGE = [{"memory": kib} for kib in (1024 * 1024 + 1, 4 * 1024 * 1024, 2**31, 2**32 - 1)]  # 2**32 - 1 KiB: 4 TiB
HUGE += [{"passes": passes} for passes in (17, 1000, 2**32 - 1)]
HUGE += [{"lanes": lanes} for lanes in (17, 2**24 - 1, 2**32 - 1)]
HUGE += [{"memory": 2**32 - 1, "passes": 2**32 - 1, "lanes": 2**32 - 1}]


@pytest.mark.parametrize("numbers", HUGE)
def test_a_cost_above_the_caps(bench: Bench, numbers: dict[str, int], argon2id: None) -> None:
    home = bench.device("alpha", bench.store()).home
    path = next(home.rglob("keys"))
    path.write_bytes(altered(path.read_bytes(), **numbers))
    tracemalloc.start()
    try:
        best_s = 60.0
        for _ in range(5):
            started = time.perf_counter()
            with pytest.raises(KeyFileError, match="more memory or time"):
                keyfile.read_params(path)
            best_s = min(best_s, time.perf_counter() - started)
        assert best_s < 0.01
        with pytest.raises(KeyFileError, match="more memory or time"):
            App(str(home)).unlock(None, PASSPHRASE)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_huge_key_file_is_not_read(bench: Bench) -> None:
    home = bench.device("alpha", bench.store()).home
    path: Path = next(home.rglob("keys"))
    data = path.read_bytes()
    for size in (65 << 10, 1 << 30, 1 << 36):
        with open(path, "r+b") as file:
            file.truncate(size)  # sparse
        tracemalloc.start()
        with pytest.raises(KeyFileError):
            App(str(home)).unlock(None, PASSPHRASE)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
        tracemalloc.stop()
        path.write_bytes(data)


def test_all_extreme_numbers_together(bench: Bench, argon2id: None) -> None:
    home = bench.device("alpha", bench.store()).home
    path = next(home.rglob("keys"))
    data = path.read_bytes()
    edge = (0, 1, 2**16, 2**31 - 1, 2**31, 2**32 - 1)
    for memory, passes, lanes in itertools.product(edge, repeat=3):
        path.write_bytes(altered(data, memory=memory, passes=passes, lanes=lanes))
        with pytest.raises(KeyFileError):
            keyfile.read_params(path)
