"""Retry, limits, prefix: what each adds to the contract. No test waits: clocks and waits are given in."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from megadesk.errors import (
    CancelledError,
    InputError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.adapt import AdaptStore
from megadesk.stores.api import Data, Store
from megadesk.stores.fault import Fault, FaultStore, Kind
from megadesk.stores.forward import ForwardStore
from megadesk.stores.lazy import LazyStore
from megadesk.stores.limit import LimitStore, TokenBucket
from megadesk.stores.memory import MemoryStore
from megadesk.stores.prefix import PrefixStore
from megadesk.stores.retry import RetryNotice, RetryPolicy, RetryStore


def busy(retry_after_s: float | None) -> Callable[[str, str], BaseException]:
    return lambda operation, name: StoreBusyError("Injected.", retry_after_s=retry_after_s)


class Waits(list[float]):
    """A wait that only takes notes."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def retrying(
    *faults: Fault, policy: RetryPolicy | None = None, random: float = 1.0
) -> tuple[RetryStore, FaultStore, Waits]:
    waits = Waits()
    flaky = FaultStore(MemoryStore(), faults)
    return RetryStore(flaky, policy, wait=waits, random=lambda: random), flaky, waits


# retry


def test_waits_grow_to_the_ceiling_and_then_it_gives_up() -> None:
    policy = RetryPolicy(tries=6, first_s=1.0, ceiling_s=5.0)
    store, flaky, waits = retrying(Fault(Kind.BEFORE), policy=policy)
    with pytest.raises(StoreUnavailableError):
        store.get("a")
    assert waits == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert flaky.calls["get"] == 6


def test_full_jitter() -> None:
    policy = RetryPolicy(tries=4, first_s=1.0)
    for random in (0.0, 0.25, 0.999):
        store, _, waits = retrying(Fault(Kind.BEFORE), policy=policy, random=random)
        with pytest.raises(StoreUnavailableError):
            store.stat("a")
        assert waits == [random * 1.0, random * 2.0, random * 4.0]


def test_gives_up_when_it_would_wait_too_long_in_all() -> None:
    store, _, waits = retrying(Fault(Kind.BEFORE), policy=RetryPolicy(tries=100, first_s=1.0, total_s=10.0))
    with pytest.raises(StoreUnavailableError):
        store.flush()
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(("asked", "waited"), [(5.0, 6.0), (0.0, 1.0), (-3.0, 1.0), (None, 1.0)])
def test_honours_what_the_store_asks_for(asked: float | None, waited: float) -> None:
    fault = Fault(Kind.BEFORE, times=1, error=busy(asked))
    store, _, waits = retrying(fault, policy=RetryPolicy(first_s=1.0))
    store.put("a", b"x")
    assert waits == [waited]


@pytest.mark.parametrize("asked", [1e9, float("inf"), float("nan")])
def test_does_not_let_the_store_stall_it(asked: float) -> None:
    store, _, waits = retrying(Fault(Kind.BEFORE, error=busy(asked)))
    with pytest.raises(StoreBusyError):
        store.put("a", b"x")
    assert waits == []


@pytest.mark.parametrize("kind", [StoreFullError, StoreReadOnlyError, StoreAccessError, StoreProtocolError])
def test_only_retryable_errors_are_retried(kind: type[StoreError]) -> None:
    store, flaky, waits = retrying(Fault(Kind.BEFORE, error=lambda operation, name: kind("Injected.")))
    for action in (
        lambda: store.put("a", b"x"),
        lambda: store.get("a"),
        lambda: store.stat("a"),
        lambda: list(store.list()),
        lambda: store.delete("a"),
        store.flush,
        store.free_bytes,
    ):
        with pytest.raises(kind):
            action()
    assert waits == []
    assert set(flaky.calls.values()) == {1}


def test_cancel_while_waiting() -> None:
    def cancel(_: float) -> None:
        raise CancelledError("Cancelled.")

    flaky = FaultStore(MemoryStore(), [Fault(Kind.BEFORE)])
    with pytest.raises(CancelledError):
        RetryStore(flaky, wait=cancel).put("a", b"x")
    assert flaky.calls["put"] == 1


def test_notices() -> None:
    notices: list[RetryNotice] = []
    flaky = FaultStore(MemoryStore(), [Fault(Kind.BEFORE, at=frozenset({0, 1}))])
    store = RetryStore(flaky, wait=lambda _: None, random=lambda: 0.5, notify=notices.append)
    store.put("a", b"x")
    assert [(notice.operation, notice.attempt) for notice in notices] == [("put", 1), ("put", 2)]
    assert isinstance(notices[0].error, StoreUnavailableError)


def test_create_only_put_whose_answer_got_lost() -> None:
    store, flaky, _ = retrying(Fault(Kind.AFTER, operations=["put"], times=1))
    store.put("a", [b"con", b"", bytearray(b"tent")], create_only=True)
    assert flaky.calls["put"] == 2
    assert store.get("a") == b"content"


@pytest.mark.parametrize("other", [b"another", b"longer than it", b""])
def test_create_only_put_that_lost_the_race_while_failing(other: bytes) -> None:
    inner = MemoryStore()
    flaky = FaultStore(inner, [Fault(Kind.BEFORE, operations=["put"], times=1)])
    store = RetryStore(flaky, wait=lambda _: inner.put("a", other))
    with pytest.raises(ObjectExistsError):
        store.put("a", b"content", create_only=True)
    assert inner.get("a") == other


def test_create_only_put_is_not_compared_without_a_failure() -> None:
    store, flaky, _ = retrying()
    store.put("a", b"x")
    with pytest.raises(ObjectExistsError):
        store.put("a", b"x", create_only=True)
    assert flaky.calls["get"] == 0


