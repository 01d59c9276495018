"""A choice among a few, as a tile with an icon."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from megadesk.ui.icons import icon
from megadesk.ui.theme import Theme


class Tile(QPushButton):
    """Checkable; of a group one is checked. The checked one has a frame and a tint, and is said to be checked."""

    def __init__(self, theme: Theme, icon_name: str, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        self._icon_name = icon_name
        self.setProperty("kind", "tile")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setIconSize(QSize(22, 22))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda _: self._color())
        theme.changed.connect(self._color)
        self._color()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter chooses it too; Qt does so in dialogs only."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _color(self) -> None:
        colors = self._theme.colors
        self.setIcon(icon(self._icon_name, colors.accent if self.isChecked() else colors.text))
