"""The number of requests at once settles where the store is quickest, and falls when it is asked too much."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from megadesk.errors import StoreBusyError, StoreUnavailableError
from megadesk.stores.adapt import MOST, START, AdaptStore, Gate
from megadesk.stores.api import Data
from megadesk.stores.memory import MemoryStore

MIB = 1 << 20


class World:
    """A line whose speed depends on how many use it; time passes as requests go."""

    def __init__(self, speed: Callable[[int], float]) -> None:
        self.now = 0.0
        self.speed = speed
        self.gate = Gate(clock=lambda: self.now)
        self.seen: list[int] = []

    def go(self, requests: int, error: Exception | None = None) -> None:
        for _ in range(requests):
            self.gate._waiting = 1  # somebody always wants more
            try:
                with self.gate.passing(MIB):
                    self.now += MIB / self.speed(self.gate.limit)
                    if error is not None:
                        raise error
            except StoreBusyError:
                pass
            self.seen.append(self.gate.limit)


def test_where_each_connection_is_slow_there_are_many() -> None:
    world = World(lambda number: number * 5 * MIB)
    world.go(300)
    assert world.gate.limit == MOST


def test_where_one_fills_the_line_there_are_few() -> None:
    world = World(lambda number: 50 * MIB)
    world.go(1000)
    assert max(world.seen[500:]) <= START + 1
    assert min(world.seen[500:]) <= 2


def test_where_more_are_slower_it_goes_back() -> None:
    world = World(lambda number: (60 - 10 * abs(number - 4)) * MIB)
    world.go(1000)
    settled = world.seen[200:]
    assert settled.count(4) > len(settled) * 0.6


def test_a_store_that_is_asked_too_much_is_asked_less() -> None:
    world = World(lambda number: number * 5 * MIB)
    world.go(300)
    world.go(1, StoreBusyError("slow down"))
    assert world.gate.limit == MOST // 2
    world.go(3, StoreBusyError("slow down"))  # in the same second: one sign
    assert world.gate.limit == MOST // 2
    for _ in range(10):
        world.now += 2
        world.go(1, StoreBusyError("slow down"))
    assert world.gate.limit == 1
    world.go(300)
    assert world.gate.limit == MOST


def test_small_requests_teach_nothing() -> None:
    gate = Gate()
    for _ in range(100):
        with gate.passing(1000):
            continue
    assert gate.limit == START


class _Counting(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()
        self.inside = self.most = 0
        self.error: Exception | None = None

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            if self.error is not None:
                raise self.error
            time.sleep(0.002)
            super().put(name, data, create_only=create_only)
        finally:
            with self.lock:
                self.inside -= 1


def test_no_more_pass_than_the_gate_allows_and_errors_free_their_place() -> None:
    inner = _Counting()
    store = AdaptStore(inner)

    def work() -> None:
        for number in range(20):
            store.put(f"a/{threading.get_ident()}-{number}", bytes(300 << 10))

    threads = [threading.Thread(target=work) for _ in range(MOST + 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert 2 <= inner.most <= MOST
    inner.error = StoreUnavailableError("away")
    for _ in range(30):
        with pytest.raises(StoreUnavailableError):
            store.put("a/b", b"x")
    inner.error = None
    store.put("a/b", b"x")
