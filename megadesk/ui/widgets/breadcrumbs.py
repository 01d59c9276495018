"""The path of the folder shown; each part leads there. Parts that do not fit fold into a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QToolButton, QWidget

from megadesk.ui import formatting as fmt
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Picture, line

_MAX_PART = 280


class Breadcrumbs(QWidget):
    """``picked`` gives the depth: 0 is the locker itself."""

    picked = signal[int]()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: list[str] = []
        self._layout = line(self, spacing=0)
        self._shown: tuple[int, int] | None = None
        self.setAccessibleName(self.tr("Path"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_path(self, names: Sequence[str]) -> None:
        """The locker's name, then the folders down to the one shown."""
        self._names = [fmt.shown_name(name) for name in names]
        self._shown = None
        self._build()

    def names(self) -> Sequence[str]:
        return self._names

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, QFontMetrics(self.font()).height() + 20)

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._build()

    def _build(self) -> None:
        if not self._names:
            return
        metrics = QFontMetrics(self.font())
        widths = [min(int(metrics.horizontalAdvance(name) * 1.25), _MAX_PART) + 36 for name in self._names]

        def taken(hidden: int) -> int:
            return sum(widths) - sum(widths[1 : 1 + hidden]) + (48 if hidden else 0)

        hidden = 0  # after the first
        while hidden < len(widths) - 2 and taken(hidden) > self.width():
            hidden += 1
        last = max(60, self.width() - taken(hidden) + widths[-1] - 36)
        if self._shown == (hidden, last):
            return
        self._shown = (hidden, last)
        focused = QApplication.focusWidget()
        focus = focused is not None and self.isAncestorOf(focused)
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for depth, name in enumerate(self._names):
            if 1 <= depth <= hidden:
                if depth == 1:
                    self._layout.addWidget(Picture(self._theme, "chevron-right", "muted", 16))
                    self._layout.addWidget(self._folded(hidden))
                continue
            if depth:
                self._layout.addWidget(Picture(self._theme, "chevron-right", "muted", 16))
            room = last if depth == len(self._names) - 1 else _MAX_PART
            self._layout.addWidget(self._part(depth, metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)))
        self._layout.addStretch(1)
        if focus:
            self.setFocus()

    def _part(self, depth: int, text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text.replace("&", "&&"))
        button.setProperty("kind", "crumb")
        last = depth == len(self._names) - 1
        button.setProperty("last", "true" if last else "false")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self._names[depth])
        button.setToolTip(self._names[depth])
        button.clicked.connect(lambda: self.picked.emit(depth))
        return button

    def _folded(self, count: int) -> QToolButton:
        button = QToolButton()
        button.setText("…")
        button.setProperty("kind", "crumb")
        button.setAccessibleName(self.tr("Folders in between"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for depth in range(1, count + 1):
            action = menu.addAction(self._names[depth].replace("&", "&&"))
            action.triggered.connect(lambda _=False, d=depth: self.picked.emit(d))
        button.setMenu(menu)
        return button
