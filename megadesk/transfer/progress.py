"""The board: how far each transfer is. Workers write, anyone reads snapshots; no I/O, no signals."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from megadesk.stores.meter import metered

_SMOOTHING_S = 3.0


class Rate:
    """Bytes per second, exponentially smoothed over about three seconds. Not thread-safe by itself."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_s = clock()
        self._pending = 0
        self._rate = 0.0
        self._warm = False

    def add(self, size_bytes: int) -> None:
        self._pending += size_bytes

    def value(self) -> float:
        """Current rate; folds in what was added since the last call, at most five times a second."""
        now = self._clock()
        elapsed = now - self._last_s
        if elapsed >= 0.2:
            weight = elapsed / (elapsed + _SMOOTHING_S) if self._warm else 1.0
            self._rate += weight * (self._pending / elapsed - self._rate)
            self._warm = self._warm or self._pending > 0
            self._pending = 0
            self._last_s = now
        return self._rate


@dataclass(frozen=True)
class Snapshot:
    """A moment of a transfer. Bytes are plaintext bytes at the other end, or on the line; not merely read."""

    done_bytes: int = 0
    """Of a transfer that has ended: safe at the other end. While it works, what is on its way counts too."""
    total_bytes: int = 0
    done_files: int = 0
    total_files: int = 0
    unchanged_files: int = 0
    moved_bytes: int = 0
    """Of done_bytes, those that travelled in this run."""
    scanning: bool = False
    speed_bps: float = 0.0
    eta_s: float | None = None
    current: str = ""
    failures: int = 0


class Travel:
    """Bytes of one call of a store that are on their way (`meter.Meter`). Belongs to one thread."""

    def __init__(self, board: Board, limit_bytes: int) -> None:
        self._board = board
        self._limit = limit_bytes
        self._bytes = 0

    def travelled(self, size_bytes: int) -> None:
        # Heads, and what is sent again, are none of the file's.
        counted = min(size_bytes, self._limit - self._bytes)
        self._bytes += counted
        self._board._travel(counted)

    def again(self) -> None:
        self.landed(self._bytes)

    def landed(self, size_bytes: int) -> int:
        """At most so many are no longer on their way; how many those are."""
        counted = min(size_bytes, self._bytes)
        self._bytes -= counted
        self._board._travel(-counted)
        return counted


@dataclass
class Board:
    """Counters of one transfer. Every method is thread-safe and cheap."""

    _lock: threading.RLock = field(default_factory=threading.RLock)
    _rate: Rate = field(default_factory=Rate)
    _done_bytes: int = 0
    _total_bytes: int = 0
    _done_files: int = 0
    _total_files: int = 0
    _unchanged: int = 0
    _moved_bytes: int = 0
    _travelling: int = 0
    _failures: int = 0
    _scanning: bool = False
    _current: str = ""

    def add_total(self, files: int, size_bytes: int) -> None:
        with self._lock:
            self._total_files += files
            self._total_bytes += size_bytes

    def add_done(self, files: int, size_bytes: int, *, moved: bool = True, travel: Travel | None = None) -> None:
        """``moved`` False: the bytes were there already and say nothing about speed. ``travel``: how they came."""
        with self._lock:
            self._done_files += files
            self._done_bytes += size_bytes
            if moved:
                seen = travel.landed(size_bytes) if travel else 0
                self._rate.add(size_bytes - seen)
                self._moved_bytes += size_bytes

    @contextmanager
    def travelling(self, size_bytes: int) -> Iterator[Travel]:
        """For calls of stores by this thread that move ``size_bytes``; what has not landed at the end never did."""
        travel = Travel(self, size_bytes)
        try:
            with metered(travel):
                yield travel
        finally:
            travel.again()

    def _travel(self, size_bytes: int) -> None:
        with self._lock:
            self._travelling += size_bytes
            self._rate.add(max(0, size_bytes))

    def add_unchanged(self, files: int, size_bytes: int) -> None:
        with self._lock:
            self._unchanged += files
            self._done_files += files
            self._done_bytes += size_bytes

    def add_failure(self) -> None:
        with self._lock:
            self._failures += 1

    def set_current(self, name: str) -> None:
        self._current = name

    def set_scanning(self, scanning: bool) -> None:
        self._scanning = scanning

    @property
    def moved_bytes(self) -> int:
        """Plaintext bytes that really travelled in this run."""
        return self._moved_bytes

    def snapshot(self) -> Snapshot:
        with self._lock:
            speed = self._rate.value()
            # Without a count made beforehand the total is what has been found so far.
            total_bytes = max(self._total_bytes, self._done_bytes)
            done_bytes = self._done_bytes + self._travelling
            if self._total_bytes:
                done_bytes = min(done_bytes, total_bytes)
            left = max(0, total_bytes - done_bytes)
            eta = left / speed if speed > 1 and not self._scanning else None
            return Snapshot(
                done_bytes,
                total_bytes,
                self._done_files,
                max(self._total_files, self._done_files),
                self._unchanged,
                self._moved_bytes,
                self._scanning,
                speed,
                eta,
                self._current,
                self._failures,
            )
