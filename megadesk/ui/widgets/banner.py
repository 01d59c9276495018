"""Quiet messages above the list: what happened, and a button to do something about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from megadesk.ui import theme as look
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, IconButton, Picture, label, line, restyle

_ICONS = {"info": ("info", "accent"), "good": ("check", "good"), "warn": ("warning", "warn")}
_ICONS["danger"] = ("warning", "danger")


class Banner(QFrame):
    """One message; a new one takes its place."""

    def __init__(self, theme: Theme, *, inset: bool = False) -> None:
        """``inset``: a box in a form, not a bar across the window."""
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("inset", "true" if inset else "false")
        self._act: Callable[[], None] | None = None
        self._picture = Picture(theme, "info", "accent", 20)
        self._title = label("", "field")
        self._text = label("", wrap=True)
        self._button = Button(theme, "", kind="quiet")
        self._button.clicked.connect(self._clicked)
        self._close = IconButton(theme, "close", self.tr("Dismiss"))
        self._close.clicked.connect(self.dismiss)
        layout = line(self, spacing=look.M)
        layout.setContentsMargins(look.L, look.XS, look.S, look.XS)
        layout.addWidget(self._picture)
        words = QWidget()
        side_by_side = line(words, spacing=look.M)
        # The title stands beside the first line of a text that needs two.
        side_by_side.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        side_by_side.addWidget(self._text, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self.setMinimumHeight(48)
        self.hide()

    def say(
        self,
        tone: str,
        text: str,
        *,
        title: str = "",
        action: str = "",
        act: Callable[[], None] | None = None,
        lasting: bool = True,
        closable: bool = True,
    ) -> None:
        """``tone``: info, good, warn or danger. Not ``lasting``: gone after ten seconds."""
        restyle(self, "tone", tone)
        self._picture.show_drawing(*_ICONS[tone])
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._act = act
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._close.setVisible(closable)
        self.setAccessibleName(f"{title} {text}".strip())
        self._timer.stop()
        if not lasting:
            self._timer.start(10_000)
        self.show()

    def text(self) -> str:
        return f"{self._title.text()} {self._text.text()}".strip()

    def dismiss(self) -> None:
        self._timer.stop()
        self._act = None
        self.hide()

    def _clicked(self) -> None:
        act = self._act
        self.dismiss()
        if act is not None:
            act()
