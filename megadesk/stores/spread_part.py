"""One store of a spread, seen with distrust: how it does, what it lacks, and whether it is worth asking now.

A circuit breaker keeps a store that is away from costing every operation its time-outs: after a failure it is left out
for a while that doubles with every further one, and is then tried again with a single request.
"""

from __future__ import annotations

import concurrent.futures
import queue
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from megadesk.errors import (
    MegaDeskError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.api import PartStatus, Store
from megadesk.stores.lazy import LazyStore
from megadesk.stores.open import describe
from megadesk.stores.retry import RetryPolicy, RetryStore

_T = TypeVar("_T")

POLICY: Final = RetryPolicy(tries=5, first_s=0.1, ceiling_s=3.0, total_s=10.0, max_retry_after_s=10.0)
"""Short: the other stores can do without this one."""
_THREADS: Final = 8
_FIRST_PAUSE_S: Final = 2.0
_LONGEST_PAUSE_S: Final = 300.0
_REMEMBERED: Final = 100_000
_START_BYTES_PER_S: Final = float(1 << 20)
_SMOOTH: Final = 0.3

FINE: Final = (ObjectNotFoundError, ObjectExistsError, StoreProtocolError)
"""Errors of a store that is there."""


class Part:
    """Thread-safe."""

    def __init__(self, address: str, opener: Callable[[], Store], clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.kept_address = address
        """What to open it by from now on; differs where the environment says where an S3 store is."""
        self.index = -1
        """Which share it holds; set when the spread is opened."""
        self.mark_is_damaged = False
        """It does not say which of the spread's stores it is."""
        self.lazy = LazyStore(opener)
        self.store: Store = RetryStore(self.lazy, POLICY)
        self.behind: set[str] = set()
        """Names that could not be written here; under ``lock``."""
        self.undeleted: set[str] = set()
        self.damaged: set[str] = set()
        """Names that this store gives back wrong."""
        self.lock = threading.Lock()
        self.answer_s = 0.05
        self.bytes_per_s = _START_BYTES_PER_S
        self.stragglers = 0
        self._clock = clock
        self._pool = _Pool()
        self._failures = 0
        self._until = 0.0
        self._trial = False
        self._error: MegaDeskError | None = None

    def __repr__(self) -> str:
        return f"<Part {self.index} {describe(self.address)}>"

    # --- whether to ask it

    @property
    def is_up(self) -> bool:
        """It answered when it was asked last, or it is time to try again. Gives one caller at a time the trial."""
        with self.lock:
            if not self._failures:
                return True
            if self._clock() < self._until or self._trial:
                return False
            self._trial = True
            return True

    @property
    def seems_up(self) -> bool:
        """As `is_up`, without claiming the trial."""
        with self.lock:
            return not self._failures or self._clock() >= self._until

    def reject(self, error: MegaDeskError) -> None:
        """It answers, but not as the store that it should be."""
        self._failed(error)

    def try_again(self) -> None:
        """Whatever was wrong may be over: ask it at the next occasion."""
        with self.lock:
            self._until, self._trial = 0.0, False

    def submit(self, action: Callable[[Store], _T], *, size_bytes: int = 0) -> concurrent.futures.Future[_T]:
        """Run ``action`` on the store in a thread of its own."""
        return self._pool.submit(lambda: self._run(action, size_bytes))

    def _run(self, action: Callable[[Store], _T], size_bytes: int) -> _T:
        began = self._clock()
        try:
            result = action(self.store)
        except FINE:
            self._worked(began, 0)
            raise
        except MegaDeskError as error:
            self._failed(error)
            raise
        except BaseException:
            with self.lock:
                self._trial = False
            raise
        self._worked(began, size_bytes)
        return result

    def _worked(self, began: float, size_bytes: int) -> None:
        took_s = self._clock() - began
        with self.lock:
            self._failures, self._trial, self._error = 0, False, None
            if size_bytes < 64 << 10:
                self.answer_s += _SMOOTH * (took_s - self.answer_s)
            else:
                rate = size_bytes / max(1e-4, took_s - self.answer_s)
                self.bytes_per_s += _SMOOTH * (rate - self.bytes_per_s)

    def _failed(self, error: MegaDeskError) -> None:
        with self.lock:
            self._trial = False
            self._error = error
            # A store that is full or may not be written can still be read.
            if isinstance(error, StoreFullError | StoreReadOnlyError):
                return
            self._failures += 1
            pause_s = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(self._failures - 1, 10))
            if not isinstance(error, StoreUnavailableError | StoreBusyError):
                pause_s = max(pause_s, 30.0)  # credentials do not come right by themselves
            self._until = self._clock() + pause_s

    def expected_s(self, size_bytes: int) -> float:
        """How long a request of that size should take."""
        return self.answer_s + size_bytes / self.bytes_per_s

    # --- what it lacks

    def lacks(self, name: str) -> None:
        with self.lock:
            self.undeleted.discard(name)
            if len(self.behind) < _REMEMBERED:
                self.behind.add(name)

    def has(self, name: str) -> None:
        with self.lock:
            self.behind.discard(name)
            self.damaged.discard(name)

    def lacks_delete(self, name: str) -> None:
        with self.lock:
            self.behind.discard(name)
            if len(self.undeleted) < _REMEMBERED:
                self.undeleted.add(name)

    def deleted(self, name: str) -> None:
        with self.lock:
            self.undeleted.discard(name)
            self.behind.discard(name)
            self.damaged.discard(name)

    def gives_wrong(self, name: str) -> None:
        with self.lock:
            if len(self.damaged) < _REMEMBERED:
                self.damaged.add(name)

    def is_wrong(self, name: str) -> bool:
        with self.lock:
            return name in self.damaged

    def status(self) -> PartStatus:
        with self.lock:
            error = self._error
            return PartStatus(
                address=self.address,
                is_up=not self._failures,
                trouble=str(error) if error is not None else "",
                behind=len(self.behind | self.undeleted),
                damaged=len(self.damaged),
            )

    def close(self) -> None:
        self._pool.close()
        self.store.close()


class _Pool:
    """A few daemon threads, started when they are needed: a request that hangs must not keep the program from ending,
    as it would in the standard library's pool."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0
        self._closed = False

    def submit(self, action: Callable[[], _T]) -> concurrent.futures.Future[_T]:
        future: concurrent.futures.Future[_T] = concurrent.futures.Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = action()
            except BaseException as error:  # noqa: BLE001  (the future's to tell)
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._closed:
                future.set_exception(StoreUnavailableError("The storage was closed."))
                return future
            if self._idle:
                self._idle -= 1
            elif self._threads < _THREADS:
                self._threads += 1
                threading.Thread(target=self._serve, name="spread", daemon=True).start()
        self._work.put(work)
        return future

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            del work  # it may hold a buffer
            with self._lock:
                self._idle += 1

    def close(self) -> None:
        with self._lock:
            self._closed = True
            threads = self._threads
        for _ in range(threads):
            self._work.put(None)


def gravest(errors: list[BaseException], message: str, name: str = "") -> BaseException:
    """The error to raise when too few stores did what was asked: one that the user can do something about, first."""
    for kind in (StoreFullError, StoreReadOnlyError):
        found = [error for error in errors if isinstance(error, kind)]
        if found:
            return found[0]
    for error in errors:
        if not isinstance(error, StoreError):
            return error
    others = [error for error in errors if not isinstance(error, StoreUnavailableError | StoreBusyError)]
    if others and len(others) == len(errors):
        return others[0]
    said = "; ".join(dict.fromkeys(str(error).rstrip(".") for error in errors))
    return StoreUnavailableError(f"{message}{f' ({said})' if said else ''}.", object_name=name)
