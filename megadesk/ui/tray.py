"""The icon in the tray: how the lockers do, in a glance; a menu, and a small window of what goes on now."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QCursor, QGuiApplication, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSystemTrayIcon, QVBoxLayout

from megadesk.ui import theme as look
from megadesk.ui.icons import app_icon, pixmap
from megadesk.ui.pages.catalog import LINKS, SETTINGS, SYNC
from megadesk.ui.preferences import Preferences
from megadesk.ui.presenters.tray import (
    HOUR_S,
    LockerState,
    Newsworthy,
    Opened,
    RecentFile,
    TrayState,
    TrayStatus,
    look_at,
    overall,
    pause_all,
    until_tomorrow,
)
from megadesk.ui.runner import Scope
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, ElidedLabel, Picture, column, label, line

_LOOK_MS = 2000
_SOON_MS = 150
_POPUP_WIDTH = 340
_SIZES = (16, 22, 24, 32, 48, 64)
_BADGES: dict[TrayState, tuple[str, str]] = {
    TrayState.SYNCING: ("badge-syncing", "#0B6970"),
    TrayState.PAUSED: ("badge-paused", "#55616A"),
    TrayState.PROBLEM: ("badge-problem", "#B3261E"),
    TrayState.OFFLINE: ("badge-offline", "#7F4D00"),
    TrayState.LOCKED: ("badge-locked", "#14191D"),
}
"""Drawing, and the disc it stands on; white on each has a contrast of 4.5 or more."""


def tray_icon(state: TrayState) -> QIcon:
    """The program's mark, with a badge for everything but "all is well"."""
    result = QIcon()
    for size in _SIZES:
        picture = QPixmap(pixmap("megadesk", "#000000", size, size, 1.0))
        if state in _BADGES:
            drawing, disc = _BADGES[state]
            side = max(11, round(size * 0.56))
            at = QRect(size - side, size - side, side, side)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor("#FFFFFF"))
            painter.setBrush(QColor(disc))
            painter.drawEllipse(QRectF(at).adjusted(0.5, 0.5, -0.5, -0.5))
            inner = round(side * 0.6)
            inner += (side - inner) % 2  # in the middle to the pixel: half of one would blur it
            glyph = pixmap(drawing, "#FFFFFF", inner, inner, 1.0)
            painter.drawPixmap(at.x() + (side - inner) // 2, at.y() + (side - inner) // 2, glyph)
            painter.end()
        result.addPixmap(picture)
    return result


class Host(Protocol):
    """What the tray asks of the window. For the GUI thread."""

    def opened(self) -> Sequence[Opened]: ...
    def show_window(self) -> None: ...
    def show_locker_page(self, locker: str, key: str) -> None:
        """A page of that locker, "" of the one in front."""

    def show_program_page(self, key: str) -> None: ...
    def show_file(self, file: RecentFile) -> None: ...
    def lock(self) -> None: ...
    def quit(self) -> None: ...


class Tray(QObject):
    """Looks at the lockers when something happens, and every two seconds while something moves."""

    def __init__(self, theme: Theme, host: Host, preferences: Preferences, new_scope: Callable[[], Scope]) -> None:
        super().__init__()
        self._host = host
        self._preferences = preferences
        self._scope = new_scope()
        self._news = Newsworthy()
        self.status = TrayStatus(TrayState.LOCKED, "")
        self._states: Sequence[LockerState] = ()
        self.icon = QSystemTrayIcon(tray_icon(TrayState.LOCKED), self)
        self.menu = QMenu()
        self._fill_menu()
        self.icon.setContextMenu(self.menu)
        self.popup = TrayPopup(theme, self)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self._message_clicked)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.look)
        self.look_soon()

    def show(self) -> bool:
        """False where the desktop has no tray: then closing the window ends the program."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        self.icon.show()
        return True

    @property
    def shown(self) -> bool:
        return self.icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def end(self) -> None:
        """At the end of the program."""
        self._clock.stop()
        self._scope.close()
        self.popup.close()
        self.icon.hide()

    # --- looking

    def look_soon(self) -> None:
        """Something happened; many things at once are one look."""
        if not self._clock.isActive() or self._clock.remainingTime() > _SOON_MS:
            self._clock.start(_SOON_MS)

    def look(self) -> None:
        lockers = [each.locker for each in self._host.opened()]
        self._scope.run(lambda: [look_at(locker) for locker in lockers], self._came, lambda _: None, lane="tray")

    def _came(self, states: Sequence[LockerState]) -> None:
        self._states = states
        status = overall(self._host.opened(), states)
        if status.state is not self.status.state:
            self.icon.setIcon(tray_icon(status.state))
        self.status = status
        self.icon.setToolTip(f"MegaDesk\n{status.text}")
        self._show_status()
        if self.popup.isVisible():
            self.popup.show_status(status)
        news = self._news.news(status)
        if news and self._preferences.settings.notifications and self.shown:
            self.icon.showMessage("MegaDesk", news, app_icon())
        # That something ended, or that the storage is back, is not told by an event.
        if status.state in (TrayState.SYNCING, TrayState.OFFLINE):
            self._clock.start(_LOOK_MS if status.state is TrayState.SYNCING else 5 * _LOOK_MS)

    # --- the menu

    def _fill_menu(self) -> None:
        menu = self.menu
        self._line = menu.addAction("")
        self._line.setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("&Open MegaDesk"), self._host.show_window)
        self._problems = menu.addAction(self.tr("&Problems…"), self.show_problems)
        self._links = menu.addAction(self.tr("&Links…"), lambda: self._host.show_locker_page("", LINKS))
        menu.addSeparator()
        self._hour = menu.addAction(self.tr("Pause sync for an &hour"), lambda: self.pause(HOUR_S))
        self._day = menu.addAction(
            self.tr("Pause sync until &tomorrow"), lambda: self.pause(until_tomorrow(time.time()))
        )
        self._go_on = menu.addAction(self.tr("&Go on syncing"), lambda: self.pause(None))
        menu.addSeparator()
        self._lock = menu.addAction(self.tr("Loc&k now"), self._host.lock)
        self._settings = menu.addAction(
            self.tr("&Settings…"), lambda: self._show_and(partial(self._host.show_program_page, SETTINGS))
        )
        menu.addSeparator()
        menu.addAction(self.tr("&Quit"), self._host.quit)
        self._show_status()

    def actions(self) -> list[QAction]:
        return self.menu.actions()

    def _show_status(self) -> None:
        status = self.status
        is_open = status.state is not TrayState.LOCKED
        self._line.setText(status.text or self.tr("Locked"))
        self._problems.setVisible(status.problems > 0)
        self._links.setVisible(is_open)
        paused = status.state is TrayState.PAUSED
        for action in (self._hour, self._day):
            action.setVisible(status.syncs and not paused)
        self._go_on.setVisible(status.syncs and paused)
        self._lock.setVisible(is_open)
        self._settings.setVisible(is_open)

    def _show_and(self, then: Callable[[], None]) -> None:
        self._host.show_window()
        then()

    def show_problems(self) -> None:
        """Of the first locker that has any."""
        name = next((state.name for state in self._states if state.problems), "")
        self._host.show_locker_page(name, SYNC)

    def pause(self, seconds: float | None) -> None:
        task = pause_all([each.locker for each in self._host.opened()], seconds)
        self._scope.run(task, lambda _: self.look(), lambda _: self.look())

    def open_file(self, file: RecentFile) -> None:
        self.popup.close()
        self._host.show_file(file)

    def open_window(self) -> None:
        self.popup.close()
        self._host.show_window()

    # --- clicks

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.DoubleClick:
            self.open_window()
        elif reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.toggle_popup()

    def toggle_popup(self) -> None:
        if self.popup.isVisible():
            self.popup.close()
            return
        self.popup.show_status(self.status)
        self.popup.show_near(self.icon.geometry())
        self.look()

    def _message_clicked(self) -> None:
        if self.status.problems:
            self.show_problems()
        else:
            self._host.show_window()


class TrayPopup(QFrame):
    """What is going on now, and the files that came last."""

    def __init__(self, theme: Theme, tray: Tray) -> None:
        super().__init__(None, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setProperty("kind", "popup")
        self.setWindowTitle("MegaDesk")
        self._theme = theme
        self._tray = tray
        self.setFixedWidth(_POPUP_WIDTH)
        self._mark = Picture(theme, "check", "good", 24)
        self._text = ElidedLabel("field", Qt.TextElideMode.ElideRight)
        self._files: QVBoxLayout = column(spacing=0)
        self._files_title = label(self.tr("Last changed"), "caption")
        self.open = Button(theme, self.tr("&Open MegaDesk"), kind="primary")
        self.pause = Button(theme, "", icon_name="pause")
        self.problems = Button(theme, self.tr("&Problems…"), icon_name="warning")
        self.open.clicked.connect(tray.open_window)
        self.pause.clicked.connect(self._pause)
        self.problems.clicked.connect(self._show_problems)
        head = line(spacing=look.M)
        head.addWidget(self._mark)
        head.addWidget(self._text, 1)
        foot = line(spacing=look.S)
        foot.addWidget(self.open, 1)
        foot.addWidget(self.pause)
        needs = line()
        needs.addWidget(self.problems)
        files = column(spacing=look.XS)
        title = line()
        title.addWidget(self._files_title)
        files.addLayout(title)
        files.addLayout(self._files)
        # Names stand below the title; what is hovered reaches out around them.
        layout = column(self, spacing=look.M)
        layout.setContentsMargins(look.S, look.L, look.S, look.L)
        for part in (head, needs, title, foot):
            part.setContentsMargins(look.S, 0, look.S, 0)
        layout.addLayout(head)
        layout.addLayout(needs)
        layout.addLayout(files)
        layout.addLayout(foot)

    def show_status(self, status: TrayStatus) -> None:
        marks = {
            TrayState.IDLE: ("check", "good"),
            TrayState.SYNCING: ("sync", "accent"),
            TrayState.PAUSED: ("pause", "muted"),
            TrayState.PROBLEM: ("warning", "danger"),
            TrayState.OFFLINE: ("cloud", "warn"),
            TrayState.LOCKED: ("lock", "muted"),
        }
        self._mark.show_drawing(*marks[status.state])
        self._text.show_text(status.text or self.tr("Locked"))
        self.problems.setVisible(status.problems > 0)
        paused = status.state is TrayState.PAUSED
        self.pause.setText(self.tr("&Go on") if paused else self.tr("P&ause"))
        self.pause.setVisible(status.syncs)
        while (item := self._files.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for file in status.recent:
            self._files.addWidget(_FileButton(file, partial(self._tray.open_file, file)))
        self._files_title.setVisible(bool(status.recent))
        self.adjustSize()

    def show_near(self, icon: QRect) -> None:
        """Beside the icon, or the pointer where the desktop does not say where the icon is; always on the screen."""
        self.adjustSize()
        near = icon.center() if icon.isValid() and not icon.isEmpty() else QCursor.pos()
        screen = QGuiApplication.screenAt(near) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = min(max(near.x() - self.width() // 2, room.left() + look.S), room.right() - self.width() - look.S)
        below = near.y() < room.center().y()
        y = near.y() + look.L if below else near.y() - look.L - self.height()
        y = min(max(y, room.top() + look.S), room.bottom() - self.height() - look.S)
        self.move(QPoint(x, y))
        self.show()
        self.open.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _pause(self) -> None:
        self._tray.pause(None if self._tray.status.state is TrayState.PAUSED else 0)

    def _show_problems(self) -> None:
        self.close()
        self._tray.show_problems()


class _FileButton(QPushButton):
    """A file that came lately; a click shows it in its folder."""

    def __init__(self, file: RecentFile, act: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setFlat(True)
        self.setAccessibleName(f"{file.name}, {file.detail}")
        self.setToolTip(file.name)
        name = ElidedLabel("body", Qt.TextElideMode.ElideMiddle)
        name.show_text(file.name)
        detail = label(file.detail, "caption")
        for each in (name, detail):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = line(self, spacing=look.S)
        row.setContentsMargins(look.S, look.XS, look.S, look.XS)
        row.addWidget(name, 1)
        row.addWidget(detail)
        self.setMinimumHeight(32)
        self.clicked.connect(act)
