"""The window: one page at a time, and the way from one to the next. No locker's contents but on the browser page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from megadesk.core.events import FoldersChanged, LockerStateChanged, StoreTrouble, TransferChanged
from megadesk.state.registry import LockerRecord
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.setup import JoinProgress
from megadesk.ui.runner import Scope, ThreadFailed
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import column, label

log = logging.getLogger(__name__)
MINIMUM = QSize(1024, 640)


class MainWindow(QMainWindow):
    """``closed`` once, when the user has closed it."""

    closed = signal[()]()

    def __init__(self, theme: Theme, bridge: Bridge) -> None:
        super().__init__()
        self._theme = theme
        self._bridge = bridge
        self._core: Core | None = None
        self._scope: Scope = bridge.runner.scope()
        self._session: Locker | None = None
        self._waiting: int | None = None
        self._last_name = ""
        self._warned = False
        self.setWindowTitle("MegaDesk")
        self.setMinimumSize(MINIMUM)
        self.resize(1120, 720)
        self.banner = Banner(theme)
        self._pages = QStackedWidget()
        body = QWidget()
        layout = column(body, spacing=0)
        layout.addWidget(self.banner)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(body)
        self._pages.addWidget(self._between(""))
        bridge.on_event = self._event
        bridge.on_error = self.show_error

    # --- beginning and end

    def start(self, make_core: Callable[[], Core]) -> None:
        """Make the core off this thread, then show what fits: setup or unlock."""

        def made(core: Core) -> None:
            self._core = core
            self.show_start()

        self._scope.run(make_core, made)

    def show_start(self) -> None:
        """The first screen, by which lockers there are."""
        core = self._core
        if core is None:
            return

        def found(lockers: Sequence[LockerRecord]) -> None:
            if lockers:
                self.show_unlock(lockers)
            else:
                self.show_setup(first=True)

        self._scope.run(core.lockers, found)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        page = self.page()
        if isinstance(page, SetupPage):
            if page.key_unconfirmed and not self._warned:
                self._warned = True
                page.warn_unconfirmed()
                event.ignore()
                return
            page.clear_clipboard()
        event.accept()
        self.closed.emit()

    def geometry_text(self) -> str:
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def restore(self, geometry: str) -> None:
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Coming back to the window, people want to see what happened meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            page = self.page()
            if isinstance(page, BrowserPage):
                page.presenter.refresh_quietly()

    # --- pages

    def page(self) -> QWidget | None:
        return self._pages.currentWidget()

    def _show(self, page: QWidget) -> None:
        """The old page goes, with everything it held."""
        old = self._pages.currentWidget()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if old is not None:
            self._pages.removeWidget(old)
            old.deleteLater()

    def _between(self, text: str) -> QWidget:
        """Nothing but a word: while the core opens or closes."""
        page = QWidget()
        page.setProperty("kind", "page")
        word = label(text, "muted")
        word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column(page).addWidget(word)
        return page

    def _fresh_scope(self) -> Scope:
        self._scope.close()
        self._scope = self._bridge.runner.scope()
        return self._scope

    def show_setup(self, *, first: bool) -> None:
        if self._core is None:
            return
        page = SetupPage(self._theme, self._core, self._fresh_scope(), first=first)
        page.finished_.connect(self.open_session)
        page.join_wanted.connect(lambda: self.show_join(None))
        page.back_wanted.connect(self.show_start)
        self._warned = False
        self._show(page)

    def show_join(self, record: LockerRecord | None) -> None:
        """With ``record``: a new passphrase for it."""
        if self._core is None:
            return
        page = JoinPage(self._theme, self._core, self._fresh_scope(), self._bridge.post, record)
        page.finished_.connect(self.open_session)
        page.back_wanted.connect(self.show_start)
        self._show(page)

    def show_unlock(self, lockers: Sequence[LockerRecord]) -> None:
        if self._core is None:
            return
        page = UnlockPage(self._theme, self._core, self._fresh_scope())
        page.unlocked_.connect(self.open_session)
        page.forgotten.connect(self.show_join)
        page.another_wanted.connect(lambda: self.show_setup(first=False))
        self._show(page)
        page.start(lockers, chosen=self._last_name, waiting=self._waiting)

    # --- a session

    def open_session(self, locker: Locker) -> None:
        """Start its transfers and show it."""
        scope = self._fresh_scope()
        self._session = locker
        self._last_name = locker.record.name
        self.setWindowTitle(f"{locker.record.name} – MegaDesk")

        def started(_: None) -> None:
            page = BrowserPage(self._theme, locker, scope)
            page.lock_wanted.connect(self.lock)
            self._show(page)
            page.start()

        scope.run(locker.start, started)

    def lock(self) -> None:
        """At once nothing is shown; then the locker is closed and its keys dropped."""
        locker, page = self._session, self.page()
        if locker is None or not isinstance(page, BrowserPage) or self._core is None:
            return
        self._waiting = page.transfers.live_count()
        self._session = None
        page.stop()
        self.setWindowTitle("MegaDesk")
        self._show(self._between(self.tr("Locking…")))
        core = self._core

        def close() -> Sequence[LockerRecord]:
            locker.close()
            return core.lockers()

        self._fresh_scope().run(close, self.show_unlock, self._not_closed)

    def _not_closed(self, error: Exception) -> None:
        self.show_error(error)
        self.show_start()

    # --- what the core tells

    def _event(self, event: object) -> None:
        page = self.page()
        if isinstance(event, ThreadFailed):
            self.show_error(event.error)
            return
        if isinstance(event, JoinProgress):
            if isinstance(page, JoinPage):
                page.show_progress(event)
            return
        if not isinstance(page, BrowserPage) or self._session is None:
            return
        name = self._session.record.name
        if isinstance(event, FoldersChanged) and event.locker == name:
            page.presenter.folders_changed(event.folders)
        elif isinstance(event, TransferChanged) and event.locker == name:
            page.transfer_changed()
        elif isinstance(event, LockerStateChanged) and event.locker == name:
            page.show_read_only(event.read_only_reason)
        elif isinstance(event, StoreTrouble) and event.locker == name:
            page.show_trouble(Problem(self.tr("The storage cannot be used right now"), event.message, event.remedy))

    def show_error(self, error: BaseException) -> None:
        """A fault that no page took care of."""
        problem = problem_of(error)
        self.banner.say("danger", problem.text, title=problem.title)
        self.banner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
