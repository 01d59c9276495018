"""Limits of speed and of concurrent requests: a wrapper over any store."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from megadesk.errors import InputError
from megadesk.stores.api import Data, ObjectInfo, Store, size_of
from megadesk.stores.forward import ForwardStore

_T = TypeVar("_T")

_LONGEST_WAIT_S = 0.5


class TokenBucket:
    """So many bytes per second on average. Thread-safe.

    A request passes as soon as the bucket is not in debt, and then takes its whole size: objects larger than a second's
    share pass too, and are paid for by those that follow. At most one second's share is saved up while idle.
    """

    def __init__(
        self,
        bytes_per_s: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """None is no limit. ``wait`` must let ``clock`` go on; it may raise to cancel."""
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        self._then = clock()
        self._tokens = 0.0
        self._rate: float | None = None
        self.set_rate(bytes_per_s)

    def set_rate(self, bytes_per_s: float | None) -> None:
        """From now on; those that wait notice within half a second."""
        if bytes_per_s is not None and not bytes_per_s > 0:
            raise InputError("A speed limit must be above zero.")
        with self._lock:
            self._refill()
            self._rate = bytes_per_s

    def take(self, size_bytes: int) -> None:
        """Wait until the limit allows a request, then account for its size."""
        while True:
            with self._lock:
                self._refill()
                # A debt below one byte is rounding.
                if self._rate is None or self._tokens > -1:
                    self._spend(size_bytes)
                    return
                wait_s = -self._tokens / self._rate
            self._wait(min(wait_s, _LONGEST_WAIT_S))

    def charge(self, size_bytes: int) -> None:
        """Account for bytes that have passed already; never waits."""
        with self._lock:
            self._refill()
            self._spend(size_bytes)

    def _spend(self, size_bytes: int) -> None:
        if self._rate is not None:
            self._tokens -= size_bytes

    def _refill(self) -> None:
        now = self._clock()
        if self._rate is None:
            self._tokens = 0.0
        else:
            self._tokens = min(self._rate, self._tokens + (now - self._then) * self._rate)
        self._then = now


class LimitStore(ForwardStore):
    """Holds put and get to speed limits, and all operations to a number of concurrent ones."""

    def __init__(
        self,
        inner: Store,
        *,
        up_bytes_per_s: float | None = None,
        down_bytes_per_s: float | None = None,
        concurrent: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """``wait(seconds)`` is called in the operation's thread and may raise to cancel. Closing closes ``inner``."""
        if concurrent is not None and concurrent < 1:
            raise InputError("At least one request at a time must be allowed.")
        super().__init__(inner)
        self._up = TokenBucket(up_bytes_per_s, clock=clock, wait=wait)
        self._down = TokenBucket(down_bytes_per_s, clock=clock, wait=wait)
        self._slots: contextlib.AbstractContextManager[object] = (
            contextlib.nullcontext() if concurrent is None else threading.BoundedSemaphore(concurrent)
        )

    def set_limits(self, *, up_bytes_per_s: float | None, down_bytes_per_s: float | None) -> None:
        """Change both limits while transfers go on. None is no limit."""
        self._up.set_rate(up_bytes_per_s)
        self._down.set_rate(down_bytes_per_s)

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        self._up.take(size_of(data))
        with self._slots:
            self._inner.put(name, data, create_only=create_only)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        self._down.take(0)
        with self._slots:
            content = self._inner.get(name, offset=offset, length=length, max_bytes=max_bytes)
        # What came, not what was asked for: a range that the object does not have costs nothing.
        self._down.charge(len(content))
        return content

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        self._down.take(0)
        with self._slots:
            self._inner.get_into(name, buffer, offset)
        self._down.charge(buffer.nbytes)

    def stat(self, name: str) -> ObjectInfo:
        with self._slots:
            return self._inner.stat(name)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        with self._slots:
            found = self._inner.list(prefix, start_after)
        return self._list(found)

    def _list(self, found: Iterator[ObjectInfo]) -> Iterator[ObjectInfo]:
        while True:
            # Held for one step only: whoever iterates may itself use the store.
            with self._slots:
                info = next(found, None)
            if info is None:
                return
            yield info

    def delete(self, name: str) -> None:
        with self._slots:
            self._inner.delete(name)

    def flush(self) -> None:
        with self._slots:
            self._inner.flush()

    def free_bytes(self) -> int | None:
        with self._slots:
            return self._inner.free_bytes()

    def sweep(self) -> int:
        with self._slots:
            return self._inner.sweep()
