"""A spread whose stores are away, slow, wrong, blank or back again."""

from __future__ import annotations

import os
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from megadesk.errors import (
    AddressError,
    InputError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreFullError,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores import spread_part
from megadesk.stores.api import Store
from megadesk.stores.fault import Fault, FaultStore, Kind
from megadesk.stores.memory import MemoryStore
from megadesk.stores.retry import RetryPolicy
from megadesk.stores.spread import SpreadStore
from megadesk.stores.spread_address import SpreadAddress
from megadesk.stores.spread_group import MARKER, SHARES
from megadesk.stores.spread_share import HEADER_BYTES

KIB = 1024
LARGE = 600 * KIB
GONE = Fault(Kind.BEFORE)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread_part, "POLICY", RetryPolicy(tries=2, first_s=0.001, total_s=0.01))
    monkeypatch.setattr(spread_part, "_FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(spread_part, "_LONGEST_PAUSE_S", 0.05)


class Rig:
    """``k`` of ``n`` stores in memory, with faults."""

    def __init__(self, k: int = 2, n: int = 3) -> None:
        self.inner = [MemoryStore() for _ in range(n)]
        self.faulty = [FaultStore(store) for store in self.inner]
        self.names = [f"/store/{number}" for number in range(n)]
        self.address = SpreadAddress(k, tuple(self.names))
        self.opened: list[SpreadStore] = []

    def open(self, *, create: bool = False, address: SpreadAddress | None = None, **options: Any) -> SpreadStore:
        def opener(name: str, create: bool) -> Store:
            number = self.names.index(name)
            return Kept(self.faulty[number])

        store = SpreadStore(address or self.address, opener, create=create, **options)
        self.opened.append(store)
        return store

    def away(self, *numbers: int) -> None:
        for number, store in enumerate(self.faulty):
            store.set_faults([GONE] if number in numbers else [])


class Kept(FaultStore):
    """Closing it leaves the one behind open for the next."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner)

    def close(self) -> None:
        return


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    for store in rig.opened:
        store.close()


def soon(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def fill(store: Store) -> dict[str, bytes]:
    contents = {"locker": b"header", "log/a/1": b"entry" * 100, "packs/aa/odd": os.urandom(LARGE + 1)}
    contents |= {f"packs/{number:02}/x": os.urandom(LARGE) for number in range(4)}
    for name, content in contents.items():
        store.put(name, content, create_only=True)
    store.flush()
    return contents


def check_all(store: Store, contents: dict[str, bytes]) -> None:
    assert {info.name: info.size_bytes for info in store.list()} == {n: len(c) for n, c in contents.items()}
    for name, content in contents.items():
        assert store.get(name, max_bytes=len(content)) == content
        assert store.stat(name).size_bytes == len(content)
        assert store.get(name, offset=1, length=3) == content[1:4]


def mend(store: Store, **options: bool) -> Any:
    report = store.mend(**{"repair": True, "read_data": False, "step": lambda name: None, **options})  # type: ignore[arg-type]
    assert report is not None
    return report


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_any_k_hold_enough(rig: Rig, lost: int) -> None:
    contents = fill(rig.open(create=True))
    rig.away(lost)
    check_all(rig.open(), contents)


def test_large_objects_are_not_stored_three_times(rig: Rig) -> None:
    store = rig.open(create=True)
    store.put("packs/aa/x", bytes(1024 * KIB))
    stored = sum(info.size_bytes for inner in rig.inner for info in inner.list(SHARES))
    assert stored < 1.51 * 1024 * KIB
    store.put("log/a/1", b"x")
    assert all(inner.get("log/a/1") == b"x" for inner in rig.inner)


def test_with_fewer_than_k_absence_is_never_deletion(rig: Rig) -> None:
    store = rig.open(create=True)
    fill(store)
    rig.away(0, 1)
    for action in (
        lambda: store.get("no/such", length=1),
        lambda: store.stat("no/such"),
        lambda: list(store.list()),
        lambda: store.get("packs/00/x", max_bytes=LARGE),
        lambda: store.delete("locker"),
        lambda: store.put("new", b"x"),
        lambda: store.flush(),
    ):
        with pytest.raises(StoreUnavailableError):
            action()
    with pytest.raises(StoreUnavailableError):
        rig.open()


def test_missing_is_missing(rig: Rig) -> None:
    store = rig.open(create=True)
    fill(store)
    rig.away(1)
    for name in ("no/such", "packs/aa/none"):
        with pytest.raises(ObjectNotFoundError):
            store.get(name, length=1)
        with pytest.raises(ObjectNotFoundError):
            store.stat(name)


def test_what_a_store_missed_is_written_when_it_is_back(rig: Rig) -> None:
    store = rig.open(create=True)
    rig.away(2)
    contents = fill(store)
    assert [part.is_up for part in store.parts()] == [True, True, False]
    assert store.parts()[2].behind == len(contents)
    rig.away()
    soon(lambda: store.mend_known() > 0)
    soon(lambda: store.parts()[2].behind == 0)
    assert mend(store).repaired == 0
    rig.away(0)
    check_all(rig.open(), contents)


def test_what_another_process_missed_is_found_by_listing(rig: Rig) -> None:
    store = rig.open(create=True)
    rig.away(2)
    contents = fill(store)
    rig.away()
    other = rig.open()
    found = mend(other, repair=False)
    assert (found.repaired, found.unrepaired) == (0, len(contents))
    assert other.parts()[2].behind == len(contents)
    assert mend(other).repaired == len(contents)
    assert mend(other, read_data=True).unrepaired == 0
    rig.away(1)
    check_all(rig.open(), contents)


def test_a_store_that_became_blank_is_no_store_without_objects(rig: Rig) -> None:
    contents = fill(rig.open(create=True))
    for info in list(rig.inner[1].list()):
        rig.inner[1].delete(info.name)
    store = rig.open()
    check_all(store, contents)
    assert "empty" in store.parts()[1].trouble
    store.put("packs/ff/new", bytes(LARGE))
    assert list(rig.inner[1].list()) == []
    assert mend(store).away == [rig.names[1]]
    assert list(rig.inner[1].list()) == []
    assert mend(store, create=True).repaired == len(contents) + 1
    rig.away(0)
    check_all(rig.open(), contents | {"packs/ff/new": bytes(LARGE)})


def damage(store: MemoryStore, name: str, at: int) -> None:
    content = bytearray(store.get(name))
    content[at] ^= 1
    store.put(name, content)


@pytest.mark.parametrize("at", [0, 9, HEADER_BYTES + 5, -1])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_damaged_share_is_detoured_named_and_repaired(rig: Rig, number: int, at: int) -> None:
    contents = fill(rig.open(create=True))
    damage(rig.inner[number], SHARES + "packs/00/x", at)
    store = rig.open()
    check_all(store, contents)
    found = mend(store, repair=False, read_data=True)
    assert [(name, rig.names[number] in what) for name, what in found.problems] == [("packs/00/x", True)]
    assert mend(store, read_data=True).repaired == 1
    assert mend(store, read_data=True).repaired == 0
    rig.away((number + 1) % 3)
    check_all(rig.open(), contents)


@pytest.mark.parametrize("number", [0, 1])
def test_a_lying_store_is_found_when_what_it_gives_does_not_verify(
    rig: Rig, number: int, expected_warnings: object
) -> None:
    """It writes check sums to fit, so only who holds the keys sees that the content is wrong."""
    store = rig.open(create=True)
    contents = fill(store)
    forged = os.urandom(LARGE)
    other = Rig()
    other.open(create=True).put("packs/00/x", forged)
    for opened in other.opened:
        opened.close()
    real = bytearray(rig.inner[number].get(SHARES + "packs/00/x"))
    fake = other.inner[number].get(SHARES + "packs/00/x")
    # Its own pieces under the header of the real ones.
    coding = store._group.coding
    header = coding.parse(real, "x")
    real[HEADER_BYTES:] = forge(fake, header.seed(), coding.piece_bytes)
    rig.inner[number].put(SHARES + "packs/00/x", real)
    fresh = rig.open()
    name, content = "packs/00/x", contents["packs/00/x"]
    tries = 0
    while fresh.get(name, max_bytes=LARGE) != content:
        assert fresh.doubt(name)
        tries += 1
        assert tries < 4
    assert not fresh.doubt(name) or fresh.get(name, max_bytes=LARGE) == content
    found = mend(fresh, repair=False, read_data=True)
    assert [(name, rig.names[number] in what) for name, what in found.problems] == [(name, True)]
    assert mend(fresh, read_data=True).repaired == 1


def forge(share: bytes, seed: int, piece_bytes: Callable[[int, int], int]) -> bytes:
    made = bytearray()
    at = HEADER_BYTES
    stripe = 0
    while at < len(share):
        size = piece_bytes(LARGE, stripe)
        piece = share[at : at + size]
        made += piece + struct.pack(">I", zlib.crc32(piece, seed))
        at += size + 4
        stripe += 1
    return bytes(made)


def test_a_lie_about_a_small_object_is_detoured(rig: Rig, expected_warnings: object) -> None:
    store = rig.open(create=True)
    contents = fill(store)
    for number in range(3):
        damage(rig.inner[number], "log/a/1", 3)
        seen = 0
        while store.get("log/a/1", max_bytes=1000) != contents["log/a/1"]:
            assert store.doubt("log/a/1")
            seen += 1
            assert seen < 4
        assert mend(store, read_data=True).repaired == 1
        assert [part.damaged for part in store.parts()] == [0, 0, 0]


def test_two_damaged_shares_of_three_are_an_error_that_says_so(rig: Rig) -> None:
    store = rig.open(create=True)
    fill(store)
    for number in (0, 2):
        damage(rig.inner[number], SHARES + "packs/00/x", HEADER_BYTES + 1)
    with pytest.raises(StoreProtocolError, match="Too many shares"):
        rig.open().get("packs/00/x", length=10)
    found = mend(rig.open(), repair=True, read_data=True)
    assert [name for name, _ in found.problems] == ["packs/00/x"]


def test_deletes_do_not_come_back(rig: Rig) -> None:
    store = rig.open(create=True)
    contents = fill(store)
    rig.away(1)
    for name in ("packs/00/x", "packs/01/x"):
        store.delete(name)
        del contents[name]
    rig.away()
    fresh = rig.open()
    check_all(fresh, contents)
    assert mend(fresh, read_data=True).repaired == 0
    # The one that deleted still knows.
    soon(lambda: store.mend_known() == 0 and not list(rig.inner[1].list("shares/packs/00/")))


def test_create_only(rig: Rig) -> None:
    store = rig.open(create=True)
    for content in (b"small", bytes(LARGE)):
        store.put("a/b", content, create_only=True)
        for other in (b"small", b"other", bytes(LARGE), b"x" * LARGE):
            with pytest.raises(ObjectExistsError):
                store.put("a/b", other, create_only=True)
            assert store.get("a/b", max_bytes=LARGE) == content
        store.delete("a/b")


def test_a_put_that_failed_half_way_may_be_repeated(rig: Rig) -> None:
    store = rig.open(create=True)
    for content in (b"small", bytes(LARGE)):
        rig.faulty[0].set_faults([Fault(Kind.BEFORE, ("put",), times=2)])
        rig.faulty[1].set_faults([Fault(Kind.BEFORE, ("put",), times=2)])
        with pytest.raises(StoreUnavailableError):
            store.put("a/b", content, create_only=True)
        rig.away()
        soon(lambda: all(part.seems_up for part in store._group.parts))
        store.put("a/b", content, create_only=True)
        assert store.get("a/b", max_bytes=LARGE) == content
        store.delete("a/b")


def test_full_stores(rig: Rig) -> None:
    store = rig.open(create=True)
    rig.faulty[0].set_faults([Fault(Kind.FULL, ("put",))])
    contents = fill(store)
    check_all(store, contents)
    assert store.parts()[0].is_up
    rig.faulty[1].set_faults([Fault(Kind.FULL, ("put",))])
    with pytest.raises(StoreFullError):
        store.put("more", b"x")


def test_a_slow_store_is_not_waited_for(rig: Rig) -> None:
    store = rig.open(create=True)
    contents = fill(store)
    go_on = threading.Event()
    rig.faulty[0]._wait = lambda seconds: bool(go_on.wait(20)) and None
    rig.faulty[0].set_faults([Fault(Kind.SLOW, ("get", "put"), delay_s=1.0)])
    began = time.monotonic()
    for name, content in contents.items():
        assert store.get(name, max_bytes=LARGE + 1) == content
    store.put("packs/ff/new", bytes(LARGE))
    store.put("small", b"x")
    assert time.monotonic() - began < 15
    go_on.set()
    soon(lambda: not any(part.stragglers for part in store._group.parts))
    assert [part.behind for part in store.parts()] == [0, 0, 0]


def test_listing_goes_around_a_store_that_fails_on_the_way(rig: Rig) -> None:
    store = rig.open(create=True)
    contents = fill(store)
    rig.faulty[2].set_faults([Fault(Kind.AFTER, ("list",))])
    assert [info.name for info in store.list()] == sorted(contents)


def test_a_stale_store_hides_nothing(rig: Rig) -> None:
    store = rig.open(create=True)
    contents = fill(store)
    rig.inner[0].delete("log/a/1")
    rig.inner[1].delete("log/a/1")
    assert "log/a/1" in [info.name for info in store.list("log/")]
    assert store.stat("log/a/1").size_bytes == len(contents["log/a/1"])


def test_the_order_of_the_address_does_not_matter(rig: Rig) -> None:
    contents = fill(rig.open(create=True))
    turned = SpreadAddress(2, tuple(reversed(rig.names)))
    store = rig.open(address=turned)
    check_all(store, contents)
    store.put("packs/ff/new", bytes(LARGE))
    rig.away(0)
    check_all(rig.open(), contents | {"packs/ff/new": bytes(LARGE)})


def test_stores_of_other_spreads_are_refused(rig: Rig) -> None:
    contents = fill(rig.open(create=True))
    other = Rig()
    other.open(create=True)
    rig.inner[2].put(MARKER, other.inner[2].get(MARKER))
    store = rig.open()
    check_all(store, contents)
    assert "another spread" in store.parts()[2].trouble
    with pytest.raises(StoreUnavailableError):
        rig.open(address=SpreadAddress(1, tuple(rig.names)))
    for opened in other.opened:
        opened.close()


def test_blank_stores_are_no_spread(rig: Rig) -> None:
    with pytest.raises(AddressError):
        rig.open()


def test_all_must_be_there_to_begin(rig: Rig) -> None:
    rig.away(2)
    with pytest.raises(StoreUnavailableError) as caught:
        rig.open(create=True)
    assert caught.value.store_address == rig.names[2] or "stores are there" in str(caught.value)


def test_its_own_names(rig: Rig) -> None:
    store = rig.open(create=True)
    for name in (MARKER, SHARES + "x"):
        with pytest.raises(InputError):
            store.put(name, b"x")
        with pytest.raises(InputError):
            store.delete(name)
    assert list(store.list()) == []
