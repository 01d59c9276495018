"""Watches for what should lock the lockers: no use of the window, a locked screen, sleep.

On Linux over D-Bus: logind's ``PrepareForSleep`` and ``Lock``, and ``ActiveChanged`` of the desktops' screen savers.
While lockers are open, logind is asked to delay sleep (it grants five seconds as a rule) until they are closed. A
desktop that says none of it leaves idle time and the user's own hand.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QWindow

from megadesk.state.settings import Settings
from megadesk.ui.collecting import collect_everything
from megadesk.ui.guard import guarded
from megadesk.ui.presenters.locking import AutoLock, Cause

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusPendingCallWatcher

log = logging.getLogger(__name__)

TICK_MS = 5_000
_USE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.DragMove,
        QEvent.Type.Drop,
        QEvent.Type.InputMethod,
    }
)
SCREEN_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver")
LOGIN = "org.freedesktop.login1"


def _slot(signature: str) -> Any:
    """As the macro SLOT makes it. Any: the call wants text, its type stub wants bytes."""
    return f"1{signature}"


def release_memory() -> None:
    """After a lock: collect what is in cycles, and give freed memory back to the system, which wipes it.

    Python and malloc keep what is freed for the next use; this bounds what stays there, and promises nothing.
    """
    import ctypes

    collect_everything()
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


class LockGuard(QObject):
    """Asleep until `watch`: with no locker open it costs nothing."""

    def __init__(
        self,
        settings: Settings,
        busy: Callable[[], bool],
        lock: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.rules = AutoLock(settings, busy, lock)
        self._now = now
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._connected = False
        self._delay = -1
        """A descriptor: while it is open, the system waits with its sleep."""

    def follow(self, settings: Settings) -> None:
        """The settings have changed."""
        self.rules.settings = settings

    def watch(self, on: bool) -> None:
        """Lockers are open, or none is any more."""
        app = QCoreApplication.instance()
        if on == self._timer.isActive() or app is None:
            return
        if on:
            self.rules.opened(self._now())
            self._connect()
            self._delay_sleep()
            if isinstance(app, QGuiApplication):
                app.focusWindowChanged.connect(self._listen_to)
                for window in app.topLevelWindows():
                    self._listen_to(window)
            self._timer.start()
        else:
            if isinstance(app, QGuiApplication):
                app.focusWindowChanged.disconnect(self._listen_to)
                for window in app.topLevelWindows():
                    window.removeEventFilter(self)
            self._timer.stop()

    def _listen_to(self, window: QWindow | None) -> None:
        """To windows and not to the whole program: it has hundreds of widgets, and each event of each would be a call
        into Python, which waits for the interpreter while workers use it."""
        if window is not None:
            window.installEventFilter(self)  # a filter is installed once, however often it is asked for

    def quiet_s(self) -> float:
        """For how long nobody has used the window; without end while no locker is open."""
        return self.rules.quiet_s(self._now()) if self._timer.isActive() else math.inf

    def closed(self) -> None:
        """Every locker is closed, nothing is in clear: the computer may sleep."""
        if self._delay >= 0:
            with contextlib.suppress(OSError):
                os.close(self._delay)
            self._delay = -1

    @guarded(lambda: False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in _USE:
            self.rules.used(self._now())
        return False

    def _tick(self) -> None:
        self.rules.tick(self._now())

    # --- D-Bus

    def _connect(self) -> None:
        """Once. Says nothing where there is no bus."""
        if self._connected or not sys.platform.startswith("linux"):
            return
        self._connected = True
        from PySide6.QtDBus import QDBusConnection

        system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
        if system.isConnected():
            for path, interface, name, slot in (
                ("/org/freedesktop/login1", f"{LOGIN}.Manager", "PrepareForSleep", "sleeping(bool)"),
                ("", f"{LOGIN}.Session", "Lock", "session_locked()"),
            ):
                system.connect(LOGIN, path, interface, name, self, _slot(slot))
        if session.isConnected():
            for interface in SCREEN_SAVERS:
                session.connect("", "", interface, "ActiveChanged", self, _slot("screen_saver(bool)"))

    def _delay_sleep(self) -> None:
        if self._delay >= 0 or not sys.platform.startswith("linux"):
            return
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            return
        call = QDBusMessage.createMethodCall(LOGIN, "/org/freedesktop/login1", f"{LOGIN}.Manager", "Inhibit")
        call.setArguments(["sleep", "MegaDesk", "MegaDesk locks its lockers", "delay"])
        self._watcher = QDBusPendingCallWatcher(bus.asyncCall(call), self)
        self._watcher.finished.connect(self._delayed)

    def _delayed(self, watcher: QDBusPendingCallWatcher) -> None:
        from PySide6.QtDBus import QDBusMessage

        reply = watcher.reply()
        watcher.deleteLater()
        if reply.type() != QDBusMessage.MessageType.ReplyMessage:
            log.info("the system does not let sleep wait for the lock: %s", reply.errorName())
            return
        granted = os.dup(reply.arguments()[0].fileDescriptor())
        self.closed()
        self._delay = granted
        if not self._timer.isActive():  # locked meanwhile
            self.closed()

    @Slot(bool)
    def sleeping(self, begins: bool) -> None:
        if begins:
            self._happened(Cause.SLEEP)

    @Slot()
    def session_locked(self) -> None:
        self._happened(Cause.SCREEN)

    @Slot(bool)
    def screen_saver(self, active: bool) -> None:
        if active:
            self._happened(Cause.SCREEN)

    def _happened(self, cause: Cause) -> None:
        if self._timer.isActive():
            log.info("the desktop says: %s", cause.value)
            self.rules.happened(cause)