def test_list_goes_on_where_it_failed() -> None:
    policy = RetryPolicy(tries=2)
    store, flaky, waits = retrying(Fault(Kind.AFTER, operations=["list"], at=frozenset(range(4))), policy=policy)
    names = [f"a/{number:03}" for number in range(100)]
    for name in names:
        store.put(name, b"x")
    # Each failure comes after progress, so four of them are not "two tries".
    assert [info.name for info in store.list("a/")] == names
    assert flaky.calls["list"] == 5
    assert len(waits) == 4


# limits


def test_bucket_keeps_the_average() -> None:
    clock = Clock()
    bucket = TokenBucket(1000.0, clock=clock, wait=clock.wait)
    start = clock.now
    for _ in range(100):
        bucket.take(500)
    assert clock.now - start == pytest.approx(49.5)


def test_bucket_saves_up_one_second_at_most() -> None:
    clock = Clock()
    bucket = TokenBucket(1000.0, clock=clock, wait=clock.wait)
    clock.wait(3600)
    start = clock.now
    for _ in range(10):
        bucket.take(1000)
    assert clock.now - start == pytest.approx(8.0)


def test_bucket_notices_a_new_rate_while_it_waits() -> None:
    clock = Clock()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock.wait(seconds)
        if len(waits) == 3:
            bucket.set_rate(None)

    bucket = TokenBucket(1.0, clock=clock, wait=wait)
    bucket.take(1_000_000)
    bucket.take(1)
    assert len(waits) == 3
    assert max(waits) <= 0.5
    bucket.set_rate(10.0)
    start = clock.now
    bucket.take(100)
    assert clock.now == start


def test_limits_up_and_down_are_separate() -> None:
    clock = Clock()
    store = LimitStore(MemoryStore(), up_bytes_per_s=100.0, down_bytes_per_s=1000.0, clock=clock, wait=clock.wait)
    start = clock.now
    for number in range(5):
        store.put(f"a/{number}", [bytes(50), bytes(50)])
    assert clock.now - start == pytest.approx(4.0)
    start = clock.now
    for number in range(5):
        assert len(store.get(f"a/{number}")) == 100
        assert len(store.get(f"a/{number}", length=100)) == 100
        store.get_into(f"a/{number}", memoryview(bytearray(100)))
    assert 0.0 < clock.now - start <= 1.5
    store.set_limits(up_bytes_per_s=None, down_bytes_per_s=None)
    start = clock.now
    store.put("b", bytes(100_000))
    store.get("b")
    assert clock.now == start


def test_limit_waits_can_be_cancelled() -> None:
    def cancel(_: float) -> None:
        raise CancelledError("Cancelled.")

    store = LimitStore(MemoryStore(), up_bytes_per_s=1.0, clock=Clock(), wait=cancel)
    store.put("a", bytes(100))
    with pytest.raises(CancelledError):
        store.put("b", b"x")


def test_limit_of_concurrent_requests() -> None:
    present = 0
    most = 0
    lock = threading.Lock()
    both = threading.Barrier(2, timeout=30)

    def enter(operation: str, name: str) -> None:
        nonlocal present, most
        with lock:
            present += 1
            most = max(most, present)
        both.wait()  # passes only when exactly two are inside

    def leave(operation: str, name: str) -> None:
        nonlocal present
        with lock:
            present -= 1

    store = LimitStore(FaultStore(MemoryStore(), before=enter, after=leave), concurrent=2)
    threads = [threading.Thread(target=store.put, args=(f"a/{number}", b"x")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 2


def test_store_can_be_used_while_listing_with_one_slot() -> None:
    store = LimitStore(MemoryStore(), concurrent=1)
    for number in range(3):
        store.put(f"a/{number}", b"x")
    for info in store.list():
        store.delete(info.name)
    assert list(store.list()) == []


def test_senseless_limits_are_refused() -> None:
    for rate in (0.0, -1.0, float("nan")):
        with pytest.raises(InputError):
            LimitStore(MemoryStore(), up_bytes_per_s=rate)
    with pytest.raises(InputError):
        LimitStore(MemoryStore(), concurrent=0)


# prefix and memory


def test_prefix_stays_inside() -> None:
    inner = MemoryStore()
    inner.put("other", b"x")
    store = PrefixStore(inner, "lockers/a/")
    store.put("b", b"y")
    assert inner.get("lockers/a/b") == b"y"
    for name in ("../../other", "lockers/a/b", "other"):
        with pytest.raises((InputError, ObjectNotFoundError)):
            store.get(name)
    for folder in ("", "a", "/", "../", "A/"):
        with pytest.raises(InputError):
            PrefixStore(inner, folder)
    with pytest.raises(InputError):
        store.put("a" * 195, b"x")
    assert store.properties.address.endswith("lockers/a")


def test_too_large_objects_are_refused() -> None:
    store = MemoryStore(max_object_bytes=10)
    store.put("a", bytes(10))
    parts: Data = [bytes(6), bytes(5)]
    with pytest.raises(InputError):
        store.put("a", parts)


# --- passing on


class _Swept(MemoryStore):
    def sweep(self) -> int:
        return 7


@pytest.mark.parametrize(
    "wrap", [RetryStore, LimitStore, AdaptStore, FaultStore, lambda inner: LazyStore(lambda: inner), ForwardStore]
)
def test_what_a_wrapper_does_not_change_reaches_the_store(wrap: Callable[[Store], Store]) -> None:
    """`sweep` once ended in a wrapper that had been written before it."""
    assert wrap(_Swept()).sweep() == 7


def test_everything_there_is_is_passed_on() -> None:
    operations = {name for name, value in vars(Store).items() if not name.startswith("_") and name != "properties"}
    assert operations - set(vars(ForwardStore)) == {"open_read", "open_write"}
