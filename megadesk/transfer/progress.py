"""The board: how far each transfer is. Workers write, anyone reads snapshots; no I/O, no signals."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

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
    """A moment of a transfer. Bytes are plaintext bytes that are safe at the other end, not merely read."""

    done_bytes: int = 0
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


@dataclass
class Board:
    """Counters of one transfer. Every method is thread-safe and cheap."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _rate: Rate = field(default_factory=Rate)
    _done_bytes: int = 0
    _total_bytes: int = 0
    _done_files: int = 0
    _total_files: int = 0
    _unchanged: int = 0
    _moved_bytes: int = 0
    _failures: int = 0
    _scanning: bool = False
    _current: str = ""

    def add_total(self, files: int, size_bytes: int) -> None:
        with self._lock:
            self._total_files += files
            self._total_bytes += size_bytes

    def add_done(self, files: int, size_bytes: int, *, moved: bool = True) -> None:
        """``moved`` False: the bytes were there already and say nothing about speed."""
        with self._lock:
            self._done_files += files
            self._done_bytes += size_bytes
            if moved:
                self._rate.add(size_bytes)
                self._moved_bytes += size_bytes

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
            left = total_bytes - self._done_bytes
            eta = left / speed if speed > 1 and not self._scanning else None
            return Snapshot(
                self._done_bytes,
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
