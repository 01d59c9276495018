"""Labels, buttons and fields in the program's look, with icons that follow the theme."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import ICON_SIZE, icon, pixmap
from megadesk.ui.theme import Theme

_DEEP = 4
"""Layouts within layouts in a form."""


def column(parent: QWidget | None = None, *, margin: int = 0, spacing: int = look.S) -> QVBoxLayout:
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    _space(layout, margin, spacing)
    return layout


def line(parent: QWidget | None = None, *, margin: int = 0, spacing: int = look.S) -> QHBoxLayout:
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    _space(layout, margin, spacing)
    return layout


def _space(layout: QBoxLayout, margin: int, spacing: int) -> None:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)


def limited(parent: QWidget, content: QWidget, width: int) -> None:
    """``content`` is all of ``parent``, but no wider than that: what is left on a wide screen is to its right."""
    content.setMaximumWidth(width)
    row = line(parent, spacing=0)
    row.addWidget(content, 1000)
    row.addStretch(1)


def label(text: str = "", kind: str = "body", *, wrap: bool = False, tone: str = "") -> QLabel:
    """Plain text, never markup: names come from outside."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("kind", kind)
    if tone:
        result.setProperty("tone", tone)
    result.setWordWrap(wrap)
    return result


def frame(kind: str) -> QFrame:
    result = QFrame()
    result.setProperty("kind", kind)
    return result


def breakable(text: str) -> str:
    """Long names and paths may break after these, where a line must be broken."""
    for mark in ("/", "_", "-", "."):
        text = text.replace(mark, f"{mark}\u200b")
    return text


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Change a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        for each in (widget, *widget.findChildren(QWidget)):
            each.style().unpolish(each)
            each.style().polish(each)


class Button(QPushButton):
    """A push button; ``kind``: normal, primary or quiet."""

    def __init__(self, theme: Theme, text: str, *, kind: str = "normal", icon_name: str = "") -> None:
        super().__init__(text)
        self._theme = theme
        self._icon_name = icon_name
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(ICON_SIZE)
        self._color()
        theme.changed.connect(self._color)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter presses it too; Qt does so in dialogs only."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.isEnabled():
            self.click()
        else:
            super().keyPressEvent(event)

    def _color(self) -> None:
        if self._icon_name:
            colors = self._theme.colors
            by_kind = {"primary": colors.on_accent, "quiet": colors.accent, "danger": colors.surface}
            color = by_kind.get(self.property("kind"), colors.text)
            self.setIcon(icon(self._icon_name, color, colors.inactive))


