"""Trying again: a wrapper over any store."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from megadesk.errors import (
    ObjectExistsError,
    ObjectNotFoundError,
    Retry,
    StoreBusyError,
    StoreError,
    StoreFault,
    StoreProtocolError,
)
from megadesk.stores.api import Data, ObjectInfo, Store, as_views, size_of
from megadesk.stores.forward import ForwardStore
from megadesk.stores.meter import again

_T = TypeVar("_T")
_random: Final = secrets.SystemRandom().random
_AWAY: Final = (StoreFault.HOST_UNKNOWN, StoreFault.REFUSED, StoreFault.NO_ANSWER)
AT_ONCE: Final = 2
_QUICK_S: Final = 1.0
"""Within `Store.together`, what failed within this time is tried again at once, so often. Without that, a network that
loses one request in five would hardly ever let ten in a row pass; and nobody waits while a lock is held."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to go on. The wait before try n+1 is random between 0 and ``min(ceiling_s, first_s * 2**(n-1))``
    (full jitter, so that many clients do not return in step), at least what the store asked for.

    Gives up after ``tries``, when all waits together would exceed ``total_s``, and at once when the store asks for more
    than ``max_retry_after_s`` (a hostile server could ask for years).

    Where nothing answers at all, no server needs to be spared: no wait is longer than ``away_ceiling_s``, so that work
    goes on within seconds of the network's return; and there are ``away_tries`` instead of ``tries``, where there are
    more of those.
    """

    tries: int = 8
    first_s: float = 0.25
    ceiling_s: float = 30.0
    total_s: float = 300.0
    max_retry_after_s: float = 120.0
    away_ceiling_s: float = 3.0
    away_tries: int = 0


class RetryNotice(NamedTuple):
    """What ``notify`` is told before each wait."""

    operation: str
    error: StoreError
    attempt: int
    wait_s: float


class RetryStore(ForwardStore):
    """Repeats what failed with an error whose type says RETRYABLE; all other errors pass through at once.

    A create-only put that meets ObjectExistsError *after* a failed try compares the object with the data: the same
    content means that the failed try had succeeded. `list` goes on after the last name that it gave.
    The last error is raised when it gives up.
    """

    def __init__(
        self,
        inner: Store,
        policy: RetryPolicy | None = None,
        *,
        wait: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _random,
        notify: Callable[[RetryNotice], None] | None = None,
    ) -> None:
        """``wait(seconds)`` may raise to cancel (CancelledError): that passes through. ``random`` gives [0, 1).
        Both and ``notify`` are called in the calling thread of the operation. Closing closes ``inner``."""
        super().__init__(inner)
        self._policy = policy or RetryPolicy()
        self._wait = wait
        self._random = random
        self._notify = notify
        self._local = threading.local()

    def set_policy(self, policy: RetryPolicy) -> None:
        """From the next failure on."""
        self._policy = policy

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        effort = _Effort(self, "put")
        while True:
            try:
                self._inner.put(name, data, create_only=create_only)
            except ObjectExistsError:
                if effort.failures and self._holds(name, data):
                    return
                raise
            except StoreError as error:
                effort.failed(error)
            else:
                return

    def _holds(self, name: str, data: Data) -> bool:
        """Whether the object is there with just this content."""
        size_bytes = size_of(data)
        try:
            if self.stat(name).size_bytes != size_bytes:
                return False
            content = memoryview(self.get(name, length=size_bytes))
        except (ObjectNotFoundError, StoreProtocolError):
            return False
        offset = 0
        for view in as_views(data):
            if content[offset : offset + view.nbytes] != view:
                return False
            offset += view.nbytes
        return True

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        return self._repeat("get", lambda: self._inner.get(name, offset=offset, length=length, max_bytes=max_bytes))

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        self._repeat("get", lambda: self._inner.get_into(name, buffer, offset))

    def stat(self, name: str) -> ObjectInfo:
        return self._repeat("stat", lambda: self._inner.stat(name))

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        # Not a generator itself, so that a wrong prefix is refused by the call.
        return self._list(prefix, start_after, self._repeat("list", lambda: self._inner.list(prefix, start_after)))

    def _list(self, prefix: str, last: str, found: Iterator[ObjectInfo]) -> Iterator[ObjectInfo]:
        effort = _Effort(self, "list")
        while True:
            try:
                for info in found:
                    last = info.name
                    effort = _Effort(self, "list")
                    yield info
            except StoreError as error:
                effort.failed(error)
                found = self._inner_list(prefix, last)
            else:
                return

    def _inner_list(self, prefix: str, last: str) -> Iterator[ObjectInfo]:
        yield from self._inner.list(prefix, last)

    def delete(self, name: str) -> None:
        self._repeat("delete", lambda: self._inner.delete(name))

    def flush(self) -> None:
        self._repeat("flush", self._inner.flush)

    def free_bytes(self) -> int | None:
        return self._repeat("free", self._inner.free_bytes)

    def sweep(self) -> int:
        return self._repeat("sweep", self._inner.sweep)

    def together(self, action: Callable[[], _T]) -> _T:
        """See `Store`; thread by thread. Within another ``together`` it is a part of that one."""
        if getattr(self._local, "together", False):
            return action()
        effort = _Effort(self, "together")
        while True:
            self._local.together = True
            try:
                return action()
            except StoreError as error:
                failure = error
            finally:
                self._local.together = False
            effort.failed(failure)

    def _repeat(self, operation: str, action: Callable[[], _T]) -> _T:
        effort = _Effort(self, operation)
        while True:
            try:
                return action()
            except StoreError as error:
                effort.failed(error)

    def _pause(self, operation: str, error: StoreError, attempt: int, waited_s: float, took_s: float) -> float:
        """Wait before another try and give how long; raises ``error`` when there is to be none."""
        policy = self._policy
        if getattr(self._local, "together", False):
            asked = isinstance(error, StoreBusyError) and error.retry_after_s
            if error.retry is not Retry.RETRYABLE or attempt > AT_ONCE or took_s > _QUICK_S or asked:
                raise error
            return 0.0
        is_away = error.fault in _AWAY
        tries = max(policy.tries, policy.away_tries) if is_away else policy.tries
        if error.retry is not Retry.RETRYABLE or attempt >= tries:
            raise error
        ceiling_s = min(policy.ceiling_s, policy.away_ceiling_s) if is_away else policy.ceiling_s
        wait_s = self._random() * min(ceiling_s, policy.first_s * 2.0 ** (attempt - 1))
        asked_s = error.retry_after_s if isinstance(error, StoreBusyError) else None
        if asked_s is not None:
            if not asked_s <= policy.max_retry_after_s:
                raise error
            # Jitter on top: all that were told the same moment would come back at it together.
            wait_s += max(0.0, asked_s)
        if waited_s + wait_s > policy.total_s:
            raise error
        if self._notify is not None:
            self._notify(RetryNotice(operation, error, attempt, wait_s))
        self._wait(wait_s)
        return wait_s


class _Effort:
    """The tries of one operation."""

    def __init__(self, store: RetryStore, operation: str) -> None:
        self._store = store
        self._operation = operation
        self._waited_s = 0.0
        self._began_s = time.monotonic()
        self.failures = 0

    def failed(self, error: StoreError) -> None:
        self.failures += 1
        again()
        took_s = time.monotonic() - self._began_s
        self._waited_s += self._store._pause(self._operation, error, self.failures, self._waited_s, took_s)
        self._began_s = time.monotonic()
