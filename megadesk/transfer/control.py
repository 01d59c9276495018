"""Pause and cancel for long work: one object the worker asks at every step, any thread may turn."""

from __future__ import annotations

import threading
import time

from megadesk.errors import CancelledError

_POLL_S = 0.1


class Control:
    """Thread-safe. A cancelled control stays cancelled. A child obeys its parent as well; not the other way."""

    def __init__(self, parent: Control | None = None) -> None:
        self._parent = parent
        self._cancelled = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._resumable = False

    def cancel(self, *, resumable: bool = False) -> None:
        """``resumable``: the work is only put off, so what it has done so far is worth keeping."""
        self._resumable = resumable
        self._cancelled.set()
        self._go.set()

    def pause(self) -> None:
        if not self._cancelled.is_set():
            self._go.clear()

    def resume(self) -> None:
        self._go.set()

    @property
    def resumable(self) -> bool:
        return self._resumable if self._parent is None else self._parent.resumable

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set() or (self._parent is not None and self._parent.cancelled)

    @property
    def paused(self) -> bool:
        return not self._go.is_set() or (self._parent is not None and self._parent.paused)

    def step(self) -> None:
        """Return at once, block while paused, raise CancelledError when cancelled."""
        if self._parent is not None:
            self._parent.step()
        if not self._go.is_set():
            self._go.wait()
        if self._cancelled.is_set():
            raise CancelledError("Cancelled.")

    def wait(self, seconds: float) -> None:
        """Sleep, but wake and raise CancelledError on cancel. For retry delays and rate limits."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._cancelled.wait(min(left, _POLL_S)) or self.cancelled:
                raise CancelledError("Cancelled.")
