"""A window on a real core, as the program makes it: what tests that drive one begin with."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from helpers import services
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.ui.bridge import Bridge
from megadesk.ui.theme import Theme
from megadesk.ui.windows.main_window import MainWindow


class Shown:
    """Shown and active, without a locker yet."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot = qtbot
        self.bridge = Bridge()
        self.core = App(str(home), event_sink=self.bridge.post)
        self.window = MainWindow(Theme(app, "light"), self.bridge, services(self.bridge, str(home)))
        self.window.show()
        self.window.activateWindow()

    def until(self, happened: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(happened()), timeout=20_000)

    def end(self) -> None:
        put_away(self.window, self.bridge, self.core)
        del self.window
        gc.collect()


def put_away(window: MainWindow, bridge: Bridge, core: App) -> None:
    """The window goes last, as in the program: what workers still bring would find it half gone.

    Whoever calls this forgets the window and collects, on the GUI thread: a worker of the next test must not be the one
    who collects Qt's objects.
    """
    window.hide()
    assert bridge.close()
    core.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
