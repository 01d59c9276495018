"""The tray as desktops show it: the icon in all its states on a light and a dark panel, and the small window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import shot_data as data
from helpers import services
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from megadesk.sync.pairs import PairState
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.presenters.tray import LockerState, RecentFile, TrayState, overall
from megadesk.ui.tray import Tray, tray_icon

if TYPE_CHECKING:
    from shots import Studio

PANELS = (("#F1F1F1", "#202020"), ("#24282C", "#E0E0E0"))
"""Grounds of light and dark panels, and text on them."""
SIZES = (16, 22, 24, 32)
POPUP = 340


class _Opened:
    def __init__(self, moving: str = "") -> None:
        self.locker: Any = data.full()
        self.offline = False
        self._moving = moving

    def moving(self) -> str:
        return self._moving


class _Host:
    """Of which nothing is asked."""

    def opened(self) -> list[Any]:
        return []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


class TrayDesk(QWidget):
    """Pictures of what lies outside the window, for there is no window around them."""

    def __init__(self, pictures: list[tuple[QPoint, QPixmap]]) -> None:
        super().__init__()
        self._pictures = pictures

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#5B7083"))
        for number, (ground, ink) in enumerate(PANELS):
            top = self.height() - 48 * (len(PANELS) - number)
            painter.fillRect(0, top, self.width(), 48, QColor(ground))
            x = 24
            painter.setPen(QColor(ink))
            for size in SIZES:
                painter.drawText(x, top, 30, 48, int(Qt.AlignmentFlag.AlignVCenter), f"{size}")
                x += 30
                for state in TrayState:
                    painter.drawPixmap(x, top + (48 - size) // 2, tray_icon(state).pixmap(size, size))
                    x += size + 10
                x += 24
        for at, picture in self._pictures:
            painter.drawPixmap(at, picture)
        painter.end()


def tray_desk(studio: Studio) -> None:
    """Into the window: popups of three states beside each other."""
    window = studio.window
    home = services(studio.bridge, "/home/anna/.megadesk")
    host: Any = _Host()
    recent = tuple(RecentFile("Locker", row, row.display_name, fmt.when(row.mtime_ns)) for row in data.rows()[5:10])
    moving = translate("transfers", "Uploading %1").replace("%1", "Photos 2026")
    states = [
        (LockerState("Locker", PairState.IDLE, 0, recent), ""),
        (LockerState("Locker", PairState.SYNCING, 0, recent[2:]), moving),
        (LockerState("Locker", PairState.PROBLEM, 2, recent[:2]), ""),
    ]
    tray = Tray(studio.theme, host, home.preferences, studio.bridge.runner.scope)
    tray._clock.stop()
    pictures: list[tuple[QPoint, QPixmap]] = []
    room = window.width() // (POPUP + 32)
    bottom = window.height() - 48 * len(PANELS) - 16
    for number, (state, text) in enumerate(states[-room:]):
        tray.popup.show_status(overall([_Opened(text)], [state]))
        tray.popup.adjustSize()
        picture = tray.popup.grab()
        height = round(picture.height() / picture.devicePixelRatio())
        left = (2 * number + 1) * window.width() // (2 * min(room, len(states))) - POPUP // 2
        pictures.append((QPoint(left, bottom - height), picture))
    tray.end()
    window._show(TrayDesk(pictures))
