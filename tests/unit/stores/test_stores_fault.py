"""The store that fails on purpose does so as its script says."""

from __future__ import annotations

import pytest

from megadesk.errors import StoreFullError, StoreProtocolError, StoreReadOnlyError, StoreUnavailableError
from megadesk.stores.api import Store
from megadesk.stores.fault import Fault, FaultStore, Kind
from megadesk.stores.memory import MemoryStore


class Waits(list[float]):
    """A wait that only takes notes."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def test_before_has_no_effect_and_after_has() -> None:
    inner = MemoryStore()
    store = FaultStore(inner, [Fault(Kind.BEFORE, ["put"], prefix="a"), Fault(Kind.AFTER, ["put"], prefix="b")])
    for name in ("a", "b"):
        with pytest.raises(StoreUnavailableError):
            store.put(name, b"x")
    assert [info.name for info in inner.list()] == ["b"]


def test_numbered_and_limited_faults() -> None:
    store = FaultStore(
        MemoryStore(), [Fault(Kind.FULL, ["put"], at=frozenset({1, 3})), Fault(Kind.READ_ONLY, ["delete"], times=1)]
    )
    failed = []
    for number in range(5):
        try:
            store.put("a", b"x")
        except StoreFullError:
            failed.append(number)
    assert failed == [1, 3]
    with pytest.raises(StoreReadOnlyError):
        store.delete("a")
    store.delete("a")
    assert store.calls == {"put": 5, "delete": 2}


def test_the_same_seed_gives_the_same_faults() -> None:
    def run(seed: int) -> list[bool]:
        store = FaultStore(MemoryStore(), [Fault(Kind.BEFORE, probability=0.5)], seed=seed)
        outcome = []
        for _ in range(64):
            try:
                store.flush()
                outcome.append(True)
            except StoreUnavailableError:
                outcome.append(False)
        return outcome

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_bad_reads() -> None:
    store = FaultStore(MemoryStore())
    store.put("a", bytes(1000))
    store.set_faults([Fault(Kind.TRUNCATE, ["get"])])
    assert store.get("a") == bytes(500)
    with pytest.raises(StoreProtocolError):
        store.get("a", length=10)
    store.set_faults([Fault(Kind.CORRUPT, ["get"])])
    assert sum(byte.bit_count() for byte in store.get("a")) == 1
    buffer = bytearray(1000)
    store.get_into("a", memoryview(buffer))
    assert sum(byte.bit_count() for byte in buffer) == 1
    waits = Waits()
    slow = FaultStore(MemoryStore(), [Fault(Kind.SLOW, delay_s=3.0)], wait=waits)
    slow.flush()
    assert waits == [3.0]


def test_stale_list() -> None:
    store = FaultStore(MemoryStore(), [Fault(Kind.STALE, ["list"])])
    store.put("a", b"x")
    assert list(store.list()) == []
    store.put("b", b"x")
    assert [info.name for info in store.list()] == ["a"]
    assert [info.name for info in store.list()] == ["a", "b"]


def test_hooks_can_stop_at_every_operation() -> None:
    class Crash(BaseException):
        pass

    def use(store: Store) -> None:
        store.put("a", b"x")
        store.get("a")
        list(store.list())
        store.flush()
        store.delete("a")

    steps: list[tuple[str, str]] = []
    counting = FaultStore(MemoryStore(), before=lambda *step: steps.append(step))
    use(counting)
    assert steps == [("put", "a"), ("get", "a"), ("list", ""), ("flush", ""), ("delete", "a")]
    for crash_at in range(len(steps)):
        seen = 0

        def crash(operation: str, name: str, crash_at: int = crash_at) -> None:
            nonlocal seen
            seen += 1
            if seen > crash_at:
                raise Crash

        with pytest.raises(Crash):
            use(FaultStore(MemoryStore(), before=crash))
        assert seen == crash_at + 1


def test_loss_of_power() -> None:
    inner = MemoryStore()
    store = FaultStore(inner)
    store.keep_unflushed = True
    store.put("kept", b"1")
    store.put("changed", b"old")
    store.put("removed", b"1")
    store.flush()
    store.put("changed", b"new")
    store.put("changed", b"newer")
    store.put("fresh", b"1")
    store.delete("removed")
    store.lose_unflushed()
    assert {info.name: inner.get(info.name) for info in inner.list()} == {
        "changed": b"old",
        "kept": b"1",
        "removed": b"1",
    }
