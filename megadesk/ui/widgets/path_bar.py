"""Where one is: breadcrumbs, and in their place a field for typing a path."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QSizePolicy, QStackedWidget

from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import restyle
from megadesk.ui.widgets.breadcrumbs import Breadcrumbs

Complete = Callable[[str, Callable[[Sequence[str]], None]], None]


class PathBar(QStackedWidget):
    """``typed`` gives a path to go to; the caller answers by `answer`."""

    typed = signal[str]()
    left = signal[()]()
    """The field was closed: the focus belongs elsewhere."""

    def __init__(self, theme: Theme, complete: Complete) -> None:
        super().__init__()
        self.crumbs = Breadcrumbs(theme)
        self._complete = complete
        self._path = "/"
        self._field = QLineEdit()
        self._field.setAccessibleName(self.tr("Path of a folder or file"))
        self._field.setPlaceholderText(self.tr("/Folder/Folder"))
        self._field.returnPressed.connect(lambda: self.typed.emit(self._field.text()))
        self._field.textEdited.connect(self._ask)
        self._field.installEventFilter(self)
        self._found = QStringListModel(self)
        self._completer = completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._field.setCompleter(completer)
        self.addWidget(self.crumbs)
        self.addWidget(self._field)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._field.sizeHint().height())

    def show_path(self, names: Sequence[str]) -> None:
        """The locker's name, then the folders."""
        self.crumbs.show_path(names)
        self._path = "/" + "/".join(names[1:])
        self._close()

    def edit(self, text: str = "") -> None:
        """Type a path; ``text`` "": begin with the present one."""
        self.setCurrentWidget(self._field)
        self._say("")
        self._field.setText(text or self._path)
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self._field.end(False)
            self._ask(text)
        else:
            self._field.selectAll()

    @property
    def editing(self) -> bool:
        return self.currentWidget() is self._field

    def answer(self, problem: str) -> None:
        """ "": it led somewhere."""
        if not self.editing:
            return
        if problem:
            self._say(problem)
            self._field.setFocus()
        else:
            self._close()
            self.left.emit()

    def _close(self) -> None:
        self.setCurrentWidget(self.crumbs)

    def _say(self, problem: str) -> None:
        restyle(self._field, "tone", "danger" if problem else "")
        self._field.setToolTip(problem)
        self._field.setAccessibleDescription(problem)

    def _ask(self, text: str) -> None:
        self._say("")
        self._complete(text, self._found.setStringList)

    def _completing(self) -> bool:
        popup = self._completer.popup()
        return popup is not None and popup.isVisible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() == Qt.Key.Key_Escape and not self._completing():  # type: ignore[attr-defined]
            self._close()
            self.left.emit()
            return True
        if event.type() == QEvent.Type.FocusOut and not self._completing():
            self._close()
        return False
