"""Reading from a spread: whole objects from any store, coded ones from any k, around those that are away or wrong.

A request that takes much longer than that store's requests usually do is not waited for alone: the next store is asked
as well, and whoever answers first is taken ("The Tail at Scale", Dean and Barroso, 2013).
"""

from __future__ import annotations

import concurrent.futures
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Generic, NamedTuple, TypeVar

from megadesk.errors import ObjectNotFoundError, StoreError, StoreProtocolError, StoreUnavailableError
from megadesk.stores.api import ObjectInfo, Store, check_range
from megadesk.stores.open import describe
from megadesk.stores.spread_group import SHARES, Group
from megadesk.stores.spread_part import Part
from megadesk.stores.spread_share import HEADER_BYTES, STRIPE_BYTES, ShareHeader

_T = TypeVar("_T")
_K = TypeVar("_K")
_V = TypeVar("_V")

_REMEMBERED: Final = 20_000
_STRIPES_AT_ONCE: Final = 64
_PATIENCE: Final = 4.0
_PATIENCE_S: Final = 0.5
_TRIES: Final = 20


class Recent(Generic[_K, _V]):
    """A bounded memory of what was seen last. Thread-safe."""

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._items: OrderedDict[_K, _V] = OrderedDict()

    def get(self, key: _K) -> _V | None:
        with self._lock:
            return self._items.get(key)

    def set(self, key: _K, value: _V) -> None:
        with self._lock:
            self._items[key] = value
            self._items.move_to_end(key)
            if len(self._items) > self._size:
                self._items.popitem(last=False)

    def drop(self, key: _K) -> None:
        with self._lock:
            self._items.pop(key, None)


class _Answer(NamedTuple):
    part: Part
    future: concurrent.futures.Future[Any]


class _ChangedError(Exception):
    """The object was replaced while it was being read."""


