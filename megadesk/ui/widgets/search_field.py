"""The search box: what is typed filters the folder at once; Enter looks in the whole locker."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QToolButton

from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.icons import icon
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, ElidedLabel, line


class SearchField(QLineEdit):
    """Escape empties it, and then gives the focus back."""

    filtered = signal[str]()
    searched = signal[str]()
    left = signal[()]()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setPlaceholderText(self.tr("Search"))
        self.setAccessibleName(self.tr("Search"))
        self.setToolTip(self.tr("Type to filter this folder, press Enter to search the whole locker (Ctrl+F)"))
        self.setClearButtonEnabled(True)
        self._glass = QAction(self.tr("Search"), self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._empties = self.findChild(QAction, "_q_qlineeditclearaction")  # Qt's own, without a name or our cross
        if self._empties is not None:
            self._empties.setText(self.tr("Empty the search"))
        self._quiet = False
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(lambda: self.searched.emit(self.text()))
        self.installEventFilter(self)
        self._color()
        theme.changed.connect(self._color)

    def _color(self) -> None:
        self._glass.setIcon(icon("search", self._theme.colors.muted))
        if self._empties is not None:
            self._empties.setIcon(icon("close", self._theme.colors.muted))
        for button in self.findChildren(QToolButton):
            if button.defaultAction() is self._empties:
                button.setVisible(bool(self.text()))  # a changed action shows it, though there is nothing to empty

    def _typed(self, text: str) -> None:
        if not self._quiet:
            self.filtered.emit(text)

    def empty(self) -> None:
        """Without telling anybody."""
        self._quiet = True
        self.clear()
        self._quiet = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                if self.text():
                    self.clear()
                else:
                    self.left.emit()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.left.emit()
                return True
        return False


class FindBar(QFrame):
    """Above the list while something is looked for: where, how much was found, and the way to the other place."""

    everywhere = signal[()]()
    closed = signal[()]()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "find")
        self._words = ElidedLabel("body", Qt.TextElideMode.ElideRight)
        self._all = Button(theme, self.tr("Search the &whole locker"), kind="quiet", icon_name="search")
        self._done = Button(theme, self.tr("&Back to the folder"), kind="quiet", icon_name="arrow-left")
        self._all.clicked.connect(self.everywhere.emit)
        self._done.clicked.connect(self.closed.emit)
        row = line(self, spacing=look.S)
        row.setContentsMargins(look.L, 2, look.S, 2)
        row.addWidget(self._words, 1)
        row.addWidget(self._all)
        row.addWidget(self._done)
        self.hide()

    def show_filter(self, shown: int, total: int) -> None:
        self._words.show_text(self.tr("{0} of {1} in this folder").format(fmt.number(shown), fmt.items(total)))
        self._all.show()
        self._done.hide()
        self.show()

    def show_found(self, text: str, found: int, *, limited: bool) -> None:
        words = self.tr("{0} in the whole locker with “{1}” in the name").format(fmt.items(found), text)
        if not found:
            words = self.tr("Nothing in the whole locker has “{0}” in its name").format(text)
        if limited:
            words += " " + self.tr("(and more: type more of it)")
        self._words.show_text(words)
        self._all.hide()
        self._done.show()
        self.show()

    def show_searching(self, text: str) -> None:
        self._words.show_text(self.tr("Looking for “{0}” in the whole locker…").format(text))
        self._all.hide()
        self._done.show()
        self.show()

    def words(self) -> str:
        return self._words.whole_text()
