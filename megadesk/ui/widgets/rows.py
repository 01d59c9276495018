"""Rows of settings: what it is and what it does on the left, the control on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import pixmap
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Choice, column, frame, label, line

CONTROL_WIDTH = 248
RATE_WIDTH = 164
"""Room for the longest limit in every language, so that the boxes of a card are equally wide."""


class CheckBox(QCheckBox):
    """A box with a tick of our own: the style sheet can only take one from a file, in one colour."""

    def __init__(self, theme: Theme, text: str = "") -> None:
        super().__init__(text)
        self._theme = theme
        theme.changed.connect(self.update)

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        from PySide6.QtGui import QPainter

        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box: QRect = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        tick = pixmap("check", self._theme.colors.on_accent, 18, 18, self.devicePixelRatioF())
        painter.drawPixmap(box.center().x() - 8, box.center().y() - 8, tick)
        painter.end()


class CheckLine(QWidget):
    """A box and its words beside it, which may take several lines: those of a check box cannot, and would push."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.box = CheckBox(theme)
        self._words = _Words(self.box)
        row = line(self, spacing=look.S)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def setText(self, text: str) -> None:  # noqa: N802 - as a check box has it
        self._words.setText(text)
        self.box.setAccessibleName(text.replace("&", ""))

    def isChecked(self) -> bool:  # noqa: N802
        return self.box.isChecked()

    def setChecked(self, checked: bool) -> None:  # noqa: N802
        self.box.setChecked(checked)


class _Words(QLabel):
    """A click on them is a click on the box."""

    def __init__(self, box: QCheckBox) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setBuddy(box)
        self._box = box

    @guarded(nothing)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._box.isEnabled() and self.rect().contains(event.position().toPoint()):
            self._box.click()


class Group(QFrame):
    """A card with a title above it, and rows in it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        outer = column(self, spacing=look.S)
        head = label(title, "subtitle")
        outer.addWidget(head)
        card = frame("card")
        self._rows: QVBoxLayout = column(card, spacing=0)
        outer.addWidget(card)
        self.setAccessibleName(title)

    def add(self, widget: QWidget) -> None:
        if self._rows.count():
            self._rows.addWidget(frame("line"))
        self._rows.addWidget(widget)

    def add_check(
        self, theme: Theme, title: str, hint: str, value: bool, toggled: Callable[[bool], object]
    ) -> CheckRow:
        """Yes or no: ``toggled`` gets what is chosen."""
        row = CheckRow(theme, title, hint, value)
        row.toggled.connect(toggled)
        self.add(row)
        return row


class Row(QWidget):
    """``control`` is named after ``title`` for who cannot see it."""

    def __init__(self, title: str, hint: str = "", control: QWidget | None = None, *, below: bool = False) -> None:
        """``below``: the control is wide and gets a line of its own."""
        super().__init__()
        layout = column(self, spacing=look.S) if below else line(self, spacing=look.L)
        layout.setContentsMargins(look.L, look.M, look.L, look.M)
        words = column(spacing=2)
        self.title = label(title, wrap=True)
        words.addWidget(self.title)
        self.hint = label(hint, "caption", wrap=True)
        self.hint.setVisible(bool(hint))
        words.addWidget(self.hint)
        layout.addLayout(words)
        if not below:
            layout.setStretch(0, 1)
        if control is not None:
            layout.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter if not below else Qt.AlignmentFlag(0))
            name_control(control, title, hint, self.title)

    def say(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))


def name_control(control: QWidget, title: str, hint: str, buddy: QLabel) -> None:
    buddy.setBuddy(control)
    if not control.accessibleName():
        control.setAccessibleName(title.replace("&", ""))
    if hint and not control.accessibleDescription():
        control.setAccessibleDescription(hint)


class CheckRow(Row):
    """Yes or no."""

    toggled = signal[bool]()

    def __init__(self, theme: Theme, title: str, hint: str, value: bool) -> None:
        self.box = CheckBox(theme)
        self.box.setChecked(value)
        super().__init__(title, hint, self.box)
        self.box.toggled.connect(self.toggled.emit)


class ChoiceRow(Row):
    """One of a few."""

    chosen = signal[object]()

    def __init__(
        self, theme: Theme, title: str, hint: str, choices: Sequence[tuple[str, object]], value: object
    ) -> None:
        """``choices``: what is shown, what is meant. A value that is none of them shows as the first."""
        self.choice = Choice(theme)
        self.choice.setFixedWidth(CONTROL_WIDTH)
        self._values = [meant for _, meant in choices]
        self.choice.addItems([shown for shown, _ in choices])
        self.choice.setCurrentIndex(self._values.index(value) if value in self._values else 0)
        super().__init__(title, hint, self.choice)
        self.choice.currentIndexChanged.connect(lambda at: self.chosen.emit(self._values[at]))


def inset(box: QAbstractSpinBox) -> None:
    """Room beside the text: the style sheet's padding does not reach it."""
    field = box.findChild(QLineEdit)
    if field is not None:
        field.setTextMargins(look.S, 0, look.S, 0)


class RateBox(QSpinBox):
    """A speed limit in kB/s (1000 bytes a second); nothing is no limit."""

    rate_changed = signal[int]()
    """Bytes per second."""

    def __init__(self, name: str, bytes_per_s: int) -> None:
        super().__init__()
        self.setRange(0, 10_000_000)
        self.setSingleStep(100)
        self.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        self.setGroupSeparatorShown(True)
        self.setSuffix(self.tr(" kB/s"))
        self.setSpecialValueText(self.tr("No limit"))
        self.setKeyboardTracking(False)
        self.setAccessibleName(name)
        self.setMinimumWidth(RATE_WIDTH)
        inset(self)
        self.setValue(min(self.maximum(), -(-bytes_per_s // 1000)))
        self.valueChanged.connect(lambda value: self.rate_changed.emit(value * 1000))
