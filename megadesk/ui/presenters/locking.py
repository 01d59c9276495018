"""When the lockers lock by themselves. Pure of Qt: the guard tells what happens and asks what to do."""

from __future__ import annotations

import enum
from collections.abc import Callable

from megadesk.state.settings import Settings


class Cause(enum.Enum):
    """Why they should lock."""

    IDLE = "idle"
    SCREEN = "screen"
    """The session was locked, or the screen saver began."""
    SLEEP = "sleep"


class AutoLock:
    """Decides. ``busy`` says whether a transfer runs; ``lock`` locks everything at once."""

    def __init__(self, settings: Settings, busy: Callable[[], bool], lock: Callable[[], None]) -> None:
        self.settings = settings
        self._busy = busy
        self._lock = lock
        self._used_s = 0.0
        self._due = False
        """It should be locked already, but a transfer was running."""

    def used(self, now_s: float) -> None:
        """The user did something in the window; whatever waited for transfers is off."""
        self._used_s = now_s
        self._due = False

    def quiet_s(self, now_s: float) -> float:
        """Since the user did something."""
        return now_s - self._used_s

    def opened(self, now_s: float) -> None:
        """A locker was opened: time counts from here."""
        self.used(now_s)

    def happened(self, cause: Cause) -> None:
        """The desktop says so. Sleep never waits: the computer would not."""
        if cause is Cause.SLEEP:
            if self.settings.lock_on_sleep:
                self._lock()
        elif cause is Cause.SCREEN and self.settings.lock_on_screen_lock:
            self._want()

    def tick(self, now_s: float) -> None:
        """Every few seconds while lockers are open."""
        minutes = self.settings.lock_after_idle_min
        if self._due or (minutes and now_s - self._used_s >= minutes * 60):
            self._want()

    def _want(self) -> None:
        if self.settings.lock_waits_for_transfers and self._busy():
            self._due = True
            return
        self._due = False
        self._lock()
