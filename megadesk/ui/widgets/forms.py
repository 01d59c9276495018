"""Parts of the forms that make, join and open lockers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.presenters.setup import PassphraseState, check_passphrases
from megadesk.ui.presenters.strength import Strength
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Field, PassphraseEdit, Picture, column, frame, label, line, restyle

FORM_WIDTH = 560
_ABOVE = 176
"""At most, above a form: on a tall screen its title stays where it is when more is asked below."""


def show_two_lines(edit: QPlainTextEdit) -> None:
    """As tall as two lines, so that none is cut in the middle; more are scrolled to."""
    edit.ensurePolished()
    edit.document().setDocumentMargin(0)  # text begins where it does in a QLineEdit
    padding = 2 * 8  # and the border, by the style sheet
    edit.setFixedHeight(2 * math.ceil(QFontMetricsF(edit.font()).lineSpacing()) + padding + 1)


def show_as_code(edit: QPlainTextEdit) -> None:
    """Broken wherever a line ends, since a code has no words, and never scrolled sideways."""
    edit.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
    edit.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class FormScroll(QScrollArea):
    """Scrolls to what has the focus, so that a form can be filled by keyboard alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class FormPage(QWidget):
    """A side panel that says where one is, and a form that scrolls when the window is small."""

    def __init__(self, theme: Theme, steps: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = line(self, spacing=0)
        outer.addWidget(self._side(theme, steps))
        self._scroll = FormScroll()
        outer.addWidget(self._scroll, 1)

    def _side(self, theme: Theme, steps: Sequence[str]) -> QWidget:
        side = frame("side")
        side.setFixedWidth(288)
        layout = column(side, margin=look.XL, spacing=look.S)
        head = line(spacing=look.M)
        head.addWidget(Picture(theme, "megadesk", "text", 40))
        head.addWidget(label("MegaDesk", "title"))
        head.addStretch(1)
        layout.addLayout(head)
        layout.addWidget(
            label(
                self.tr("Your files, locked before they leave this computer. The keys stay with you."),
                "muted",
                wrap=True,
            )
        )
        layout.addSpacing(look.XL)
        self._steps = [_Step(theme, number + 1, text) for number, text in enumerate(steps)]
        for step in self._steps:
            layout.addWidget(step)
        layout.addStretch(1)
        return side

    def show_step(self, current: int) -> None:
        """``current`` counts from 0; those before are ticked."""
        for number, step in enumerate(self._steps):
            step.show_state(done=number < current, current=number == current)

    def set_form(self, form: QWidget) -> None:
        """Centre a form of fixed width."""
        holder = QWidget()
        row = line(holder, margin=look.XL)
        row.addStretch(1)
        form.setFixedWidth(FORM_WIDTH)
        middle: QVBoxLayout = column()
        above = QWidget()
        above.setMaximumHeight(_ABOVE)
        middle.addWidget(above, 2)
        middle.addWidget(form)
        middle.addStretch(3)
        row.addLayout(middle)
        row.addStretch(1)
        self._scroll.setWidget(holder)


class _Step(QWidget):
    def __init__(self, theme: Theme, number: int, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._number = number
        self._done = self._current = False
        self._text = label(text, wrap=True)
        layout = line(self, spacing=look.M)
        layout.addSpacing(26 + look.M)
        layout.addWidget(self._text, 1)
        self.setMinimumHeight(36)
        theme.changed.connect(self.update)

    def show_state(self, *, done: bool, current: bool) -> None:
        self._done, self._current = done, current
        restyle(self._text, "kind", "field" if current else "muted")
        self.setAccessibleName(self._text.text())
        self.setAccessibleDescription(self.tr("done") if done else self.tr("current step") if current else "")
        self.update()

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = QRectF(1, (self.height() - 26) / 2, 26, 26)
        filled = self._current or self._done
        painter.setPen(QColor(colors.accent if filled else colors.border_strong))
        painter.setBrush(QColor(colors.accent) if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(disc)
        painter.setPen(QColor(colors.on_accent if filled else colors.muted))
        text = "✓" if self._done else str(self._number)
        painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.end()


class Meter(QWidget):
    """Four segments; as many are filled as the passphrase is strong. Words say the same beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._level = Strength.EMPTY
        self.setFixedHeight(6)
        self.setAccessibleName(self.tr("Strength"))
        theme.changed.connect(self.update)

    def show_level(self, level: Strength) -> None:
        self._level = level
        self.update()

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        color = {Strength.WEAK: colors.danger, Strength.FAIR: colors.warn}.get(self._level, colors.good)
        width = (self.width() - 3 * look.XS) / 4
        for segment in range(4):
            painter.setBrush(QColor(color if segment < self._level else colors.track))
            painter.drawRoundedRect(QRectF(segment * (width + look.XS), 0, width, 6), 3, 3)
        painter.end()


class NewPassphrase(QWidget):
    """A passphrase typed twice, with a hint at its strength."""

    changed = signal[()]()

    def __init__(self, theme: Theme, name: str, again: str) -> None:
        super().__init__()
        self._first = PassphraseEdit(theme, name.replace("&", ""))
        self._again = PassphraseEdit(theme, again.replace("&", ""))
        self._first_field = Field(name, self._first)
        self._again_field = Field(again, self._again)
        self._meter = Meter(theme)
        layout = column(self, spacing=look.M)
        fields = line(spacing=look.M)
        fields.setAlignment(Qt.AlignmentFlag.AlignTop)
        fields.addWidget(self._first_field, 1)
        fields.addWidget(self._again_field, 1)
        self._first_field.note.hide()
        layout.addLayout(fields)
        self._hint = label("", "caption", wrap=True)
        below = column(spacing=look.XS)
        below.addWidget(self._meter)
        below.addWidget(self._hint)
        layout.addLayout(below)
        for edit in (self._first, self._again):
            edit.textChanged.connect(self._typed)
        self._typed()

    def state(self) -> PassphraseState:
        return check_passphrases(self._first.text(), self._again.text())

    def passphrase(self) -> str:
        return self._first.text()

    def submit(self, slot: object) -> None:
        """Enter in the last field does this."""
        self._again.returnPressed.connect(slot)

    def forget(self) -> None:
        self._first.forget()
        self._again.forget()

    def focus_first(self) -> None:
        self._first.setFocus()

    def _typed(self) -> None:
        state = self.state()
        self._meter.show_level(state.strength)
        tone = {Strength.WEAK: "danger", Strength.FAIR: "warn", Strength.GOOD: "good", Strength.STRONG: "good"}
        self._hint.setText(self.tr("The two passphrases differ.") if state.mismatch else state.hint)
        restyle(self._hint, "tone", "danger" if state.mismatch else tone.get(state.strength, ""))
        restyle(self._again, "tone", "danger" if state.mismatch else "")
        self.changed.emit()


class KeyGrid(QFrame):
    """The groups of a recovery key, numbered."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "group")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(look.L, look.M, look.L, look.M)
        self._grid.setHorizontalSpacing(look.L)
        self._grid.setVerticalSpacing(look.S)
        self.setAccessibleName(self.tr("Recovery key"))

    def show_groups(self, groups: Sequence[str], a_row: int = 5) -> None:
        """[] forgets them."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self.font().pointSizeF() * look.SUBTITLE)
        fixed.setWeight(fixed.Weight.DemiBold)
        for at, group in enumerate(groups):
            cell = QWidget()
            row = line(cell, spacing=look.S)
            number = label(f"{at + 1}", "caption")
            number.setFixedWidth(18)
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            text = label(group)
            text.setFont(fixed)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setAccessibleName(self.tr("Group {0}: {1}").format(at + 1, " ".join(group)))
            row.addWidget(number)
            row.addWidget(text)
            row.addStretch(1)
            self._grid.addWidget(cell, at // a_row, at % a_row)
