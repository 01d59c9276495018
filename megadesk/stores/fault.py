"""A store that fails on purpose, by a script: for tests, and to try MegaDesk against bad storage by hand."""

from __future__ import annotations

import collections
import enum
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from megadesk.errors import (
    ObjectNotFoundError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.api import Data, ObjectInfo, Store
from megadesk.stores.forward import ForwardStore

WRITES = ("put", "delete", "flush")
OPERATIONS = ("put", "get", "stat", "list", "delete", "flush", "free")


class Kind(enum.Enum):
    """What goes wrong."""

    BEFORE = "before"
    """``error`` is raised and nothing is done."""
    AFTER = "after"
    """It is done, and then ``error`` is raised all the same (an answer that got lost). A `list` fails half way."""
    TRUNCATE = "truncate"
    """A get of a whole object gives half of it; of a range: StoreProtocolError, as the contract has it."""
    CORRUPT = "corrupt"
    """A get gives one bit flipped."""
    SLOW = "slow"
    """``wait(delay_s)`` is called first."""
    FULL = "full"
    """StoreFullError, nothing is done."""
    READ_ONLY = "read-only"
    """StoreReadOnlyError, nothing is done."""
    STALE = "stale"
    """A `list` leaves out what was put through this store and not yet listed since (eventual consistency)."""


def _unavailable(operation: str, name: str) -> Exception:
    return StoreUnavailableError(f"Injected: {operation} failed.", object_name=name)


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the script.

    It concerns calls of ``operations`` whose name starts with ``prefix``, counted per fault from 0: those with a number
    in ``at`` (any number if None), with ``probability``, ``times`` times at most (without end if None).
    ``error(operation, name)`` makes the exception for BEFORE and AFTER.
    """

    kind: Kind
    operations: Sequence[str] = OPERATIONS
    prefix: str = ""
    at: frozenset[int] | None = None
    probability: float = 1.0
    times: int | None = None
    delay_s: float = 0.0
    error: Callable[[str, str], BaseException] = _unavailable


@dataclass(slots=True)
class _Line:
    fault: Fault
    seen: int = 0
    struck: int = 0


@dataclass(slots=True)
class _Strikes:
    """The faults that one call meets."""

    after: Fault | None = None
    kinds: set[Kind] = field(default_factory=set)


class FaultStore(ForwardStore):
    """``inner`` with faults. The same seed, script and order of calls give the same faults.

    ``calls`` counts operations by name, failed ones too. ``before(operation, name)`` and ``after(operation, name)`` are
    called around the effect of every operation, in its thread, and may raise anything or kill the process: for
    crashes at every step. For `list` and `flush` the name is the prefix or empty. The script may be
    changed at any time (`set_faults`). Closing closes ``inner``.
    """

    def __init__(
        self,
        inner: Store,
        faults: Sequence[Fault] = (),
        *,
        seed: int = 0,
        wait: Callable[[float], None] = time.sleep,
        before: Callable[[str, str], None] | None = None,
        after: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__(inner)
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311  (repeatable on purpose)
        self._wait = wait
        self._unlisted: set[str] = set()
        self._unflushed: dict[str, bytes | None] = {}
        self._lines: list[_Line] = []
        self.before = before
        self.after = after
        self.calls: collections.Counter[str] = collections.Counter()
        self.keep_unflushed = False
        """Remember what puts and deletes replaced, for `lose_unflushed`."""
        self.set_faults(faults)

    def set_faults(self, faults: Sequence[Fault]) -> None:
        """Replace the script; its counts start anew."""
        with self._lock:
            self._lines = [_Line(fault) for fault in faults]

    def lose_unflushed(self) -> None:
        """What a loss of power may do: undo every put and delete since the last flush (with ``keep_unflushed``)."""
        with self._lock:
            undo, self._unflushed = self._unflushed, {}
        for name, content in undo.items():
            if content is None:
                self._inner.delete(name)
            else:
                self._inner.put(name, content)

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        strikes = self._strike("put", name)
        self._remember(name)
        self._inner.put(name, data, create_only=create_only)
        with self._lock:
            self._unlisted.add(name)
        self._done("put", name, strikes)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        strikes = self._strike("get", name)
        content = self._inner.get(name, offset=offset, length=length, max_bytes=max_bytes)
        self._done("get", name, strikes)
        if Kind.TRUNCATE in strikes.kinds:
            if length is not None:
                raise StoreProtocolError(f"The object {name} ended early.", object_name=name)
            content = content[: len(content) // 2]
        if Kind.CORRUPT in strikes.kinds and content:
            damaged = bytearray(content)
            with self._lock:
                damaged[self._random.randrange(len(damaged))] ^= 1 << self._random.randrange(8)
            content = bytes(damaged)
        return content

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        Store.get_into(self, name, buffer, offset)

    def stat(self, name: str) -> ObjectInfo:
        strikes = self._strike("stat", name)
        info = self._inner.stat(name)
        self._done("stat", name, strikes)
        return info

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        strikes = self._strike("list", prefix)
        with self._lock:
            hidden, self._unlisted = self._unlisted, set()
        found = self._inner.list(prefix, start_after)
        return self._list(found, hidden if Kind.STALE in strikes.kinds else set(), prefix, strikes)

    def _list(
        self, found: Iterator[ObjectInfo], hidden: set[str], prefix: str, strikes: _Strikes
    ) -> Iterator[ObjectInfo]:
        infos = [info for info in found if info.name not in hidden]
        if strikes.after is not None:
            yield from infos[: (len(infos) + 1) // 2]
            self._done("list", prefix, strikes)
        yield from infos
        self._done("list", prefix, strikes)

    def delete(self, name: str) -> None:
        strikes = self._strike("delete", name)
        self._remember(name)
        self._inner.delete(name)
        self._done("delete", name, strikes)

    def flush(self) -> None:
        strikes = self._strike("flush", "")
        self._inner.flush()
        with self._lock:
            self._unflushed.clear()
        self._done("flush", "", strikes)

    def free_bytes(self) -> int | None:
        strikes = self._strike("free", "")
        free = self._inner.free_bytes()
        self._done("free", "", strikes)
        return free

    def _strike(self, operation: str, name: str) -> _Strikes:
        if self.before is not None:
            self.before(operation, name)
        strikes = _Strikes()
        with self._lock:
            self.calls[operation] += 1
            struck = [line.fault for line in self._lines if self._strikes(line, operation, name)]
        for fault in struck:
            strikes.kinds.add(fault.kind)
            if fault.kind is Kind.SLOW:
                self._wait(fault.delay_s)
            elif fault.kind is Kind.BEFORE:
                raise fault.error(operation, name)
            elif fault.kind is Kind.FULL:
                raise StoreFullError("Injected: no room left.", object_name=name)
            elif fault.kind is Kind.READ_ONLY:
                raise StoreReadOnlyError("Injected: read-only.", object_name=name)
            elif fault.kind is Kind.AFTER:
                strikes.after = fault
        return strikes

    def _strikes(self, line: _Line, operation: str, name: str) -> bool:
        fault = line.fault
        if operation not in fault.operations or not name.startswith(fault.prefix):
            return False
        number, line.seen = line.seen, line.seen + 1
        if (fault.at is not None and number not in fault.at) or line.struck == fault.times:
            return False
        if fault.probability < 1.0 and self._random.random() >= fault.probability:
            return False
        line.struck += 1
        return True

    def _done(self, operation: str, name: str, strikes: _Strikes) -> None:
        if self.after is not None:
            self.after(operation, name)
        if strikes.after is not None:
            raise strikes.after.error(operation, name)

    def _remember(self, name: str) -> None:
        if not self.keep_unflushed:
            return
        try:
            content: bytes | None = self._inner.get(name)
        except ObjectNotFoundError:
            content = None
        with self._lock:
            self._unflushed.setdefault(name, content)
