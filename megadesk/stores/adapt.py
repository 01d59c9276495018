"""As many requests at once as the store is glad of: a wrapper that finds out.

More connections help where each is slow (latency, limits per connection) and harm where the server or the disk behind
it is busy. So the number is moved by one at a time and kept where the speed was best; when the store says that it is
asked too much (429, 503), or when requests time out, it is halved at once: additive increase, multiplicative decrease,
as in TCP.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from megadesk.errors import StoreBusyError, StoreUnavailableError
from megadesk.stores.api import (
    Data,
    Store,
    size_of,
)
from megadesk.stores.forward import ForwardStore
from megadesk.stores.handles import ReadHandle, WriteHandle

START: Final = 4
MOST: Final = 8
_BETTER: Final = 1.05
_WORSE: Final = 0.97
_HALVED_EVERY_S: Final = 1.0
_FORGET_S: Final = 30.0
_LARGE_BYTES: Final = 256 << 10


class Gate:
    """Lets so many through at once, and moves that number. Thread-safe."""

    def __init__(self, *, start: int = START, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._most = most
        self._limit = min(start, most)
        self._free = threading.Condition()
        self._inside = 0
        self._waiting = 0
        self._halved_at = -_HALVED_EVERY_S
        self._rates: dict[int, tuple[float, float]] = {}
        """By number: the speed it gave, in bytes a second, and when that was measured."""
        self._begin_round()

    @property
    def limit(self) -> int:
        return self._limit

    def _begin_round(self) -> None:
        self._round_from: float | None = None
        self._round_bytes = 0
        self._round_count = 0
        self._round_full = False

    @contextlib.contextmanager
    def passing(self, size_bytes: int) -> Iterator[None]:
        """Wait for a place, and learn from how the request goes. ``size_bytes``: what it moves when all goes well."""
        with self._free:
            self._waiting += 1
            while self._inside >= self._limit:
                self._free.wait()
            self._waiting -= 1
            self._inside += 1
            if self._round_from is None:
                self._round_from = self._clock()
        try:
            yield
        except (StoreBusyError, StoreUnavailableError):
            with self._free:
                self._halve()
                self._leave()
            raise
        except BaseException:
            with self._free:
                self._leave()
            raise
        with self._free:
            self._worked(size_bytes)
            self._leave()

    def _leave(self) -> None:
        self._inside -= 1
        self._free.notify_all()

    def _halve(self) -> None:
        now = self._clock()
        if now - self._halved_at >= _HALVED_EVERY_S:  # those that were on their way fail together
            self._halved_at = now
            self._limit = max(1, self._limit // 2)
            self._rates.clear()
        self._begin_round()

    def _worked(self, size_bytes: int) -> None:
        if size_bytes < _LARGE_BYTES:
            return  # its time is latency, which says nothing about what the line bears
        self._round_bytes += size_bytes
        self._round_count += 1
        # Only what had to wait, or nearly so, shows what a number of connections is worth.
        self._round_full = self._round_full or self._waiting > 0
        if self._round_count < 2 * self._limit or self._round_from is None:
            return
        now = self._clock()
        if self._round_full and now > self._round_from:
            rate = self._round_bytes / (now - self._round_from)
            known = self._rates.get(self._limit)
            self._rates[self._limit] = (rate if known is None else (known[0] + rate) / 2, now)
            self._limit = self._next(now)
        self._begin_round()
        self._round_from = now

    def _next(self, now: float) -> int:
        self._rates = {number: found for number, found in self._rates.items() if now - found[1] < _FORGET_S}
        here = self._rates[self._limit][0]
        more, fewer = self._rates.get(self._limit + 1), self._rates.get(self._limit - 1)
        if self._limit < self._most and (more is None or more[0] > here * _BETTER):
            return self._limit + 1
        if self._limit > 2 and (fewer is None or fewer[0] > here * _WORSE):
            return self._limit - 1
        return self._limit


class AdaptStore(ForwardStore):
    """Holds put and get to what their gates let through. Each direction has its own."""

    def __init__(self, inner: Store, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        """Closing closes ``inner``."""
        super().__init__(inner)
        self.up = Gate(most=most, clock=clock)
        self.down = Gate(most=most, clock=clock)

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        with self.up.passing(size_of(data)):
            self._inner.put(name, data, create_only=create_only)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        with self.down.passing(length or 0):
            return self._inner.get(name, offset=offset, length=length, max_bytes=max_bytes)

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        with self.down.passing(buffer.nbytes):
            self._inner.get_into(name, buffer, offset)

    def open_read(self, name: str) -> ReadHandle:
        return self._inner.open_read(name)

    def open_write(self, name: str, size_bytes: int) -> WriteHandle:
        return self._inner.open_write(name, size_bytes)
