"""The keyboard map, as a part of the settings and as a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from megadesk.ui import theme as look
from megadesk.ui.presenters.keyboard import keyboard_map
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import column, frame, label, line
from megadesk.ui.widgets.forms import FormScroll
from megadesk.ui.widgets.rows import Group


def shown_key(keys: str) -> str:
    """As the system writes it, in its language."""
    if keys.endswith("_"):
        return f"{keys[:-1]}…"
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class KeyboardMap(QWidget):
    """All keys, by what they are about."""

    def __init__(self) -> None:
        super().__init__()
        layout = column(self, spacing=look.XL)
        grids: list[QGridLayout] = []
        widest = 0
        for group in keyboard_map():
            card = Group(group.title)
            holder = QWidget()
            grid = QGridLayout(holder)
            grid.setContentsMargins(look.L, look.M, look.L, look.M)
            grid.setHorizontalSpacing(look.L)
            grid.setVerticalSpacing(look.S)
            grid.setColumnStretch(0, 1)
            for row, key in enumerate(group.keys):
                grid.addWidget(label(key.text, wrap=True), row, 0)
                caps = line(spacing=look.XS)
                for keys in key.keys:
                    cap = frame("key")
                    inner = line(cap)
                    inner.setContentsMargins(look.S, 2, look.S, 2)
                    text = label(shown_key(keys), "caption")
                    text.ensurePolished()
                    inner.addWidget(text)
                    caps.addWidget(cap)
                caps.addStretch(1)
                grid.addLayout(caps, row, 1, Qt.AlignmentFlag.AlignVCenter)
                widest = max(widest, caps.sizeHint().width())
            grids.append(grid)
            card.add(holder)
            layout.addWidget(card)
        for grid in grids:  # the keys begin at the same place in all cards
            grid.setColumnMinimumWidth(1, widest)


class KeyboardDialog(QDialog):
    """By F1, over whatever is shown; not modal."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 620)
        scroll = FormScroll()
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setAccessibleName(self.tr("Keyboard"))
        inner = QWidget()
        box = column(inner, margin=look.XL)
        box.addWidget(KeyboardMap())
        scroll.setWidget(inner)
        column(self).addWidget(scroll)