class IconButton(QToolButton):
    """A button that is mostly its icon; the name is for the tooltip and for who cannot see it."""

    def __init__(self, theme: Theme, icon_name: str, name: str, *, text: str = "", shortcut: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon_name
        self.setIconSize(ICON_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rename(name, shortcut)
        if text:
            self.setText(text)
            self.setProperty("kind", "action")
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._color()
        theme.changed.connect(self._color)

    def rename(self, name: str, shortcut: str = "") -> None:
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({shortcut})" if shortcut else name)

    def set_icon_name(self, icon_name: str) -> None:
        if icon_name != self._icon_name:
            self._icon_name = icon_name
            self._color()

    def _color(self) -> None:
        colors = self._theme.colors
        faint = colors.inactive_icon
        self.setIcon(icon(self._icon_name, colors.text, faint))


def reveal(part: QWidget) -> None:
    """Scroll to what has just appeared in a form, once it has its place."""

    def scroll() -> None:
        if not shiboken6.isValid(part) or not part.isVisible():
            return
        above = part.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            # What appeared makes what holds it taller, and that again what holds that.
            for _ in range(_DEEP):
                QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            above.ensureWidgetVisible(part, 0, look.XL)

    QTimer.singleShot(0, part, scroll)


class FocusKeeper:
    """Where the focus was before something was asked, so that it can go back."""

    def __init__(self) -> None:
        self._before: QWidget | None = None

    def remember(self) -> None:
        self._before = QApplication.focusWidget()

    def give_back(self) -> None:
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()


class Picture(QWidget):
    """A drawing of the resources in the colour of a role."""

    def __init__(self, theme: Theme, name: str, role: str, width: int, height: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._role = role
        self.setFixedSize(width, height or width)
        theme.changed.connect(self.update)

    def show_drawing(self, name: str, role: str) -> None:
        if (name, role) != (self._name, self._role):
            self._name, self._role = name, role
            self.update()

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        color = getattr(self._theme.colors, self._role)
        painter.drawPixmap(0, 0, pixmap(self._name, color, self.width(), self.height(), self.devicePixelRatioF()))
        painter.end()


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit is said shorter or becomes an ellipsis, the whole is the tooltip."""

    def __init__(self, kind: str = "body", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = ""
        self._shorter: tuple[str, ...] = ()
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)

    def show_text(self, text: str, *shorter: str) -> None:
        """``shorter``: other ways to say it, the longest first; the last one is elided when none fits."""
        if (text, shorter) != (self._whole, self._shorter):
            self._whole, self._shorter = text, shorter
            self.setAccessibleName(text)
            self._fit()

    def whole_text(self) -> str:
        return self._whole

    def _fit(self) -> None:
        metrics, room = QFontMetrics(self.font()), self.width()
        ways = (self._whole, *self._shorter)
        best = next((way for way in ways if metrics.horizontalAdvance(way) <= room), ways[-1])
        shown = metrics.elidedText(best, self._mode, room)
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802
        hint = super().sizeHint()
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._whole) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(24, super().minimumSizeHint().height())


class PassphraseEdit(QLineEdit):
    """Hidden by default, shown while the eye is pressed in; no undo history that would keep it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._reveal = QAction(self)
        self._reveal.setCheckable(True)
        self._reveal.setText(self.tr("Show the passphrase"))
        self._reveal.setToolTip(self.tr("Show the passphrase"))
        self._reveal.toggled.connect(self._show)
        self.addAction(self._reveal, QLineEdit.ActionPosition.TrailingPosition)
        self._color()
        theme.changed.connect(self._color)

    def _show(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._color()

    def _color(self) -> None:
        self._reveal.setIcon(icon("eye-off" if self._reveal.isChecked() else "eye", self._theme.colors.muted))

    def forget(self) -> None:
        """Empty and hidden."""
        self._reveal.setChecked(False)
        self.clear()
        self.setModified(False)


class Choice(QComboBox):
    """A combo box with an arrow of our own: the style sheet can only take one from a file, in one colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.update)

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        arrow = pixmap("chevron-down", self._theme.colors.muted, 18, 18, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 28, (self.height() - 18) // 2, arrow)
        painter.end()


class Field(QWidget):
    """A named input with a line below it for what is wrong or helpful."""

    def __init__(self, name: str, edit: QWidget, hint: str = "") -> None:
        super().__init__()
        layout = column(self, spacing=look.XS)
        self._name = label(name, "field")
        self._name.setBuddy(edit)
        self.edit = edit
        self.note = label(hint, "caption", wrap=True)
        self.note.setVisible(bool(hint))
        layout.addWidget(self._name)
        layout.addWidget(edit)
        layout.addWidget(self.note)
        if not edit.accessibleName():
            edit.setAccessibleName(name.replace("&", ""))

    def say_for(self, edit: QWidget) -> None:
        """The input itself, where ``edit`` was a row that has it and more."""
        self.edit = edit
        self._name.setBuddy(edit)
        edit.setAccessibleName(self._name.text().replace("&", ""))

    def rename(self, name: str) -> None:
        self._name.setText(name)
        self.edit.setAccessibleName(name.replace("&", ""))

    def say(self, text: str, tone: str = "") -> None:
        """``tone``: "", danger, warn or good."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        restyle(self.note, "tone", tone)
        restyle(self.edit, "tone", "danger" if tone == "danger" else "")
        self.edit.setAccessibleDescription(text)


class Bar(QWidget):
    """A slim progress bar, 0..1000; None while the end is not known. Ten times a second: one small repaint."""

    def __init__(self, theme: Theme, height: int = 4) -> None:
        super().__init__()
        self._theme = theme
        self._part: int | None = 0
        self._role = "accent"
        self.setFixedHeight(height)
        theme.changed.connect(self.update)

    def show_part(self, part: int | None, role: str = "accent") -> None:
        if (part, role) != (self._part, self._role):
            self._part, self._role = part, role
            self.setAccessibleDescription("" if part is None else f"{part // 10} %")
            self.update()

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colors = self._theme.colors
        round_by = self.height() / 2
        painter.setBrush(QColor(colors.sunken))
        painter.drawRoundedRect(self.rect(), round_by, round_by)
        painter.setBrush(QColor(getattr(colors, self._role)))
        if self._part is None:
            painter.setOpacity(0.35)
            painter.drawRoundedRect(self.rect(), round_by, round_by)
        elif self._part:
            width = max(self.height(), self.width() * self._part // 1000)
            painter.drawRoundedRect(0, 0, width, self.height(), round_by, round_by)
        painter.end()
