"""What stands where there is nothing: what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from megadesk.ui import theme as look
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, Picture, column, label, line


class EmptyState(QWidget):
    """Lies over the list's viewport; drops fall through to it."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._title = label("", "subtitle")
        self._text = label("", "muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text.setMaximumWidth(440)
        self._text.setMinimumWidth(360)
        self.button = Button(theme, "", kind="primary", icon_name="upload")
        self._picture = Picture(theme, "empty-drop", "folder", 160, 120)
        layout = column(self, margin=look.L, spacing=look.M)
        layout.addStretch(2)
        for widget in (self._picture, self._title, self._text):
            centred = line()
            centred.addStretch(1)
            centred.addWidget(widget)
            centred.addStretch(1)
            layout.addLayout(centred)
        below = line()
        below.addStretch(1)
        below.addWidget(self.button)
        below.addStretch(1)
        layout.addSpacing(look.XS)
        layout.addLayout(below)
        layout.addStretch(3)
        self._over = over
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.hide()

    def lie_over(self, over: QWidget) -> None:
        """Another list's viewport."""
        if over is not self._over:
            shown = not self.isHidden()
            self._over.removeEventFilter(self)
            self._over = over
            over.installEventFilter(self)
            self.setParent(over)
            self.setGeometry(over.rect())
            self.setVisible(shown)

    def say(self, title: str, text: str, button: str = "", *, drawing: str = "empty-drop") -> None:
        self._picture.show_drawing(drawing, "folder")
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False
