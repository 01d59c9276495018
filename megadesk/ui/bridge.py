"""The one bridge between the core's threads and Qt.

Rare things (core events, results of tasks) cross as frozen dataclasses, in order; one queued signal tells of them.
Progress does not cross at all: workers write it on a board, and a timer reads the board ten times a second while
something moves.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from megadesk.ui.runner import Completed, Runner
from megadesk.ui.signals import signal

log = logging.getLogger(__name__)
BOARD_MS = 100
_AT_ONCE_S = 0.008
"""For what has arrived; then the window may breathe. Qt itself would hand over all of 50,000 first."""


class Bridge(QObject):
    """Lives on the GUI thread; only `post` may be called from others."""

    _arrived = signal[()]()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_event: Callable[[object], None] | None = None
        """Gets the core's events. One listener: who wants what is the main window's business."""
        self.on_error: Callable[[Exception], None] | None = None
        """Gets errors of tasks that nobody handles."""
        self._open = True
        self._messages: deque[object] = deque()
        self._told = False
        """The signal is on its way."""
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.timeout.connect(self._receive)
        self.runner = Runner(self.post, self._unhandled)
        self._arrived.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    def post(self, message: object) -> None:
        """Hand a frozen value to the GUI thread, in order. Any thread; dropped once the bridge is closed."""
        if self._open:
            self._messages.append(message)
            if self._told:
                return
            self._told = True
            try:
                self._arrived.emit()
            except RuntimeError:  # the C++ object went while the program ends
                log.debug("a message came after the window had gone")

    def close(self, timeout_s: float = 5.0) -> bool:
        """Deliver nothing more and stop the workers. False when one still works."""
        self._open = False
        self.on_event = self.on_error = None
        self._messages.clear()
        return self.runner.stop(timeout_s)

    @Slot()
    def _receive(self) -> None:
        # Before it is looked whether there is something: who posts from here on signals again.
        self._told = False
        until = time.perf_counter() + _AT_ONCE_S
        try:
            while self._messages and time.perf_counter() < until:
                self._hand_over(self._messages.popleft())
        finally:  # what one of them raised is not the others' affair
            if self._messages:
                self._more.start(0)

    def _hand_over(self, message: object) -> None:
        if not self._open:
            return
        if isinstance(message, Completed):
            self.runner.finish(message)
        elif self.on_event is not None:
            self.on_event(message)

    def _unhandled(self, error: Exception) -> None:
        log.warning("a task failed: %s", error, exc_info=error)
        if self.on_error is not None:
            self.on_error(error)


class Board(QObject):
    """Reads the progress board while something moves; asleep, it costs nothing."""

    def __init__(self, read: Callable[[], bool], parent: QObject | None = None) -> None:
        """``read`` shows the board and says whether anything still moves."""
        super().__init__(parent)
        self._read = read
        self._woken = False
        self._last_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(BOARD_MS)
        self._timer.timeout.connect(self._tick)

    def wake(self) -> None:
        """Something may have begun to move. Cheap: many calls in a moment are one look."""
        self._woken = True
        if not self._timer.isActive():
            self._timer.start()
            if time.monotonic() - self._last_s >= BOARD_MS / 1000:
                self._tick()

    def sleep(self) -> None:
        self._woken = False
        self._timer.stop()

    def _tick(self) -> None:
        self._woken = False
        moving = self._read()
        self._last_s = time.monotonic()
        if not moving and not self._woken:
            self._timer.stop()


class QtClock:
    """`ports.Clock` on Qt's event loop."""

    def __init__(self, owner: QObject) -> None:
        self._owner = owner

    def now(self) -> float:
        return time.monotonic()

    def later(self, delay_s: float, call: Callable[[], None], /) -> None:
        """Dropped when the owner goes first."""
        QTimer.singleShot(int(delay_s * 1000), self._owner, call)
