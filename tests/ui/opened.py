"""An open locker in the window, on the real core and a real folder store."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers import services
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shown import put_away

from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.stores.api import Store
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.registry import Page
from megadesk.ui.theme import Theme
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MINIMUM, MainWindow

PASSPHRASE = "purple otter lamp seven"
WAIT_MS = 20_000


class Opened:
    """The window with one open locker, made without its forms."""

    def __init__(
        self, qtbot: QtBot, home: Path, *, wrapper: Callable[[Store], Store] | None = None, scheme: str = "light"
    ) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot = qtbot
        self.home = home
        self.bridge = Bridge()
        self.core = App(str(home), event_sink=self.bridge.post, store_wrapper=wrapper)
        self.locker: Locker = self.core.create_locker(PASSPHRASE).locker
        self.window = MainWindow(Theme(app, scheme), self.bridge, services(self.bridge, str(home)))
        self.window._core = self.core
        self.window.resize(MINIMUM)
        self.window.show()
        self.open(self.locker)

    def open(self, locker: Locker) -> None:
        self.locker = locker
        name = locker.record.name
        self.window.open_session(locker)
        self.until(lambda: self.window.frame_.current == name and self.view.page() is not None)
        self.until(lambda: self.page.presenter.listing is not None and not self.page._loading)

    @property
    def view(self) -> LockerView:
        view = self.window.frame_.view()
        assert view is not None
        return view

    @property
    def page(self) -> BrowserPage:
        page = self.view.made("files")
        assert isinstance(page, BrowserPage)
        return page

    def go(self, key: str) -> Page:
        """Another page of the locker, through the sidebar."""
        items = self.window.frame_.sidebar.list
        item = next(each for each in items.side.items if each.key == key)
        items.chosen.emit(item)
        page = self.view.page()
        assert page is not None
        return page

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def names(self) -> list[str]:
        return [row.display_name for row in self.page.model.rows]

    def shows(self, *names: str) -> None:
        self.until(lambda: self.names() == list(names))

    def put(self, *paths: Path, to: str = "/") -> None:
        """Upload and wait; replaces without asking."""
        number = self.locker.upload([str(path) for path in paths], to)
        self.locker.transfers.wait(number, 20)

    def key(self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(widget, key, modifier)

    def drop(self, widget: QWidget, paths: Sequence[Path], at: QPoint) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        self.drop_data(widget, data, at)

    def drop_data(
        self, widget: QWidget, data: QMimeData, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        left = Qt.MouseButton.LeftButton
        QApplication.sendEvent(widget, QDragEnterEvent(at, actions, data, left, keys))
        QApplication.sendEvent(widget, QDropEvent(QPointF(at), actions, data, left, keys))

    def close(self) -> None:
        for view in self.window.frame_.views:
            view.stop()
        put_away(self.window, self.bridge, self.core)
        del self.window
        gc.collect()
