"""The conformance suite of stores: what megadesk/stores/api.py promises, tried on whatever `store` fixture is given.

A store's tests are a subclass of `StoreContract` with a ``store`` fixture that gives an empty store.
"""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Callable

import pytest

from megadesk.errors import InputError, ObjectExistsError, ObjectNotFoundError, StoreProtocolError
from megadesk.stores.api import MAX_NAME, Data, ObjectInfo, Store
from megadesk.stores.meter import metered

MIB = 1 << 20
BAD_NAMES = [
    *("", "/", "a/", "/a", "a//b", ".", "..", "a/..", "../a", ".hidden", "a/.b", "A", "ä", "a b", "a\\b", "a\0", "a\n"),
    *(
        "c:",
        "a:b",
        "con",
        "a/nul",
        "aux.txt",
        "com1",
        "a.",
        "a./b",
        "a*",
        "%41",
        "a" * (MAX_NAME + 1),
        "a/" * 110 + "a",
    ),
]


def run_threads(*actions: Callable[[], None]) -> None:
    """Run all at once; the first error of any is raised here."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], None]) -> None:
        try:
            barrier.wait(30)
            action()
        except BaseException as error:  # noqa: BLE001  (raised again below, in the test's thread)
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,), daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


def aligned(content: bytes) -> memoryview:
    """A copy of ``content`` at the start of a memory page, as the pack buffers are."""
    buffer = mmap.mmap(-1, len(content))
    buffer.write(content)
    return memoryview(buffer)


class Told:
    """Notes what a meter is told (megadesk/stores/meter.py)."""

    def __init__(self) -> None:
        self.steps: list[int] = []

    def travelled(self, size_bytes: int) -> None:
        self.steps.append(size_bytes)

    def again(self) -> None:
        self.steps.clear()


class StoreContract:
    tells = False
    """Whether the store says how far a call is: it has a network, and uses it in the caller's thread."""

    def test_says_how_far_it_is(self, store: Store) -> None:
        content = os.urandom(4 * MIB)
        put, got = Told(), Told()
        with metered(put):
            store.put("packs/large", content)
        with metered(got):
            store.get_into("packs/large", memoryview(bytearray(len(content))))
        store.get("packs/large")
        if self.tells:
            assert min(sum(put.steps), sum(got.steps)) >= len(content)
            assert max(put.steps) <= MIB
        else:
            assert put.steps == got.steps == []

    def names(self, store: Store, prefix: str = "", start_after: str = "") -> list[str]:
        return [info.name for info in store.list(prefix, start_after)]

    # put and get

    def test_gives_back_what_was_put(self, store: Store) -> None:
        store.put("locker", b"content")
        assert store.get("locker") == b"content"
        assert type(store.get("locker")) is bytes
        assert store.stat("locker") == ObjectInfo("locker", 7)

    @pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 524288, 524289, 16 * MIB])
    def test_sizes(self, store: Store, size: int) -> None:
        content = os.urandom(size)
        store.put("packs/ab/x", content)
        assert store.stat("packs/ab/x").size_bytes == size
        assert store.get("packs/ab/x", max_bytes=size) == content
        buffer = bytearray(size)
        store.get_into("packs/ab/x", memoryview(buffer))
        assert buffer == content

    @pytest.mark.parametrize("size", [4096, 256 * 1024, 16 * MIB])
    def test_page_aligned_buffers(self, store: Store, size: int) -> None:
        content = os.urandom(size)
        store.put("packs/ab/x", aligned(content))
        assert store.get("packs/ab/x") == content
        store.put("packs/ab/y", [aligned(content), b"tail"])
        assert store.get("packs/ab/y") == content + b"tail"
        store.put("packs/ab/z", [aligned(content), aligned(content)])
        assert store.get("packs/ab/z") == content + content

    def test_kinds_of_buffers(self, store: Store) -> None:
        kinds: tuple[Data, ...] = (
            b"abc",
            bytearray(b"abc"),
            memoryview(b"abc"),
            [b"a", bytearray(b"b"), memoryview(b"c")],
            (b"abc",),
        )
        for data in kinds:
            store.put("a", data)
            assert store.get("a") == b"abc"
        store.put("a", [])
        assert store.get("a") == b""
        store.put("a", [b"", b"x", b""])
        assert store.get("a") == b"x"
        parts = [bytes([number % 256]) * (number % 5) for number in range(3000)]
        store.put("a", parts)
        assert store.get("a") == b"".join(parts)

    def test_buffers_are_free_again_after_put(self, store: Store) -> None:
        buffer = bytearray(300_000)
        store.put("a", buffer)
        store.put("a", [memoryview(buffer)])
        buffer.clear()  # BufferError if the store still held it
        assert store.stat("a").size_bytes == 300_000

    def test_caller_may_change_its_buffer_after_put(self, store: Store) -> None:
        buffer = aligned(b"\x01" * MIB)
        store.put("a", buffer)
        buffer[:] = bytes(MIB)
        assert store.get("a") == b"\x01" * MIB

    def test_overwrite(self, store: Store) -> None:
        store.put("a/b", b"long content")
        store.put("a/b", b"new")
        assert store.get("a/b") == b"new"
        assert list(store.list()) == [ObjectInfo("a/b", 3)]

    def test_create_only_refuses_a_taken_name(self, store: Store) -> None:
        store.put("a/b", b"first", create_only=True)
        with pytest.raises(ObjectExistsError) as caught:
            store.put("a/b", b"second", create_only=True)
        assert caught.value.object_name.endswith("a/b")
        assert store.get("a/b") == b"first"
        store.delete("a/b")
        store.put("a/b", b"third", create_only=True)
        assert store.get("a/b") == b"third"

    def test_create_only_race_has_one_winner(self, store: Store) -> None:
        if not store.properties.atomic_create:
            pytest.skip("the store does not promise it")
        for turn in range(10):
            winners: list[int] = []

            def create(number: int, name: str = f"log/aa/{turn:016x}", winners: list[int] = winners) -> None:
                try:
                    store.put(name, b"%d" % number * 5000, create_only=True)
                except ObjectExistsError:
                    return
                winners.append(number)

            run_threads(*[lambda number=number: create(number) for number in range(8)])
            assert len(winners) == 1
            assert store.get(f"log/aa/{turn:016x}") == b"%d" % winners[0] * 5000

    def test_readers_never_see_a_part(self, store: Store) -> None:
        size = MIB
        store.put("a/shared", b"\x00" * size)
        done = threading.Event()

        def write() -> None:
            try:
                for turn in range(1, 25):
                    store.put("a/shared", aligned(bytes([turn]) * size))
                    store.put(f"a/new{turn:02}", bytes([turn]) * size, create_only=True)
            finally:
                done.set()

        def read() -> None:
            while not done.is_set():
                content = store.get("a/shared")
                assert len(content) == size
                assert content.count(content[0]) == size
                for info in store.list("a/"):
                    assert info.size_bytes == size

        run_threads(write, read, read)
        assert len(self.names(store)) == 25

    def test_many_threads_in_new_folders(self, store: Store) -> None:
        def work(number: int) -> None:
            for turn in range(8):
                name = f"packs/{turn:02x}/{number:02x}"
                store.put(name, b"%d" % number)
                assert store.get(name) == b"%d" % number
                store.flush()

        run_threads(*[lambda number=number: work(number) for number in range(6)])
        assert len(self.names(store)) == 48

    # ranges and limits

    def test_ranges(self, store: Store) -> None:
        content = bytes(range(256)) * 40
        store.put("a", content)
        assert store.get("a", offset=100) == content[100:]
        assert store.get("a", offset=100, length=50) == content[100:150]
        assert store.get("a", length=10) == content[:10]
        assert store.get("a", offset=len(content) - 1, length=1) == content[-1:]
        assert store.get("a", offset=5, length=0) == b""
        assert store.get("a", offset=len(content)) == b""
        buffer = bytearray(300)
        store.get_into("a", memoryview(buffer)[10:20], 77)
        assert buffer == bytes(10) + content[77:87] + bytes(280)

    def test_too_short_is_an_error(self, store: Store) -> None:
        store.put("a", b"0123456789")
        for offset, length in ((0, 11), (5, 6), (10, 1), (11, 0), (11, None), (1 << 40, 1), (0, 1 << 62)):
            with pytest.raises(StoreProtocolError):
                store.get("a", offset=offset, length=length)
        for offset, count in ((0, 11), (10, 1), (11, 1)):
            with pytest.raises(StoreProtocolError):
                store.get_into("a", memoryview(bytearray(count)), offset)

    def test_max_bytes(self, store: Store) -> None:
        store.put("a", b"0123456789")
        assert store.get("a", max_bytes=10) == b"0123456789"
        assert store.get("a", offset=5, max_bytes=5) == b"56789"
        assert store.get("a", length=3, max_bytes=10) == b"012"
        with pytest.raises(StoreProtocolError):
            store.get("a", max_bytes=9)
        with pytest.raises(StoreProtocolError):
            store.get("a", offset=2, max_bytes=7)

    def test_negative_ranges_are_refused(self, store: Store) -> None:
        store.put("a", b"x")
        with pytest.raises(InputError):
            store.get("a", offset=-1)
        with pytest.raises(InputError):
            store.get("a", length=-1)

    # in pieces

    def test_written_and_read_in_pieces(self, store: Store) -> None:
        content = os.urandom(3 * MIB + 77)
        with store.open_write("packs/ab/x", len(content)) as handle:
            for start in range(0, len(content), 700_000):
                handle.write(memoryview(content)[start : start + 700_000])
            assert self.names(store) == []
            handle.commit()
        with store.open_write("packs/ab/empty", 0) as handle:
            handle.commit(create_only=True)
        assert store.get("packs/ab/x") == content
        assert store.get("packs/ab/empty") == b""
        with store.open_read("packs/ab/x") as reader:
            assert reader.size_bytes == len(content)
            assert reader.read(5, 1_000_000) == content[5:1_000_005]
            assert reader.read(len(content) - 3, 3) == content[-3:]
            with pytest.raises(StoreProtocolError):
                reader.read(len(content) - 3, 4)
        with pytest.raises(ObjectNotFoundError):
            store.open_read("packs/ab/none").close()
        store.flush()

    def test_what_is_not_committed_leaves_nothing(self, store: Store) -> None:
        store.put("a/b", b"first")
        with store.open_write("a/b", 6) as handle:
            handle.write(b"second")
        with store.open_write("a/b", 6) as handle:
            handle.write(b"secon")
            with pytest.raises(InputError):
                handle.commit()
        with store.open_write("a/b", 5) as handle:
            handle.write(b"third")
            with pytest.raises(ObjectExistsError):
                handle.commit(create_only=True)
        assert store.get("a/b") == b"first"
        assert self.names(store) == ["a/b"]
        with store.open_write("a/b", 6) as handle:
            handle.write(b"fourth")
            handle.commit()
        assert store.get("a/b") == b"fourth"
        with pytest.raises(InputError):
            store.open_write("a/..", 1).close()

    # what is not there

    def test_missing(self, store: Store) -> None:
        store.put("a/b", b"x")
        for name in ("a/c", "b", "a", "c/d/e", "a/b/c"):
            with pytest.raises(ObjectNotFoundError):
                store.get(name)
            with pytest.raises(ObjectNotFoundError):
                store.get(name, length=1)
            with pytest.raises(ObjectNotFoundError):
                store.get_into(name, memoryview(bytearray(1)))
            with pytest.raises(ObjectNotFoundError):
                store.stat(name)

    def test_delete(self, store: Store) -> None:
        store.put("a/b", b"x")
        store.put("a/c", b"y")
        store.delete("a/b")
        store.delete("a/b")
        store.delete("never/was")
        store.flush()
        assert self.names(store) == ["a/c"]
        with pytest.raises(ObjectNotFoundError):
            store.get("a/b")

    # names

    def test_names_limits(self, store: Store) -> None:
        longest = "a" * (MAX_NAME - 20)
        for name in ("0", "a.b-c_d", "_/-", "x/y/z/w", "packs/" + "f" * 32, longest):
            store.put(name, name.encode())
            assert store.get(name) == name.encode()
        assert len(self.names(store)) == 6

    def test_bad_names_are_refused(self, store: Store) -> None:
        for name in BAD_NAMES:
            for action in (
                lambda name: store.put(name, b"x"),
                lambda name: store.get(name),
                lambda name: store.get_into(name, memoryview(bytearray(1))),
                lambda name: store.stat(name),
                lambda name: store.delete(name),
            ):
                with pytest.raises(InputError):
                    action(name)
        assert self.names(store) == []

    def test_bad_prefixes_are_refused_by_the_call(self, store: Store) -> None:
        for prefix in ("a", "/", "../", "a//", ".a/", "A/"):
            with pytest.raises(InputError):
                store.list(prefix)

    # list

    def test_list_order(self, store: Store) -> None:
        names = [
            "a-b",
            "a.b/x",
            "a/b",
            "a/b-c",
            "a/c/d",
            "a0",
            "a_/z",
            "b",
            "log/a/1",
            "log/a/10",
            "log/ab/1",
            "log/b/2",
        ]
        for name in reversed(names):
            store.put(name, name.encode())
        assert sorted(names) == names
        assert list(store.list()) == [ObjectInfo(name, len(name)) for name in names]

    def test_list_prefix(self, store: Store) -> None:
        for name in ("log/a/1", "log/a/2", "log/ab/1", "log/a-b", "loga/1", "lo", "z"):
            store.put(name, b"")
        assert self.names(store, "log/a/") == ["log/a/1", "log/a/2"]
        assert self.names(store, "log/") == ["log/a-b", "log/a/1", "log/a/2", "log/ab/1"]
        assert self.names(store, "nothing/") == []
        assert self.names(store, "z/") == []

    def test_list_start_after(self, store: Store) -> None:
        names = sorted(f"{folder}{number:02}" for folder in ("a/", "a/b/", "a-/", "c/", "") for number in range(4))
        for name in names:
            store.put(name, b"x")
        marks = [*names, "a", "a/", "a/b", "a/b/", "a/b0", "a-", "a/b/025", "b", "zz", "a/~", "A", "0"]
        for prefix in ("", "a/", "a/b/", "c/"):
            for start_after in marks:
                expected = [name for name in names if name.startswith(prefix) and name > start_after]
                assert self.names(store, prefix, start_after) == expected, (prefix, start_after)

    def test_list_is_lazy_and_bears_changes(self, store: Store) -> None:
        for number in range(30):
            store.put(f"a/{number:02}", b"x")
        found = store.list("a/")
        seen = [next(found).name, next(found).name]
        store.delete("a/20")
        store.put("a/99", b"x")
        seen += [info.name for info in found]
        assert seen == sorted(seen)
        assert set(seen) | {"a/20", "a/99"} == {f"a/{number:02}" for number in range(30)} | {"a/99"}

    def test_list_of_an_empty_store(self, store: Store) -> None:
        assert self.names(store) == []
        assert self.names(store, "packs/") == []

    # the rest

    def test_flush_and_free(self, store: Store) -> None:
        store.flush()
        store.put("a/b", b"x")
        store.flush()
        store.flush()
        free = store.free_bytes()
        assert free is None or free >= 0

    def test_properties(self, store: Store) -> None:
        properties = store.properties
        assert properties.kind
        assert properties.address
        assert properties.max_object_bytes >= 16 * MIB

    def test_close_twice(self, store: Store) -> None:
        store.put("a", b"x")
        store.close()
        store.close()