class Reader:
    """Thread-safe."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._heads: Recent[str, dict[int, ShareHeader]] = Recent()
        self.served: Recent[str, int] = Recent()
        """Which store the whole object of a name was last read from: the one to doubt."""

    def forget(self, name: str) -> None:
        self._heads.drop(name)

    # --- asking one store after another

    def _race(
        self,
        parts: Sequence[Part],
        count: int,
        ask: Callable[[Part], Callable[[Store], _T]],
        size_bytes: int,
        take: Callable[[Part, _T], bool],
        missing: Callable[[Part], bool],
    ) -> list[BaseException]:
        """Ask ``count`` of ``parts``, and the next ones where an answer fails, is not taken, or is late.

        Ends when ``count`` answers were taken, when ``missing`` (told of each store that has no such object) says so,
        or when nobody is left; gives the errors.
        """
        waiting = list(parts)
        answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        errors: list[BaseException] = []
        asked: list[float] = []
        running = taken = 0

        def launch() -> None:
            nonlocal running
            part = waiting.pop(0)
            running += 1
            asked.append(time.monotonic() + _PATIENCE_S + _PATIENCE * part.expected_s(size_bytes))
            future = part.submit(ask(part), size_bytes=size_bytes)

            def answered(done: concurrent.futures.Future[Any], part: Part = part) -> None:
                answers.put(_Answer(part, done))

            future.add_done_callback(answered)

        while waiting and running < count:
            launch()
        while running:
            try:
                late_s = min(asked) - time.monotonic() if waiting and asked else None
                part, future = answers.get(timeout=None if late_s is None else max(0.0, late_s))
            except queue.Empty:
                asked.remove(min(asked))
                launch()
                continue
            running -= 1
            error = future.exception()
            if error is None:
                if take(part, future.result()):
                    taken += 1
                    if taken == count:
                        break
                    continue
            else:
                errors.append(error)
                if isinstance(error, ObjectNotFoundError) and missing(part):
                    break
            if waiting and running + taken < count:
                launch()
        return errors

    # --- whole objects

    def read_whole(self, name: str, offset: int, length: int | None, max_bytes: int | None) -> bytes | None:
        """From the first store that has it; None when it cannot be in any.

        Raises StoreUnavailableError when too few stores can be asked to know.
        """
        group = self._group
        ready = group.ready()
        parts = sorted(ready, key=lambda part: (part.is_wrong(name), part.answer_s))
        found: list[bytes] = []
        absent: set[int] = set()

        def ask(part: Part) -> Callable[[Store], bytes]:
            return lambda store: store.get(name, offset=offset, length=length, max_bytes=max_bytes)

        def take(part: Part, content: bytes) -> bool:
            found.append(content)
            self.served.set(name, part.index)
            return True

        def missing(part: Part) -> bool:
            absent.add(part.index)
            # Every object that was put is on so many stores that any k have one.
            return len(absent) >= group.k

        errors = self._race(parts, 1, ask, 0, take, missing)
        if found:
            return found[0]
        if len(absent) >= group.k:
            return None
        for error in errors:
            if isinstance(error, StoreProtocolError):
                raise error
        group.require([part for part in ready if part.index in absent], group.k, "read", name)
        raise StoreUnavailableError(f"The object {name} cannot be read now.", object_name=name)

    # --- coded objects

    def read_coded(
        self,
        name: str,
        offset: int,
        length: int | None,
        max_bytes: int | None,
        out: Callable[[int], memoryview],
    ) -> bool:
        """Fill ``out(count)``; False when there is no such object. Raises as `read_whole`, and as `check_range`."""
        for attempt in range(_TRIES):
            try:
                return self._try_coded(name, offset, length, max_bytes, out)
            except _ChangedError:
                self.forget(name)
                time.sleep(0.01 * attempt)
        raise StoreUnavailableError(f"The object {name} keeps changing.", object_name=name)

    def _try_coded(
        self,
        name: str,
        offset: int,
        length: int | None,
        max_bytes: int | None,
        out: Callable[[int], memoryview],
    ) -> bool:
        heads = self.heads(name)
        if heads is None:
            return False
        header = next(iter(heads.values()))
        count = check_range(ObjectInfo(name, header.length), offset, length, max_bytes)
        target = out(count)
        done = 0
        while done < count:
            first = (offset + done) // STRIPE_BYTES
            last = min(first + _STRIPES_AT_ONCE - 1, (offset + count - 1) // STRIPE_BYTES)
            size = min((last + 1) * STRIPE_BYTES, offset + count) - (offset + done)
            self._read_stripes(name, heads, offset + done, size, first, last, target[done : done + size])
            done += size
        return True

    def heads(self, name: str) -> dict[int, ShareHeader] | None:
        """Headers of the largest set of shares that belong together, by index; None when there is no such object."""
        group = self._group
        known = self._heads.get(name)
        if known is not None and sum(self._usable(name, index) for index in known) >= group.k:
            return known
        ready = group.ready()
        found: dict[int, ShareHeader] = {}
        absent: set[int] = set()
        futures = {part.submit(partial(_head, name)): part for part in ready if not part.is_wrong(name)}
        until = time.monotonic() + 60.0
        pending = set(futures)
        errors: list[BaseException] = []
        while pending and time.monotonic() < until:
            done, pending = concurrent.futures.wait(pending, 0.5, concurrent.futures.FIRST_COMPLETED)
            for future in done:
                part = futures[future]
                try:
                    header = group.coding.parse(future.result(), name)
                    if header.index != part.index:
                        raise StoreProtocolError(f"A store has the share of another one of {name}.", object_name=name)
                    found[part.index] = header
                except ObjectNotFoundError:
                    absent.add(part.index)
                except StoreProtocolError as error:
                    part.gives_wrong(name)
                    errors.append(error)
                except Exception as error:  # noqa: BLE001  (counted below; what matters is how many answered)
                    errors.append(error)
            if pending and len(_largest(found)) >= group.k:
                # Those that are late by much are done without.
                slowest = max(futures[future].expected_s(0) for future in pending)
                until = min(until, time.monotonic() + _PATIENCE_S / 5 + _PATIENCE * slowest)
        chosen = _largest(found)
        if len(chosen) >= group.k:
            for index in found.keys() - chosen.keys():
                group.by_index()[index].gives_wrong(name)
            self._heads.set(name, chosen)
            return chosen
        if len(chosen) + group.n - len(absent) - len(found) < group.k:
            # Not even with all stores that did not answer: it was deleted, or its put never came to an end.
            return None
        if len(found) >= group.k and len(found) > len(chosen):
            raise _ChangedError  # shares of several generations: it is being replaced
        group.require([part for part in ready if part.index in chosen], group.k, f"read the object {name}", name)
        raise StoreUnavailableError(f"The object {name} cannot be read now.", object_name=name)

    def _head_of(self, part: Part, name: str) -> ShareHeader | None:
        """As it is now; None when it cannot be read."""
        try:
            return self._group.coding.parse(_head(name, part.store), name)
        except StoreError:
            return None

    def _usable(self, name: str, index: int) -> bool:
        part = self._group.by_index().get(index)
        return part is not None and part.seems_up and not part.is_wrong(name)

    def _read_stripes(
        self,
        name: str,
        heads: dict[int, ShareHeader],
        offset: int,
        size: int,
        first: int,
        last: int,
        out: memoryview,
    ) -> None:
        group = self._group
        by_index = group.by_index()
        header = next(iter(heads.values()))
        at, span = group.coding.span(header.length, first, last)
        pieces: dict[int, list[memoryview]] = {}
        changed: list[Part] = []

        def ask(part: Part) -> Callable[[Store], memoryview]:
            return partial(_fetch, SHARES + name, at, span)

        def take(part: Part, data: memoryview) -> bool:
            try:
                pieces[part.index] = group.coding.pieces(heads[part.index], first, last, data)
            except StoreProtocolError:
                if self._head_of(part, name) != heads[part.index]:
                    changed.append(part)
                else:
                    part.gives_wrong(name)
                return False
            return True

        candidates = [by_index[index] for index in heads if self._usable(name, index)]
        # Data shares need no arithmetic; a store that is much slower costs more than that.
        candidates.sort(key=lambda part: part.expected_s(span) * (1.0 if part.index < group.k else 1.3))
        errors = self._race(candidates, group.k, ask, span, take, lambda part: False)
        if len(pieces) < group.k:
            self.forget(name)
            if changed or any(isinstance(error, ObjectNotFoundError | StoreProtocolError) for error in errors):
                # Deleted or replaced since the headers were read: look again.
                raise _ChangedError
            damaged = [describe(part.address) for part in group.parts if part.is_wrong(name)]
            if damaged and len(heads) - len(damaged) < group.k:
                raise StoreProtocolError(
                    f"Too many shares of the object {name} are damaged ({', '.join(damaged)}).",
                    object_name=name,
                    remedy="See “megadesk check --read-data”.",
                )
            group.require([by_index[index] for index in pieces], group.k, f"read the object {name}", name)
        for stripe in range(first, last + 1):
            begin, end = max(offset, stripe * STRIPE_BYTES), min(offset + size, (stripe + 1) * STRIPE_BYTES)
            group.coding.join(
                header.length,
                stripe,
                {index: found[stripe - first] for index, found in pieces.items()},
                out[begin - offset : end - offset],
                begin - stripe * STRIPE_BYTES,
            )


def _head(name: str, store: Store) -> bytes:
    return store.get(SHARES + name, length=HEADER_BYTES)


def _fetch(name: str, offset: int, size: int, store: Store) -> memoryview:
    buffer = memoryview(bytearray(size))
    store.get_into(name, buffer, offset)
    return buffer


def _largest(heads: dict[int, ShareHeader]) -> dict[int, ShareHeader]:
    """The largest set of headers that belong together."""
    sets: dict[tuple[int, bytes], dict[int, ShareHeader]] = {}
    for index, header in heads.items():
        sets.setdefault(header.group, {})[index] = header
    return max(sets.values(), key=len, default={})
