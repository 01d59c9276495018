"""The window: first run, unlocking, and the frame around open lockers; the way from one to the next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from megadesk.errors import MegaDeskError
from megadesk.state.registry import LockerRecord
from megadesk.types import ROOT, NodeId
from megadesk.ui import clipboard
from megadesk.ui.bridge import Bridge
from megadesk.ui.lock_guard import LockGuard, release_memory
from megadesk.ui.pages.catalog import PAGES, SETTINGS, load_ahead
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.registry import Page, PageContext, ProgramPage, find
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.listing import RowKey
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.setup import JoinProgress
from megadesk.ui.runner import Scope, ThreadFailed
from megadesk.ui.services import Services
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import column, label
from megadesk.ui.windows.frame import Frame
from megadesk.ui.windows.locker_view import LockerView, locker_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LockersClosed:
    """All that was being locked is closed, on disk and in memory."""


MINIMUM = QSize(1024, 640)
_NOTICE_MS = 50
_LOAD_AHEAD_MS = 600
"""After the first screen is there."""


class MainWindow(QMainWindow):
    """``closed`` once, when the user has closed it and nothing keeps the program running."""

    closed = signal[()]()
    noticed = signal[()]()
    """A locker was opened or closed, or something happened in one."""

    def __init__(self, theme: Theme, bridge: Bridge, services: Services) -> None:
        super().__init__()
        self._theme = theme
        self._services = services
        self._bridge = bridge
        self._core: Core | None = None
        self._scope: Scope = bridge.runner.scope()
        self._waiting: int | None = None
        self._last_name = ""
        self._warned = False
        self._quitting = False
        self.hide_on_close: Callable[[], bool] = lambda: False
        """Asked when the window is closed: whether it is only hidden, since there is a tray."""
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
        self.frame_ = Frame(theme, PAGES)
        self._pages.addWidget(self.frame_)
        self._desk = _WindowDesk(self)
        self.frame_.lock_all_wanted.connect(self.lock)
        self.frame_.lock_wanted.connect(self.lock_one)
        self.frame_.unlock_wanted.connect(self._unlock_another)
        self.frame_.add_wanted.connect(lambda: self.show_setup(first=False))
        self.frame_.program_page_wanted.connect(self.show_program_page)
        self.frame_.link_wanted.connect(self.open_link)
        self.frame_.shown.connect(self._front_changed)
        self._notice = QTimer(self)  # of 50,000 events in a row nobody need hear each
        self._notice.setSingleShot(True)
        self._notice.setInterval(_NOTICE_MS)
        self._notice.timeout.connect(self.noticed.emit)
        for keys, slot in (
            ("Ctrl+Shift+L", self.lock),
            ("F1", self.show_keyboard),
            ("Ctrl+Q", self.quit),
            ("Ctrl+Shift+O", self.open_link),
            ("Ctrl+,", lambda: self.show_program_page(SETTINGS)),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda *_, slot=slot: slot())
            self.addAction(action)
        self.guard = LockGuard(services.preferences.settings, self._is_busy, self.lock)
        services.preferences.changed.connect(self.guard.follow)
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
            QTimer.singleShot(_LOAD_AHEAD_MS, self, lambda: self._bridge.runner.scope().run(load_ahead))

        self._scope.run(core.lockers, found)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        page = self.page()
        if isinstance(page, SetupPage) and page.key_unconfirmed and not self._warned:
            self._warned = True
            page.warn_unconfirmed()
            event.ignore()
            return
        if not self._quitting and self.hide_on_close():
            event.ignore()
            self.hide()
            return
        clipboard.clear_ours()
        self.guard.watch(False)
        event.accept()
        self.closed.emit()

    def quit(self) -> None:
        """End the program, with or without a tray."""
        self._quitting = True
        self.close()
        self._quitting = False

    def last_words(self) -> list[Callable[[], None]]:
        """At the end of the program: what is to be written before the lockers close. Not for the GUI thread."""
        return [view.memory.saver() for view in self.frame_.views]

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
            if isinstance(page, Page):
                page.looked_at()

    # --- pages

    def page(self) -> QWidget | None:
        """The innermost page in front."""
        front = self._pages.currentWidget()
        return self.frame_.page() if front is self.frame_ else front

    def _show(self, page: QWidget, key: str = "") -> None:
        """A page of no open locker: beside the sidebar while lockers are open, in the whole window otherwise."""
        if self.frame_.views:
            self.frame_.show_guest(page, key)
            self._to_front(self.frame_)
            return
        self._pages.addWidget(page)
        self._to_front(page)

    def _to_front(self, page: QWidget) -> None:
        """The old page goes, with everything it held; the frame stays."""
        old = self._pages.currentWidget()
        self._pages.setCurrentWidget(page)
        if old is not None and old is not self.frame_ and old is not page:
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
        """For the next page of no open locker; tasks of the one before are disowned."""
        self._scope.close()
        self._scope = self._bridge.runner.scope()
        return self._scope

    def show_setup(self, *, first: bool) -> None:
        if self._core is None:
            return
        page = SetupPage(self._theme, self._core, self._fresh_scope(), first=first)
        page.finished_.connect(self.open_session)
        page.join_wanted.connect(lambda: self.show_join(None))
        page.back_wanted.connect(self._back)
        self._warned = False
        self._show(page)

    def show_join(self, record: LockerRecord | None) -> None:
        """With ``record``: a new passphrase for it."""
        if self._core is None:
            return
        page = JoinPage(self._theme, self._core, self._fresh_scope(), self._bridge.post, record)
        page.finished_.connect(self.open_session)
        page.back_wanted.connect(self._back)
        self._show(page)

    def show_unlock(self, lockers: Sequence[LockerRecord], chosen: str = "") -> None:
        if self._core is None:
            return
        page = UnlockPage(self._theme, self._core, self._fresh_scope())
        page.unlocked_.connect(self.open_session)
        page.forgotten.connect(self.show_join)
        page.another_wanted.connect(lambda: self.show_setup(first=False))
        self._show(page)
        page.start(lockers, chosen=chosen or self._last_name, waiting=self._waiting)

    def show_program_page(self, key: str) -> None:
        """A page of the catalog that is about the program, such as settings."""
        spec = find(PAGES, key)
        if isinstance(spec, ProgramPage) and self._core is not None and self.frame_.views:
            page = spec.make(PageContext(self._theme, self._services, self._core, self._fresh_scope(), self._desk))
            self._show(page, key)
            page.entered()

    def show_keyboard(self) -> None:
        """The keyboard map, in a window of its own."""
        from megadesk.ui.widgets.keyboard_map import KeyboardDialog

        KeyboardDialog(self._theme, self).show()

    def open_link(self, text: str = "", *, asked_elsewhere: bool = False) -> None:
        """A link that somebody sent, with or without an open locker; "" asks for it. ``asked_elsewhere``: by another
        program, so that the person is asked before any host is."""
        from megadesk.ui.widgets.open_link_dialog import OpenLinkDialog, link_on_clipboard

        if asked_elsewhere:
            for other in self.findChildren(OpenLinkDialog):
                if other.asks:  # one question at a time, however many links a page throws
                    other.reject()

        def folder() -> NodeId:
            from megadesk.ui.pages.browser_page import BrowserPage  # not for the first screen

            page = self.page()
            return page.current_folder() if isinstance(page, BrowserPage) else ROOT

        def go_to(node: NodeId) -> None:
            view = self.frame_.view()
            if view is not None:
                view.show_node(node)

        runs, private = self._bridge.runner.scope(), self._services.private_files
        dialog = OpenLinkDialog(self, self._theme, runs, private, lambda: self.session, folder=folder, go_to=go_to)
        self.noticed.connect(dialog.look_again)
        dialog.show()
        dialog.activateWindow()
        if not text:
            dialog.link.setText(link_on_clipboard())
        dialog.opening.offer(text, asked_elsewhere=asked_elsewhere)

    def _back(self) -> None:
        """Out of a page of no open locker."""
        if self.frame_.views:
            self.frame_.leave_guest()
        else:
            self.show_start()

    # --- open lockers

    @property
    def session(self) -> Locker | None:
        """The locker in front."""
        view = self.frame_.view()
        return view.locker if view is not None else None

    def open_session(self, locker: Locker) -> None:
        """Start its transfers and show it."""
        core = self._core
        if core is None:
            return
        self._fresh_scope()
        scope = self._bridge.runner.scope()
        self._last_name = locker.record.name

        def started(lockers: Sequence[LockerRecord]) -> None:
            view = LockerView(
                self._theme,
                self._services,
                core,
                locker,
                scope,
                PAGES,
                self._bridge.post,
                lambda: core.settings.load().conflict_choice,
            )
            self.frame_.show_lockers(lockers)
            self.frame_.add_view(view)
            self._to_front(self.frame_)
            self.guard.watch(True)
            view.start()

        def start() -> Sequence[LockerRecord]:
            locker.start()
            return core.lockers()

        scope.run(start, started)

    def _unlock_another(self, name: str) -> None:
        core = self._core
        if core is None:
            return

        def found(lockers: Sequence[LockerRecord]) -> None:
            waiting = [record for record in lockers if self.frame_.view(record.name) is None]
            if waiting:
                self._waiting = None
                self.show_unlock(waiting, name)

        self._fresh_scope().run(core.lockers, found)

    def _is_busy(self) -> bool:
        """Whether a transfer runs anywhere."""
        return any(view.transfers.live_count() for view in self.frame_.views)

    def lock(self) -> None:
        """At once nothing is shown; then all lockers are closed and their keys dropped, and copies in clear wiped."""
        if self._core is None or not self.frame_.views:
            return
        self._hide_all()
        self._waiting = sum(view.transfers.live_count() for view in self.frame_.views)
        closing = [self._take(view.locker.record.name) for view in self.frame_.views]
        self._to_front_word(self.tr("Locking…"))
        core, private = self._core, self._services.private_files

        def close() -> tuple[Sequence[LockerRecord], int]:
            try:
                read = private.wipe()
                while closing:
                    closing.pop()()
            finally:
                # Not before: while anything is in clear, the computer must not sleep.
                post(LockersClosed())
            return core.lockers(), read

        post = self._bridge.post
        self._fresh_scope()
        # A scope of its own: a page that comes meanwhile must not disown the closing.
        self._bridge.runner.scope().run(close, self._locked, self._not_closed)
        self.guard.watch(False)

    def _locked(self, found: tuple[Sequence[LockerRecord], int]) -> None:
        lockers, read = found
        self.show_unlock(lockers)
        self._say_still_read(read)

    def _say_still_read(self, files: int) -> None:
        """The lock is not the whole truth then. No names: nothing of the locker is shown any more."""
        if files:
            text = self.tr(
                "Another program was still reading a file that came out of MegaDesk. It may read it to its end; then it"
                " is wiped. Look whether the copy that it made is complete."
            )
            self.banner.say("warn", text, lasting=True)

    def _hide_all(self) -> None:
        """Dialogs, menus and previews go too, and what is ours on the clipboard."""
        clipboard.clear_ours()
        ours = QApplication.activeWindow() is not None
        for widget in QApplication.topLevelWidgets():
            if widget is not self and widget.isVisible():
                widget.close()
        if ours:
            self.activateWindow()  # the passphrase is typed next

    def lock_one(self, name: str) -> None:
        """The others stay open."""
        if len(self.frame_.views) == 1:
            self.lock()
            return
        view = self.frame_.view(name)
        if view is None:
            return
        self._hide_all()
        locker_id = view.locker.record.locker_id
        close_locker = self._take(name)
        private = self._services.private_files

        def close() -> int:
            read = private.wipe_of(locker_id)
            close_locker()
            return read

        self._bridge.runner.scope().run(close, self._say_still_read, self.show_error)

    def _take(self, name: str) -> Callable[[], None]:
        """Out of the window at once; what is given closes the locker, on a worker."""
        view = self.frame_.take_view(name)
        if view is None:
            return lambda: None
        locker, last = view.locker, view.stop()
        view.deleteLater()

        def close() -> None:
            try:
                last()
            except MegaDeskError as error:
                log.info("how the locker was looked at was not kept: %s", type(error).__name__)
            locker.close()

        return close

    def _to_front_word(self, text: str) -> None:
        word = self._between(text)
        self._pages.addWidget(word)
        self._to_front(word)

    def _not_closed(self, error: Exception) -> None:
        self.show_error(error)
        self.show_start()

    def _front_changed(self) -> None:
        """The title tells what is in front: never more than a locker's and a page's name."""
        view = self.frame_.view()
        self.noticed.emit()
        if view is None:
            self.setWindowTitle("MegaDesk")
            return
        self._last_name = view.locker.record.name
        self.setWindowTitle(f"{view.locker.record.name} – MegaDesk")

    # --- what the core tells

    def _event(self, event: object) -> None:
        if isinstance(event, ThreadFailed):
            self.show_error(event.error)
            return
        if isinstance(event, LockersClosed):
            release_memory()
            if not self.frame_.views:
                self.guard.closed()
            return
        page = self.page()
        if isinstance(event, JoinProgress):
            if isinstance(page, JoinPage):
                page.show_progress(event)
            return
        name = locker_of(event)
        view = self.frame_.view(name) if name else None
        if view is not None:
            view.core_event(event)
            if not self._notice.isActive():
                self._notice.start()

    def show_error(self, error: BaseException) -> None:
        """A fault that no page took care of."""
        problem = problem_of(error)
        self.banner.say("danger", problem.text, title=problem.title)
        self.banner.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class _WindowDesk:
    """`registry.Desk` for pages of no locker: words go to the window's own banner."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def open_page(self, key: str) -> None:
        self._window.show_program_page(key)

    def open_folder(self, folder: NodeId, select: RowKey | None = None) -> None:
        """There is no locker that it could be in."""

    def open_link(self, text: str) -> None:
        self._window.open_link(text)

    def notify(self, notice: Notice, tone: str = "info") -> None:
        self._window.banner.say(tone, notice.text, action=notice.action, act=notice.act, lasting=False)

    def problem(self, problem: Problem) -> None:
        self._window.banner.say("danger", problem.text, title=problem.title)

    def set_badge(self, key: str, text: str) -> None:
        """Pages of the program have none."""

    def wake_transfers(self) -> None:
        for view in self._window.frame_.views:
            view.wake_transfers()
