"""A heartbeat on the event loop: how long the window could not answer, and whose fault that was.

A gap by the wall clock also holds the time that other programs of the machine took. Linux tells for each thread how
long it was ready and had no processor, and how long the processors worked for whom. What is left without the former, as
far as the latter explains it, is ours: work on the window's thread, or waiting for the interpreter, a lock, or a disk.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import time
from typing import IO, NamedTuple

from PySide6.QtCore import Qt, QTimer

_MOST = 200
_LATE_S = 0.035
"""With ``stacks``: when every thread's stack is written down."""


class Beat(NamedTuple):
    wall_s: float
    worked_s: float
    """Processor time of the window's thread."""
    ours_s: float
    """Without what threads of this program waited for a processor (one of them may have held the interpreter), at most
    as long as the processors worked for other programs."""
    label: str


class _Waits:
    """How long threads of this process waited for a processor; zeros where the system does not tell.

    Files are read without letting go of the interpreter, which os.pread does: a beat every 2 ms that lets go of it a
    dozen times would itself be what the window waits for.
    """

    def __init__(self) -> None:
        # Not CDLL, which lets go of it as well.
        self._pread = ctypes.PyDLL(None).pread
        self._pread.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int64]
        self._pread.restype = ctypes.c_ssize_t
        self._buffer = ctypes.create_string_buffer(_MOST)
        try:
            self._all = os.open("/proc/stat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._all = -1
        self._files: dict[int, int] = {}
        self._looked_s = -1.0

    def read(self) -> dict[int, int]:
        """Nanoseconds, by thread."""
        now = time.monotonic()
        if now - self._looked_s > 0.5:
            self._looked_s = now
            self._look()
        waits = {}
        for thread, file in list(self._files.items()):
            try:
                waits[thread] = int(self._text(file).split()[1])
            except (OSError, IndexError):
                os.close(self._files.pop(thread))
        return waits

    def _text(self, file: int) -> bytes:
        """Its beginning. Raises OSError."""
        size = self._pread(file, self._buffer, _MOST, 0)
        if size < 0:
            raise OSError("it cannot be read")
        return self._buffer.raw[:size]

    def between(self, before: dict[int, int], after: dict[int, int]) -> float:
        """Seconds of all threads."""
        return sum(wait - before[thread] for thread, wait in after.items() if thread in before) / 1e9

    def others(self) -> float:
        """Seconds that the processors worked for other programs, so far."""
        try:
            user, nice, system, _, _, irq, softirq, steal = map(int, self._text(self._all).split()[1:9])
        except (OSError, ValueError):
            return 0.0
        busy = (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
        return busy - time.process_time()

    def _look(self) -> None:
        try:
            threads = {int(name) for name in os.listdir("/proc/self/task")}
        except OSError:
            return
        for thread in threads - self._files.keys():
            try:
                self._files[thread] = os.open(f"/proc/self/task/{thread}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue

    def close(self) -> None:
        for file in self._files.values():
            os.close(file)
        self._files.clear()
        if self._all >= 0:
            os.close(self._all)
            self._all = -1


class Heartbeat:
    """On the window's thread, from `start` to `stop`."""

    def __init__(self, interval_ms: int = 2, stacks: IO[str] | None = None) -> None:
        """``stacks``: where to write what all threads do whenever a beat is late."""
        self.label = ""
        """What is being done: noted with each beat."""
        self.beats: list[Beat] = []
        self._stacks = stacks
        self._waits = _Waits()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.beat)
        self._last: tuple[float, float, dict[int, int], float] = (0.0, 0.0, {}, 0.0)

    def start(self) -> None:
        self.reset()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        if self._stacks is not None:
            faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        self.stop()
        self._waits.close()

    def reset(self) -> None:
        """Forget what was noted; the next gap begins now."""
        self.beats.clear()
        self._last = (time.perf_counter(), time.thread_time(), self._waits.read(), self._waits.others())
        self._arm()

    def beat(self) -> None:
        """By the timer; also to be called between two things that should not be taken for one."""
        wall, work, waits = time.perf_counter(), time.thread_time(), self._waits.read()
        gap = wall - self._last[0]
        others = self._waits.others()
        # Counted in hundredths of a second on each processor.
        waited = max(0.0, min(self._waits.between(self._last[2], waits), others - self._last[3] + 0.01))
        self.beats.append(Beat(gap, work - self._last[1], max(0.0, gap - waited), self.label))
        if self._stacks is not None and gap > _LATE_S:
            self._stacks.write(f"=== that was {gap * 1000:.0f} ms, at work {(work - self._last[1]) * 1000:.0f} ms\n\n")
            self._stacks.flush()
        self._last = (wall, work, waits, others)
        self._arm()

    def _arm(self) -> None:
        if self._stacks is not None:
            faulthandler.dump_traceback_later(_LATE_S, file=self._stacks)
