"""Objects in cycles are collected on the window's thread alone, at moments of our choosing.

Python's own collector runs in whichever thread has just made an object. On a worker it takes widgets that only a cycle
kept and destroys them there, and Qt's objects must go on the thread they live in: sooner or later the program crashes
(shown by tests/ui/test_collecting.py). And it stops everything while it walks through all that is alive, most often
in the middle of work on large lists.

So the program switches it off and looks here four times a second: young objects at once, as they are few; all of them
when that took little last time, or else when nobody is using the window. What is there after the start stays for good
and is left out; after a lock, `collect_everything` looks at that too.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 250
_ASLEEP_MS = 10_000
"""Where nothing was made since the last look."""
_YOUNG = 1000
"""New objects less dropped ones: with fewer it is not worth looking."""
_STILL = 20
_AT_ONCE = 8_000
"""New objects that a moment allows: 4 ms. More are set aside until nobody is there."""
_MANY = 25_000
"""So many in all would take longer than one beat of the screen, bit by bit as 50,000 transfers come: likewise."""
_LONG_S = 0.01
_QUIET_S = 8.0
_ROUNDS = 80
"""Looks at young objects between two at all of them."""


class Collector(QObject):
    """One for a program, on the GUI thread. Python's own collector is off from `start` to `stop`."""

    def __init__(self, quiet_s: Callable[[], float], parent: QObject | None = None) -> None:
        """``quiet_s``: how long nobody has used the window."""
        super().__init__(parent)
        self._quiet_s = quiet_s
        self._was_on = False
        self._rounds = 0
        self._kept = 0
        """Objects that lived on since all were looked at, or set aside."""
        self._took_s = 0.0
        """The last look at everything."""
        self._first = True
        self._seen = -1
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()
        self._first = True
        self._timer.start()

    def stop(self) -> None:
        """As it was before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    def look(self) -> None:
        """Collect what a moment allows."""
        young = gc.get_count()[0]
        # This look itself makes a few.
        pause_ms = _ASLEEP_MS if abs(young - self._seen) < _STILL else LOOK_MS
        self._seen = young
        if self._timer.interval() != pause_ms:
            self._timer.setInterval(pause_ms)
        if self._first:  # the program itself, loaded by now
            self._first = False
            gc.freeze()
        elif young > _AT_ONCE or young + self._kept > _MANY:
            gc.freeze()
            self._kept = 0
            self._rounds = _ROUNDS
            self._took_s = max(self._took_s, _LONG_S)
        else:
            if young > _YOUNG:
                older = self._rounds % 5 == 4 and self._kept <= _AT_ONCE
                self._kept += young - gc.collect(1 if older else 0)
                self._rounds += 1
            if self._rounds >= _ROUNDS:
                self._look_at_all()

    def _look_at_all(self) -> None:
        """What may have been set aside, too, when that may take its time."""
        quiet = self._quiet_s() > _QUIET_S
        if self._took_s >= _LONG_S and not quiet:
            return
        began = time.perf_counter()
        if self._took_s >= _LONG_S:
            collect_everything()
        else:
            gc.collect()
        self._took_s = time.perf_counter() - began
        self._rounds = self._kept = 0


def collect_everything() -> None:
    """Also what was taken to stay. For the GUI thread; it stands still for some ten milliseconds."""
    gc.unfreeze()
    gc.collect()
    if not gc.isenabled():
        gc.freeze()
