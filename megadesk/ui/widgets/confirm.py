"""The question before something that cannot be taken back: in the page, not in front of it; keeping has the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QWidget

from megadesk.ui import theme as look
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, FocusKeeper, Picture, column, label, limited, line
from megadesk.ui.widgets.rows import CheckLine


class ConfirmSheet(QFrame):
    """One question at a time; a later one takes the place of an earlier."""

    def __init__(self, theme: Theme, *, icon_name: str = "") -> None:
        """``icon_name``: on the button that does it."""
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("tone", "danger")
        self._act: Callable[[], None] | None = None
        self._question = label("", "field", wrap=True)
        self._meaning = label("", wrap=True)
        self.keep = Button(theme, "")
        self.go = Button(theme, "", kind="danger", icon_name=icon_name)
        self._focus = FocusKeeper()
        self.keep.clicked.connect(self.give_up)
        self.go.clicked.connect(self._go)
        words = QWidget()
        text = column(words, spacing=2)
        text.addWidget(self._question)
        text.addWidget(self._meaning)
        self.also = CheckLine(theme)
        self.also.hide()
        text.addSpacing(look.XS)
        text.addWidget(self.also)
        row = line(self, spacing=look.M)
        row.setContentsMargins(look.L, look.M, look.M, look.M)
        row.addWidget(Picture(theme, "warning", "danger", 24), 0, Qt.AlignmentFlag.AlignTop)
        body = QWidget()
        limited(body, words, look.CARDS_WIDTH)  # longer lines are hard to read
        row.addWidget(body, 1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        self.hide()

    def ask(self, question: str, meaning: str, keep: str, go: str, act: Callable[[], None], *, also: str = "") -> None:
        """``keep`` and ``go``: the two buttons, with mnemonics. ``also``: a box beside them, for ``act``."""
        self.also.setText(also)
        self.also.setChecked(False)
        self.also.setVisible(bool(also))
        self._question.setText(question)
        self._meaning.setText(meaning)
        self.setAccessibleName(f"{question} {meaning}")
        self.keep.setText(keep)
        self.go.setText(go)
        self._act = act
        if not self.isVisible():
            self._focus.remember()
        self.show()
        self.keep.setFocus()

    def give_up(self) -> None:
        """Without doing it; the words go too, and the focus returns to where it was."""
        self._act = None
        self._question.setText("")
        self._meaning.setText("")
        self.setAccessibleName("")
        self.hide()
        self._focus.give_back()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.matches(QKeySequence.StandardKey.Cancel):
            self.give_up()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        act = self._act
        self.give_up()
        if act is not None:
            act()
